"""Item schemes: organisations, categories, concepts, codes of all kinds."""

from __future__ import annotations

from hub.model import (
    AgencyScheme,
    Cascade,
    Categorisation,
    Category,
    CategoryScheme,
    Code,
    Codelist,
    CodelistExtension,
    CodeSelection,
    Concept,
    ConceptScheme,
    Contact,
    DataConsumerScheme,
    DataProviderScheme,
    GeoType,
    IsoConcept,
    MetadataProviderScheme,
    ObjectReference,
    Organisation,
    OrganisationUnitScheme,
    ReportingCategory,
    ReportingTaxonomy,
    Representation,
    TextType,
    ValueList,
)
from tests.formats.structure.kinds.said import (
    CATEGORIES,
    CODES,
    DIMENSION,
    DSD,
    FLOW,
    METAFLOW,
    MSD,
    NOTES,
    about,
    item,
    words,
)

CONTACT = Contact(
    name=words(en="Ann", sv="Anna"),
    department=words(en="Statistics"),
    role=words(en="Head"),
    telephones=("+46 1", "+46 2"),
    faxes=("+46 3",),
    x400s=("x",),
    uris=("https://example.org/ann",),
    emails=("ann@example.org",),
)

ORGANISATIONS = (
    AgencyScheme(
        **about("AGENCIES"),
        items=(Organisation(**item("SUB"), contacts=(CONTACT,)), Organisation(**item("OTHER"))),
    ),
    DataProviderScheme(
        **about("DATA_PROVIDERS"),
        is_partial=True,
        items=(Organisation(**item("P1"), contacts=(CONTACT,)), Organisation(**item("P2"))),
    ),
    DataConsumerScheme(
        **about("DATA_CONSUMERS"), items=(Organisation(**item("C1")), Organisation(**item("C2")))
    ),
    OrganisationUnitScheme(
        **about("UNITS"),
        items=(
            Organisation(**item("TOP")),
            Organisation(**item("BELOW"), parent="TOP", contacts=(CONTACT,)),
        ),
    ),
)
META_PROVIDER_SCHEME = MetadataProviderScheme(
    **about("METADATA_PROVIDERS"), items=(Organisation(**item("MP1"), contacts=(CONTACT,)),)
)
CATEGORY_SCHEME = CategoryScheme(
    **about("CATS"),
    is_partial=True,
    items=(
        Category(**item("A"), items=(Category(**item("B"), items=(Category(**item("C")),)),)),
        Category(**item("D")),
    ),
)
CATEGORISATIONS = (
    Categorisation(**about("OF_FLOW"), source=ObjectReference(FLOW), target=CATEGORIES.item("A.B")),
    Categorisation(**about("OF_DIMENSION"), source=DIMENSION, target=CATEGORIES.item("D")),
    Categorisation(
        **about("OF_CODE"),
        source=ObjectReference(CODES, "Code", "X"),
        target=CATEGORIES.item("A.B.C"),
    ),
)
TAXONOMY = ReportingTaxonomy(
    **about("TAX"),
    items=(
        ReportingCategory(
            **item("R"),
            items=(
                ReportingCategory(**item("S"), structures=(DSD, MSD)),
                ReportingCategory(**item("T"), flows=(FLOW, METAFLOW)),
            ),
        ),
    ),
)
CONCEPT_SCHEME = ConceptScheme(
    **about("CS"),
    items=(
        Concept(**item("FREQ"), representation=Representation(enumeration=CODES)),
        Concept(
            **item("BELOW"),
            parent="FREQ",
            representation=Representation(
                text_type=TextType.INCREMENTAL,
                is_sequence=True,
                interval="2",
                start_value="1",
                end_value="9",
            ),
        ),
    ),
)
ISO = ConceptScheme(
    **about("CS_ISO"),
    items=(Concept(**item("ISO"), iso=IsoConcept(agency="I", scheme="S", concept="C")),),
)
CODE_LIST = Codelist(
    **about("CL"), items=(Code(**item("X")), Code(**item("Y"), parent="X"), Code(**item("_T")))
)
EXTENDED = Codelist(
    **about("CL_MORE"),
    items=(Code(**item("OWN")),),
    extensions=(
        CodelistExtension(
            codelist=CODES,
            prefix="P_",
            included=(
                CodeSelection(value="A%"),
                CodeSelection(value="X", cascade=Cascade.YES),
                CodeSelection(value="Y", cascade=Cascade.EXCLUDE_ROOT),
                CodeSelection(value="Z"),
            ),
        ),
        CodelistExtension(codelist=CODES, excluded=(CodeSelection(value="_T"),)),
        CodelistExtension(codelist=CODES.at("1.0.0")),
    ),
)
GEOGRAPHIC = Codelist(
    **about("CL_GEO"),
    geo_type=GeoType.FEATURES,
    items=(
        Code(**item("G1"), geometry="EPSG:4326: {(POINT (1 2))}"),
        Code(**item("G2"), parent="G1", geometry="EPSG:4326: {(POINT (3 4))}"),
    ),
)
GRID = Codelist(
    **about("CL_GRID"),
    geo_type=GeoType.GRID,
    grid="CRS:REFERENCE_CORNER; 0, 0; 1, 1: GEO_STD",
    items=(Code(**item("G1"), geometry="1, 2: TAG"),),
    extensions=(CodelistExtension(codelist=CODES),),
)
VALUES = ValueList(
    **about("VL"),
    items=(Code(id="€ 1", name=words(en="euro")), Code(id="n/a", annotations=NOTES[:1])),
)
#: The id of a contact is what SDMX-JSON 1.0 alone does not have.
IDENTIFIED_CONTACT = AgencyScheme(
    **about("AGENCIES"), items=(Organisation(**item("SUB"), contacts=(Contact(id="C1"),)),)
)
