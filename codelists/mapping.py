"""Maps between the list of areas and the codes that others write."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources.abc import Traversable
from types import MappingProxyType

from codelists.catalogue import AREA_LIST, Catalogue, MapEntry, open_catalogue
from codelists.map_rules import check_map
from codelists.table import Table
from hub.errors import Invalid, NotFound
from hub.model import ArtefactClass, MappedColumn, Reference, RepresentationMap, ValueMapping

#: The map that holds every spelling met in data.
SPELLINGS = "SPELLINGS"


def load_map(name: str, root: Traversable | None = None) -> RepresentationMap:
    """Load a map: M49, ISO2, ESTAT or OECD from our codes to theirs, SPELLINGS from theirs to ours.

    Raises NotFound for another name, and Invalid, with every finding, for a map that breaks a
    rule, above all for one that is declared one-to-one and is not.
    """
    catalogue = open_catalogue(root)
    entry = catalogue.maps.get(name)
    if entry is None:
        raise NotFound(f"there is no map {name}; there are {', '.join(catalogue.maps)}")
    areas = catalogue.list_table(AREA_LIST)
    findings = check_map(entry, catalogue, areas)
    if findings:
        raise Invalid(f"the map {name} breaks a rule; first: {findings[0]}", findings)
    owner = catalogue.lists[AREA_LIST]
    area_list = Reference(ArtefactClass.CODELIST, owner.agency, owner.id, owner.version)
    from_areas = entry.file is None
    return RepresentationMap(
        agency=owner.agency,
        id=entry.id,
        version=owner.version,
        name=entry.name,
        sources=(MappedColumn(values=area_list if from_areas else None),),
        targets=(MappedColumn(values=None if from_areas else area_list),),
        mappings=tuple(ValueMapping.of(*pair) for pair in _pairs(entry, catalogue, areas)),
        is_one_to_one=entry.is_one_to_one,
    )


def spelling_map(scheme: str) -> Mapping[str, str]:
    """Return what a scheme's spellings mean: foreign code → our code.

    `scheme` is M49, ISO2, ESTAT or OECD (complete: the scheme's codes and its odd spellings), a
    source that spellings.csv names such as UNHCR (only where it departs from alpha-3), or
    SPELLINGS for every spelling of that file. Raises NotFound for anything else.
    """
    return MappingProxyType(_spellings(scheme))


def _pairs(entry: MapEntry, catalogue: Catalogue, areas: Table) -> tuple[tuple[str, str], ...]:
    if entry.column is not None:
        column = entry.column
        return tuple((row["id"], row[column]) for row in areas.rows if row[column])
    rows = catalogue.spelling_table(entry.file or "").rows
    return tuple({row["spelling"]: row["code"] for row in rows}.items())


@cache
def _spellings(scheme: str) -> dict[str, str]:
    catalogue = open_catalogue()
    if scheme == SPELLINGS:
        return dict(load_map(SPELLINGS).pairs)
    if scheme not in catalogue.maps and scheme not in catalogue.sources:
        known = ", ".join(dict.fromkeys([*catalogue.maps, *catalogue.sources]))
        raise NotFound(f"there is no scheme {scheme}; there are {known}")
    found: dict[str, str] = {}
    if scheme in catalogue.maps:
        found = {foreign: ours for ours, foreign in load_map(scheme).pairs}
    return found | _rows_of(catalogue, scheme)


def _rows_of(catalogue: Catalogue, source: str) -> dict[str, str]:
    file = catalogue.maps[SPELLINGS].file or ""
    rows = catalogue.spelling_table(file).rows
    return {row["spelling"]: row["code"] for row in rows if row["source"] == source}
