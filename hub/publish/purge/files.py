"""Files of slice versions without what is purged from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hub.model import Schema, SliceVersion
from hub.store import Store, facts_of_table, flow_name
from hub.store.parquet import ADDED, CHANGE, REVISED, WITHDRAWN, read_plain
from hub.store.parts import delta_of, files_of, put_state, state_of
from hub.store.purges import Rewritten, superseded_files

Cell = tuple[str | None, ...]


def in_cells(table: pa.Table, schema: Schema, cells: Iterable[Cell]) -> pa.ChunkedArray:
    """True on the rows that are in any of some cells; a cell has None where any value fits."""
    return reduce(pc.or_, (_in_cell(table, schema, cell) for cell in cells))


def _in_cell(table: pa.Table, schema: Schema, cell: Cell) -> pa.ChunkedArray:
    fits = pa.chunked_array([pa.repeat(pa.scalar(True), table.num_rows)])
    for column, value in zip(schema.dimensions, cell, strict=True):
        if value is not None:
            fits = pc.and_(fits, pc.equal(table.column(column.id), value).fill_null(False))
    return fits


def bare(table: pa.Table, schema: Schema) -> pa.Table:
    """Rows that went, with nothing but their keys."""
    keys = [column.id for column in schema.dimensions]
    columns = [
        table.column(name)
        if name in keys
        else pa.chunked_array([pa.repeat(pa.scalar(WITHDRAWN), table.num_rows)])
        if name == CHANGE
        else pa.nulls(table.num_rows, table.schema.field(name).type)
        for name in table.column_names
    ]
    return pa.table(columns, schema=table.schema)


def without_cells(delta: pa.Table, schema: Schema, cells: Iterable[Cell]) -> pa.Table:
    """A delta that no longer tells what was in some cells, only that it went."""
    fits = in_cells(delta, schema, cells)
    went = pc.equal(delta.column(CHANGE), WITHDRAWN)
    others = delta.filter(pc.invert(fits))
    return pa.concat_tables([others, bare(delta.filter(pc.and_(fits, went)), schema)])


def as_delta(table: pa.Table, kind: str) -> pa.Table:
    """Rows of a state as rows of a delta."""
    return table.append_column(CHANGE, pa.chunked_array([pa.repeat(pa.scalar(kind), len(table))]))


def counts_of(delta: pa.Table | None, state: pa.Table) -> dict[str, int]:
    """How many observations a version added, revised and withdrew, as columns of its row."""
    if delta is None:
        return {"added": state.num_rows, "revised": 0, "withdrawn": 0}
    found = {
        one["values"]: one["counts"] for one in delta.column(CHANGE).value_counts().to_pylist()
    }
    kinds = {"added": ADDED, "revised": REVISED, "withdrawn": WITHDRAWN}
    return {name: found.get(kind, 0) for name, kind in kinds.items()}


def row_of(
    store: Store, schema: Schema, state: pa.Table, delta: pa.Table | None
) -> Mapping[str, Any]:
    """Write the files of a version, and say what its row has of them."""
    digest, file = put_state(store.lake, state, schema)
    return {
        "digest": digest,
        "file": file,
        "cut_by": None,
        "delta": None if delta is None else store.lake.put_table(delta),
        "rows": state.num_rows,
        "facts": facts_of_table(schema, state),
        **counts_of(delta, state),
    }


def tables_of(store: Store, version: SliceVersion) -> tuple[pa.Table, pa.Table | None] | None:
    """State and delta of a version; None where its files left with the history."""
    state, delta = state_of(store.lake, version), delta_of(store.lake, version)
    if not state.path.is_file():
        return None
    told = None if delta is None else read_plain(delta)
    return read_plain(state), told


def moved(
    store: Store,
    schema: Schema,
    versions: Iterable[SliceVersion],
    done: Collection[Rewritten],
) -> list[Rewritten]:
    """The versions that share a file with what goes, in files of their own; they stay as they are.

    What goes are the files of `done`, and those of versions that nobody ever saw.
    """
    with store.catalogue.reading() as connection:
        leaving = superseded_files(connection, flow_name(schema.context))
    leaving.update(digest for one in done for digest in files_of(one.version))
    known = {one.version.id for one in done}
    found = []
    for version in versions:
        is_left = version.id in known or version.cut_by is None
        if is_left or leaving.isdisjoint(files_of(version)):
            continue
        tables = tables_of(store, version)
        if tables is not None:
            state, delta = (None if t is None else store.lake.put_table(t) for t in tables)
            row = {"file": state, "delta": delta, "cut_by": None}
            found.append(Rewritten(version=version, row=row))
    return found
