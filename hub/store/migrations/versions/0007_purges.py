"""Purges: what was removed for good."""

import sqlalchemy as sa
from alembic import op

from hub.store.tables import Instant

revision = "0007"
down_revision = "0005"


def upgrade() -> None:
    """Create the table; nothing was purged so far."""
    op.create_table(
        "purge",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("flow", sa.String(400), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("finished", Instant()),
        sa.PrimaryKeyConstraint("id", name="pk_purge"),
    )
