"""An agency with an artefact of every type, as conformance tests want them.

Every item scheme has two items or more, every artefact a description. What a data set needs is
there too: a dataflow with two agreements of different providers, constraints of what is allowed
on the structure, the flow and the agreements, and figures dense in all values of all dimensions.
The id sorts before that of the shared structures, so that these artefacts come first in lists.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from hub.model import (
    AgencyScheme,
    Annotation,
    Attachment,
    AttachmentConstraint,
    Attribute,
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
    Dimension,
    FixedValueMap,
    GeoType,
    HierarchicalCode,
    HierarchicalCodelist,
    Hierarchy,
    HierarchyAssociation,
    IncludedCodelist,
    InternationalString,
    ItemAssociation,
    ItemMap,
    KeySet,
    KeyValues,
    Maintainable,
    MappedColumn,
    MappedValue,
    Measure,
    MetadataAttribute,
    MetadataConstraint,
    Metadataflow,
    MetadataProviderScheme,
    MetadataProvisionAgreement,
    MetadataRegion,
    MetadataStructure,
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
    ReportingCategory,
    ReportingTaxonomy,
    ReportingTaxonomyMap,
    Representation,
    RepresentationMap,
    Ruleset,
    RulesetScheme,
    SchemeMap,
    SpaceMapping,
    StructureAssociation,
    StructureMap,
    StructureSet,
    TextType,
    Transformation,
    TransformationScheme,
    Transition,
    UserDefinedOperator,
    UserDefinedOperatorScheme,
    ValueList,
    ValueMapping,
    VtlMapping,
    VtlMappingScheme,
)

AGENCY = "CONF"
PROVIDERS = ("P1", "P2")
YEARS = ("2016", "2017", "2018", "2019")
INDICATORS = ("I1", "I2")
SEXES = ("F", "M")
AREAS = {"P1": ("DNK", "FIN"), "P2": ("NOR", "SWE")}


def words(english: str) -> InternationalString:
    return InternationalString.of({"en": english, "fr": f"{english} (fr)"})


def about(id_: str, version: str = "1.0") -> dict[str, Any]:
    """What an artefact says of itself."""
    return {
        "agency": AGENCY,
        "id": id_,
        "version": version,
        "name": words(id_.replace("_", " ").title()),
        "description": words(f"{id_}, for tests of conformance"),
    }


def item(id_: str) -> dict[str, Any]:
    """What an item says of itself."""
    return {"id": id_, "name": words(id_), "description": words(f"Item {id_}")}


def codes(id_: str, *items: str, version: str = "1.0") -> Codelist:
    """A code list; `CHILD<PARENT` has a parent."""
    pairs = [text.partition("<") for text in items]
    return Codelist(
        **about(id_, version),
        items=tuple(Code(**item(code), parent=parent or None) for code, _, parent in pairs),
    )


AREA_LIST = codes("CL_AREA", "NORDIC", *(f"{a}<NORDIC" for p in PROVIDERS for a in AREAS[p]), "FRA")
SEX_LIST = codes("CL_SEX", *SEXES, "_T")
INDICATOR_LIST = codes("CL_INDICATOR", *INDICATORS, "I3")
STATUS_LIST = codes("CL_OBS_STATUS", "A", "E")
OLD_SEX_LIST = codes("CL_SEX", *SEXES, version="0.9")
_DIMENSIONS = {"INDICATOR": INDICATOR_LIST, "REF_AREA": AREA_LIST, "SEX": SEX_LIST}
_CONCEPTS = (
    *_DIMENSIONS,
    "TIME_PERIOD",
    "OBS_VALUE",
    "OBS_STATUS",
    "TITLE",
    "CONTACT",
    "CONTACT_EMAIL",
    "QUALITY",
)
CONCEPTS = ConceptScheme(**about("CS"), items=tuple(Concept(**item(id_)) for id_ in _CONCEPTS))
OTHER_CONCEPTS = ConceptScheme(
    **about("CS_OTHER"), items=(Concept(**item("AREA")), Concept(**item("GENDER")))
)


def _concept(id_: str) -> Any:
    return CONCEPTS.reference.item(id_)


def _organisation(id_: str) -> Organisation:
    contact = Contact(name=words(f"Office of {id_}"), emails=(f"{id_.lower()}@example.org",))
    return Organisation(**item(id_), contacts=(contact,))


AGENCIES = AgencyScheme(**about("AGENCIES"), items=(_organisation("SUB"), _organisation("OTHER")))
DATA_PROVIDERS = DataProviderScheme(
    **about("DATA_PROVIDERS"), items=tuple(map(_organisation, PROVIDERS))
)
DATA_CONSUMERS = DataConsumerScheme(
    **about("DATA_CONSUMERS"), items=(_organisation("C1"), _organisation("C2"))
)
UNITS = OrganisationUnitScheme(
    **about("UNITS"),
    items=(_organisation("U1"), Organisation(**item("U2"), parent="U1")),
)
STRUCTURE = DataStructure(
    **about("DSD"),
    dimensions=(
        *(
            Dimension(
                id=id_,
                concept=_concept(id_),
                representation=Representation(enumeration=c.reference),
            )
            for id_, c in _DIMENSIONS.items()
        ),
        Dimension(
            id="TIME_PERIOD",
            concept=_concept("TIME_PERIOD"),
            is_time=True,
            representation=Representation(text_type=TextType.OBSERVATIONAL_TIME_PERIOD),
        ),
    ),
    measures=(
        Measure(
            id="OBS_VALUE",
            concept=_concept("OBS_VALUE"),
            is_mandatory=False,
            representation=Representation(text_type=TextType.DOUBLE),
        ),
    ),
    attributes=(
        Attribute(
            id="TITLE",
            concept=_concept("TITLE"),
            attachment=Attachment.DIMENSIONS,
            dimensions=tuple(_DIMENSIONS),
            representation=Representation(text_type=TextType.STRING),
        ),
        Attribute(
            id="OBS_STATUS",
            concept=_concept("OBS_STATUS"),
            is_mandatory=True,
            representation=Representation(enumeration=STATUS_LIST.reference),
        ),
    ),
)
FLOW = Dataflow(
    **about("DF"),
    structure=STRUCTURE.reference,
    annotations=(Annotation(type="SLICE_BY", title="REF_AREA"),),
)
AGREEMENTS = tuple(
    ProvisionAgreement(
        **about(f"PA_{id_}"),
        dataflow=FLOW.reference,
        provider=DATA_PROVIDERS.reference.item(id_),
    )
    for id_ in PROVIDERS
)
METADATA_STRUCTURE = MetadataStructure(
    **about("MSD"),
    attributes=(
        MetadataAttribute(
            id="CONTACT",
            concept=_concept("CONTACT"),
            is_presentational=True,
            attributes=(
                MetadataAttribute(
                    id="CONTACT_EMAIL",
                    concept=_concept("CONTACT_EMAIL"),
                    representation=Representation(text_type=TextType.STRING),
                ),
            ),
        ),
        MetadataAttribute(
            id="QUALITY",
            concept=_concept("QUALITY"),
            representation=Representation(enumeration=STATUS_LIST.reference),
        ),
    ),
)
METADATA_FLOW = Metadataflow(**about("MDF"), structure=METADATA_STRUCTURE.reference)
CATEGORIES = CategoryScheme(
    **about("CATEGORIES"),
    items=(
        Category(
            **item("SOCIAL"),
            items=(Category(**item("POP"), items=(Category(**item("MIG")),)),),
        ),
        Category(**item("ECON")),
    ),
)
CATEGORISATIONS = tuple(
    Categorisation(
        **about(f"CAT_{source.id}"),
        source=ObjectReference(source.reference),
        target=CATEGORIES.reference.item(category),
    )
    for source, category in (
        (FLOW, "SOCIAL.POP.MIG"),
        (METADATA_FLOW, "SOCIAL.POP"),
        (STRUCTURE, "ECON"),
    )
)
TAXONOMY = ReportingTaxonomy(
    **about("TAXONOMY"),
    items=(
        ReportingCategory(
            **item("REPORT"),
            items=(ReportingCategory(**item("CHAPTER"), flows=(FLOW.reference,)),),
        ),
        ReportingCategory(**item("ANNEX"), structures=(STRUCTURE.reference,)),
    ),
)


def _region(**values: tuple[str, ...]) -> CubeRegion:
    keys = (KeyValues(component=id_, values=allowed) for id_, allowed in values.items())
    return CubeRegion(keys=tuple(keys))


_ALL_AREAS = (*AREAS["P1"], *AREAS["P2"])
CONSTRAINTS = (
    DataConstraint(
        **about("CON_DSD"), targets=(STRUCTURE.reference,), regions=(_region(SEX=SEXES),)
    ),
    DataConstraint(
        **about("CON_DF"),
        targets=(FLOW.reference,),
        regions=(_region(INDICATOR=INDICATORS, REF_AREA=_ALL_AREAS),),
    ),
    *(
        DataConstraint(
            **about(f"CON_{agreement.id}"),
            targets=(agreement.reference,),
            regions=(_region(REF_AREA=AREAS[agreement.provider.item]),),
        )
        for agreement in AGREEMENTS
    ),
    DataConstraint(
        **about("ACTUAL"),
        role="Actual",
        targets=(AGREEMENTS[0].reference,),
        regions=(_region(INDICATOR=INDICATORS, REF_AREA=AREAS["P1"], SEX=SEXES),),
    ),
)
ATTACHED = AttachmentConstraint(
    **about("ATTACHED"),
    targets=(STRUCTURE.reference,),
    key_sets=(KeySet(keys=(_region(INDICATOR=("I1",), SEX=("F",)),)),),
)


def _hierarchy_of(codelist: Codelist) -> tuple[HierarchicalCode, ...]:
    """The codes of a list as a tree."""
    below = tuple(
        HierarchicalCode(id=code.id, code=codelist.reference.item(code.id))
        for code in codelist.items
        if code.parent
    )
    top = codelist.items[0].id
    return (HierarchicalCode(id=top, code=codelist.reference.item(top), codes=below),)


HIERARCHICAL = HierarchicalCodelist(
    **about("HCL"),
    included=(IncludedCodelist(codelist=AREA_LIST.reference, alias="AREAS"),),
    items=(
        CodeHierarchy(**item("BY_REGION"), codes=_hierarchy_of(AREA_LIST)),
        CodeHierarchy(**item("FLAT"), codes=_hierarchy_of(AREA_LIST)[0].codes),
    ),
)
PROCESS = Process(
    **about("PROCESS"),
    steps=(
        ProcessStep(
            **item("COLLECT"),
            outputs=(ProcessObject(reference=ObjectReference(FLOW.reference), local_id="OUT"),),
            transitions=(Transition(id="NEXT", target="CHECK", condition=words("complete")),),
        ),
        ProcessStep(
            **item("CHECK"),
            inputs=(ProcessObject(reference=ObjectReference(FLOW.reference)),),
            computation=Computation(description=words("Validate")),
        ),
    ),
)


def _pairs(**pairs: str) -> tuple[ItemAssociation, ...]:
    return tuple(ItemAssociation(source=one, target=other) for one, other in pairs.items())


STRUCTURE_SET = StructureSet(
    **about("SET"),
    related=(STRUCTURE.reference,),
    schemes=(
        SchemeMap(
            **item("ORGANISATIONS"),
            source=DATA_PROVIDERS.reference,
            target=DATA_CONSUMERS.reference,
            items=_pairs(P1="C1", P2="C2"),
        ),
        SchemeMap(
            **item("CATEGORIES"),
            source=CATEGORIES.reference,
            target=CATEGORIES.reference,
            items=(ItemAssociation(source="SOCIAL.POP", target="ECON"),),
        ),
        SchemeMap(
            **item("SEXES"),
            source=SEX_LIST.reference,
            target=OLD_SEX_LIST.reference,
            items=_pairs(F="F", M="M"),
        ),
        SchemeMap(
            **item("CONCEPTS"),
            source=CONCEPTS.reference,
            target=OTHER_CONCEPTS.reference,
            items=_pairs(REF_AREA="AREA", SEX="GENDER"),
        ),
    ),
    structures=(
        StructureAssociation(
            **item("STRUCTURES"),
            source=STRUCTURE.reference,
            target=FLOW.reference,
            components=(
                ComponentAssociation(
                    source="SEX",
                    target="SEX",
                    source_class="Dimension",
                    target_class="Dimension",
                    source_container="DimensionDescriptor",
                    target_container="DimensionDescriptor",
                    codelist_map="SEXES",
                ),
            ),
        ),
    ),
)
VTL_MAPPINGS = VtlMappingScheme(
    **about("VTL_MAPPINGS"),
    items=(
        VtlMapping(
            **item("V1"),
            alias="DS",
            dataflow=FLOW.reference,
            to_vtl=SpaceMapping(method="Basic", keys=("SEX",)),
        ),
        VtlMapping(**item("V2"), alias="SEXES", codelist=SEX_LIST.reference),
    ),
)
RULESETS = RulesetScheme(
    **about("RULESETS"),
    vtl_version="2.0",
    mapping_scheme=VTL_MAPPINGS.reference,
    items=tuple(
        Ruleset(
            **item(id_),
            definition=f"define datapoint ruleset {id_} (variable OBS_VALUE) is OBS_VALUE > 0 end",
            ruleset_type="datapoint",
            scope="variable",
        )
        for id_ in ("POSITIVE", "PRESENT")
    ),
)
OPERATORS = UserDefinedOperatorScheme(
    **about("OPERATORS"),
    vtl_version="2.0",
    ruleset_schemes=(RULESETS.reference,),
    items=tuple(
        UserDefinedOperator(**item(id_), definition=f"define operator {id_} (x number) is x end")
        for id_ in ("SAME", "EQUAL")
    ),
)
TYPES = CustomTypeScheme(
    **about("TYPES"),
    vtl_version="2.0",
    items=(
        CustomType(**item("NUMBER"), scalar_type="number", data_type="Double"),
        CustomType(**item("TEXT"), scalar_type="string", data_type="String"),
    ),
)
NAMES = NamePersonalisationScheme(
    **about("NAMES"),
    vtl_version="2.0",
    items=tuple(
        NamePersonalisation(
            **item(id_), default_name=f"{id_}_var", personal_name=id_, artefact="variable"
        )
        for id_ in ("int", "bool")
    ),
)
PROGRAM = TransformationScheme(
    **about("PROGRAM"),
    vtl_version="2.0",
    mapping_scheme=VTL_MAPPINGS.reference,
    name_scheme=NAMES.reference,
    type_scheme=TYPES.reference,
    ruleset_schemes=(RULESETS.reference,),
    operator_schemes=(OPERATORS.reference,),
    items=(
        Transformation(**item("T1"), expression="DS + 1", result="DS_1", is_persistent=True),
        Transformation(**item("T2"), expression="DS_1 * 2", result="DS_2"),
    ),
)

#: What SDMX 2.1 has.
OF_21: tuple[Maintainable, ...] = (
    AGENCIES,
    DATA_PROVIDERS,
    DATA_CONSUMERS,
    UNITS,
    AREA_LIST,
    SEX_LIST,
    OLD_SEX_LIST,
    INDICATOR_LIST,
    STATUS_LIST,
    CONCEPTS,
    OTHER_CONCEPTS,
    STRUCTURE,
    FLOW,
    *AGREEMENTS,
    METADATA_STRUCTURE,
    METADATA_FLOW,
    CATEGORIES,
    *CATEGORISATIONS,
    TAXONOMY,
    *CONSTRAINTS,
    ATTACHED,
    HIERARCHICAL,
    PROCESS,
    STRUCTURE_SET,
    VTL_MAPPINGS,
    RULESETS,
    OPERATORS,
    TYPES,
    NAMES,
    PROGRAM,
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
HIERARCHY = Hierarchy(**about("HIERARCHY"), codes=_hierarchy_of(AREA_LIST))
ASSOCIATION = HierarchyAssociation(
    **about("ASSOCIATION"),
    hierarchy=HIERARCHY.reference,
    linked=ObjectReference(STRUCTURE.reference, "Dimension", "REF_AREA"),
    context=ObjectReference(FLOW.reference),
)
METADATA_PROVIDERS = MetadataProviderScheme(
    **about("METADATA_PROVIDERS"), items=(_organisation("M1"), _organisation("M2"))
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
        items=_item_maps(SOCIAL="ECON"),
    ),
    OrganisationSchemeMap(
        **about("ORGANISATION_MAP"),
        source=DATA_PROVIDERS.reference,
        target=METADATA_PROVIDERS.reference,
        items=_item_maps(P1="M1", P2="M2"),
    ),
    ReportingTaxonomyMap(
        **about("TAXONOMY_MAP"),
        source=TAXONOMY.reference,
        target=TAXONOMY.reference,
        items=_item_maps(REPORT="ANNEX"),
    ),
)

#: What SDMX 3.x alone has.
OF_3X: tuple[Maintainable, ...] = (
    UNIT_VALUES,
    UNIT_LIST,
    WIDER_AREAS,
    PLACES,
    CELLS,
    HIERARCHY,
    ASSOCIATION,
    METADATA_PROVIDERS,
    METADATA_AGREEMENT,
    METADATA_CONSTRAINT,
    UNIT_MAP,
    SEX_MAP,
    STRUCTURE_MAP,
    *SCHEME_MAPS,
)


def figures(provider: str) -> str:
    """The observations of a provider as SDMX-CSV 1.0."""
    columns = ["DATAFLOW", *_DIMENSIONS, "TIME_PERIOD", "OBS_VALUE", "TITLE", "OBS_STATUS"]
    lines = [",".join(columns)]
    for number, key in enumerate(product(INDICATORS, AREAS[provider], SEXES, YEARS)):
        title = " ".join(key[:3])
        lines.append(",".join([str(FLOW.reference), *key, str(100 + number), title, "A"]))
    return "\n".join(lines) + "\n"
