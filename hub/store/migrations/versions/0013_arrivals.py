"""Arrivals: what is told of bytes each time a partner sent them."""

import sqlalchemy as sa
from alembic import op

from hub.store.tables import Instant

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Create the table; `hub.store.arrivals.take_in_arrivals` fills it from the files there are."""
    op.create_table(
        "arrival",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_arrival"),
    )
    op.create_index("ix_arrival_digest", "arrival", ["digest"])
