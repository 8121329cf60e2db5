"""Profiles: what kind of service a partner is."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column; every partner so far is another Corridor node."""
    op.add_column(
        "partner",
        sa.Column("profile", sa.String(50), nullable=False, server_default="corridor"),
    )
