"""When partners are harvested next, what else is done from time to time, who may announce."""

import sqlalchemy as sa
from alembic import op

from hub.store.tables import Instant

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the tables; partners that are there get their times from the first worker."""
    op.create_table(
        "schedule",
        sa.Column("partner", sa.String(50), nullable=False),
        sa.Column("every", sa.BigInteger()),
        sa.Column("due", Instant(), nullable=False),
        sa.Column("not_before", Instant()),
        sa.Column("announced", Instant()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("taken_by", sa.String(200)),
        sa.Column("taken_until", Instant()),
        sa.PrimaryKeyConstraint("partner", name="pk_schedule"),
    )
    op.create_index("ix_schedule_due", "schedule", ["due"])
    op.create_table(
        "duty",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("due", Instant(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("taken_by", sa.String(200)),
        sa.Column("taken_until", Instant()),
        sa.PrimaryKeyConstraint("name", name="pk_duty"),
    )
    op.create_table(
        "notice",
        sa.Column("key", sa.String(20), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_notice"),
    )
