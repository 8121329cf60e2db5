"""Sets of reference metadata, and what they were before."""

import sqlalchemy as sa
from alembic import op

from hub.store.tables import Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "metadata_set",
        *_columns(),
        sa.PrimaryKeyConstraint("agency", "id", "version", name="pk_metadata_set"),
    )
    op.create_table(
        "former_metadata_set",
        *_columns(),
        sa.Column("ended", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("agency", "id", "version", "loaded", name="pk_former_metadata_set"),
    )


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("agency", sa.String(200), nullable=False),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("version", sa.String(50), nullable=False),
        sa.Column("context_class", sa.String(40), nullable=False),
        sa.Column("context", sa.String(500), nullable=False),
        sa.Column("targets", sa.JSON(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("loaded", Instant(), nullable=False),
    ]
