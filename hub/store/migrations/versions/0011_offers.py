"""Offers: what partners had of each slice, and whose was chosen."""

import sqlalchemy as sa
from alembic import op

from hub.store.tables import Instant

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the table; the next harvest fills it."""
    op.create_table(
        "offer",
        sa.Column("flow", sa.String(400), nullable=False),
        sa.Column("slice", sa.String(200), nullable=False),
        sa.Column("partner", sa.String(50), nullable=False),
        sa.Column("descent", sa.JSON(), nullable=False),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.Column("is_chosen", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("flow", "slice", "partner", name="pk_offer"),
    )
    op.create_index("ix_offer_partner", "offer", ["partner"])
