"""One of several sources of a shared flow: what it sends replaces its own part, nothing else.

Immigration and emigration by residence are one shared flow and two dataflows of Eurostat. What one
of them holds is all there is of its part: everything the node has of that part is deleted first,
then what came is put in its place (`Delete` with open keys, SDMX 3.0, "Action").
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product

import pyarrow as pa

from hub.formats.message import Action, RawData
from hub.model import RepresentationMap, Schema, StructureMap, Structures

#: A part is not told by a component whose values are more than these.
_MOST_VALUES = 20


def as_part(
    raw: RawData,
    mapping: StructureMap,
    maps: Iterable[StructureMap],
    schema: Schema,
    structures: Structures,
    areas: Collection[str],
) -> RawData:
    """Put deletions of the part before the rows that came; `maps` are all that map to the flow."""
    area = schema.slice_by
    told = {fixed.target for one in maps for fixed in one.fixed if fixed.target}
    keys = {
        column.id: values
        for column in schema.key
        if column.id in told and (values := _values(mapping, column.id, structures))
    }
    if area is not None:
        keys[area] = tuple(sorted(areas))
    deletions = list(product(*keys.values()))
    columns = dict(zip(keys, zip(*deletions, strict=True), strict=True)) if deletions else {}
    count = len(deletions)
    table = pa.table(
        {name: _before(raw, name, columns.get(name), count) for name in raw.table.column_names}
    )
    actions = pa.chunked_array([_named(count, raw.table.num_rows)])
    return replace(
        raw,
        table=table,
        actions=actions,
        line=lambda row: None if row < count else raw.line(row - count),
        place=lambda row: None if row < count else raw.place(row - count),
    )


def _values(mapping: StructureMap, target: str, structures: Structures) -> tuple[str, ...]:
    """The values of a component that a map can give; () for any."""
    for fixed in mapping.fixed:
        if fixed.target == target:
            return fixed.values
    return tuple(_looked_up(mapping, target, structures))


def _looked_up(mapping: StructureMap, target: str, structures: Structures) -> Iterator[str]:
    for component in mapping.components:
        if target not in component.targets or component.values is None:
            continue
        values = structures.get(component.values, RepresentationMap)
        place = component.targets.index(target)
        rows = [row for row in values.mappings if row.targets]
        given = dict.fromkeys(row.targets[place] for row in rows)
        has_patterns = any(source.is_pattern for row in rows for source in row.sources)
        if not has_patterns and len(given) <= _MOST_VALUES:
            yield from given


def _before(raw: RawData, name: str, keys: Sequence[str] | None, count: int) -> pa.ChunkedArray:
    first = pa.nulls(count, pa.string()) if keys is None else pa.array(keys, pa.string())
    rest = raw.table.column(name).cast(pa.string())
    return pa.chunked_array([first, *rest.chunks]).dictionary_encode()


def _named(deletions: int, rows: int) -> pa.DictionaryArray:
    numbers = pa.array([0] * deletions + [1] * rows, pa.int8())
    names = [Action.DELETE.value, Action.INFORMATION.value]
    return pa.DictionaryArray.from_arrays(numbers, names)
