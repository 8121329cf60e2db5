"""Make the artefacts of the information model from sound entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dsd.entries import (
    REPORTING_AREAS,
    AgencyFile,
    AllowedEntry,
    ConceptEntry,
    ConceptFile,
    DataflowEntry,
    ForbiddenEntry,
    Package,
)
from dsd.map_building import map_artefacts
from dsd.metadata import metadata_artefacts
from dsd.structures import AGENCY, data_structure
from hub.model import (
    AgencyScheme,
    Annotation,
    Codelist,
    Concept,
    ConceptScheme,
    CubeRegion,
    DataConstraint,
    Dataflow,
    DataStructure,
    InternationalString,
    KeyValues,
    Maintainable,
    Organisation,
    Reference,
    Representation,
    TextType,
)

#: The standard fixes the version of schemes of organisations.
ORGANISATIONS_VERSION = "1.0"

_text = InternationalString.of


def build(
    package: Package, codelists: Mapping[str, Codelist], reporting_areas: tuple[str, ...]
) -> Iterator[Maintainable]:
    """Yield the artefacts of a package that `dsd.rules` has no finding about.

    Order is by dependence: whatever an artefact refers to comes before it.
    """
    scheme = _concept_scheme(package.concepts, codelists)
    structures = {
        id_: data_structure(id_, entry, scheme) for id_, entry in package.structures.items()
    }
    dataflows = {
        id_: _dataflow(id_, entry, structures[entry.structure].reference)
        for id_, entry in package.dataflows.items()
    }
    yield _agency_scheme(package.agencies)
    yield scheme
    yield from structures.values()
    yield from dataflows.values()
    yield from _constraints(package, structures, dataflows, reporting_areas)
    yield from metadata_artefacts(package.metadata, codelists)
    yield from map_artefacts(package.maps, codelists, dataflows)


def _agency_scheme(file: AgencyFile) -> AgencyScheme:
    return AgencyScheme(
        agency=file.agency,
        id="AGENCIES",
        version=ORGANISATIONS_VERSION,
        name=_text(file.name),
        description=_text(file.description),
        is_partial=True,
        items=tuple(
            Organisation(id=id_, name=_text(entry.name), description=_text(entry.description))
            for id_, entry in file.agencies.items()
        ),
    )


def _concept_scheme(file: ConceptFile, codelists: Mapping[str, Codelist]) -> ConceptScheme:
    return ConceptScheme(
        agency=AGENCY,
        id=file.id,
        version=file.version,
        name=_text(file.name),
        description=_text(file.description),
        items=tuple(_concept(id_, entry, codelists) for id_, entry in file.concepts.items()),
    )


def _concept(id_: str, entry: ConceptEntry, codelists: Mapping[str, Codelist]) -> Concept:
    coded = entry.codelist is not None
    return Concept(
        id=id_,
        name=_text(entry.name),
        description=_text(entry.description),
        representation=Representation(
            enumeration=codelists[entry.codelist].reference if entry.codelist else None,
            text_type=TextType.STRING if coded else entry.text_type or TextType.STRING,
            min_value=entry.min_value,
            max_value=entry.max_value,
        ),
    )


def _dataflow(id_: str, entry: DataflowEntry, structure: Reference) -> Dataflow:
    notes = [Annotation(type="SLICE_BY", title=entry.slice_by)]
    if entry.written_by is not None:
        notes.append(Annotation(type="WRITTEN_BY", title=entry.written_by))
    return Dataflow(
        agency=AGENCY,
        id=id_,
        version=entry.version,
        name=_text(entry.name),
        description=_text(entry.description),
        annotations=tuple(notes),
        structure=structure,
    )


def _constraints(
    package: Package,
    structures: Mapping[str, DataStructure],
    dataflows: Mapping[str, Dataflow],
    reporting_areas: tuple[str, ...],
) -> Iterator[DataConstraint]:
    """The constraints: an included region for each dataflow, an excluded one for each structure.

    A key is fit for publication when it lies in the included region and in no excluded one.
    """
    for id_, allowed in package.constraints.allowed.items():
        yield _constraint(
            id_, allowed, (dataflows[allowed.dataflow],), reporting_areas, include=True
        )
    for id_, forbidden in package.constraints.forbidden.items():
        targets = tuple(structures[structure] for structure in forbidden.structures)
        yield _constraint(id_, forbidden, targets, reporting_areas, include=False)


def _constraint(
    id_: str,
    entry: AllowedEntry | ForbiddenEntry,
    targets: tuple[Maintainable, ...],
    reporting_areas: tuple[str, ...],
    *,
    include: bool,
) -> DataConstraint:
    keys = tuple(
        KeyValues(component=component, values=tuple(_expanded(values, reporting_areas)))
        for component, values in entry.keys.items()
    )
    return DataConstraint(
        agency=AGENCY,
        id=id_,
        version=entry.version,
        name=_text(entry.name),
        description=_text(entry.description),
        role="Allowed",
        targets=tuple(target.reference for target in targets),
        regions=(CubeRegion(include=include, keys=keys),),
    )


def _expanded(values: tuple[str, ...], reporting_areas: tuple[str, ...]) -> Iterator[str]:
    for value in values:
        if value == REPORTING_AREAS:
            yield from reporting_areas
        else:
            yield value
