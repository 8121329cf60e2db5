"""Structure sets of SDMX 2.1 as maps of 3.x."""

from __future__ import annotations

from collections.abc import Iterator

from hub.model.artefact import Maintainable
from hub.model.classes import ArtefactClass
from hub.model.counterparts.said import of_part
from hub.model.maps import (
    CategorySchemeMap,
    ComponentMap,
    ConceptSchemeMap,
    ItemMap,
    ItemSchemeMap,
    MappedColumn,
    MappedValue,
    OrganisationSchemeMap,
    ReportingTaxonomyMap,
    RepresentationMap,
    StructureMap,
    ValueMapping,
)
from hub.model.structure_set import SchemeMap, StructureAssociation, StructureSet
from hub.model.urn import Reference

_SCHEME_MAPS: dict[ArtefactClass, type[ItemSchemeMap]] = {
    ArtefactClass.CONCEPT_SCHEME: ConceptSchemeMap,
    ArtefactClass.CATEGORY_SCHEME: CategorySchemeMap,
    ArtefactClass.REPORTING_TAXONOMY: ReportingTaxonomyMap,
    ArtefactClass.AGENCY_SCHEME: OrganisationSchemeMap,
    ArtefactClass.DATA_PROVIDER_SCHEME: OrganisationSchemeMap,
    ArtefactClass.DATA_CONSUMER_SCHEME: OrganisationSchemeMap,
    ArtefactClass.ORGANISATION_UNIT_SCHEME: OrganisationSchemeMap,
}


def maps_of(whole: StructureSet) -> Iterator[Maintainable]:
    """The maps of a set, but for hybrid ones and those of values by a format."""
    for scheme in whole.schemes:
        if not scheme.is_hybrid:
            yield from _scheme_maps(whole, scheme)
    for structure in whole.structures:
        yield from _structure_maps(whole, structure)


def _scheme_maps(whole: StructureSet, scheme: SchemeMap) -> Iterator[Maintainable]:
    said = of_part(whole, scheme)
    cls = scheme.source.artefact_class
    if cls is ArtefactClass.CODELIST:
        yield RepresentationMap(
            **said,
            sources=(MappedColumn(values=scheme.source),),
            targets=(MappedColumn(values=scheme.target),),
            mappings=tuple(ValueMapping.of(each.source, each.target) for each in scheme.items),
        )
    elif cls in _SCHEME_MAPS:
        items = tuple(
            ItemMap(source=MappedValue(value=each.source), target=each.target)
            for each in scheme.items
        )
        yield _SCHEME_MAPS[cls](**said, source=scheme.source, target=scheme.target, items=items)


def _structure_maps(whole: StructureSet, structure: StructureAssociation) -> Iterator[Maintainable]:
    """A structure map with the maps of values that it alone has."""
    if any(each.text_format is not None for each in structure.components):
        return  # values by a format have no equal
    said = of_part(whole, structure)
    cls = ArtefactClass.REPRESENTATION_MAP
    components = []
    for number, each in enumerate(structure.components, start=1):
        values = None
        if each.codelist_map is not None:
            values = Reference(cls, whole.agency, f"{whole.id}_{each.codelist_map}", whole.version)
        elif each.values:
            made = RepresentationMap(
                **(said | {"id": f"{said['id']}_{number}"}),
                mappings=tuple(ValueMapping.of(pair.source, pair.target) for pair in each.values),
            )
            values = made.reference
            yield made
        components.append(
            ComponentMap(
                sources=(each.source,),
                targets=(each.target,),
                values=values,
                annotations=each.annotations,
            )
        )
    yield StructureMap(
        **said, source=structure.source, target=structure.target, components=tuple(components)
    )
