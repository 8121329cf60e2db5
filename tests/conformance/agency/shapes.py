"""The structures, flows and agreements of the test agency, awkward on purpose."""

from __future__ import annotations

from tests.conformance.agency.plan import Agreement, Flow, Part, Shape

AGENCY, SUB = "CONF", "CONF.SUB"
NODE = "NODE"

#: Codes with their parents.
CODES: dict[str, dict[str, str | None]] = {
    "CL_FREQ": dict.fromkeys("ASTQMWDNHIX"),
    "CL_AREA": {
        "WORLD": None,
        "EUROPE": "WORLD",
        "NORD": "EUROPE",
        "DNK": "NORD",
        "NOR": "NORD",
        "SWE": "NORD",
        "SOUTH": "EUROPE",
        "ESP": "SOUTH",
        "FRA": "SOUTH",
        "X$1@-_": None,
    },
    "CL_SEX": dict.fromkeys(("_T", "F", "M", "_O")),
    "CL_STATUS": dict.fromkeys(("A", "E", "M", "P")),
    "CL_GRADE": dict.fromkeys(("GOOD", "FAIR", "POOR")),
    "CL_REASON": dict.fromkeys(("WORK", "STUDY", "FAMILY", "REFUGE")),
}

FREQ = Part("FREQ", "dimension", codes="CL_FREQ")
AREA = Part("AREA", "dimension", codes="CL_AREA")
SEX = Part("SEX", "dimension", codes="CL_SEX")
KIND = Part("KIND", "dimension", "text")
TIME = Part("TIME_PERIOD", "time", "period")
VALUE = Part("OBS_VALUE", "measure", "double")
STATUS = Part("OBS_STATUS", "attribute", codes="CL_STATUS")
COMMENT = Part("COMMENT", "attribute", "text")
NOTE = Part("NOTE", "attribute", "text", on=())
_MAIN = (
    FREQ,
    AREA,
    SEX,
    TIME,
    VALUE,
    STATUS,
    COMMENT,
    Part("TITLE", "attribute", "text", on=("FREQ", "AREA", "SEX")),
    Part("UNIT", "attribute", "text", on=("AREA",), group="BY_AREA"),
    NOTE,
)
_GROUPS = {"BY_AREA": ("AREA",)}

MAIN = Shape("DSD_MAIN", "1.0.0", _MAIN, _GROUPS)
MAIN_11 = Shape(
    "DSD_MAIN",
    "1.1.0",
    (*_MAIN, Part("QUALITY", "attribute", codes="CL_GRADE")),
    _GROUPS,
)
RICH = Shape(
    "DSD_RICH",
    "1.0.0",
    (
        AREA,
        KIND,
        TIME,
        VALUE,
        Part("PEOPLE", "measure", "integer"),
        Part("GRADE", "measure", codes="CL_GRADE"),
        Part("REMARK", "measure", "text"),
        Part("SHARE", "attribute", "decimal"),
        Part("IS_FINAL", "attribute", "boolean"),
        Part("REASONS", "attribute", codes="CL_REASON", many=True),
        Part("NOTES", "attribute", "text", many=True),
        Part("NAME", "attribute", "text", languages=True, on=("AREA", "KIND")),
        Part("LICENCE", "attribute", "text", on=("AREA",), group="BY_AREA"),
        NOTE,
    ),
    _GROUPS,
)
TIMELESS = Shape("DSD_TIMELESS", "1.0.0", (AREA, SEX, VALUE, STATUS, NOTE))
SHAPES = (MAIN, MAIN_11, RICH, TIMELESS)

#: One flow in five versions, the oldest of two parts, the newest not in production.
DF_MAIN = tuple(
    Flow(AGENCY, "DF_MAIN", version, shape)
    for version, shape in (
        ("1.0", MAIN),
        ("1.0.0", MAIN),
        ("1.0.1", MAIN),
        ("1.1.0", MAIN_11),
        ("2.0.0-draft", MAIN_11),
    )
)
DF_PERIODS = Flow(AGENCY, "DF_PERIODS", "1.0.0", MAIN)
DF_QUARTERS = Flow(SUB, "DF_QUARTERS", "2.3.1", MAIN)
DF_RICH = Flow(AGENCY, "DF_RICH", "1.0.0", RICH)
DF_TIMELESS = Flow(AGENCY, "DF_TIMELESS", "1.0.0", TIMELESS)
DF_SHARED = Flow(AGENCY, "DF_SHARED", "1.0.0", MAIN)
DF_EMPTY = Flow(AGENCY, "DF_EMPTY", "1.0.0", MAIN)
FLOWS = (*DF_MAIN, DF_PERIODS, DF_QUARTERS, DF_RICH, DF_TIMELESS, DF_SHARED, DF_EMPTY)
#: Flows that have observations.
FILLED = tuple(flow for flow in FLOWS if flow is not DF_EMPTY)
#: The flows that hold the rows of all of their versions.
PRINCIPAL = {flow.name: flow for flow in FLOWS if flow.version != "2.0.0-draft"}
#: The flow that is cut into slices, by this dimension; each provider hands in its areas.
SLICED, SLICE_BY = DF_SHARED, "AREA"
PROVIDED = {"NORTH": ("NOR", "SWE", "DNK"), "SOUTH": ("FRA", "ESP")}

#: What the agency agreed with its providers.
AGREED = (
    Agreement(AGENCY, "PA_MAIN", "1.0.0", DF_MAIN[1], "NORTH"),
    Agreement(AGENCY, "PA_SHARED_NORTH", "1.0.0", DF_SHARED, "NORTH", PROVIDED["NORTH"]),
    Agreement(AGENCY, "PA_SHARED_SOUTH", "1.0.0", DF_SHARED, "SOUTH", PROVIDED["SOUTH"]),
    Agreement(AGENCY, "PA_EMPTY", "1.0.0", DF_EMPTY, "SOUTH"),
)
_OWN = f"MIGX.{NODE}"
#: The agreements a node makes of its own, one for the newest version of each flow it holds, unless
#: others' agreements cover all of its data, as those of DF_SHARED do.
OWN = tuple(
    Agreement(
        _OWN, f"PA_{flow.agency.replace('.', '-')}_{flow.id}", flow.version, flow, NODE, areas
    )
    for flow, areas in (
        (DF_MAIN[-1], None),
        (DF_PERIODS, None),
        (DF_QUARTERS, None),
        (DF_RICH, None),
        (DF_TIMELESS, None),
    )
)
AGREEMENTS = (*AGREED, *OWN)
