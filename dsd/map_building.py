"""Make structure maps and representation maps from sound entries.

What the standard has no place for is said in annotations:

| annotation  | of                   | says                                                        |
|-------------|----------------------|-------------------------------------------------------------|
| `OTHERS`    | representation map   | what of values it does not name: `refuse` or `drop`         |
| `DROPPED`   | row without target   | why the value has none                                      |
| `ONLY`      | fixed value of source| why rows with other values are left out                     |
| `APART`     | structure map        | components that must differ, and why                        |
| `SOURCE_KEY`| structure map        | the dimensions of the source in the order of its keys       |
| `TESTED_BY` | structure map        | the recorded message it was tested by; `-` for none         |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from codelists import spelling_map
from dsd.map_entries import ComponentEntry, DropEntry, MapFile, StructureEntry, ValuesEntry
from dsd.structures import AGENCY
from hub.model import (
    Annotation,
    ArtefactClass,
    Codelist,
    ComponentMap,
    Dataflow,
    FixedValueMap,
    InternationalString,
    Maintainable,
    MappedColumn,
    MappedValue,
    Reference,
    RepresentationMap,
    StructureMap,
    ValueMapping,
    parse_reference,
)

OTHERS, DROPPED, ONLY, APART = "OTHERS", "DROPPED", "ONLY", "APART"
SOURCE_KEY, TESTED_BY = "SOURCE_KEY", "TESTED_BY"
#: What stands in the annotation TESTED_BY where no recorded message was read through the map.
UNTESTED = "-"

_text = InternationalString.of


def map_artefacts(
    files: Mapping[str, MapFile],
    codelists: Mapping[str, Codelist],
    dataflows: Mapping[str, Dataflow],
) -> Iterator[Maintainable]:
    """Yield the maps of all publishers; maps of values come before those that use them."""
    values: dict[str, Reference] = {}
    for file in files.values():
        for id_, entry in file.values.items():
            made = _representation_map(id_, entry, codelists)
            values[id_] = made.reference
            yield made
    for file in files.values():
        for id_, structure in file.structures.items():
            yield _structure_map(id_, structure, values, dataflows)


def _representation_map(
    id_: str, entry: ValuesEntry, codelists: Mapping[str, Codelist]
) -> RepresentationMap:
    targets = [codelists.get(list_id) for list_id in entry.to]
    return RepresentationMap(
        agency=AGENCY,
        id=id_,
        version=entry.version,
        name=_text(entry.name),
        description=_text(entry.description),
        annotations=(Annotation(type=OTHERS, title=entry.others),),
        sources=(MappedColumn(),),
        targets=tuple(MappedColumn(values=one.reference if one else None) for one in targets),
        mappings=tuple(_rows(entry, targets[0])),
    )


def _rows(entry: ValuesEntry, first: Codelist | None) -> Iterator[ValueMapping]:
    """Rows in the order in which they count: named values, spellings, names, patterns, the rest."""
    named = {row[0]: row[1:] for row in entry.rows}
    dropped = {code for drop in entry.drop for code in drop.codes}
    for value, targets in named.items():
        yield _row(value, targets)
    for value, code in _spelt(entry, first).items():
        if value not in named and value not in dropped:
            yield _row(value, (code, *("_T" for _ in entry.to[1:])))
    for drop in entry.drop:
        for code in drop.codes:
            yield _dropped(MappedValue(value=code), drop)
    for row in entry.patterns:
        yield _row(row[0], row[1:], is_pattern=True)
    for drop in entry.drop:
        for pattern in drop.patterns:
            yield _dropped(MappedValue(value=pattern, is_pattern=True), drop)


def _dropped(value: MappedValue, drop: DropEntry) -> ValueMapping:
    note = Annotation(type=DROPPED, text=_text(drop.because))
    return ValueMapping(sources=(value,), valid_to=drop.until, annotations=(note,))


def _row(value: str, targets: tuple[str, ...], *, is_pattern: bool = False) -> ValueMapping:
    source = MappedValue(value=value, is_pattern=is_pattern)
    return ValueMapping(sources=(source,), targets=targets)


def _spelt(entry: ValuesEntry, first: Codelist | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for scheme in entry.spellings:
        found |= spelling_map(scheme)
    if entry.names and first is not None:
        found |= {
            name: code.id
            for code in first.items
            if code.annotation("KIND") != "aggregate" and (name := code.name.best(("en",)))
        }
    return found


def _structure_map(
    id_: str,
    entry: StructureEntry,
    values: Mapping[str, Reference],
    dataflows: Mapping[str, Dataflow],
) -> StructureMap:
    apart = tuple(
        Annotation(type=APART, title=" ".join(one.components), text=_text(one.because))
        for one in entry.apart
    )
    return StructureMap(
        agency=AGENCY,
        id=id_,
        version=entry.version,
        name=_text(entry.name),
        description=_text(entry.description),
        annotations=(
            Annotation(type=SOURCE_KEY, title=".".join(entry.key)),
            Annotation(type=TESTED_BY, title=entry.tested_by or UNTESTED),
            *apart,
        ),
        source=parse_reference(entry.source, ArtefactClass.DATAFLOW),
        target=dataflows[entry.target].reference,
        components=tuple(_component(each, values) for each in entry.components),
        fixed=(
            *(
                FixedValueMap(
                    source=component,
                    values=only.values,
                    annotations=(Annotation(type=ONLY, text=_text(only.because)),),
                )
                for component, only in entry.only.items()
            ),
            *(
                FixedValueMap(target=component, values=(value,))
                for component, value in entry.constants.items()
            ),
        ),
    )


def _component(entry: ComponentEntry, values: Mapping[str, Reference]) -> ComponentMap:
    return ComponentMap(
        sources=(entry.source,),
        targets=entry.to,
        values=values[entry.values] if entry.values else None,
    )
