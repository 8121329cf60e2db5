"""The first tables: clock, artefacts, slice versions, partners, attempts, audit."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from hub.store.tables import Instant

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    clock = op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clock"),
    )
    op.bulk_insert(clock, [{"id": 1, "last": datetime(1970, 1, 1, tzinfo=UTC)}])
    _content()
    _partners()
    op.create_table(
        "audit",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(400), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )


def _content() -> None:
    op.create_table(
        "artefact",
        sa.Column("class", sa.String(40), nullable=False),
        sa.Column("agency", sa.String(200), nullable=False),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("version", sa.String(50), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("loaded", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("class", "agency", "id", "version", name="pk_artefact"),
    )
    op.create_table(
        "slice_version",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("flow", sa.String(400), nullable=False),
        sa.Column("slice", sa.String(200), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("delta", sa.String(64)),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("revised", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn", sa.BigInteger(), nullable=False),
        sa.Column("origin_kind", sa.String(40), nullable=False),
        sa.Column("origin_detail", sa.JSON(), nullable=False),
        sa.Column("structure", sa.String(400), nullable=False),
        sa.Column("structure_digest", sa.String(64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("committed", Instant(), nullable=False),
        sa.Column("visible_from", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_slice_version"),
    )
    op.create_index(
        "ix_slice_version_flow_slice_source_id",
        "slice_version",
        ["flow", "slice", "source", "id"],
    )
    op.create_index("ix_slice_version_flow_visible_from", "slice_version", ["flow", "visible_from"])


def _partners() -> None:
    op.create_table(
        "partner",
        sa.Column("id", sa.String(50), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("agencies", sa.JSON(), nullable=False),
        sa.Column("flows", sa.JSON(), nullable=False),
        sa.Column("added", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_partner"),
    )
    op.create_table(
        "attempt",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("partner", sa.String(50), nullable=False),
        sa.Column("flow", sa.String(400), nullable=False),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("opened", Instant(), nullable=False),
        sa.Column("lease_until", Instant(), nullable=False),
        sa.Column("finished", Instant()),
        sa.Column("reason", sa.String(20)),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )
    op.create_index("ix_attempt_partner_flow_id", "attempt", ["partner", "flow", "id"])
