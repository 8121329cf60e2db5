"""Artefacts for the tests: two structures, their lists, four dataflows, one agreement."""

from __future__ import annotations

from collections.abc import Sequence

from hub.model import (
    Annotation,
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
    InternationalString,
    ItemReference,
    KeyValues,
    Maintainable,
    Measure,
    Organisation,
    ProvisionAgreement,
    Representation,
    TextType,
)

AGENCY = "TEST"


def named(text: str) -> InternationalString:
    return InternationalString.of({"en": text, "fr": f"{text} (fr)"})


def _list(id_: str, codes: Sequence[tuple[str, str | None]]) -> Codelist:
    items = tuple(Code(id=code, name=named(code), parent=parent) for code, parent in codes)
    return Codelist(agency=AGENCY, id=id_, name=named(id_), items=items)


AREAS = _list(
    "CL_AREA", [("WORLD", None), ("NORD", "WORLD"), ("SWE", "NORD"), ("NOR", "NORD"), ("FRA", None)]
)
SEXES = _list("CL_SEX", [("_T", None), ("F", None), ("M", None), ("_O", None)])
FREQS = _list("CL_FREQ", [("A", None), ("Q", None)])
STATUS = _list("CL_STATUS", [("A", None), ("E", None)])
_IDS = "FREQ REF_AREA SEX TIME_PERIOD OBS_VALUE OBS_STATUS TITLE NOTE OTHER".split()
CONCEPTS = ConceptScheme(
    agency=AGENCY,
    id="CS_TEST",
    name=named("Concepts"),
    items=tuple(Concept(id=id_, name=named(id_.title())) for id_ in _IDS),
)


def _coded(scheme: Codelist) -> Representation:
    return Representation(enumeration=scheme.reference)


def _concept(id_: str) -> ItemReference:
    return CONCEPTS.reference.item(id_)


def structure(id_: str, dimensions: Sequence[tuple[str, Codelist]]) -> DataStructure:
    period = Representation(text_type=TextType.OBSERVATIONAL_TIME_PERIOD)
    return DataStructure(
        agency=AGENCY,
        id=id_,
        name=named(id_),
        dimensions=(
            *(
                Dimension(id=d, concept=_concept(d), representation=_coded(c))
                for d, c in dimensions
            ),
            Dimension(
                id="TIME_PERIOD",
                concept=_concept("TIME_PERIOD"),
                representation=period,
                is_time=True,
            ),
        ),
        measures=(
            Measure(
                id="OBS_VALUE",
                concept=_concept("OBS_VALUE"),
                representation=Representation(text_type=TextType.DOUBLE),
            ),
        ),
        attributes=(
            Attribute(
                id="OBS_STATUS", concept=_concept("OBS_STATUS"), representation=_coded(STATUS)
            ),
            Attribute(
                id="TITLE",
                concept=_concept("TITLE"),
                attachment=Attachment.DIMENSIONS,
                dimensions=tuple(d for d, _ in dimensions),
            ),
            Attribute(id="NOTE", concept=_concept("NOTE"), attachment=Attachment.DATASET),
        ),
    )


DSD = structure("DSD", [("FREQ", FREQS), ("REF_AREA", AREAS), ("SEX", SEXES)])
SMALL = structure("DSD_SMALL", [("FREQ", FREQS), ("REF_AREA", AREAS)])
FLOW = Dataflow(agency=AGENCY, id="DF_A", name=named("Flow A"), structure=DSD.reference)
DRAFT = Dataflow(
    agency=AGENCY,
    id="DF_A",
    version="2.0.0-draft",
    name=named("Flow A, next"),
    structure=DSD.reference,
)
SECOND = Dataflow(
    agency="TEST.SUB",
    id="DF_B",
    name=named("Flow B"),
    structure=SMALL.reference,
    annotations=(Annotation(type="NOTE", title="second"),),
)
BARE = Dataflow(agency=AGENCY, id="DF_BARE", name=named("Nothing yet"), structure=DSD.reference)
PROVIDERS = DataProviderScheme(
    agency=AGENCY,
    id="DATA_PROVIDERS",
    version="1.0",
    name=named("Providers"),
    items=(Organisation(id="SCB", name=named("SCB")), Organisation(id="SSB", name=named("SSB"))),
)
AGREEMENT = ProvisionAgreement(
    agency=AGENCY,
    id="PA_SCB",
    name=named("SCB provides flow A"),
    dataflow=FLOW.reference,
    provider=PROVIDERS.reference.item("SCB"),
)
ALLOWED = DataConstraint(
    agency=AGENCY,
    id="CON_A",
    name=named("Allowed"),
    targets=(FLOW.reference,),
    regions=(CubeRegion(keys=(KeyValues(component="REF_AREA", values=("SWE", "NOR")),)),),
)
ARTEFACTS: tuple[Maintainable, ...] = (
    AREAS,
    SEXES,
    FREQS,
    STATUS,
    CONCEPTS,
    DSD,
    SMALL,
    FLOW,
    DRAFT,
    SECOND,
    BARE,
    PROVIDERS,
    AGREEMENT,
    ALLOWED,
)
