"""How structure sets of SDMX 2.1 name the items and components they map.

SDMX-ML has the id, and for components their class and the list they are in. SDMX-JSON 1.0 has the
URN, in the scheme or structure that the map is from or to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hub.formats.structure.form import JSON_10, StructureForm
from hub.formats.structure.references import parse_any_urn, version_of
from hub.model import (
    ITEM_CLASSES,
    ArtefactClass,
    ComponentAssociation,
    Reference,
    SchemeMap,
    StructureAssociation,
)

#: The lists of a data structure, by the class of what is in them.
LISTS = {
    "Dimension": "DimensionDescriptor",
    "MeasureDimension": "DimensionDescriptor",
    "TimeDimension": "DimensionDescriptor",
    "PrimaryMeasure": "MeasureDescriptor",
    "Attribute": "AttributeDescriptor",
    "ReportingYearStartDay": "AttributeDescriptor",
}
_IN_URN = {"Attribute": "DataAttribute"}
_IN_REF = {"DataAttribute": "Attribute"}
_ARTEFACT = ArtefactClass.HIERARCHICAL_CODELIST


def package_of(component: str) -> str:
    """The package of a class of components."""
    return "datastructure" if component in LISTS else "metadatastructure"


def items_to_urns(mapping: SchemeMap, form: StructureForm) -> SchemeMap:
    """Put the URNs of items in the place of their ids."""
    if form != JSON_10:
        return mapping
    return _with_items(
        mapping,
        lambda id_: _item_urn(mapping.source, id_),
        lambda id_: _item_urn(mapping.target, id_),
    )


def items_to_ids(mapping: SchemeMap, form: StructureForm) -> SchemeMap:
    """Put the ids of items in the place of their URNs."""
    return _with_items(mapping, _id_in, _id_in) if form == JSON_10 else mapping


def _with_items(
    mapping: SchemeMap, source: Callable[[str], str], target: Callable[[str], str]
) -> SchemeMap:
    items = tuple(
        replace(each, source=source(each.source), target=target(each.target))
        for each in mapping.items
    )
    return replace(mapping, items=items)


def _item_urn(scheme: Reference, id_: str) -> str:
    cls = scheme.artefact_class
    kind = "HierarchicalCode" if cls is _ARTEFACT else ITEM_CLASSES[cls]
    return _urn(cls.package, kind, scheme, id_)


def _urn(package: str, kind: str, artefact: Reference, path: str) -> str:
    at = artefact.at(version_of(artefact))
    return f"urn:sdmx:org.sdmx.infomodel.{package}.{kind}={at}.{path}"


def _id_in(text: str) -> str:
    return parse_any_urn(text).item if text.startswith("urn:") else text


def components_to_urns(mapping: StructureAssociation, form: StructureForm) -> StructureAssociation:
    """Put the URNs of components in the place of their ids."""
    if form != JSON_10:
        return mapping

    def spell(each: ComponentAssociation) -> ComponentAssociation:
        return replace(
            each,
            source=_component_urn(
                mapping.source, each.source_class, each.source_container, each.source
            ),
            target=_component_urn(
                mapping.target, each.target_class, each.target_container, each.target
            ),
        )

    return replace(mapping, components=tuple(map(spell, mapping.components)))


def components_to_ids(mapping: StructureAssociation, form: StructureForm) -> StructureAssociation:
    """Put ids, classes and lists of components in the place of their URNs; raises Fault."""
    if form != JSON_10:
        return mapping

    def parse(each: ComponentAssociation) -> ComponentAssociation:
        return replace(
            each, **_component("source", each.source), **_component("target", each.target)
        )

    return replace(mapping, components=tuple(map(parse, mapping.components)))


def _component_urn(structure: Reference, kind: str, container: str, id_: str) -> str:
    path = id_ if kind in LISTS else f"{container}.{id_}"
    return _urn(package_of(kind), _IN_URN.get(kind, kind), structure, path)


def _component(side: str, urn: str) -> dict[str, Any]:
    found = parse_any_urn(urn)
    kind = _IN_REF.get(found.kind, found.kind)
    container, id_ = LISTS.get(kind, ""), found.item
    if kind not in LISTS:
        container, _, id_ = found.item.partition(".")
    return {side: id_, f"{side}_class": kind, f"{side}_container": container}
