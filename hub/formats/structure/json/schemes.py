"""The tables of item schemes in SDMX-JSON."""

from __future__ import annotations

from dataclasses import replace

from hub.formats.structure.fault import Fault
from hub.formats.structure.form import JSON_10, StructureForm
from hub.formats.structure.json.fields import Object, Plain
from hub.formats.structure.json.parts import Represented, item_scheme, names
from hub.formats.structure.references import parse_reference_urn
from hub.model import (
    AgencyScheme,
    ArtefactClass,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    DataProviderScheme,
    Item,
    ItemReference,
    ValueList,
)

LISTS = (ArtefactClass.CODELIST, ArtefactClass.VALUE_LIST)


def codelist(form: StructureForm) -> Object:
    """A code list; extensions of other lists are not known."""
    code = Object(Code, [Plain("id", "id", required=True), *names(form), Plain("parent", "parent")])
    return item_scheme(form, Codelist, "codes", code)


def value_list(form: StructureForm) -> Object:
    """A value list; its items need no name."""
    item = Object(Code, [Plain("id", "id", required=True), *names(form, needs_name=False)])
    return item_scheme(form, ValueList, "valueItems", item, has_partial=False)


def concept_scheme(form: StructureForm) -> Object:
    """A concept scheme; references to ISO 11179 concepts are not kept.

    SDMX-JSON 1.0 has the parent of a concept as a URN.
    """
    members = [
        Plain("id", "id", required=True),
        *names(form),
        Plain("parent", "parent"),
        Represented(form, "coreRepresentation", *LISTS, occurs=True, multilingual=True),
    ]
    concept = Object(Concept, members, ignored={"isoConceptReference"})
    scheme = item_scheme(form, ConceptScheme, "concepts", concept)
    if form == JSON_10:
        scheme.to_wire, scheme.from_wire = _with_parent_urns, _with_parent_ids
    return scheme


def _with_parent_urns(scheme: ConceptScheme) -> ConceptScheme:
    items = tuple(
        replace(concept, parent=scheme.reference.item(concept.parent).urn)
        if concept.parent
        else concept
        for concept in scheme.items
    )
    return replace(scheme, items=items)


def _with_parent_ids(scheme: ConceptScheme) -> ConceptScheme:
    return replace(scheme, items=tuple(map(_with_parent_id, scheme.items)))


def _with_parent_id(concept: Concept) -> Concept:
    if concept.parent is None:
        return concept
    try:
        classes = (ArtefactClass.CONCEPT_SCHEME,)
        parent = parse_reference_urn(concept.parent, classes, is_item=True)
    except Fault:
        return concept  # some write the id, as later versions do
    return replace(concept, parent=parent.item if isinstance(parent, ItemReference) else None)


def agency_scheme(form: StructureForm) -> Object:
    """A scheme of agencies; contacts are not kept."""
    return item_scheme(form, AgencyScheme, "agencies", _organisation(form))


def data_provider_scheme(form: StructureForm) -> Object:
    """A scheme of data providers; contacts are not kept."""
    return item_scheme(form, DataProviderScheme, "dataProviders", _organisation(form))


def _organisation(form: StructureForm) -> Object:
    return Object(Item, [Plain("id", "id", required=True), *names(form)], ignored={"contacts"})
