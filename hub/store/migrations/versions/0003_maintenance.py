"""What others may change: earlier states of artefacts, keys, registrations of data."""

import sqlalchemy as sa
from alembic import op

from hub.store.tables import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables; no artefact was ever replaced so far."""
    op.create_table(
        "former_artefact",
        sa.Column("class", sa.String(40), nullable=False),
        sa.Column("agency", sa.String(200), nullable=False),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("version", sa.String(50), nullable=False),
        sa.Column("loaded", Instant(), nullable=False),
        sa.Column("ended", Instant(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "class", "agency", "id", "version", "loaded", name="pk_former_artefact"
        ),
    )
    op.create_table(
        "key",
        sa.Column("id", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created", Instant(), nullable=False),
        sa.Column("expires", Instant()),
        sa.Column("revoked", Instant()),
        sa.Column("last_used", Instant()),
        sa.PrimaryKeyConstraint("id", name="pk_key"),
    )
    op.create_table(
        "registration",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("agreement", sa.String(500), nullable=False),
        sa.Column("source", sa.JSON(), nullable=False),
        sa.Column("indexed", sa.JSON(), nullable=False),
        sa.Column("valid_from", Instant()),
        sa.Column("valid_to", Instant()),
        sa.Column("updated", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registration"),
    )
    op.create_index("ix_registration_agreement", "registration", ["agreement"])
    op.create_index("ix_registration_updated", "registration", ["updated"])
