"""Artefacts that SDMX 3.x alone has."""

from __future__ import annotations

from hub.model import (
    Cascade,
    CategorySchemeMap,
    Code,
    Codelist,
    CodelistExtension,
    CodeSelection,
    ComponentMap,
    ConceptSchemeMap,
    FixedValueMap,
    GeoType,
    Hierarchy,
    HierarchyAssociation,
    ItemMap,
    KeyValues,
    MappedColumn,
    MappedValue,
    MetadataConstraint,
    MetadataProviderScheme,
    MetadataProvisionAgreement,
    MetadataRegion,
    ObjectReference,
    OrganisationSchemeMap,
    ReportingTaxonomyMap,
    RepresentationMap,
    StructureMap,
    ValueList,
    ValueMapping,
)
from tests.tck.agency.data import (
    AREA_LIST,
    CONCEPTS,
    FLOW,
    OLD_SEX_LIST,
    OTHER_CONCEPTS,
    SEX_LIST,
    STRUCTURE,
    codes,
)
from tests.tck.agency.metadata import (
    CATEGORIES,
    METADATA_FLOW,
    TAXONOMY,
)
from tests.tck.agency.organisations import (
    DATA_CONSUMERS,
    DATA_PROVIDERS,
    organisation,
)
from tests.tck.agency.said import (
    about,
    item,
    words,
)
from tests.tck.agency.trees import (
    hierarchy_of,
)

UNIT_VALUES = ValueList(
    **about("VL_UNIT"), items=(Code(id="€", name=words("euro")), Code(id="kr", name=words("krona")))
)
UNIT_LIST = codes("CL_UNIT", "EUR", "SEK")
WIDER_AREAS = Codelist(
    **about("CL_AREA_WIDE"),
    items=(Code(**item("DEU")), Code(**item("ITA"))),
    extensions=(
        CodelistExtension(
            codelist=AREA_LIST.reference,
            prefix="X_",
            included=(CodeSelection(value="NORDIC", cascade=Cascade.YES),),
        ),
    ),
)
PLACES = Codelist(
    **about("CL_PLACES"),
    geo_type=GeoType.FEATURES,
    items=tuple(
        Code(**item(id_), geometry=f"EPSG:4326: {{(POINT ({x} {x}))}}")
        for id_, x in (("HERE", 1), ("THERE", 2))
    ),
)
CELLS = Codelist(
    **about("CL_CELLS"),
    geo_type=GeoType.GRID,
    grid="EPSG:3035:LL; 0, 0; 1000, 1000: KM",
    items=tuple(
        Code(**item(id_), geometry=f"{x}, {x}: {id_}") for id_, x in (("A1", 1), ("B2", 2))
    ),
)
HIERARCHY = Hierarchy(**about("HIERARCHY"), codes=hierarchy_of(AREA_LIST))
ASSOCIATION = HierarchyAssociation(
    **about("ASSOCIATION"),
    hierarchy=HIERARCHY.reference,
    linked=ObjectReference(STRUCTURE.reference, "Dimension", "REF_AREA"),
    context=ObjectReference(FLOW.reference),
)
METADATA_PROVIDERS = MetadataProviderScheme(
    **about("METADATA_PROVIDERS"), items=(organisation("M1"), organisation("M2"))
)
METADATA_AGREEMENT = MetadataProvisionAgreement(
    **about("MPA"),
    metadataflow=METADATA_FLOW.reference,
    provider=METADATA_PROVIDERS.reference.item("M1"),
    targets=(FLOW.urn,),
)
METADATA_CONSTRAINT = MetadataConstraint(
    **about("MCON"),
    targets=(METADATA_FLOW.reference,),
    regions=(MetadataRegion(attributes=(KeyValues(component="QUALITY", values=("A",)),)),),
)
UNIT_MAP = RepresentationMap(
    **about("UNIT_MAP"),
    sources=(MappedColumn(values=UNIT_VALUES.reference),),
    targets=(MappedColumn(values=UNIT_LIST.reference),),
    mappings=(ValueMapping.of("€", "EUR"), ValueMapping.of("kr", "SEK")),
)
SEX_MAP = RepresentationMap(
    **about("SEX_MAP"),
    sources=(MappedColumn(values=SEX_LIST.reference),),
    targets=(MappedColumn(values=OLD_SEX_LIST.reference),),
    mappings=(ValueMapping.of("F", "F"), ValueMapping.of("M", "M")),
)
STRUCTURE_MAP = StructureMap(
    **about("STRUCTURE_MAP"),
    source=STRUCTURE.reference,
    target=FLOW.reference,
    components=(
        ComponentMap(sources=("SEX",), targets=("SEX",), values=SEX_MAP.reference),
        ComponentMap(sources=("REF_AREA",), targets=("REF_AREA",)),
    ),
    fixed=(FixedValueMap(target="INDICATOR", values=("I1",)),),
)


def _item_maps(**pairs: str) -> tuple[ItemMap, ...]:
    return tuple(
        ItemMap(source=MappedValue(value=one), target=other) for one, other in pairs.items()
    )


SCHEME_MAPS = (
    ConceptSchemeMap(
        **about("CONCEPT_MAP"),
        source=CONCEPTS.reference,
        target=OTHER_CONCEPTS.reference,
        items=_item_maps(REF_AREA="AREA", SEX="GENDER"),
    ),
    CategorySchemeMap(
        **about("CATEGORY_MAP"),
        source=CATEGORIES.reference,
        target=CATEGORIES.reference,
        items=_item_maps(SOCIAL="SOCIAL.POP"),
    ),
    OrganisationSchemeMap(
        **about("ORGANISATION_MAP"),
        source=DATA_PROVIDERS.reference,
        target=DATA_CONSUMERS.reference,
        items=_item_maps(P1="C1", P2="C2"),
    ),
    ReportingTaxonomyMap(
        **about("TAXONOMY_MAP"),
        source=TAXONOMY.reference,
        target=TAXONOMY.reference,
        items=_item_maps(REPORT="ANNEX"),
    ),
)
