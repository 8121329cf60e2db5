"""Explaining observations: what a released figure was made of, and where that came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any, Protocol

import pyarrow as pa

from federation.crosscheck import METHOD_VERSION as ASYMMETRY_METHOD
from federation.derivation import ASYMMETRY, EMIGRANTS, FLOW_RES, STOCK_BIRTH, STOCK_CTZ
from federation.mirror import METHOD_VERSION as MIRROR_METHOD
from federation.mirror import MirrorOptions
from federation.provenance.asymmetry import make_asymmetry
from federation.provenance.cells import Cell, Rows, cell_of, find_cells, require_cells, rows_of
from federation.provenance.emigrants import make_emigrants
from federation.provenance.sources import Sources, input_releases
from federation.provenance.values import Explanation, Input, LeftOut, Part, Source
from hub.errors import NotFound, NotSupported
from hub.model import Reference, Release, Schema
from hub.store import Store

#: The methods there are: a figure of another one would not be the sum of what is told of it.
_METHODS = {EMIGRANTS: MIRROR_METHOD, ASYMMETRY: ASYMMETRY_METHOD}


class Made(Protocol):
    """A derivation of some cells, which can tell of what each was made."""

    @property
    def table(self) -> pa.Table:
        """The derived observations."""
        ...

    def rule(self, cell: Cell) -> str:
        """The formula of a cell in words."""
        ...

    def parts(self, cell: Cell) -> tuple[Part, ...]:
        """What a cell is made of."""
        ...

    def left_out(self, cell: Cell, parts: Sequence[Part]) -> tuple[LeftOut, ...]:
        """What is not in it."""
        ...


def make(
    flow: Reference,
    rows: Mapping[Reference, Rows],
    cells: Sequence[Cell],
    schemas: Mapping[Reference, Schema],
) -> Made:
    """Derive cells of a flow by the method that made it."""
    if flow == EMIGRANTS:
        return make_emigrants(rows, cells, schemas, MirrorOptions())
    return make_asymmetry(rows, cells, schemas)


def input_schemas(store: Store) -> dict[Reference, Schema]:
    """The schemas of the flows that something is derived from."""
    return {flow: store.schema(flow) for flow in (STOCK_BIRTH, STOCK_CTZ, FLOW_RES)}


def explain(store: Store, flow: Reference, keys: Sequence[str]) -> list[Explanation]:
    """Say where observations of a flow come from, in the order of their keys.

    A key holds a value for each dimension, dots between, time last. What readers of the node do
    not see is not explained, nor does it explain anything. Raises Unprocessable for a key with too
    few or too many values, BadRequest for one that leaves a value open, NotFound where there is no
    such observation, or where what it was derived from cannot be read any more.
    """
    schema = store.schema(flow)
    cells = [cell_of(key, schema) for key in keys]
    release = store.release(schema.context)
    if release is None:
        raise NotFound(f"{schema.context} has no observation yet that readers see")
    found = find_cells(rows_of(store, release, schema), schema, cells)
    require_cells(found, cells, schema)
    sources = Sources(store)
    plain = {
        cell.key: _plain(cell, found[cell.key], schema, source)
        for cell, source in _with_sources(sources, release, schema, cells)
    }
    for derived in _by_version(cells, plain):
        plain |= _derived(store, sources, schema.context, derived, plain)
    return [plain[cell.key] for cell in cells]


def _with_sources(
    sources: Sources, release: Release, schema: Schema, cells: Sequence[Cell]
) -> list[tuple[Cell, Source]]:
    known = sources.of(release, {_slice_of(schema, cell) for cell in cells})
    return [(cell, known[_slice_of(schema, cell)]) for cell in cells]


def _slice_of(schema: Schema, cell: Cell) -> str:
    return cell.at[schema.slice_by] if schema.slice_by else ""


def _plain(cell: Cell, row: Mapping[str, Any], schema: Schema, source: Source) -> Explanation:
    measures = [column.id for column in schema.measures]
    given = {
        column.id: row[column.id]
        for column in schema.columns
        if column not in schema.dimensions and row[column.id] is not None
    }
    value = given.get(measures[0]) if len(measures) == 1 else None
    is_number = isinstance(value, int | float) and isfinite(value)
    return Explanation(
        flow=schema.context,
        key=cell.key,
        value=value if is_number else None,
        attributes={k: v for k, v in given.items() if k not in measures[:1] or not is_number},
        source=source,
        method=source.version.origin.name if source.version.origin.kind == "derivation" else "",
    )


def _by_version(cells: Sequence[Cell], plain: Mapping[str, Explanation]) -> Iterable[list[Cell]]:
    """The derived ones of some cells, those from the same releases together."""
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        if plain[cell.key].is_derived:
            told = plain[cell.key]
            made = f"{told.method} {told.source.detail.get('inputs', '')}"
            groups.setdefault(made, []).append(cell)
    return groups.values()


def _derived(
    store: Store,
    sources: Sources,
    flow: Reference,
    cells: Sequence[Cell],
    plain: Mapping[str, Explanation],
) -> dict[str, Explanation]:
    """Explanations of cells that were derived from the same releases."""
    method = plain[cells[0].key].method
    if _METHODS.get(flow) != method:
        raise NotSupported(
            f"{flow} was derived by {method}, which this version of the program does not have; "
            "run 'corridor derive' again"
        )
    releases = input_releases(store, plain[cells[0].key].source.version)
    schemas = input_schemas(store)
    rows = {given: rows_of(store, one, schemas[given]) for given, one in releases.items()}
    made = make(flow, rows, cells, schemas)
    known = {given: sources.of(one, _slices(one)) for given, one in releases.items()}
    found = {}
    for cell in cells:
        parts = tuple(_sourced(part, known) for part in made.parts(cell))
        found[cell.key] = replace(
            plain[cell.key],
            rule=made.rule(cell),
            releases=tuple(releases.values()),
            parts=parts,
            left_out=tuple(
                replace(one, input=one.input and _with_source(one.input, known))
                for one in made.left_out(cell, parts)
            ),
        )
    return found


def _slices(release: Release) -> list[str]:
    return [version.slice for version in release.slices]


def _sourced(part: Part, known: Mapping[Reference, Mapping[str, Source]]) -> Part:
    return replace(
        part,
        inputs=tuple(_with_source(one, known) for one in part.inputs),
        weights=tuple(_with_source(one, known) for one in part.weights),
    )


def _with_source(one: Input, known: Mapping[Reference, Mapping[str, Source]]) -> Input:
    area = one.key.split(".")[1]  # FREQ.REF_AREA… in every shared structure of stocks and flows
    return replace(one, source=known.get(one.flow, {}).get(area))
