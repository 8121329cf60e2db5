"""Artefacts that use everything the model has, and the official schemas as judges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from hub.formats.message import Header
from hub.formats.structure import StructureForm
from hub.model import (
    AgencyScheme,
    Annotation,
    ArtefactClass,
    Attachment,
    Attribute,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    CubeRegion,
    DataConstraint,
    Dataflow,
    DataProviderScheme,
    DataStructure,
    Dimension,
    Group,
    InternationalString,
    KeyValues,
    Maintainable,
    MappedColumn,
    Measure,
    Organisation,
    ProvisionAgreement,
    Reference,
    Representation,
    RepresentationMap,
    TextType,
    ValueList,
    ValueMapping,
)
from tests.formats.structure import judges

Validate = Callable[[bytes, StructureForm], None]


def words(**texts: str) -> InternationalString:
    return InternationalString.of({tag.replace("_", "-"): text for tag, text in texts.items()})


@pytest.fixture(scope="session")
def header() -> Header:
    prepared = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    return Header(id="M1", prepared=prepared, sender="SWE", sender_name="Statistics & <Sweden>")


@pytest.fixture(scope="session")
def validate() -> Validate:
    """Fail with every error the official schema of a form finds in a message."""
    return judges.check


NOTES = (
    Annotation(id="N1", type="M49", title="752"),
    Annotation(
        type="NOTE",
        title='a < b & "c"',
        url="https://example.org/n?a=1&b=2",
        text=words(en="since 1995", sv="sedan 1995"),
    ),
)
VALUED = (*NOTES, Annotation(type="DEFAULT", value="17"))


@pytest.fixture(scope="session")
def codelist() -> Codelist:
    return Codelist(
        agency="MIGX",
        id="CL_AREA",
        version="1.2.0",
        name=words(en="Area", fr="Zone <géographique>", sr_Latn="Oblast"),
        description=words(en="Countries & areas", fr="Pays"),
        annotations=NOTES,
        is_partial=True,
        valid_from="2020-01-01T00:00:00Z",
        valid_to="2030-12-31T23:59:59Z",
        items=(
            Code(id="M49_001", name=words(en="World", fr="Monde")),
            Code(
                id="SWE",
                name=words(en="Sweden", sv="Sverige", ar="السويد"),
                description=words(en="  padded\n\ttext  "),
                annotations=NOTES,
                parent="M49_001",
            ),
            Code(id="_T", name=words(en="Total")),
            Code(id="0$@-x", name=words(en="Odd id")),
        ),
    )


@pytest.fixture(scope="session")
def value_list() -> ValueList:
    return ValueList(
        agency="MIGX",
        id="VL_SYMBOL",
        version="1.0.0",
        name=words(en="Symbols"),
        annotations=VALUED,
        items=(
            Code(id="€ 100+", name=words(en="Euro", fr="Euro"), annotations=NOTES),
            Code(id="<&>", description=words(en="no name at all")),
        ),
    )


@pytest.fixture(scope="session")
def concept_scheme(codelist: Codelist) -> ConceptScheme:
    return ConceptScheme(
        agency="MIGX",
        id="CS_MIG",
        version="1.0.0",
        name=words(en="Concepts", es="Conceptos"),
        annotations=NOTES,
        items=(
            Concept(id="FREQ", name=words(en="Frequency")),
            Concept(
                id="REF_AREA",
                name=words(en="Reference area", es="Área"),
                description=words(en="Where"),
                annotations=NOTES,
                representation=Representation(enumeration=codelist.reference),
            ),
            Concept(id="AREA_OLD", name=words(en="Old area"), parent="REF_AREA"),
            Concept(
                id="TITLE",
                name=words(en="Title"),
                representation=Representation(
                    min_length=1, max_length=350, pattern=r"[^<]\w+", is_multilingual=True
                ),
            ),
            Concept(
                id="OBS_VALUE",
                name=words(en="Value"),
                representation=Representation(
                    text_type=TextType.DECIMAL, min_value="0", max_value="99.5", decimals=2
                ),
            ),
            Concept(id="TIME_PERIOD", name=words(en="Time")),
            Concept(id="OBS_STATUS", name=words(en="Status")),
        ),
    )


@pytest.fixture(scope="session")
def structure(concept_scheme: ConceptScheme, codelist: Codelist) -> DataStructure:
    concept = concept_scheme.reference.item
    return DataStructure(
        agency="MIGX.SWE",
        id="MIG",
        version="1.0.0",
        name=words(en="Migration", fr="Migration"),
        description=words(en="Stocks and flows"),
        annotations=NOTES,
        dimensions=(
            Dimension(
                id="FREQ",
                concept=concept("FREQ"),
                representation=Representation(text_type=TextType.ALPHA, max_length=2),
                annotations=NOTES,
                roles=(concept("FREQ"), concept("TITLE")),
            ),
            Dimension(id="REF_AREA", concept=concept("REF_AREA")),
            Dimension(
                id="ORIGIN",
                concept=concept("REF_AREA"),
                representation=Representation(
                    enumeration=codelist.reference, max_length=8, pattern="[A-Z]+"
                ),
            ),
            Dimension(
                id="TIME_PERIOD",
                concept=concept("TIME_PERIOD"),
                representation=Representation(text_type=TextType.GREGORIAN_YEAR),
                is_time=True,
            ),
        ),
        groups=(
            Group(id="BY_AREA", dimensions=("REF_AREA",), annotations=NOTES),
            Group(id="BY_PAIR", dimensions=("REF_AREA", "ORIGIN")),
        ),
        measures=(
            Measure(
                id="OBS_VALUE",
                concept=concept("OBS_VALUE"),
                representation=Representation(text_type=TextType.DOUBLE),
                annotations=NOTES,
                is_mandatory=False,
            ),
        ),
        attributes=(
            Attribute(
                id="TITLE",
                concept=concept("TITLE"),
                representation=Representation(max_length=200),
                attachment=Attachment.DIMENSIONS,
                dimensions=("FREQ", "REF_AREA"),
                annotations=NOTES,
            ),
            Attribute(
                id="OBS_STATUS",
                concept=concept("OBS_STATUS"),
                representation=Representation(enumeration=codelist.reference),
                is_mandatory=True,
                roles=(concept("OBS_STATUS"),),
            ),
            Attribute(
                id="LICENCE",
                concept=concept("TITLE"),
                attachment=Attachment.GROUP,
                group="BY_AREA",
            ),
            Attribute(id="SOURCE", concept=concept("TITLE"), attachment=Attachment.DATASET),
        ),
    )


@pytest.fixture(scope="session")
def rich_structure(
    structure: DataStructure, value_list: ValueList, codelist: Codelist
) -> DataStructure:
    """What only SDMX 3.x has: measures, lists, languages, value lists, late-bound references."""
    concept = structure.dimensions[0].concept
    late = codelist.reference.at("1+.0.0")
    return DataStructure(
        agency="MIGX",
        id="RICH",
        version="2.0.0-draft.1",
        name=words(en="Rich"),
        annotations=VALUED,
        dimensions=structure.dimensions,
        groups=structure.groups,
        measures=(
            Measure(id="VALUE", concept=concept, is_mandatory=False, roles=(concept,)),
            Measure(
                id="NOTE",
                concept=concept,
                representation=Representation(is_multilingual=True, min_occurs=0),
            ),
        ),
        attributes=(
            Attribute(
                id="REASON",
                concept=concept,
                representation=Representation(enumeration=late, min_occurs=0, max_occurs=None),
                measures=("VALUE", "NOTE"),
            ),
            Attribute(
                id="SYMBOL",
                concept=concept,
                representation=Representation(enumeration=value_list.reference, max_occurs=5),
            ),
            Attribute(
                id="PLACE",
                concept=concept,
                representation=Representation(text_type=TextType.GEOSPATIAL_INFORMATION),
                measures=("NOTE",),
            ),
        ),
    )


@pytest.fixture(scope="session")
def dataflow(structure: DataStructure) -> Dataflow:
    return Dataflow(
        agency="MIGX",
        id="DF_MIG",
        version="1.0.0",
        name=words(en="Migration", sv="Migration"),
        annotations=(Annotation(type="SLICE_BY", title="REF_AREA"),),
        structure=structure.reference,
    )


@pytest.fixture(scope="session")
def providers() -> DataProviderScheme:
    items = (
        Organisation(id="SCB", name=words(en="Statistics Sweden", sv="SCB"), annotations=NOTES),
        Organisation(id="0DST", name=words(en="Statistics Denmark")),
    )
    return DataProviderScheme(
        agency="MIGX", id="DATA_PROVIDERS", version="1.0", name=words(en="Providers"), items=items
    )


@pytest.fixture(scope="session")
def agreement(dataflow: Dataflow, providers: DataProviderScheme) -> ProvisionAgreement:
    return ProvisionAgreement(
        agency="MIGX.SWE",
        id="PA_SCB",
        version="1.0.0",
        name=words(en="Agreement"),
        dataflow=dataflow.reference,
        provider=providers.reference.item("SCB"),
    )


@pytest.fixture(scope="session")
def allowed(dataflow: Dataflow) -> DataConstraint:
    return DataConstraint(
        agency="MIGX",
        id="CON_ALLOWED",
        version="1.0.0",
        name=words(en="Allowed"),
        annotations=NOTES,
        targets=(dataflow.reference, dataflow.reference.at("1.1.0")),
        regions=(
            CubeRegion(
                keys=(
                    KeyValues(component="FREQ", values=("A", "Q")),
                    KeyValues(component="TIME_PERIOD", start="2000", end="2020-12"),
                    KeyValues(component="ORIGIN", values=("_T",)),
                ),
                attributes=(
                    KeyValues(component="OBS_STATUS", values=("A", "<B>")),
                    KeyValues(component="TITLE"),
                ),
            ),
            CubeRegion(
                include=False,
                keys=(
                    KeyValues(component="REF_AREA", values=("SWE",)),
                    KeyValues(component="TIME_PERIOD", start="2024-Q1"),
                ),
            ),
        ),
    )


@pytest.fixture(scope="session")
def excluding(structure: DataStructure) -> DataConstraint:
    keys = (
        KeyValues(component="ORIGIN", values=("SWE", "DNK"), include=False),
        KeyValues(component="TIME_PERIOD", end="2019"),
    )
    return DataConstraint(
        agency="MIGX",
        id="CON_EXCLUDING",
        version="1.0.0",
        name=words(en="Excluding"),
        targets=(structure.reference,),
        regions=(CubeRegion(keys=keys),),
    )


@pytest.fixture(scope="session")
def actual(agreement: ProvisionAgreement) -> DataConstraint:
    keys = (
        KeyValues(component="FREQ", values=("A",)),
        KeyValues(component="REF_AREA", values=("SWE", "DNK")),
    )
    return DataConstraint(
        agency="MIGX",
        id="CON_ACTUAL",
        version="1.0.0",
        name=words(en="Available"),
        role="Actual",
        targets=(agreement.reference,),
        regions=(CubeRegion(keys=keys),),
        series_count=12,
        obs_count=3456,
        start="2000-01-01T00:00:00",
        end="2020-12-31T23:59:59",
    )


@pytest.fixture(scope="session")
def agencies() -> AgencyScheme:
    items = (Organisation(id="SWE", name=words(en="Sweden"), description=words(en="NSO")),)
    return AgencyScheme(
        agency="MIGX", id="AGENCIES", version="1.0", name=words(en="Agencies"), items=items
    )


@pytest.fixture(scope="session")
def mapping(codelist: Codelist) -> RepresentationMap:
    return RepresentationMap(
        agency="MIGX",
        id="MAP_AREA",
        version="1.0.0",
        name=words(en="Areas to M49"),
        annotations=NOTES,
        sources=(MappedColumn(values=codelist.reference),),
        mappings=(
            ValueMapping.of("SWE", "752"),
            ValueMapping.of("DNK", "208"),
            ValueMapping.of("a<b", "x&y"),
        ),
        is_one_to_one=True,
    )


@pytest.fixture(scope="session")
def artefacts(
    codelist: Codelist,
    concept_scheme: ConceptScheme,
    structure: DataStructure,
    dataflow: Dataflow,
    providers: DataProviderScheme,
    agreement: ProvisionAgreement,
    allowed: DataConstraint,
    agencies: AgencyScheme,
) -> list[Maintainable]:
    """Artefacts that every form expresses in full."""
    return [
        codelist,
        concept_scheme,
        structure,
        dataflow,
        providers,
        agreement,
        allowed,
        agencies,
    ]


@pytest.fixture(scope="session")
def newer(
    rich_structure: DataStructure,
    value_list: ValueList,
    mapping: RepresentationMap,
    excluding: DataConstraint,
) -> list[Maintainable]:
    """Artefacts that SDMX 3.x alone expresses."""
    list_to_list = RepresentationMap(
        agency="MIGX",
        id="MAP_LISTS",
        version="1.0.0",
        name=words(en="Lists"),
        sources=(MappedColumn(values=value_list.reference),),
        targets=(
            MappedColumn(values=Reference(ArtefactClass.CODELIST, "SDMX", "CL_UNIT", "2.1+.0")),
        ),
    )
    return [rich_structure, value_list, mapping, list_to_list, excluding]
