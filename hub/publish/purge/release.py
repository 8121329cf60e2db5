"""Purging a release: what it changed is as if it had never been."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pyarrow as pa

from hub.engine import identifiers, session
from hub.errors import Conflict, NotFound
from hub.model import DeltaCounts, Origin, Schema, SliceVersion
from hub.publish.purge.files import as_delta, counts_of, moved, row_of
from hub.publish.purge.held import holds
from hub.store import NewSlice, Store, facts_of_table, flow_name
from hub.store.parquet import ADDED, REVISED, WITHDRAWN, read_plain
from hub.store.parts import delta_of, put_state, state_of
from hub.store.purges import (
    Purge,
    Rewritten,
    every_version,
    finish_purges,
    held_gone,
    raw_of_partners,
    write_purge,
)
from hub.store.releases import release_at

_TRIES = 10
_LEAST = 8


def purge_release(store: Store, schema: Schema, release: str, reason: str, by: str) -> Purge:
    """Remove the versions that became visible with a release, whose id may be cut to eight signs.

    Slices go back to what they were before; later versions stay as they are. Raises NotFound where
    no release in the history has the id, or several have.
    """
    wanted = _versions_of(store, schema, release)
    names = tuple((one.slice, one.source, one.digest) for one in wanted)
    return purge_versions(
        store, schema, Purge(flow=flow_name(schema.context), versions=names, reason=reason, by=by)
    )


def purge_versions(store: Store, schema: Schema, purge: Purge) -> Purge:
    """Remove versions named by slice, source and digest; raises NotFound where none is there."""
    for _ in range(_TRIES):
        with store.catalogue.reading() as connection:
            before = every_version(connection, schema.context)
        gone = [one for one in before if (one.slice, one.source, one.digest) in purge.versions]
        if not gone:
            raise NotFound(f"{schema.context} has none of the versions that are to be purged")
        done, new = _without(store, schema, before, {one.id for one in gone})
        beside = moved(store, schema, before, done)
        with store.catalogue.writing() as connection:
            store.catalogue.hold(connection)
            if every_version(connection, schema.context) != before:
                continue
            raw = raw_of_partners(connection, schema.context, gone)
            held = held_gone(connection, schema.context, holds(store, schema, raw=raw))
            all_of = [*done, *beside]
            write_purge(store, connection, schema.context, purge, all_of, new, raw, held)
        finish_purges(store)
        return purge
    raise Conflict(f"{schema.context} kept changing while it was being purged: try again")


def _versions_of(store: Store, schema: Schema, release: str) -> list[SliceVersion]:
    flow = schema.context
    with store.catalogue.reading() as connection:
        versions = every_version(connection, flow)
        instants = sorted({one.visible_from for one in versions})
        found = [
            at
            for at in instants
            if (held := release_at(connection, flow, at)) is not None
            and len(release) >= _LEAST
            and held.id.startswith(release)
        ]
    if len(found) != 1:
        many = "no release" if not found else f"{len(found)} releases"
        raise NotFound(
            f"{flow} has {many} {release} in its history: 'corridor release list {flow}' shows "
            "their ids, of which at least eight signs are needed"
        )
    return [one for one in versions if one.visible_from == found[0]]


def _without(
    store: Store, schema: Schema, versions: Sequence[SliceVersion], gone: Collection[int]
) -> tuple[list[Rewritten], list[NewSlice]]:
    """What becomes of the versions beside those that go."""
    lines: dict[tuple[str, str], list[SliceVersion]] = {}
    for version in versions:
        lines.setdefault((version.slice, version.source), []).append(version)
    done: list[Rewritten] = []
    new: list[NewSlice] = []
    now = store.present()
    for line in lines.values():
        base: SliceVersion | None = None
        lost: list[SliceVersion] = []
        for version in line:
            if version.id in gone:
                lost.append(version)
                done.append(Rewritten(version=version, row=None))
                continue
            if lost:
                state = read_plain(state_of(store.lake, version))
                delta = _change(store, schema, base, [*lost, version], state)
                done.append(Rewritten(version=version, row=row_of(store, schema, state, delta)))
                lost = []
            base = version
        seen = [one for one in lost if one.visible_from <= now]
        if seen:
            new.append(_rolled_back(store, schema, base, seen))
    return done, new


def _rolled_back(
    store: Store, schema: Schema, base: SliceVersion | None, lost: Sequence[SliceVersion]
) -> NewSlice:
    """A version equal to the one before those that go; without one, nothing."""
    last = lost[-1]
    held = read_plain(state_of(store.lake, base or last))
    state = held if base is not None else held.slice(0, 0)
    delta = _change(store, schema, base, lost, state)
    counts = counts_of(delta, state)
    digest, file = put_state(store.lake, state, schema)
    return NewSlice(
        slice=last.slice,
        source=last.source,
        base=last.id,
        digest=digest,
        file=file,
        delta=store.lake.put_table(delta),
        rows=state.num_rows,
        counts=DeltaCounts(**counts),
        facts=facts_of_table(schema, state),
        origin=Origin(
            kind=last.origin.kind, name=last.origin.name, detail=(("purged", "release"),)
        ),
        structure=(base or last).structure,
        structure_digest=(base or last).structure_digest,
    )


def _change(
    store: Store,
    schema: Schema,
    base: SliceVersion | None,
    changed: Sequence[SliceVersion],
    state: pa.Table,
) -> pa.Table:
    """What replicas must hear, whether they have what goes or what was before it.

    Every key that any of the versions changed, as it is in the state; of those that are not there
    any more, nothing but the key.
    """
    keys = [column.id for column in schema.dimensions]
    told = (delta_of(store.lake, one) or state_of(store.lake, one) for one in changed)
    touched = pa.concat_tables([read_plain(part).select(keys) for part in told])
    before = state.slice(0, 0) if base is None else read_plain(state_of(store.lake, base))
    using = f"USING ({identifiers(keys)})"
    with session(memory_limit=store.settings.memory_limit) as connection:
        for name, table in (("touched", touched), ("state", state), ("before", before)):
            connection.register(name, table)
        connection.execute("CREATE TEMP VIEW known AS SELECT DISTINCT * FROM touched")
        there = f"FROM state SEMI JOIN known {using}"
        parts = {
            ADDED: f"FROM ({there}) ANTI JOIN before {using}",
            REVISED: f"FROM ({there}) SEMI JOIN before {using}",
            WITHDRAWN: f"FROM known ANTI JOIN state {using}",
        }
        found = {kind: connection.sql(part).to_arrow_table() for kind, part in parts.items()}
    whole = [as_delta(_filled(table, state.schema), kind) for kind, table in found.items()]
    return pa.concat_tables(whole).sort_by([(name, "ascending") for name in keys])


def _filled(table: pa.Table, wanted: pa.Schema) -> pa.Table:
    """A table with all columns of a schema, empty where it lacks them."""
    there = set(table.column_names)
    columns = [
        table.column(field.name).cast(field.type)
        if field.name in there
        else pa.nulls(table.num_rows, field.type)
        for field in wanted
    ]
    return pa.table(columns, schema=wanted)
