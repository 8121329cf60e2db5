"""An artefact of every kind that uses every part of it, for round trips and for the schemas."""

from __future__ import annotations

from hub.model import (
    AgencyScheme,
    Annotation,
    ArtefactClass,
    Attachment,
    AttachmentConstraint,
    Cascade,
    Categorisation,
    Category,
    CategoryScheme,
    CategorySchemeMap,
    Code,
    CodeHierarchy,
    Codelist,
    CodelistExtension,
    CodeSelection,
    ComponentAssociation,
    ComponentMap,
    Computation,
    Concept,
    ConceptScheme,
    ConceptSchemeMap,
    Contact,
    CubeRegion,
    CustomType,
    CustomTypeScheme,
    DataConstraint,
    DataConsumerScheme,
    Dataflow,
    DataProviderScheme,
    DataStructure,
    DatePatternMap,
    Dimension,
    EpochMap,
    FixedValueMap,
    FrequencyFormat,
    GeoType,
    HierarchicalCode,
    HierarchicalCodelist,
    Hierarchy,
    HierarchyAssociation,
    IncludedCodelist,
    InternationalString,
    IsoConcept,
    ItemAssociation,
    ItemMap,
    KeySet,
    KeyValues,
    Level,
    Maintainable,
    MappedColumn,
    MappedValue,
    Measure,
    MetadataAttribute,
    MetadataConstraint,
    Metadataflow,
    MetadataKeySet,
    MetadataProviderScheme,
    MetadataProvisionAgreement,
    MetadataRegion,
    MetadataStructure,
    MetadataTarget,
    MetadataUsage,
    NamePersonalisation,
    NamePersonalisationScheme,
    ObjectReference,
    Organisation,
    OrganisationSchemeMap,
    OrganisationUnitScheme,
    Process,
    ProcessObject,
    ProcessStep,
    ProvisionAgreement,
    QueryableSource,
    Reference,
    ReleaseCalendar,
    ReportingCategory,
    ReportingTaxonomy,
    ReportingTaxonomyMap,
    ReportStructure,
    Representation,
    RepresentationMap,
    Ruleset,
    RulesetScheme,
    SchemeMap,
    Sentinel,
    SetReference,
    SpaceMapping,
    StructureAssociation,
    StructureMap,
    StructureSet,
    TargetObject,
    TextType,
    Transformation,
    TransformationScheme,
    Transition,
    UserDefinedOperator,
    UserDefinedOperatorScheme,
    ValueDetail,
    ValueList,
    ValueMapping,
    ValuePair,
    VtlMapping,
    VtlMappingScheme,
)

AGENCY = "TEST"


def words(**texts: str) -> InternationalString:
    return InternationalString.of(texts)


NOTES = (
    Annotation(id="N", type="NOTE", title="a < b", text=words(en="words", sv="ord")),
    Annotation(type="LINK", url="https://example.org/a?b=1&c=2"),
)


def about(id_: str, version: str = "1.0") -> dict[str, object]:
    """What every artefact says of itself."""
    return {
        "agency": AGENCY,
        "id": id_,
        "version": version,
        "name": words(en=f"{id_} & more", fr=f"{id_} et plus"),
        "description": words(en=f"About {id_}"),
        "annotations": NOTES,
    }


def item(id_: str) -> dict[str, object]:
    """What every item says of itself."""
    return {
        "id": id_,
        "name": words(en=id_.title(), sv=f"{id_} på svenska"),
        "description": words(en=f"Item {id_}"),
        "annotations": NOTES[:1],
    }


def to(cls: ArtefactClass, id_: str, version: str = "1.0") -> Reference:
    return Reference(cls, AGENCY, id_, version)


DSD = to(ArtefactClass.DATA_STRUCTURE, "DSD")
FLOW = to(ArtefactClass.DATAFLOW, "DF")
MSD = to(ArtefactClass.METADATA_STRUCTURE, "MSD")
METAFLOW = to(ArtefactClass.METADATAFLOW, "MDF")
CODES = to(ArtefactClass.CODELIST, "CL")
CONCEPTS = to(ArtefactClass.CONCEPT_SCHEME, "CS")
PROVIDERS = to(ArtefactClass.DATA_PROVIDER_SCHEME, "DATA_PROVIDERS")
META_PROVIDERS = to(ArtefactClass.METADATA_PROVIDER_SCHEME, "METADATA_PROVIDERS")
CATEGORIES = to(ArtefactClass.CATEGORY_SCHEME, "CATS")
DIMENSION = ObjectReference(DSD, "Dimension", "FREQ")
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
FLOWS = (
    Dataflow(**about("DF"), structure=DSD),
    ProvisionAgreement(**about("PA"), dataflow=FLOW, provider=PROVIDERS.item("P1")),
    Metadataflow(**about("MDF"), structure=MSD),
)
AGREEMENT_21 = ProvisionAgreement(
    **about("PA_META"), dataflow=METAFLOW, provider=PROVIDERS.item("P1")
)
ANY = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=TEST:*(*)"
TARGETED = Metadataflow(**about("MDF_OF"), structure=MSD, targets=(ANY, FLOW.urn))
META_AGREEMENT = MetadataProvisionAgreement(
    **about("MPA"), metadataflow=METAFLOW, provider=META_PROVIDERS.item("MP1"), targets=(ANY,)
)
ATTRIBUTES = (
    MetadataAttribute(
        id="CONTACT",
        concept=CONCEPTS.item("CONTACT"),
        is_presentational=True,
        min_occurs=0,
        max_occurs=None,
        annotations=NOTES,
        attributes=(
            MetadataAttribute(
                id="EMAIL",
                concept=CONCEPTS.item("EMAIL"),
                representation=Representation(
                    text_type=TextType.STRING, is_multilingual=True, max_length=70
                ),
            ),
        ),
    ),
    MetadataAttribute(
        id="QUALITY",
        concept=CONCEPTS.item("QUALITY"),
        representation=Representation(enumeration=CODES),
        max_occurs=3,
    ),
)
METADATA_STRUCTURE = MetadataStructure(**about("MSD"), attributes=ATTRIBUTES)
METADATA_STRUCTURE_21 = MetadataStructure(
    **about("MSD_21"),
    targets=(
        MetadataTarget(
            id="FULL",
            annotations=NOTES,
            objects=(
                TargetObject(
                    kind="DimensionDescriptorValuesTarget",
                    id="DIMENSION_DESCRIPTOR_VALUES_TARGET",
                    representation=Representation(text_type=TextType.KEY_VALUES),
                ),
                TargetObject(
                    kind="DataSetTarget",
                    id="DATA_SET_TARGET",
                    representation=Representation(text_type=TextType.DATASET_REFERENCE),
                ),
                TargetObject(
                    kind="ReportPeriodTarget",
                    id="REPORT_PERIOD_TARGET",
                    representation=Representation(
                        text_type=TextType.OBSERVATIONAL_TIME_PERIOD, start_time="2000"
                    ),
                ),
                TargetObject(
                    kind="IdentifiableObjectTarget",
                    id="CODE",
                    object_type="Code",
                    representation=Representation(enumeration=CODES),
                ),
                TargetObject(
                    kind="IdentifiableObjectTarget",
                    id="FLOW",
                    object_type="Dataflow",
                    representation=Representation(text_type=TextType.IDENTIFIABLE_REFERENCE),
                ),
            ),
        ),
        MetadataTarget(
            id="ATTACHED",
            objects=(
                TargetObject(
                    kind="ConstraintTarget",
                    id="CONSTRAINT_CONTENT_TARGET",
                    representation=Representation(
                        text_type=TextType.ATTACHMENT_CONSTRAINT_REFERENCE
                    ),
                ),
            ),
        ),
    ),
    reports=(
        ReportStructure(
            id="R1", attributes=ATTRIBUTES, targets=("FULL", "ATTACHED"), annotations=NOTES
        ),
        ReportStructure(id="R2", attributes=ATTRIBUTES[1:], targets=("FULL",)),
    ),
)
HIERARCHY_CODES = (
    HierarchicalCode(
        id="H1",
        code=CODES.item("X"),
        level="L1",
        annotations=NOTES[:1],
        codes=(
            HierarchicalCode(
                id="H2",
                code=CODES.item("Y"),
                level="L2",
                valid_from="2000-01-01T00:00:00",
                valid_to="2010-12-31T23:59:59",
            ),
        ),
    ),
    HierarchicalCode(id="H3", code=CODES.item("_T")),
)
LEVEL = Level(
    **item("L1"),
    coding=Representation(text_type=TextType.ALPHA, min_length=1, max_length=3, pattern="[A-Z]+"),
    below=Level(**item("L2")),
)
HIERARCHY = Hierarchy(**about("HIER"), codes=HIERARCHY_CODES, level=LEVEL, has_formal_levels=True)
ASSOCIATION = HierarchyAssociation(
    **about("HA"), hierarchy=HIERARCHY.reference, linked=DIMENSION, context=ObjectReference(FLOW)
)
HIERARCHICAL = HierarchicalCodelist(
    **about("HCL"),
    included=(IncludedCodelist(codelist=CODES, alias="LIST"), IncludedCodelist(codelist=CODES)),
    items=(
        CodeHierarchy(**item("ONE"), codes=HIERARCHY_CODES, level=LEVEL, has_formal_levels=True),
        CodeHierarchy(
            **item("TWO"), codes=(HierarchicalCode(id="H", code=CODES.item("X"), version="1.1"),)
        ),
    ),
)
PROCESS = Process(
    **about("PROC"),
    steps=(
        ProcessStep(
            **item("S1"),
            inputs=(ProcessObject(reference=ObjectReference(FLOW), local_id="IN"),),
            outputs=(
                ProcessObject(reference=DIMENSION, annotations=NOTES),
                ProcessObject(reference=ObjectReference(CATEGORIES, "Category", "A.B")),
            ),
            computation=Computation(
                description=words(en="add", sv="addera"),
                local_id="C",
                software="R",
                language="R",
                software_version="4",
                annotations=NOTES,
            ),
            transitions=(
                Transition(
                    id="T1",
                    local_id="L",
                    target="S1.S2",
                    condition=words(en="always", sv="alltid"),
                    annotations=NOTES,
                ),
            ),
            steps=(ProcessStep(**item("S2")),),
        ),
        ProcessStep(**item("S3"), computation=Computation(description=words(en="nothing"))),
    ),
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
SOURCE = QueryableSource(
    url="https://example.org/sdmx", wsdl="https://example.org/w", wadl="https://example.org/a"
)
CALENDAR = ReleaseCalendar(periodicity="P1Y", offset="P2M", tolerance="P5D")
DATA_KEYS = (
    KeySet(
        keys=(
            CubeRegion(
                keys=(
                    KeyValues(component="FREQ", values=("A",)),
                    KeyValues(component="AREA", values=("SE",)),
                )
            ),
            CubeRegion(keys=(KeyValues(component="FREQ", values=("M",)),)),
        )
    ),
    KeySet(
        is_included=False, keys=(CubeRegion(keys=(KeyValues(component="FREQ", values=("Q",)),)),)
    ),
)
CONSTRAINT = DataConstraint(
    **about("CON"),
    targets=(FLOW, FLOW.at("2.0")),
    regions=(
        CubeRegion(
            keys=(
                KeyValues(
                    component="AREA",
                    values=("X", "_T"),
                    details=(ValueDetail(value="X", cascade=Cascade.YES),),
                ),
                KeyValues(component="TIME_PERIOD", start="2000", end="2010", excludes_end=True),
            ),
            attributes=(KeyValues(component="STATUS", values=("A",)), KeyValues(component="NOTE")),
        ),
        CubeRegion(include=False, keys=(KeyValues(component="FREQ", values=("D",)),)),
    ),
    key_sets=DATA_KEYS,
)
CONSTRAINT_OF_PROVIDER = DataConstraint(
    **about("CON_P"),
    provider=PROVIDERS.item("P1"),
    regions=(CubeRegion(keys=(KeyValues(component="FREQ", values=("A",)),)),),
)
CONSTRAINT_WITH_SOURCES = DataConstraint(
    **about("CON_S"),
    targets=(DSD,),
    queryable_sources=(SOURCE,),
    calendar=CALENDAR,
    regions=(CubeRegion(keys=(KeyValues(component="FREQ", values=("A",)),)),),
)
CONSTRAINT_3 = DataConstraint(
    **about("CON_3"),
    targets=(to(ArtefactClass.PROVISION_AGREEMENT, "PA"),),
    regions=(
        CubeRegion(
            annotations=NOTES[:1],
            keys=(
                KeyValues(
                    component="AREA",
                    values=("X", "Y"),
                    include=False,
                    removes_prefix=True,
                    valid_from="2000",
                    valid_to="2005",
                    details=(
                        ValueDetail(value="X", cascade=Cascade.EXCLUDE_ROOT, valid_from="2001"),
                    ),
                ),
            ),
            attributes=(
                KeyValues(
                    component="TITLE",
                    values=("Hej",),
                    details=(ValueDetail(value="Hej", language="sv"),),
                ),
            ),
        ),
    ),
    key_sets=(
        KeySet(
            keys=(
                CubeRegion(
                    annotations=NOTES[:1],
                    keys=(KeyValues(component="FREQ", values=("A",), removes_prefix=True),),
                    attributes=(KeyValues(component="STATUS", values=("A", "B")),),
                ),
            )
        ),
    ),
)
SET = SetReference(provider=PROVIDERS.item("P1"), id="SET1")
OF_SETS = DataConstraint(
    **about("CON_SETS"), role="Actual", data_sets=(SET,), key_sets=DATA_KEYS[:1]
)
OF_URL = DataConstraint(
    **about("CON_URL"), simple_sources=("https://example.org/data",), key_sets=DATA_KEYS[:1]
)
METADATA_REGION = MetadataRegion(
    report="R1",
    target="FULL",
    keys=(
        KeyValues(component="DATA_SET", data_sets=(SET,)),
        KeyValues(component="KEYS", data_keys=DATA_KEYS[0].keys),
        KeyValues(component="OBJECT", objects=(ObjectReference(FLOW), DIMENSION)),
        KeyValues(component="PERIOD", start="2000"),
    ),
    attributes=(KeyValues(component="QUALITY", values=("X",)),),
)
OF_METADATA_21 = DataConstraint(
    **about("CON_META"),
    targets=(MSD,),
    metadata_regions=(METADATA_REGION,),
    metadata_key_sets=(
        MetadataKeySet(
            keys=(
                MetadataRegion(
                    report="R1",
                    target="FULL",
                    keys=(
                        KeyValues(component="DATA_SET", data_sets=(SET,)),
                        KeyValues(component="KEYS", data_keys=DATA_KEYS[0].keys[:1]),
                        KeyValues(component="OBJECT", objects=(ObjectReference(FLOW),)),
                        KeyValues(component="CODE", values=("X",)),
                    ),
                ),
            )
        ),
    ),
)
ATTACHED = AttachmentConstraint(**about("ATT"), targets=(DSD,), key_sets=DATA_KEYS)
ATTACHED_TO_SETS = AttachmentConstraint(
    **about("ATT_SETS"), data_sets=(SET, SET), key_sets=DATA_KEYS[:1]
)
METADATA_CONSTRAINT = MetadataConstraint(
    **about("MCON"),
    targets=(METAFLOW, METAFLOW.at("2.0")),
    regions=(
        MetadataRegion(
            attributes=(
                KeyValues(component="CONTACT.EMAIL", values=("a", "b")),
                KeyValues(component="QUALITY", include=False, values=("X",)),
            ),
            valid_from="2001",
        ),
        MetadataRegion(include=False, attributes=(KeyValues(component="QUALITY"),)),
    ),
)
METADATA_CONSTRAINT_OF_PROVIDER = MetadataConstraint(
    **about("MCON_P"), provider=META_PROVIDERS.item("MP1")
)


def _vtl(cls: ArtefactClass) -> Reference:
    return to(cls, f"VTL_{cls.name}")


VTL_MAPPINGS = VtlMappingScheme(
    **about("VTL_MAP"),
    items=(
        VtlMapping(
            **item("M1"),
            alias="DS_1",
            dataflow=FLOW,
            to_vtl=SpaceMapping(method="Pivot", keys=("FREQ", "AREA")),
            from_vtl=SpaceMapping(method="Unpivot", keys=("FREQ",)),
        ),
        VtlMapping(**item("M2"), alias="ANY", is_generic=True, to_vtl=SpaceMapping(method="Basic")),
        VtlMapping(**item("M3"), alias="LIST", codelist=CODES),
        VtlMapping(**item("M4"), alias="CONCEPT", concept=CONCEPTS.item("FREQ")),
    ),
)
VTL_MAPPINGS_21 = VtlMappingScheme(
    **about("VTL_MAP_21"),
    items=(VtlMapping(**item("M5"), alias="CONCEPTS", concept_scheme=CONCEPTS),),
)
VTL = (
    VTL_MAPPINGS,
    CustomTypeScheme(
        **about("VTL_TYPES"),
        vtl_version="2.0",
        items=(
            CustomType(
                **item("T1"),
                scalar_type="number",
                data_type="Float",
                literal_format="9",
                output_format="0.0",
                null_value="NaN",
            ),
            CustomType(**item("T2"), scalar_type="string", data_type="String"),
        ),
    ),
    NamePersonalisationScheme(
        **about("VTL_NAMES"),
        vtl_version="2.0",
        items=(
            NamePersonalisation(
                **item("N1"), default_name="int_var", personal_name="x", artefact="variable"
            ),
        ),
    ),
    RulesetScheme(
        **about("VTL_RULES"),
        vtl_version="2.0",
        mapping_scheme=VTL_MAPPINGS.reference,
        items=(
            Ruleset(
                **item("R1"),
                definition="define datapoint ruleset r (variable x) is x > 0 end",
                ruleset_type="datapoint",
                scope="variable",
            ),
        ),
    ),
    UserDefinedOperatorScheme(
        **about("VTL_OPS"),
        vtl_version="2.0",
        mapping_scheme=VTL_MAPPINGS.reference,
        ruleset_schemes=(to(ArtefactClass.RULESET_SCHEME, "VTL_RULES"),),
        items=(UserDefinedOperator(**item("O1"), definition="define operator f (x) is x end"),),
    ),
    TransformationScheme(
        **about("VTL_PROG"),
        vtl_version="2.0",
        mapping_scheme=VTL_MAPPINGS.reference,
        name_scheme=to(ArtefactClass.NAME_PERSONALISATION_SCHEME, "VTL_NAMES"),
        type_scheme=to(ArtefactClass.CUSTOM_TYPE_SCHEME, "VTL_TYPES"),
        ruleset_schemes=(to(ArtefactClass.RULESET_SCHEME, "VTL_RULES"),),
        operator_schemes=(to(ArtefactClass.USER_DEFINED_OPERATOR_SCHEME, "VTL_OPS"),),
        items=(
            Transformation(
                **item("S1"), expression="DS_1 + 1 <= 2", result="DS_2", is_persistent=True
            ),
            Transformation(**item("S2"), expression="DS_2", result="DS_3"),
        ),
    ),
)


def _coded(id_: str) -> dict[str, object]:
    return {
        "id": id_,
        "concept": CONCEPTS.item(id_),
        "representation": Representation(enumeration=CODES),
    }


STRUCTURE = DataStructure(
    **about("DSD"),
    dimensions=(
        Dimension(**_coded("FREQ")),
        Dimension(
            id="TIME_PERIOD",
            concept=CONCEPTS.item("TIME_PERIOD"),
            is_time=True,
            representation=Representation(
                text_type=TextType.OBSERVATIONAL_TIME_PERIOD, start_time="2000", end_time="2030"
            ),
        ),
    ),
    measures=(
        Measure(
            id="OBS_VALUE",
            concept=CONCEPTS.item("OBS_VALUE"),
            representation=Representation(
                text_type=TextType.DOUBLE,
                sentinels=(
                    Sentinel(value="-1", name=words(en="no"), description=words(en="None")),
                ),
            ),
        ),
    ),
    metadata=MSD,
    usages=(
        MetadataUsage(attribute="CONTACT", attachment=Attachment.DIMENSIONS, dimensions=("FREQ",)),
        MetadataUsage(attribute="QUALITY", attachment=Attachment.DATASET, annotations=NOTES),
    ),
)
EVOLVING = (
    DataStructure(**about("DSD_E", "1.0.0"), dimensions=STRUCTURE.dimensions, is_evolving=True),
    Dataflow(**about("DF_E"), structure=DSD, dimensions=("FREQ",)),
)

#: The id of a contact is what SDMX-JSON 1.0 alone does not have.
IDENTIFIED_CONTACT = AgencyScheme(
    **about("AGENCIES"), items=(Organisation(**item("SUB"), contacts=(Contact(id="C1"),)),)
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

#: Artefacts of every kind, by the standard that has all of them.
IN_EVERY_STANDARD: tuple[Maintainable, ...] = (
    *ORGANISATIONS,
    CATEGORY_SCHEME,
    *CATEGORISATIONS,
    TAXONOMY,
    CONCEPT_SCHEME,
    CODE_LIST,
    *FLOWS,
    METADATA_STRUCTURE,
    PROCESS,
    CONSTRAINT,
    CONSTRAINT_OF_PROVIDER,
)
SINCE_30: tuple[Maintainable, ...] = (
    META_PROVIDER_SCHEME,
    EXTENDED,
    GEOGRAPHIC,
    GRID,
    VALUES,
    TARGETED,
    META_AGREEMENT,
    HIERARCHY,
    ASSOCIATION,
    STRUCTURE_MAP,
    VALUE_MAPPING,
    *SCHEME_MAPS,
    CONSTRAINT_3,
    METADATA_CONSTRAINT,
    METADATA_CONSTRAINT_OF_PROVIDER,
    STRUCTURE,
    ISO,
    *VTL,
)
UNTIL_21: tuple[Maintainable, ...] = (
    AGREEMENT_21,
    METADATA_STRUCTURE_21,
    HIERARCHICAL,
    STRUCTURE_SET,
    OF_SETS,
    OF_URL,
    OF_METADATA_21,
    ATTACHED,
    ATTACHED_TO_SETS,
)
