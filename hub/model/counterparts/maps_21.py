"""Maps of SDMX 3.x as structure sets of 2.1."""

from __future__ import annotations

from hub.model.artefact import Maintainable
from hub.model.classes import ArtefactClass
from hub.model.counterparts.said import Find, named, said
from hub.model.datastructure import Attribute, DataStructure, Dimension
from hub.model.maps import (
    ComponentMap,
    ItemSchemeMap,
    MappedValue,
    RepresentationMap,
    StructureMap,
)
from hub.model.structure_set import (
    ComponentAssociation,
    ItemAssociation,
    SchemeMap,
    StructureAssociation,
    StructureSet,
    ValuePair,
)
from hub.model.urn import Reference


def set_of_items(mapping: ItemSchemeMap) -> StructureSet | None:
    """A set with one map of items; None where it maps by pattern, or for a time only."""
    return _set(mapping, _scheme_map(mapping))


def set_of_codes(mapping: RepresentationMap) -> StructureSet | None:
    """A set with one map of codes; None unless it maps one code list to another."""
    return _set(mapping, _codelist_map(mapping))


def _set(artefact: Maintainable, scheme: SchemeMap | None) -> StructureSet | None:
    return None if scheme is None else StructureSet(**said(artefact), schemes=(scheme,))


def _scheme_map(mapping: ItemSchemeMap) -> SchemeMap | None:
    pairs = [(each.source, each.target) for each in mapping.items]
    dated = any(each.valid_from or each.valid_to for each in mapping.items)
    return None if dated else _associations(mapping, mapping.source, mapping.target, pairs)


def _codelist_map(mapping: RepresentationMap) -> SchemeMap | None:
    """A map of values as one between code lists; None unless that is what it is."""
    columns = (*mapping.sources, *mapping.targets)
    lists = [column.values for column in columns if column.values is not None]
    if len(columns) != 2 or len(lists) != 2:
        return None
    if any(each.artefact_class is not ArtefactClass.CODELIST for each in lists):
        return None
    if any(row.valid_from or row.valid_to for row in mapping.mappings):
        return None
    pairs = [(row.sources[0], next(iter(row.targets), None)) for row in mapping.mappings]
    return _associations(mapping, lists[0], lists[1], pairs)


def _associations(
    mapping: Maintainable,
    source: Reference,
    target: Reference,
    pairs: list[tuple[MappedValue, str | None]],
) -> SchemeMap | None:
    items = tuple(
        ItemAssociation(source=value.value, target=to)
        for value, to in pairs
        if to is not None and value == MappedValue(value=value.value)
    )
    if not items or len(items) < len(pairs):
        return None
    return SchemeMap(**named(mapping), source=source, target=target, items=items)


def set_of_structure(mapping: StructureMap, find: Find) -> StructureSet | None:
    """A set with one map of a structure and those of its values.

    None where it maps times or fixed values, several components to one, or structures that are
    not here: 2.1 names the class of a component.
    """
    if mapping.epochs or mapping.dates or mapping.frequencies or mapping.fixed:
        return None
    source, target = (_structure(side, find) for side in (mapping.source, mapping.target))
    if source is None or target is None or not mapping.components:
        return None
    schemes: dict[str, SchemeMap] = {}
    components = []
    for each in mapping.components:
        values = None if each.values is None else find(each.values)
        made = _component(each, source, target, values)
        if made is None:
            return None
        if made.codelist_map is not None and isinstance(values, RepresentationMap):
            scheme = _codelist_map(values)
            if scheme is not None:
                schemes[scheme.id] = scheme
        components.append(made)
    structure = StructureAssociation(
        **named(mapping),
        source=mapping.source,
        target=mapping.target,
        components=tuple(components),
    )
    return StructureSet(**said(mapping), schemes=tuple(schemes.values()), structures=(structure,))


def _structure(side: Reference, find: Find) -> DataStructure | None:
    found = find(side)
    if side.artefact_class is ArtefactClass.DATAFLOW and found is not None:
        found = find(getattr(found, "structure", side))
    return found if isinstance(found, DataStructure) else None


def _component(
    mapping: ComponentMap,
    source: DataStructure,
    target: DataStructure,
    values: Maintainable | None,
) -> ComponentAssociation | None:
    sides = [_place(source, mapping.sources), _place(target, mapping.targets)]
    if None in sides or (mapping.values is not None and not isinstance(values, RepresentationMap)):
        return None
    places = [side for side in sides if side is not None]
    codelist_map, pairs = None, tuple[ValuePair, ...]()
    if isinstance(values, RepresentationMap):
        codelist_map = values.id if _codelist_map(values) is not None else None
        pairs = (
            ()
            if codelist_map
            else tuple(ValuePair(source=value, target=to) for value, to in values.pairs)
        )
        if not codelist_map and (not pairs or len(pairs) < len(values.mappings)):
            return None
    return ComponentAssociation(
        source=mapping.sources[0],
        target=mapping.targets[0],
        source_class=places[0][0],
        source_container=places[0][1],
        target_class=places[1][0],
        target_container=places[1][1],
        codelist_map=codelist_map,
        values=pairs,
        annotations=mapping.annotations,
    )


def _place(structure: DataStructure, ids: tuple[str, ...]) -> tuple[str, str] | None:
    """The class and the list, in words of 2.1, of the one component that ids name."""
    found = [each for each in structure.components if (each.id,) == ids]
    if not found:
        return None
    component = found[0]
    if isinstance(component, Dimension):
        kind = "TimeDimension" if component.is_time else "Dimension"
        return kind, "DimensionDescriptor"
    if isinstance(component, Attribute):
        return "Attribute", "AttributeDescriptor"
    return "PrimaryMeasure", "MeasureDescriptor"
