"""A message of a foreign service that somebody has as a file, taken through its profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from connectors.sdmx.apply import Mapped, apply_map
from connectors.sdmx.profile import profile_named
from connectors.sdmx.reasons import OTHER
from connectors.sdmx.service import maps_for
from hub.errors import Finding, Invalid
from hub.formats.message import RawData
from hub.model import Reference, StructureMap, Structures


def through_profile(raw: RawData, profile: str, flow: Reference, structures: Structures) -> RawData:
    """Take a message through the structure maps of a profile to a shared flow.

    Of several maps (one for each measure), each takes its own rows. What is to be said of the way
    is among the findings of the result, at its front. Raises NotFound for an unknown profile,
    Invalid where there is no map from what the message holds to the flow, and what `apply_map`
    raises.
    """
    known = profile_named(profile)
    found = [
        one
        for one in maps_for(raw.structure, flow, structures)
        if not known.agencies or one.source.agency in known.agencies
    ]
    if not found:
        raise _no_map(raw, known.name, flow, structures)
    mapped = [apply_map(raw, one, structures) for one in found]
    filled = [one for one in mapped if one.data.table.num_rows] or mapped[:1]
    findings = tuple(finding for one in filled for finding in one.findings)
    if len(filled) > 1:  # rows that one map leaves to another
        findings = tuple(finding for finding in findings if finding.rule != OTHER)
    data = filled[0].data if len(filled) == 1 else _together(raw, filled)
    return replace(data, findings=(*findings, *raw.findings))


def _together(raw: RawData, parts: Sequence[Mapped]) -> RawData:
    """The rows of several maps, one map after another; each keeps its line."""
    tables = [part.data.table for part in parts]
    ends = [sum(table.num_rows for table in tables[: n + 1]) for n in range(len(tables))]

    def find(row: int) -> tuple[RawData, int]:
        place = next(number for number, end in enumerate(ends) if row < end)
        return parts[place].data, row - (ends[place - 1] if place else 0)

    def line(row: int) -> int | None:
        data, within = find(row)
        return data.line(within)

    def place_of(row: int) -> str | None:
        data, within = find(row)
        return data.place(within)

    return replace(
        parts[0].data,
        table=pa.concat_tables(tables, promote_options="default").unify_dictionaries(),
        actions=None,
        line=line,
        place=place_of,
    )


def _no_map(raw: RawData, name: str, flow: Reference, structures: Structures) -> Invalid:
    others = sorted(
        f"{one.source} for {one.target.agency}:{one.target.id}"
        for one in structures.of_type(StructureMap)
        if raw.structure is not None and maps_for(raw.structure, one.target, structures)
        if one in maps_for(raw.structure, one.target, structures)
    )
    hint = f"; it has one from {', '.join(others)}" if others else ""
    message = f"the profile {name} has no structure map from {raw.structure} to {flow}{hint}"
    return Invalid(f"{raw.source}: {message}", [Finding(rule="no-map", message=message)])
