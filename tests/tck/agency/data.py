"""A structure of data with its lists and concepts, a flow and two agreements."""

from __future__ import annotations

from typing import Any

from hub.model import (
    Annotation,
    Attachment,
    Attribute,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Dimension,
    Measure,
    ProvisionAgreement,
    Representation,
    TextType,
)
from tests.tck.agency.organisations import (
    DATA_PROVIDERS,
)
from tests.tck.agency.said import (
    AREAS,
    INDICATORS,
    PROVIDERS,
    SEXES,
    about,
    item,
)


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
DIMENSIONS = {"INDICATOR": INDICATOR_LIST, "REF_AREA": AREA_LIST, "SEX": SEX_LIST}
_CONCEPTS = (
    *DIMENSIONS,
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


def concept(id_: str) -> Any:
    return CONCEPTS.reference.item(id_)


STRUCTURE = DataStructure(
    **about("DSD"),
    dimensions=(
        *(
            Dimension(
                id=id_,
                concept=concept(id_),
                representation=Representation(enumeration=c.reference),
            )
            for id_, c in DIMENSIONS.items()
        ),
        Dimension(
            id="TIME_PERIOD",
            concept=concept("TIME_PERIOD"),
            is_time=True,
            representation=Representation(text_type=TextType.OBSERVATIONAL_TIME_PERIOD),
        ),
    ),
    measures=(
        Measure(
            id="OBS_VALUE",
            concept=concept("OBS_VALUE"),
            is_mandatory=False,
            representation=Representation(text_type=TextType.DOUBLE),
        ),
    ),
    attributes=(
        Attribute(
            id="TITLE",
            concept=concept("TITLE"),
            attachment=Attachment.DIMENSIONS,
            dimensions=tuple(DIMENSIONS),
            representation=Representation(text_type=TextType.STRING),
        ),
        Attribute(
            id="OBS_STATUS",
            concept=concept("OBS_STATUS"),
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
