"""The rules of the maps: what they name is there, and nothing of the target is forgotten."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from codelists.catalogue import open_catalogue
from dsd.entries import Package, StructureFile
from dsd.map_entries import TEXT, MapFile, StructureEntry, ValuesEntry
from hub.errors import BadRequest, Finding
from hub.model import ArtefactClass, Codelist, parse_reference

_PREFIXES = {"values": "RM_", "structures": "SM_"}


def check_maps(package: Package, codelists: Mapping[str, Codelist]) -> Iterator[Finding]:
    """Yield everything that is wrong with the maps of all publishers."""
    everywhere = Counter(
        id_ for file in package.maps.values() for id_ in (*file.values, *file.structures)
    )
    known = {id_ for file in package.maps.values() for id_ in file.values}
    used = {
        each.values
        for file in package.maps.values()
        for entry in file.structures.values()
        for each in entry.components
    }
    for name, file in package.maps.items():
        for kind, id_ in _ids(file):
            if not id_.startswith(_PREFIXES[kind]):
                yield _fault("map-id", name, f"{kind}.{id_}", f"begin it with {_PREFIXES[kind]}")
            if everywhere[id_] > 1:
                yield _fault("twice", name, f"{kind}.{id_}", "it is the id of two maps")
        for id_, values in file.values.items():
            if id_ not in used:
                yield _fault("unused", name, f"values.{id_}", "no structure map uses it; remove it")
            yield from _values(name, id_, values, codelists)
        for id_, entry in file.structures.items():
            yield from _structure(name, id_, entry, package, known)


def _fault(rule: str, file: str, key: str, message: str, value: str | None = None) -> Finding:
    return Finding(rule=rule, message=message, file=file, column=key, value=value)


def _ids(file: MapFile) -> Iterator[tuple[str, str]]:
    yield from (("values", id_) for id_ in file.values)
    yield from (("structures", id_) for id_ in file.structures)


def _values(
    file: str, id_: str, entry: ValuesEntry, codelists: Mapping[str, Codelist]
) -> Iterator[Finding]:
    key = f"values.{id_}"
    unknown = [list_id for list_id in entry.to if list_id not in codelists and list_id != TEXT]
    for list_id in unknown:
        yield _fault("codelist", file, f"{key}.to", "there is no such code list", list_id)
    catalogue = open_catalogue()
    schemes = {*catalogue.maps, *catalogue.sources}
    for scheme in entry.spellings:
        if scheme not in schemes:
            yield _fault("spellings", file, f"{key}.spellings", "there is no such map", scheme)
    if not unknown:
        yield from _rows(file, key, entry, codelists)
    named = [row[0] for row in entry.rows if row]
    named += [code for drop in entry.drop for code in drop.codes if not drop.until]
    for value, times in Counter(named).items():
        if times > 1:
            yield _fault("twice", file, key, f"the value is mapped {times} times", value)
    yield from _patterns(file, key, entry)


def _rows(
    file: str, key: str, entry: ValuesEntry, codelists: Mapping[str, Codelist]
) -> Iterator[Finding]:
    for kind, rows in (("rows", entry.rows), ("patterns", entry.patterns)):
        for row in rows:
            if len(row) != 1 + len(entry.to):
                message = f"write a value and {len(entry.to)} codes"
                yield _fault("row", file, f"{key}.{kind}", message, row[0] if row else None)
    for row in entry.rows:
        for code, list_id in zip(row[1:], entry.to, strict=False):
            if list_id != TEXT and code not in codelists[list_id].by_id:
                yield _fault("code", file, f"{key}.rows", f"no code of {list_id}", code)


def _patterns(file: str, key: str, entry: ValuesEntry) -> Iterator[Finding]:
    patterns = [row[0] for row in entry.patterns if row]
    patterns += [pattern for drop in entry.drop for pattern in drop.patterns]
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            yield _fault("pattern", file, key, f"not a regular expression: {error}", pattern)
    for drop in entry.drop:
        if not drop.because.strip():
            yield _fault("because", file, key, "say why these values have no target")


def _structure(
    file: str, id_: str, entry: StructureEntry, package: Package, known: set[str]
) -> Iterator[Finding]:
    key = f"structures.{id_}"
    try:
        parse_reference(entry.source, ArtefactClass.DATAFLOW)
    except BadRequest as error:
        yield _fault("source", file, f"{key}.source", error.message, entry.source)
    flow = package.dataflows.get(entry.target)
    structure = package.structures.get(flow.structure) if flow is not None else None
    if structure is None:
        yield _fault("target", file, f"{key}.target", "there is no such dataflow", entry.target)
        return
    filled = [id_ for each in entry.components for id_ in each.to] + list(entry.constants)
    for component, times in Counter(filled).items():
        if component not in structure.components:
            message = f"it is not a component of {entry.target}"
            yield _fault("component", file, key, message, component)
        if times > 1:
            yield _fault("twice", file, key, f"it is filled {times} times", component)
    for component in _needed(structure):
        if component not in filled:
            message = f"{entry.target} needs it, and nothing fills it"
            yield _fault("component", file, key, message, component)
    for each in entry.components:
        if each.values is not None and each.values not in known:
            yield _fault("values", file, f"{key}.components", "no such map", each.values)


def _needed(structure: StructureFile) -> Iterator[str]:
    yield from (*structure.dimensions, structure.time, structure.measure.id)
    for attributes in structure.attributes:
        yield from attributes.mandatory
