"""What is different between two states: what was added, what revised, old and new, what withdrawn.

Only the files of slices that differ are read. Slices never share a key, so all are compared at
once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from hub.engine import differs, identifier, session
from hub.errors import NotFound
from hub.model import Column, DeltaCounts, Release, Schema, SliceVersion
from hub.store.parquet import ADDED, REVISED, WITHDRAWN, relation_of
from hub.store.parts import Part, state_of
from hub.store.store import Store

#: A slice as it was, and as it came to be; None stands for nothing.
Pair = tuple[SliceVersion | None, SliceVersion | None]
_KIND = "_kind"
_ORDER = (REVISED, WITHDRAWN, ADDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One observation that differs: its key, and what was said of it before and after.

    Of a revised one `old` and `new` hold the components that differ, of others all that have a
    value; one of them is empty then.
    """

    kind: str
    key: Mapping[str, str]
    old: Mapping[str, Any]
    new: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """How many observations differ, and some of them."""

    counts: DeltaCounts
    rows: tuple[Changed, ...]


def pairs_between(before: Release | None, after: Release | None) -> list[Pair]:
    """The slices that differ between two releases; None is a release of nothing."""
    old = {version.slice: version for version in (before.slices if before else ())}
    new = {version.slice: version for version in (after.slices if after else ())}
    pairs = [(old.get(slice_), new.get(slice_)) for slice_ in sorted({*old, *new})]
    return [(one, other) for one, other in pairs if _digest(one) != _digest(other)]


def compare(store: Store, schema: Schema, pairs: Sequence[Pair], most: int) -> Difference:
    """Count what differs and tell at most so many observations of it.

    Revised ones come first, the largest difference of the measure before smaller ones, then what
    was withdrawn, then what was added, the largest figures of these first. Raises
    NotFound where the lake lacks a file.
    """
    if not pairs:
        return Difference(DeltaCounts(), ())
    before, after = (_parts(store, versions) for versions in zip(*pairs, strict=True))
    return compare_files(schema, before, after, most, store.settings.memory_limit)


def compare_files(
    schema: Schema, before: Sequence[Part], after: Sequence[Part], most: int, memory_limit: str
) -> Difference:
    """The same of observations in Parquet files, before and after."""
    with session(memory_limit=memory_limit) as connection:
        joined = _joined(schema, before, after)
        counted = connection.execute(f"SELECT {_KIND}, count(*) FROM {joined} GROUP BY ALL")
        counts: dict[str, int] = dict(counted.fetchall())
        rows = _rows(connection, schema, joined, most) if most else ()
    total = DeltaCounts(
        added=counts.get(ADDED, 0),
        revised=counts.get(REVISED, 0),
        withdrawn=counts.get(WITHDRAWN, 0),
    )
    return Difference(total, rows)


def largest_revisions(
    store: Store, schema: Schema, pairs: Sequence[Pair], most: int
) -> tuple[Changed, ...]:
    """The observations whose measure was revised most, at most so many; the largest first."""
    if not pairs or not schema.measures:
        return ()
    with session(memory_limit=store.settings.memory_limit) as connection:
        before, after = (_parts(store, versions) for versions in zip(*pairs, strict=True))
        joined = _joined(schema, before, after)
        revised = f"(FROM {joined} WHERE {_KIND} = '{REVISED}' AND {_size(schema)} > 0)"
        return _rows(connection, schema, revised, most)


def _joined(schema: Schema, files_before: Sequence[Part], files_after: Sequence[Part]) -> str:
    """All that differs: the components as they were (`b`), as they are (`a`), and what became."""
    before, after = (relation_of(files, schema) for files in (files_before, files_after))
    keys = [identifier(column.id) for column in schema.dimensions]
    first = keys[0]
    same = " AND ".join(f"b.{key} = a.{key}" for key in keys)
    values = (*schema.measures, *schema.attributes)
    return (
        f"(SELECT b, a, CASE WHEN b.{first} IS NULL THEN '{ADDED}' "
        f"WHEN a.{first} IS NULL THEN '{WITHDRAWN}' ELSE '{REVISED}' END AS {_KIND} "
        f"FROM {before} b FULL JOIN {after} a ON {same} "
        f"WHERE b.{first} IS NULL OR a.{first} IS NULL OR {differs(values, 'b', 'a')})"
    )


def _parts(store: Store, versions: Iterable[SliceVersion | None]) -> list[Part]:
    parts = [state_of(store.lake, version) for version in versions if version is not None]
    for path in {part.path for part in parts}:
        if not path.is_file():
            raise NotFound(f"the lake has no file {path.name}: restore it from a backup")
    return parts


def _rows(
    connection: duckdb.DuckDBPyConnection, schema: Schema, joined: str, most: int
) -> tuple[Changed, ...]:
    order = " ".join(f"WHEN '{kind}' THEN {place}" for place, kind in enumerate(_ORDER))
    keys = ", ".join(f"coalesce(a.{key}, b.{key})" for key in _keys(schema))
    size = ""
    if schema.measures:
        size = f"{_size(schema)} DESC NULLS LAST, {_figure(schema)} DESC NULLS LAST, "
    query = (
        f"SELECT b, a, {_KIND} FROM {joined} "
        f"ORDER BY CASE {_KIND} {order} END, {size}{keys} LIMIT {most:d}"
    )
    found = connection.sql(query).to_arrow_table().to_pylist()
    return tuple(_changed(schema, row["b"] or {}, row["a"] or {}, row[_KIND]) for row in found)


def _size(schema: Schema) -> str:
    """How far the measure moved, as a number; null where either side is none."""
    name = identifier(schema.measures[0].id)
    moved = f"abs(TRY_CAST(a.{name} AS DOUBLE) - TRY_CAST(b.{name} AS DOUBLE))"
    return f"CASE WHEN isfinite({moved}) THEN {moved} END"


def _figure(schema: Schema) -> str:
    """How large the measure is of what was added or withdrawn; null of all else."""
    name = identifier(schema.measures[0].id)
    size = f"abs(TRY_CAST(coalesce(a.{name}, b.{name}) AS DOUBLE))"
    return f"CASE WHEN {_KIND} <> '{REVISED}' AND isfinite({size}) THEN {size} END"


def _changed(
    schema: Schema, before: Mapping[str, Any], after: Mapping[str, Any], kind: str
) -> Changed:
    there = after if kind != WITHDRAWN else before
    old, new = before if kind != ADDED else {}, after if kind != WITHDRAWN else {}
    values = (*schema.measures, *schema.attributes)
    if kind == REVISED:
        told = [column for column in values if _differ(column, old[column.id], new[column.id])]
    else:
        told = [column for column in values if there[column.id] is not None]
    return Changed(
        kind=kind,
        key={column.id: there[column.id] for column in schema.dimensions},
        old={column.id: old[column.id] for column in told if old},
        new={column.id: new[column.id] for column in told if new},
    )


def _differ(column: Column, one: Any, other: Any) -> bool:
    if column.is_multilingual and one is not None and other is not None:
        return dict(one) != dict(other)
    return bool(one != other) and not (one != one and other != other)  # NaN equals NaN here


def _keys(schema: Schema) -> list[str]:
    return [identifier(column.id) for column in schema.dimensions]


def _digest(version: SliceVersion | None) -> str | None:
    return None if version is None else version.digest
