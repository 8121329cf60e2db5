"""The tables of the catalogue. Instants are microseconds since 1970 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: The finest step between two instants of a catalogue.
MICROSECOND = timedelta(microseconds=1)


def to_microseconds(instant: datetime) -> int:
    """An aware instant as microseconds since 1970 in UTC, exactly."""
    return (instant - _EPOCH) // MICROSECOND


def from_microseconds(value: int) -> datetime:
    """The instant that many microseconds after 1970, in UTC."""
    return _EPOCH + timedelta(microseconds=value)


class Instant(TypeDecorator[datetime]):
    """An instant, kept as an integer: exact and ordered on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Aware datetime → microseconds."""
        return None if value is None else to_microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Microseconds → aware datetime."""
        return None if value is None else from_microseconds(value)


#: SQLite counts rows only in INTEGER columns.
_ID = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: One row: the last instant stamped. Its update orders all commits.
clock = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last", Instant, nullable=False),
)

artefacts = Table(
    "artefact",
    metadata,
    Column("class", String(40), primary_key=True),
    Column("agency", String(200), primary_key=True),
    Column("id", String(200), primary_key=True),
    Column("version", String(50), primary_key=True),
    Column("body", Text, nullable=False),
    Column("loaded", Instant, nullable=False),
)

#: What artefacts were before they were replaced or deleted: there from `loaded` until `ended`.
former_artefacts = Table(
    "former_artefact",
    metadata,
    Column("class", String(40), primary_key=True),
    Column("agency", String(200), primary_key=True),
    Column("id", String(200), primary_key=True),
    Column("version", String(50), primary_key=True),
    Column("loaded", Instant, primary_key=True),
    Column("ended", Instant, nullable=False),
    Column("body", Text, nullable=False),
)

#: `context` is the metadata flow, or the agreement to provide one, as AGENCY:ID(VERSION).
metadata_sets = Table(
    "metadata_set",
    metadata,
    Column("agency", String(200), primary_key=True),
    Column("id", String(200), primary_key=True),
    Column("version", String(50), primary_key=True),
    Column("context_class", String(40), nullable=False),
    Column("context", String(500), nullable=False),
    Column("targets", JSON, nullable=False),
    Column("names", JSON, nullable=False),
    Column("body", Text, nullable=False),
    Column("loaded", Instant, nullable=False),
)

#: What metadata sets were before they were replaced or deleted: from `loaded` until `ended`.
former_metadata_sets = Table(
    "former_metadata_set",
    metadata,
    Column("agency", String(200), primary_key=True),
    Column("id", String(200), primary_key=True),
    Column("version", String(50), primary_key=True),
    Column("context_class", String(40), nullable=False),
    Column("context", String(500), nullable=False),
    Column("targets", JSON, nullable=False),
    Column("names", JSON, nullable=False),
    Column("body", Text, nullable=False),
    Column("loaded", Instant, primary_key=True),
    Column("ended", Instant, nullable=False),
)

#: A row with `removed` is a tombstone: the version was published, and history no longer goes back
#: to it. Its files are gone, or will be with the next sweeps. One with `superseded` was held back,
#: and another took its place before anybody could see it. One with `file` shares its files with
#: other slices, which a row names in the column `cut_by` (`hub.store.parts`).
slice_versions = Table(
    "slice_version",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("flow", String(400), nullable=False),
    Column("slice", String(200), nullable=False),
    Column("source", String(200), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("delta", String(64)),
    Column("file", String(64)),
    Column("cut_by", String(200)),
    Column("rows", BigInteger, nullable=False),
    Column("added", BigInteger, nullable=False),
    Column("revised", BigInteger, nullable=False),
    Column("withdrawn", BigInteger, nullable=False),
    Column("origin_kind", String(40), nullable=False),
    Column("origin_detail", JSON, nullable=False),
    Column("structure", String(400), nullable=False),
    Column("structure_digest", String(64), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("committed", Instant, nullable=False),
    Column("visible_from", Instant, nullable=False),
    Column("removed", Instant),
    Column("superseded", Instant),
    Column("note", Text, nullable=False, server_default=""),
    Index(None, "flow", "slice", "source", "id"),
    Index(None, "flow", "visible_from"),
    Index(None, "visible_from"),
)

#: What names files of observations; the digest of a version that shares one names none.
FILES = (slice_versions.c.digest, slice_versions.c.delta, slice_versions.c.file)

#: What was handed in where a second key has to approve it (see `hub.store.waiting`), and what a
#: partner sent and is held until a person has looked at it (`hub.store.review`).
waiting = Table(
    "waiting",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("flow", String(500), nullable=False),
    Column("content", JSON, nullable=False),
    Column("visible_from", Instant),
    Column("note", Text, nullable=False),
    Column("handed_in", Instant, nullable=False),
    Column("handed_in_by", JSON, nullable=False),
    Column("state", String(20), nullable=False),
    Column("decided", Instant),
    Column("decided_by", JSON),
    Column("reason", Text, nullable=False, server_default=""),
    Column("partner", String(50)),
    Index(None, "state"),
    Index(None, "partner"),
)

partners = Table(
    "partner",
    metadata,
    Column("id", String(50), primary_key=True),
    Column("url", String(2000), nullable=False),
    Column("name", Text, nullable=False),
    Column("areas", JSON, nullable=False),
    Column("agencies", JSON, nullable=False),
    Column("flows", JSON, nullable=False),
    Column("added", Instant, nullable=False),
    Column("profile", String(50), nullable=False),
)

#: What partners offered of each slice when they were last asked, and whether it was chosen.
offers = Table(
    "offer",
    metadata,
    Column("flow", String(400), primary_key=True),
    Column("slice", String(200), primary_key=True),
    Column("partner", String(50), primary_key=True),
    Column("descent", JSON, nullable=False),
    Column("is_told", Boolean, nullable=False),
    Column("is_chosen", Boolean, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "partner"),
)

#: Who gives what: no flows, or areas, named are all that the partner may give.
agreements = Table(
    "agreement",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("partner", String(50), nullable=False),
    Column("flows", JSON, nullable=False),
    Column("areas", JSON, nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_to", Instant),
    Column("basis", Text, nullable=False),
    Column("retention", String(10), nullable=False),
    Column("contact", Text, nullable=False),
    Column("artefact", String(500), nullable=False),
    Column("added", Instant, nullable=False),
    Column("added_by", JSON, nullable=False),
    Column("ended", Instant),
    Column("ended_why", Text, nullable=False, server_default=""),
    Index(None, "partner"),
)

attempts = Table(
    "attempt",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("partner", String(50), nullable=False),
    Column("flow", String(400), nullable=False),
    Column("holder", String(200), nullable=False),
    Column("opened", Instant, nullable=False),
    Column("lease_until", Instant, nullable=False),
    Column("finished", Instant),
    Column("reason", String(20)),
    Column("note", Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Index(None, "partner", "flow", "id"),
)

#: What is told of bytes each time a partner sent them (see `hub.store.arrivals`).
arrivals = Table(
    "arrival",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("facts", JSON, nullable=False),
    Index(None, "digest"),
)

#: `digest` is all that is kept of a key's secret (see `hub.store.keys`).
keys = Table(
    "key",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("rights", JSON, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("created", Instant, nullable=False),
    Column("expires", Instant),
    Column("revoked", Instant),
    Column("last_used", Instant),
)

#: `agreement` is the provision agreement, as AGENCY:ID(VERSION).
registrations = Table(
    "registration",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("agreement", String(500), nullable=False),
    Column("source", JSON, nullable=False),
    Column("indexed", JSON, nullable=False),
    Column("valid_from", Instant),
    Column("valid_to", Instant),
    Column("updated", Instant, nullable=False),
    Index(None, "agreement"),
    Index(None, "updated"),
)

#: Lines are added and never changed or removed: triggers of the database see to it.
audit = Table(
    "audit",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(400), nullable=False),
    Column("detail", JSON, nullable=False),
)

#: What was removed for good: stubs, which say which cells or versions, and never what was in them.
purges = Table(
    "purge",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("flow", String(400), nullable=False),
    Column("cells", JSON, nullable=False),
    Column("versions", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", String(200), nullable=False),
    Column("files", JSON, nullable=False),
    Column("finished", Instant),
)

#: When partners are harvested next (see `hub.store.schedule`). `every` is in seconds, none where
#: the setting counts; `taken_by` has the partner until `taken_until`.
schedules = Table(
    "schedule",
    metadata,
    Column("partner", String(50), primary_key=True),
    Column("every", BigInteger),
    Column("due", Instant, nullable=False),
    Column("not_before", Instant),
    Column("announced", Instant),
    Column("failures", Integer, nullable=False),
    Column("taken_by", String(200)),
    Column("taken_until", Instant),
    Index(None, "due"),
)

#: What is done from time to time beside harvesting, each by one worker of all.
duties = Table(
    "duty",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("due", Instant, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("taken_by", String(200)),
    Column("taken_until", Instant),
)

#: How far ahead of its rate a key that announces releases is.
notices = Table(
    "notice",
    metadata,
    Column("key", String(20), primary_key=True),
    Column("until", Instant, nullable=False),
)
