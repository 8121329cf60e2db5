"""Which elements a structure message of each version has, where, and in what order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from hub.formats.structure.form import ML_31, StructureForm
from hub.formats.structure.ml.datastructure import data_structure
from hub.formats.structure.ml.dialect import DIALECTS
from hub.formats.structure.ml.nesting import Element
from hub.formats.structure.ml.shaped import artefact_element, element_of
from hub.formats.structure.selection import accepts_in, is_actual, of_class
from hub.formats.structure.shapes import SHAPES
from hub.formats.structure.shapes.constraints import AVAILABILITY
from hub.model import ArtefactClass, Maintainable

_Accepts = Callable[[Maintainable], bool]
_AVAILABILITY = "str:AvailabilityConstraint"
#: The schema of 2.1 has its containers in an order, those of 3.x in any.
_ORDER_21 = (
    "OrganisationSchemes Dataflows Metadataflows CategorySchemes Categorisations Codelists "
    "HierarchicalCodelists Concepts MetadataStructures DataStructures StructureSets "
    "ReportingTaxonomies Processes Constraints ProvisionAgreements CustomTypes VtlMappings "
    "NamePersonalisations Rulesets Transformations UserDefinedOperators"
).split()


@dataclass(frozen=True, slots=True)
class Section:
    """A container of a structure message, with the kinds of artefacts in it."""

    tag: str
    elements: tuple[tuple[Element, _Accepts], ...]


@cache
def sections(form: StructureForm) -> tuple[Section, ...]:
    """The sections of a form in the order of its schema."""
    dialect = DIALECTS[form]
    structures = (data_structure(dialect), of_class(ArtefactClass.DATA_STRUCTURE))
    found: dict[str, list[tuple[Element, _Accepts]]] = {"str:DataStructures": [structures]}
    for shape in SHAPES:
        if form in shape.forms:
            element = artefact_element(shape, dialect)
            accepts = accepts_in(shape, form)
            found.setdefault(shape.container_in(form), []).append((element, accepts))
    if form == ML_31:
        answer = element_of(_AVAILABILITY, AVAILABILITY, dialect)
        answer.has_stubs = False
        found[f"{_AVAILABILITY}s"] = [(answer, is_actual)]
    order = [f"str:{tag}" for tag in _ORDER_21] if dialect.is_21 else sorted(found)
    return tuple(Section(tag, tuple(found[tag])) for tag in order if tag in found)
