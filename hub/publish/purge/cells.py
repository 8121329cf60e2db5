"""Purging cells: the same key in every version there ever was."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from hub.errors import BadRequest, Conflict, NotFound
from hub.model import DeltaCounts, Origin, Schema, SliceVersion
from hub.publish.purge.files import (
    Cell,
    as_delta,
    bare,
    in_cells,
    moved,
    row_of,
    tables_of,
    without_cells,
)
from hub.publish.purge.held import holds
from hub.store import NewSlice, Store, facts_of_table
from hub.store.parquet import WITHDRAWN, read_plain
from hub.store.parts import put_state, state_of
from hub.store.purges import (
    Purge,
    Rewritten,
    every_version,
    finish_purges,
    held_gone,
    raw_of_partners,
    write_purge,
)

_TRIES = 10
_ANY = ("", "*")


def parse_cell(text: str, schema: Schema) -> Cell:
    """Read a cell: values of all dimensions in order, with dots between them, time last.

    `*`, or nothing, stands for any value. Raises BadRequest for too few or too many.
    """
    names = [column.id for column in schema.dimensions]
    parts = text.split(".")
    if len(parts) != len(names):
        raise BadRequest(
            f"the cell '{text}' has {len(parts)} values, {schema.context} has {len(names)} "
            f"dimensions: write {'.'.join(names)}, with * for any value"
        )
    cell = tuple(None if part in _ANY else part for part in parts)
    if not any(cell):
        raise BadRequest(f"the cell '{text}' is everything: name at least one value")
    return cell


def purge_cells(store: Store, schema: Schema, purge: Purge) -> Purge:
    """Remove cells from every version of a flow, and tell replicas that they went.

    What is held of partners and has something in them goes as a whole. Raises NotFound where no
    version has any of them and nothing held has; nothing is done then.
    """
    cells = purge.cells
    for _ in range(_TRIES):
        with store.catalogue.reading() as connection:
            before = every_version(connection, schema.context)
        done = _purged(store, schema, cells, before)
        new = _tombstones(store, schema, cells, before, done)
        beside = moved(store, schema, before, done)
        with store.catalogue.writing() as connection:
            store.catalogue.hold(connection)
            if every_version(connection, schema.context) != before:
                continue
            raw = raw_of_partners(connection, schema.context, [one.version for one in done])
            held = held_gone(connection, schema.context, holds(store, schema, cells, raw))
            if not done and not held.ids:
                raise NotFound(
                    f"no release of {schema.context} ever had an observation in these cells, and "
                    "nothing that is held has; ask for one of them with asOf, or look at its key"
                )
            all_of = [*done, *beside]
            write_purge(store, connection, schema.context, purge, all_of, new, raw, held)
        finish_purges(store)
        return purge
    raise Conflict(f"{schema.context} kept changing while it was being purged: try again")


def _purged(
    store: Store, schema: Schema, cells: Sequence[Cell], versions: Sequence[SliceVersion]
) -> list[Rewritten]:
    """The versions that have something in the cells, without it."""
    done = []
    for version in versions:
        tables = tables_of(store, version)
        if tables is None:
            continue
        state, delta = tables
        is_in = in_cells(state, schema, cells)
        is_told = None if delta is None else in_cells(delta, schema, cells)
        if not pc.any(is_in).as_py() and not (is_told is not None and pc.any(is_told).as_py()):
            continue
        kept = state.filter(pc.invert(is_in))
        told = None if delta is None else without_cells(delta, schema, cells)
        done.append(Rewritten(version=version, row=row_of(store, schema, kept, told)))
    return done


def _tombstones(
    store: Store,
    schema: Schema,
    cells: Sequence[Cell],
    versions: Sequence[SliceVersion],
    done: Sequence[Rewritten],
) -> list[NewSlice]:
    """New versions of slices in which readers see the cells now; they tell that these went."""
    now = store.present()
    seen = {(v.slice, v.source): v for v in versions if v.visible_from <= now}
    rewritten = {one.version.id: one for one in done}
    found = []
    for version in seen.values():
        one = rewritten.get(version.id)
        if one is None or one.row is None:
            continue
        old = read_plain(state_of(store.lake, version))
        went = old.filter(in_cells(old, schema, cells))
        if went.num_rows:
            delta = bare(as_delta(went, WITHDRAWN), schema)
            state = store.lake.table(str(one.row["file"] or one.row["digest"]))
            found.append(_following(store, schema, version, state, delta))
    return found


def _following(
    store: Store, schema: Schema, version: SliceVersion, state: pa.Table, delta: pa.Table
) -> NewSlice:
    origin = version.origin
    digest, file = put_state(store.lake, state, schema)
    return NewSlice(
        slice=version.slice,
        source=version.source,
        base=version.id,
        digest=digest,
        file=file,
        delta=store.lake.put_table(delta),
        rows=state.num_rows,
        counts=DeltaCounts(withdrawn=delta.num_rows),
        facts=facts_of_table(schema, state),
        origin=Origin(kind=origin.kind, name=origin.name, detail=(("purged", "cells"),)),
        structure=version.structure,
        structure_digest=version.structure_digest,
    )
