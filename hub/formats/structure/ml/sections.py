"""Which elements a structure message of each version has, where, and in what order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from hub.formats.structure.form import Model, StructureForm
from hub.formats.structure.ml import constraint, datastructure, flows, schemes
from hub.formats.structure.ml.dialect import DIALECTS, Dialect
from hub.formats.structure.ml.fields import Element
from hub.formats.structure.selection import is_actual, is_allowed, of_class
from hub.model import ArtefactClass, Maintainable

_Accepts = Callable[[Maintainable], bool]


@dataclass(frozen=True, slots=True)
class Section:
    """A container of a structure message, with the kinds of artefacts in it."""

    tag: str
    elements: tuple[tuple[Element, _Accepts], ...]


@cache
def sections(form: StructureForm) -> tuple[Section, ...]:
    """The sections of a form in the order of its schema."""
    dialect = DIALECTS[form]
    return _sections_21(dialect) if dialect.is_21 else _sections_3x(dialect)


def _sections_21(d: Dialect) -> tuple[Section, ...]:
    organisations = (
        (schemes.agency_scheme(d), of_class(ArtefactClass.AGENCY_SCHEME)),
        (schemes.data_provider_scheme(d), of_class(ArtefactClass.DATA_PROVIDER_SCHEME)),
    )
    concepts = (schemes.concept_scheme(d), of_class(ArtefactClass.CONCEPT_SCHEME))
    structures = (datastructure.data_structure(d), of_class(ArtefactClass.DATA_STRUCTURE))
    constraints = (constraint.data_constraint(d), of_class(ArtefactClass.DATA_CONSTRAINT))
    agreements = (flows.provision_agreement(d), of_class(ArtefactClass.PROVISION_AGREEMENT))
    return (
        Section("str:OrganisationSchemes", organisations),
        Section("str:Dataflows", ((flows.dataflow(d), of_class(ArtefactClass.DATAFLOW)),)),
        Section("str:Codelists", ((schemes.codelist(d), of_class(ArtefactClass.CODELIST)),)),
        Section("str:Concepts", (concepts,)),
        Section("str:DataStructures", (structures,)),
        Section("str:Constraints", (constraints,)),
        Section("str:ProvisionAgreements", (agreements,)),
    )


def _sections_3x(d: Dialect) -> tuple[Section, ...]:
    is_31 = d.model is Model.V31
    constraints = is_allowed if is_31 else of_class(ArtefactClass.DATA_CONSTRAINT)
    availability = ((constraint.availability_constraint(d), is_actual),) if is_31 else ()
    providers = (schemes.data_provider_scheme(d), of_class(ArtefactClass.DATA_PROVIDER_SCHEME))
    structures = (datastructure.data_structure(d), of_class(ArtefactClass.DATA_STRUCTURE))
    agreements = (flows.provision_agreement(d), of_class(ArtefactClass.PROVISION_AGREEMENT))
    maps = (flows.representation_map(d), of_class(ArtefactClass.REPRESENTATION_MAP))
    found = (
        Section(
            "str:AgencySchemes",
            ((schemes.agency_scheme(d), of_class(ArtefactClass.AGENCY_SCHEME)),),
        ),
        Section("str:AvailabilityConstraints", availability),
        Section("str:Codelists", ((schemes.codelist(d), of_class(ArtefactClass.CODELIST)),)),
        Section(
            "str:ConceptSchemes",
            ((schemes.concept_scheme(d), of_class(ArtefactClass.CONCEPT_SCHEME)),),
        ),
        Section("str:DataConstraints", ((constraint.data_constraint(d), constraints),)),
        Section("str:Dataflows", ((flows.dataflow(d), of_class(ArtefactClass.DATAFLOW)),)),
        Section("str:DataProviderSchemes", (providers,)),
        Section("str:DataStructures", (structures,)),
        Section("str:ProvisionAgreements", (agreements,)),
        Section("str:RepresentationMaps", (maps,)),
        Section("str:ValueLists", ((schemes.value_list(d), of_class(ArtefactClass.VALUE_LIST)),)),
    )
    return tuple(section for section in found if section.elements)
