"""What waits for approval, notes on releases, versions held back that others took the place of."""

import sqlalchemy as sa
from alembic import op

from hub.store.tables import Instant

revision = "0005"
down_revision = "0004"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SAID = "the audit trail is never changed"
_SQLITE = (
    "CREATE TRIGGER audit_keeps_{verb} BEFORE {VERB} ON audit "
    f"BEGIN SELECT RAISE(ABORT, '{_SAID}'); END"
)
_FUNCTION = (
    "CREATE FUNCTION audit_keeps() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_SAID}'; END $$"
)
_POSTGRESQL = (
    "CREATE TRIGGER audit_keeps BEFORE UPDATE OR DELETE ON audit "
    "FOR EACH ROW EXECUTE FUNCTION audit_keeps()",
    "CREATE TRIGGER audit_keeps_all BEFORE TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_keeps()",
)


def upgrade() -> None:
    """Nothing was superseded or waited so far; from now on the audit trail only grows."""
    op.add_column("slice_version", sa.Column("superseded", Instant(), nullable=True))
    note = sa.Column("note", sa.Text(), nullable=False, server_default="")
    op.add_column("slice_version", note)
    op.create_index("ix_slice_version_visible_from", "slice_version", ["visible_from"])
    op.create_table(
        "waiting",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("flow", sa.String(500), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("visible_from", Instant()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("handed_in", Instant(), nullable=False),
        sa.Column("handed_in_by", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("decided", Instant()),
        sa.Column("decided_by", sa.JSON()),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_waiting"),
    )
    op.create_index("ix_waiting_state", "waiting", ["state"])
    _make_audit_append_only()


def _make_audit_append_only() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in (_FUNCTION, *_POSTGRESQL):
            op.execute(statement)
        return
    for verb in ("update", "delete"):
        op.execute(_SQLITE.format(verb=verb, VERB=verb.upper()))
