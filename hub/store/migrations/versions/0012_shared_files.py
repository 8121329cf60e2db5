"""Shared files: many small slice versions made at once are in one."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the columns; versions that there are have files of their own."""
    op.add_column("slice_version", sa.Column("file", sa.String(64), nullable=True))
    op.add_column("slice_version", sa.Column("cut_by", sa.String(200), nullable=True))
