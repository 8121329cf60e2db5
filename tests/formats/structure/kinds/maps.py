"""Maps of SDMX 3.x, and a structure set of 2.1."""

from __future__ import annotations

from hub.model import (
    ArtefactClass,
    CategorySchemeMap,
    ComponentAssociation,
    ComponentMap,
    ConceptSchemeMap,
    DatePatternMap,
    EpochMap,
    FixedValueMap,
    FrequencyFormat,
    ItemAssociation,
    ItemMap,
    MappedColumn,
    MappedValue,
    OrganisationSchemeMap,
    Reference,
    ReportingTaxonomyMap,
    Representation,
    RepresentationMap,
    SchemeMap,
    StructureAssociation,
    StructureMap,
    StructureSet,
    TextType,
    ValueMapping,
    ValuePair,
)
from tests.formats.structure.kinds.said import (
    CATEGORIES,
    CODES,
    CONCEPTS,
    DSD,
    FLOW,
    META_PROVIDERS,
    METAFLOW,
    MSD,
    NOTES,
    PROVIDERS,
    about,
    item,
    to,
)
from tests.formats.structure.kinds.schemes import (
    ORGANISATIONS,
    TAXONOMY,
    VALUES,
)
from tests.formats.structure.kinds.trees import (
    HIERARCHICAL,
)

OTHER_DSD = DSD.at("2.0")
VALUE_MAP = to(ArtefactClass.REPRESENTATION_MAP, "RM")
STRUCTURE_MAP = StructureMap(
    **about("SM"),
    source=DSD,
    target=OTHER_DSD,
    epochs=(
        EpochMap(
            id="E1",
            components=(("TIME", "TIME_PERIOD"), ("T2", "T3")),
            frequency_dimension="FREQ",
            mapped=("A", "M"),
            resolve="endOfPeriod",
            base="1970",
            unit="second",
            annotations=NOTES,
        ),
    ),
    dates=(
        DatePatternMap(
            id="D1",
            components=(("TIME", "TIME_PERIOD"),),
            target_frequency="A",
            pattern="MMM yyyy",
            locale="en",
        ),
    ),
    frequencies=(FrequencyFormat(id="F1", frequency="A", pattern="yyyy", annotations=NOTES),),
    components=(
        ComponentMap(sources=("A", "B"), targets=("C",), values=VALUE_MAP, annotations=NOTES),
        ComponentMap(sources=("D",), targets=("E", "F")),
    ),
    fixed=(
        FixedValueMap(source="G", values=("1", "2")),
        FixedValueMap(target="H", values=("3",), annotations=NOTES),
    ),
)
VALUE_MAPPING = RepresentationMap(
    **about("RM"),
    sources=(MappedColumn(values=CODES), MappedColumn(text_type=TextType.INTEGER)),
    targets=(MappedColumn(values=VALUES.reference), MappedColumn()),
    mappings=(
        ValueMapping(
            sources=(
                MappedValue(value="X.*", is_pattern=True),
                MappedValue(value="1", start=0, end=2),
            ),
            targets=("€ 1", "n"),
            valid_from="2020-01-01",
            valid_to="2021-12-31",
            annotations=NOTES,
        ),
        ValueMapping(sources=(MappedValue(value="Y"), MappedValue(value="2"))),
    ),
)
ITEM_MAPS = (
    ItemMap(source=MappedValue(value="A.*", is_pattern=True), target="B", annotations=NOTES),
    ItemMap(source=MappedValue(value="C"), valid_from="2020-01-01", valid_to="2021-12-31"),
)
SCHEME_MAPS = (
    ConceptSchemeMap(**about("CSM"), source=CONCEPTS, target=CONCEPTS.at("2.0"), items=ITEM_MAPS),
    CategorySchemeMap(
        **about("CATM"), source=CATEGORIES, target=CATEGORIES.at("2.0"), items=ITEM_MAPS
    ),
    OrganisationSchemeMap(**about("OSM"), source=PROVIDERS, target=META_PROVIDERS, items=ITEM_MAPS),
    ReportingTaxonomyMap(
        **about("RTM"),
        source=TAXONOMY.reference,
        target=TAXONOMY.reference.at("2.0"),
        items=ITEM_MAPS,
    ),
)
ITEM_PAIRS = (
    ItemAssociation(source="X", target="Y", annotations=NOTES),
    ItemAssociation(source="Y", target="X"),
)


def _scheme_map(id_: str, source: Reference, target: Reference) -> SchemeMap:
    return SchemeMap(**item(id_), source=source, target=target, items=ITEM_PAIRS)


def _pair(source: str, target: str, **more: object) -> ComponentAssociation:
    return ComponentAssociation(
        source=source,
        target=target,
        source_container="DimensionDescriptor",
        target_container="AttributeDescriptor",
        source_class="Dimension",
        target_class="Attribute",
        **more,
    )


STRUCTURE_SET = StructureSet(
    **about("SET"),
    related=(DSD, METAFLOW),
    schemes=(
        _scheme_map("ORGS", PROVIDERS, ORGANISATIONS[3].reference),
        _scheme_map("CATS", CATEGORIES, CATEGORIES.at("2.0")),
        _scheme_map("CODES", CODES, CODES.at("2.0")),
        _scheme_map("CONCEPTS", CONCEPTS, CONCEPTS.at("2.0")),
        _scheme_map("REPORTS", TAXONOMY.reference, TAXONOMY.reference.at("2.0")),
        SchemeMap(
            **item("HYBRID"),
            source=CODES,
            target=HIERARCHICAL.reference,
            is_hybrid=True,
            items=(ItemAssociation(source="X", target="ONE.H1"),),
        ),
    ),
    structures=(
        StructureAssociation(
            **item("STRUCTURES"),
            source=DSD,
            target=FLOW,
            is_extension=True,
            components=(
                _pair("FREQ", "F", codelist_map="CODES", annotations=NOTES),
                _pair("AREA", "A", values=(ValuePair(source="1", target="2"),)),
                _pair(
                    "TIME",
                    "T",
                    text_format=Representation(text_type=TextType.STRING, max_length=3),
                    value_type="Name",
                ),
                _pair("SAME", "SAME"),
            ),
        ),
        StructureAssociation(
            **item("METADATA"),
            source=MSD,
            target=MSD.at("2.0"),
            components=(
                ComponentAssociation(
                    source="CONTACT.EMAIL",
                    target="QUALITY",
                    source_container="R1",
                    target_container="R2",
                    source_class="MetadataAttribute",
                    target_class="MetadataAttribute",
                ),
            ),
        ),
    ),
)
