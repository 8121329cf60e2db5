"""A structure with something of everything, and one without time, to load into a node."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from hub.model import (
    Attachment,
    Attribute,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Dimension,
    InternationalString,
    Maintainable,
    Measure,
    Representation,
    TextType,
)

AGENCY = "TEST"
TEXTS = pa.map_(pa.string(), pa.string())
LIST = pa.list_(pa.string())


def _codes(id_: str, *codes: str) -> Codelist:
    items = tuple(Code(id=code, name=InternationalString.of(f"The {code}")) for code in codes)
    return Codelist(agency=AGENCY, id=id_, items=items)


AREAS = _codes("CL_AREA", "DNK", "NOR", "SWE")
GRADES = _codes("CL_GRADE", "GOOD", "FAIR", "POOR")
REASONS = _codes("CL_REASON", "WORK", "STUDY", "FAMILY")

REPRESENTATIONS = {
    "AREA": Representation(enumeration=AREAS.reference),
    "KIND": Representation(text_type=TextType.STRING),
    "TIME_PERIOD": Representation(text_type=TextType.OBSERVATIONAL_TIME_PERIOD),
    "OBS_VALUE": Representation(text_type=TextType.DOUBLE),
    "PEOPLE": Representation(text_type=TextType.INTEGER),
    "GRADE": Representation(enumeration=GRADES.reference),
    "REMARK": Representation(text_type=TextType.STRING, max_length=20),
    "SHARE": Representation(text_type=TextType.DECIMAL),
    "SERIAL": Representation(text_type=TextType.LONG),
    "HUGE": Representation(text_type=TextType.BIG_INTEGER),
    "IS_FINAL": Representation(text_type=TextType.BOOLEAN),
    "REASONS": Representation(enumeration=REASONS.reference, max_occurs=2),
    "NOTES": Representation(text_type=TextType.STRING, max_occurs=None),
    "TITLE": Representation(text_type=TextType.STRING, is_multilingual=True),
    "LEVEL": Representation(text_type=TextType.INTEGER, min_value="0", max_value="5"),
}
#: How each component is to be stored.
STORED = {
    "OBS_VALUE": pa.float64(),
    "PEOPLE": pa.int64(),
    "SERIAL": pa.int64(),
    "LEVEL": pa.int64(),
    "IS_FINAL": pa.bool_(),
    "REASONS": LIST,
    "NOTES": LIST,
    "TITLE": TEXTS,
}
CONCEPTS = ConceptScheme(
    agency=AGENCY, id="CS", items=tuple(Concept(id=id_) for id_ in REPRESENTATIONS)
)
ATTRIBUTES = ("SHARE", "SERIAL", "HUGE", "IS_FINAL", "REASONS", "NOTES", "LEVEL")


def _about(id_: str) -> dict[str, Any]:
    concept = CONCEPTS.reference.item(id_)
    return {"id": id_, "concept": concept, "representation": REPRESENTATIONS[id_]}


def _structure(id_: str, *, has_time: bool) -> DataStructure:
    time = (Dimension(**_about("TIME_PERIOD"), is_time=True),) if has_time else ()
    return DataStructure(
        agency=AGENCY,
        id=id_,
        dimensions=(Dimension(**_about("AREA")), Dimension(**_about("KIND")), *time),
        measures=tuple(
            Measure(**_about(name), is_mandatory=False)
            for name in ("OBS_VALUE", "PEOPLE", "GRADE", "REMARK")
        ),
        attributes=(
            Attribute(
                **_about("TITLE"), attachment=Attachment.DIMENSIONS, dimensions=("AREA", "KIND")
            ),
            *(Attribute(**_about(name)) for name in ATTRIBUTES),
        ),
    )


TIMED, TIMELESS = _structure("DSD", has_time=True), _structure("DSD_TIMELESS", has_time=False)
FLOW = Dataflow(agency=AGENCY, id="DF", structure=TIMED.reference)
TIMELESS_FLOW = Dataflow(agency=AGENCY, id="DF_TIMELESS", structure=TIMELESS.reference)
ARTEFACTS: tuple[Maintainable, ...] = (
    AREAS,
    GRADES,
    REASONS,
    CONCEPTS,
    TIMED,
    TIMELESS,
    FLOW,
    TIMELESS_FLOW,
)
