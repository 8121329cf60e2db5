"""What a form cannot express, and what becomes of it.

Kinds of artefacts that a form does not have are left out of its messages. So is what it has no
place for and an artefact can do without: geometries of codes, the targets of a flow of metadata;
and an optional attribute that SDMX 2.1 cannot hold (of several values, in several languages,
coded by a value list), as it is of 2.1 data. Anything else that would change the meaning is an
obstacle, and the artefact is not written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from hub.formats.memo import derived
from hub.formats.structure.components import PRIMARY_MEASURE
from hub.formats.structure.constrainable import constraint_reasons
from hub.formats.structure.form import ML_21, ML_30, Model, StructureForm
from hub.formats.structure.places import homeless, shape_of, stub_references, without_spare
from hub.formats.structure.references import ONLY_VERSION, has_versions
from hub.model import (
    SINCE_30,
    UNTIL_21,
    ArtefactClass,
    Attribute,
    Codelist,
    Component,
    Concept,
    ConceptScheme,
    Constraint,
    DataStructure,
    Maintainable,
    Reference,
    Representation,
)

_VERSION_21 = re.compile(r"[0-9]+(\.[0-9]+)*")
_NCNAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NEWER = "ask for SDMX-ML 3.0 or SDMX-JSON 2.0"
_OLDER = "ask for SDMX-ML 2.1"


def obstacle(artefact: Maintainable, form: StructureForm, *, is_stub: bool = False) -> str | None:
    """Say why a form cannot express an artefact, or a stub of it, and which can; None if it can."""

    def first() -> str | None:
        return next(_stub_reasons(artefact, form) if is_stub else _reasons(artefact, form), None)

    reason = derived(artefact, ("obstacle", form, is_stub), first)
    if reason is None:
        return None
    name = f"{artefact.artefact_class.rest_name} {artefact.reference}"
    return f"{name} cannot be written as {form}: {reason}"


def is_known_kind(artefact: Maintainable, form: StructureForm) -> bool:
    """True where a form has a place for this kind of artefact at all."""
    if isinstance(artefact, DataStructure):
        return True
    kept = reduced(artefact, form)
    return derived(artefact, ("known", form), lambda: shape_of(kept, form) is not None)


def reduced(artefact: Maintainable, form: StructureForm) -> Maintainable:
    """The artefact without what the form cannot hold and can do without."""

    def found() -> Maintainable | None:
        kept = _reduced(artefact, form)
        return None if kept is artefact else kept  # what is kept for it must not keep it alive

    return derived(artefact, ("reduced", form), found) or artefact


def _reduced(artefact: Maintainable, form: StructureForm) -> Maintainable:
    if form.model is Model.V21:
        artefact = _reduced_21(artefact)
    if isinstance(artefact, DataStructure) and form.model is not Model.V31:
        artefact = replace(artefact, is_evolving=False)
    shape = shape_of(artefact, form)
    if shape is None:
        return artefact
    kept: Maintainable = without_spare(artefact, shape, form)
    return kept


def _reduced_21(artefact: Maintainable) -> Maintainable:
    if isinstance(artefact, DataStructure):
        kept = tuple(attribute for attribute in artefact.attributes if _fits_21(attribute))
        return replace(artefact, attributes=kept, metadata=None, usages=())
    if isinstance(artefact, ConceptScheme):
        return replace(artefact, items=tuple(map(_concept_21, artefact.items)))
    if isinstance(artefact, Codelist) and artefact.geo_type is not None:
        codes = tuple(replace(code, geometry=None) for code in artefact.items)
        return replace(artefact, items=codes, geo_type=None, grid=None)
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
    kept = reduced(artefact, form)
    remedy = _remedy(form)
    shape = shape_of(kept, form)
    if isinstance(kept, Constraint):
        yield from constraint_reasons(kept, form)
    if shape is not None:
        yield from (f"{reason}; {remedy}" for reason in homeless(kept, shape, form))
    elif not isinstance(kept, DataStructure):
        yield f"{_standard(form)} has no {artefact.artefact_class.class_name}; {remedy}"
    yield from _references(kept.references(), form)
    yield from _identity(kept, form)
    if isinstance(artefact, DataStructure):
        if form.model is Model.V21:
            yield from (f"{reason}; {_NEWER}" for reason in _structure_21(artefact))
        yield from _measure_dimension(artefact, form)
    if form == ML_30 and isinstance(kept, Codelist):
        yield from _parents_30(kept)


def _standard(form: StructureForm) -> str:
    return f"SDMX {form.model.value}" if form.family.value == "SDMX-ML" else str(form)


def _stub_reasons(artefact: Maintainable, form: StructureForm) -> Iterator[str]:
    """A stub says who an artefact is, and what the schemas cannot do without."""
    kept = reduced(artefact, form)
    shape = shape_of(kept, form)
    if shape is not None:
        yield from _references(stub_references(kept, shape, form), form)
    elif not isinstance(kept, DataStructure):
        yield f"{_standard(form)} has no {artefact.artefact_class.class_name}; {_remedy(form)}"
    yield from _identity(kept, form)


def _remedy(form: StructureForm) -> str:
    return _NEWER if form.model is Model.V21 else _OLDER


def _identity(artefact: Maintainable, form: StructureForm) -> Iterator[str]:
    """Whether a form can spell the version of an artefact."""
    yield from _versions((artefact.reference,), form)
    if not has_versions(artefact.artefact_class, form) and artefact.version != ONLY_VERSION:
        kind = artefact.artefact_class.class_name
        yield f"there a {kind} has no version but {ONLY_VERSION}"


def _references(references: Iterable[Reference], form: StructureForm) -> Iterator[str]:
    """Classes and versions that a form cannot spell, of what an artefact refers to."""
    missing = SINCE_30 if form.model is Model.V21 else UNTIL_21
    known = tuple(references)
    for reference in known:
        if reference.artefact_class in missing:
            kind = reference.artefact_class.class_name
            yield f"it refers to {reference}, a {kind}; {_remedy(form)}"
    yield from _versions(known, form)


def _versions(references: Iterable[Reference], form: StructureForm) -> Iterator[str]:
    for reference in references:
        if form.model is Model.V21 and not _VERSION_21.fullmatch(reference.version):
            yield f"SDMX 2.1 cannot spell the version of {reference}; {_NEWER}"


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


def _measure_dimension(structure: DataStructure, form: StructureForm) -> Iterator[str]:
    """SDMX 3.0 gave it up; SDMX-JSON 1.0 does not tell where in the key it stands."""
    if form == ML_21:
        return
    for dimension in structure.dimensions:
        if dimension.is_measure:
            yield f"its dimension {dimension.id} is a measure dimension; {_OLDER}"


def _parents_30(codelist: Codelist) -> Iterator[str]:
    for code in codelist.items:
        if code.parent is not None and not _NCNAME.fullmatch(code.parent):
            yield (
                f"the schema of 3.0 does not take '{code.parent}' as the parent of a code; "
                "ask for SDMX-ML 3.1 or 2.1, or for SDMX-JSON"
            )
