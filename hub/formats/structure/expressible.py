"""What a form cannot express, and what becomes of it.

Kinds of artefacts that SDMX 2.1 does not have are left out of its messages. An optional attribute
it cannot hold (of several values, in several languages, coded by a value list) is left out of its
data structure, as it is of 2.1 data. Anything else that would change the meaning is an obstacle,
and the artefact is not written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from hub.formats.structure.availability import ACTUAL
from hub.formats.structure.components import PRIMARY_MEASURE
from hub.formats.structure.form import JSON_10, ML_21, ML_30, Model, StructureForm
from hub.model import (
    ArtefactClass,
    Attribute,
    Codelist,
    Component,
    Concept,
    ConceptScheme,
    DataConstraint,
    Dataflow,
    DataStructure,
    Maintainable,
    ProvisionAgreement,
    Reference,
    Representation,
)

_SINCE_30 = frozenset({ArtefactClass.VALUE_LIST, ArtefactClass.REPRESENTATION_MAP})
_VERSION_21 = re.compile(r"[0-9]+(\.[0-9]+)*")
_NCNAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_MOST_REGIONS = 2


def obstacle(artefact: Maintainable, form: StructureForm) -> str | None:
    """Say why a form cannot express an artefact, and which can; None where it can."""
    reason = next(_reasons(artefact, form), None)
    if reason is None:
        return None
    name = f"{artefact.artefact_class.rest_name} {artefact.reference}"
    return f"{name} cannot be written as {form}: {reason}"


def is_known_kind(artefact: Maintainable, form: StructureForm) -> bool:
    """True where a form has a place for this kind of artefact at all."""
    return form.model is not Model.V21 or artefact.artefact_class not in _SINCE_30


def reduced(artefact: Maintainable, form: StructureForm) -> Maintainable:
    """The artefact without what the form cannot hold and can do without."""
    if form.model is not Model.V21:
        return artefact
    if isinstance(artefact, DataStructure):
        kept = tuple(attribute for attribute in artefact.attributes if _fits_21(attribute))
        return replace(artefact, attributes=kept)
    if isinstance(artefact, ConceptScheme):
        return replace(artefact, items=tuple(map(_concept_21, artefact.items)))
    return artefact


def _concept_21(concept: Concept) -> Concept:
    representation = concept.representation
    if representation is None or not _is_beyond_21(representation):
        return concept
    return replace(concept, representation=None)


def _fits_21(component: Component) -> bool:
    representation = component.representation
    if representation is None:
        return True
    return not (_is_beyond_21(representation) or representation.is_multilingual)


def _is_beyond_21(representation: Representation) -> bool:
    enumeration = representation.enumeration
    is_value_list = (
        enumeration is not None and enumeration.artefact_class is ArtefactClass.VALUE_LIST
    )
    return representation.is_list or is_value_list


def _reasons(artefact: Maintainable, form: StructureForm) -> Iterator[str]:
    if form.model is Model.V21:
        yield from _reasons_21(artefact)
    if form == ML_30 and isinstance(artefact, Codelist):
        yield from _parents_30(artefact)
    if isinstance(artefact, DataConstraint):
        yield from _targets(artefact)
        if form == JSON_10:
            yield from _keys_10(artefact)
        if form.model is not Model.V21:
            yield from _regions_3x(artefact, form)


def _reasons_21(artefact: Maintainable) -> Iterator[str]:
    remedy = "ask for SDMX-ML 3.0 or SDMX-JSON 2.0"
    if not is_known_kind(artefact, ML_21):
        yield f"SDMX 2.1 has no {artefact.artefact_class.class_name}; {remedy}"
    for reference in (artefact.reference, *_references(artefact)):
        if not _VERSION_21.fullmatch(reference.version):
            yield f"SDMX 2.1 cannot spell the version of {reference}; {remedy}"
    if isinstance(artefact, DataStructure):
        yield from (f"{reason}; {remedy}" for reason in _structure_21(artefact))


def _references(artefact: Maintainable) -> tuple[Reference, ...]:
    kept = reduced(artefact, ML_21)
    if isinstance(kept, ProvisionAgreement):
        return (kept.dataflow, kept.provider.scheme)
    if isinstance(kept, Dataflow | DataStructure | ConceptScheme | DataConstraint):
        return kept.references()
    return ()


def _structure_21(structure: DataStructure) -> Iterator[str]:
    if not structure.dimensions:
        return  # nothing but its identity is known
    measures = ", ".join(measure.id for measure in structure.measures)
    if len(structure.measures) != 1:
        yield f"it has {len(structure.measures)} measures ({measures}) where 2.1 has exactly one"
    elif structure.measures[0].id != PRIMARY_MEASURE:
        yield f"its measure is {measures}, where 2.1 has {PRIMARY_MEASURE}"
    mandatory = [attribute for attribute in structure.attributes if attribute.is_mandatory]
    for component in (*structure.dimensions, *structure.measures, *mandatory):
        if not _fits_21(component):
            kind = "attribute" if isinstance(component, Attribute) else "component"
            yield (
                f"its {kind} {component.id} has several values or languages, or a value list, "
                "which 2.1 does not know"
            )


def _parents_30(codelist: Codelist) -> Iterator[str]:
    for code in codelist.items:
        if code.parent is not None and not _NCNAME.fullmatch(code.parent):
            yield (
                f"the schema of 3.0 does not take '{code.parent}' as the parent of a code; "
                "ask for SDMX-ML 3.1 or 2.1, or for SDMX-JSON"
            )


def _targets(constraint: DataConstraint) -> Iterator[str]:
    if len({target.artefact_class for target in constraint.targets}) > 1:
        yield "its targets are of several kinds, which no version of SDMX allows"


def _keys_10(constraint: DataConstraint) -> Iterator[str]:
    for region in constraint.regions:
        for keys in (*region.keys, *region.attributes):
            if not keys.include:
                yield f"it excludes values of {keys.component}; ask for SDMX-ML or SDMX-JSON 2.0"


def _regions_3x(constraint: DataConstraint, form: StructureForm) -> Iterator[str]:
    inclusions = [region.include for region in constraint.regions]
    if len(inclusions) > _MOST_REGIONS or len(set(inclusions)) < len(inclusions):
        yield "it has more than one region of a kind; ask for SDMX-ML 2.1"
    if form.model is Model.V31 and constraint.role == ACTUAL:
        if len(constraint.targets) != 1:
            yield "in 3.1 what is available is told of one artefact; ask for SDMX-ML 3.0"
        if len(inclusions) != 1:
            yield "in 3.1 what is available is one region; ask for SDMX-ML 3.0"
