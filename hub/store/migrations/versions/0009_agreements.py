"""Agreements with partners, and what partners sent that a person has to look at."""

import sqlalchemy as sa
from alembic import op

from hub.store.tables import Instant

revision = "0009"
down_revision = "0008"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """There was no agreement so far, and nothing that waits was sent by a partner."""
    op.add_column("waiting", sa.Column("partner", sa.String(50), nullable=True))
    op.create_index("ix_waiting_partner", "waiting", ["partner"])
    op.create_table(
        "agreement",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("partner", sa.String(50), nullable=False),
        sa.Column("flows", sa.JSON(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("valid_from", Instant(), nullable=False),
        sa.Column("valid_to", Instant()),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("retention", sa.String(10), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("artefact", sa.String(500), nullable=False),
        sa.Column("added", Instant(), nullable=False),
        sa.Column("added_by", sa.JSON(), nullable=False),
        sa.Column("ended", Instant()),
        sa.Column("ended_why", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_agreement"),
    )
    op.create_index("ix_agreement_partner", "agreement", ["partner"])
