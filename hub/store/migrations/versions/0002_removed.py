"""Slice versions that history no longer goes back to stay as tombstones."""

import sqlalchemy as sa
from alembic import op

from hub.store.tables import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add when a slice version was removed; none was so far."""
    op.add_column("slice_version", sa.Column("removed", Instant(), nullable=True))
