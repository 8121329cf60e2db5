"""Component filters: every operator on every kind of component, and how they are combined."""

from __future__ import annotations

from urllib.parse import quote

from tests.conformance.agency.plan import Flow
from tests.conformance.agency.shapes import DF_RICH
from tests.conformance.cases.data_case import MAIN, DataCase, v2

OPERATORS = ("eq", "ne", "lt", "le", "gt", "ge", "co", "nc", "sw", "ew")

#: A value, and a part of one, for each kind of component.
_VALUES: list[tuple[Flow, str, str, str]] = [
    (MAIN, "AREA", "DNK", "W"),  # a coded dimension
    (MAIN, "SEX", "M", "_"),
    (DF_RICH, "KIND", "a-1", "-"),  # an uncoded one
    (MAIN, "OBS_VALUE", "12.25", "5"),  # measures
    (MAIN, "OBS_VALUE", "NaN", "N"),
    (DF_RICH, "PEOPLE", "9007199254740993", "0"),
    (DF_RICH, "GRADE", "FAIR", "OO"),
    (DF_RICH, "REMARK", "a b", " "),
    (MAIN, "OBS_STATUS", "E", "P"),  # attributes of observations
    (MAIN, "COMMENT", "10:30", ":"),
    (DF_RICH, "SHARE", "0.1", "0"),
    (DF_RICH, "IS_FINAL", "true", "ue"),
    (DF_RICH, "REASONS", "WORK", "Y"),  # of several values
    (DF_RICH, "NOTES", "two", ";"),
    (DF_RICH, "NAME", "ação", "été"),  # in several languages
    (MAIN, "TITLE", "DNK, M", ","),  # of series
    (MAIN, "UNIT", "persons", ";"),  # of groups
    (MAIN, "NOTE", "Made up", "<"),  # of the data set
]


def _raw(value: str) -> str:
    return quote(value, safe=":$@")


EVERY_OPERATOR: list[DataCase] = [
    v2(
        "5",
        f"?c[{component}]={operator}:{_raw(wanted)}",
        flow,
        filters=((component, (((operator, wanted),),)),),
    )
    for flow, component, whole, part in _VALUES
    for operator in OPERATORS
    for wanted in [part if operator in ("co", "nc", "sw", "ew") else whole]
]

COMBINED: list[DataCase] = [
    v2("5", f"?{query}", flow, where=where)
    for flow, query, where in (
        # eq is the default, given or not.
        (MAIN, "c[SEX]=F", lambda r: r["SEX"] == "F"),
        (MAIN, "c[SEX]=eq:F", lambda r: r["SEX"] == "F"),
        # A comma is OR, a plus is AND and binds tighter.
        (MAIN, "c[SEX]=F,M", lambda r: r["SEX"] in "FM"),
        (MAIN, "c[SEX]=F,eq:M", lambda r: r["SEX"] in "FM"),
        (MAIN, "c[AREA]=DNK,sw:S+ew:E", lambda r: r["AREA"] in ("DNK", "SWE")),
        (MAIN, "c[AREA]=sw:S+ew:E,DNK", lambda r: r["AREA"] in ("DNK", "SWE")),
        (MAIN, "c[AREA]=ge:DNK+lt:T,sw:X", lambda r: True),
        (MAIN, "c[AREA]=sw:D+ew:E,sw:S+ew:E", lambda r: r["AREA"] == "SWE"),
        (MAIN, "c[OBS_VALUE]=lt:0,gt:100+lt:200", lambda r: r["OBS_VALUE"] in (-3.0, 100.5)),
        # A prefix belongs to its own value.
        (MAIN, "c[SEX]=ne:F,M", lambda r: r["SEX"] != "F" or r["SEX"] == "M"),
        (MAIN, "c[SEX]=ne:F,F", lambda r: True),
        (MAIN, "c[SEX]=ne:F+ne:M", lambda r: r["SEX"] == "_T"),
        (MAIN, "c[AREA]=sw:D,SWE", lambda r: r["AREA"] in ("DNK", "SWE")),
        # The plus as it is, encoded, and after a naive decoding.
        (MAIN, "c[SEX]=ne:F%2Bne:M", lambda r: r["SEX"] == "_T"),
        (MAIN, "c[SEX]=ne:F%2bne:M", lambda r: r["SEX"] == "_T"),
        (MAIN, "c[SEX]=ne:F%20ne:M", lambda r: r["SEX"] == "_T"),
        # Brackets and colons raw and encoded.
        (MAIN, "c%5BSEX%5D=F", lambda r: r["SEX"] == "F"),
        (MAIN, "c%5bSEX%5d=F", lambda r: r["SEX"] == "F"),
        (MAIN, "c[SEX%5D=F", lambda r: r["SEX"] == "F"),
        (MAIN, "c[SEX]=ne%3AF", lambda r: r["SEX"] != "F"),
        (MAIN, "%63[SEX]=F", lambda r: r["SEX"] == "F"),
        # An encoded comma separates where no value can hold one, and is data elsewhere.
        (MAIN, "c[SEX]=F%2CM", lambda r: r["SEX"] in "FM"),
        (MAIN, "c[COMMENT]=a%2Cb", lambda r: r["COMMENT"] == "a,b"),
        (MAIN, "c[TITLE]=DNK%2C%20F,SWE%2C%20M", lambda r: r["TITLE"] in ("DNK, F", "SWE, M")),
        (MAIN, "c[TITLE]=sw:DNK%2C", lambda r: (r["TITLE"] or "").startswith("DNK,")),
        # What looks like an operator is data behind one.
        (MAIN, "c[COMMENT]=eq:ge:5", lambda r: r["COMMENT"] == "ge:5"),
        (MAIN, "c[COMMENT]=10:30", lambda r: r["COMMENT"] == "10:30"),
        (MAIN, "c[COMMENT]=100%25", lambda r: r["COMMENT"] == "100%"),
        (MAIN, "c[COMMENT]=%E6%9D%B1%E4%BA%AC", lambda r: r["COMMENT"] == "東京"),
        (MAIN, "c[COMMENT]=co:%26%3D%23", lambda r: "&=#" in (r["COMMENT"] or "")),
        (MAIN, "c[COMMENT]=co:%22", lambda r: '"' in (r["COMMENT"] or "")),
        (MAIN, "c[UNIT]=a;b", lambda r: r["UNIT"] == "a;b"),
        (MAIN, "c[AREA]=X$1@-_", lambda r: r["AREA"] == "X$1@-_"),
        (MAIN, "c[AREA]=X%241%40-_", lambda r: r["AREA"] == "X$1@-_"),
        # A component given twice must meet both; several components must all be met.
        (MAIN, "c[AREA]=sw:S&c[AREA]=ew:E", lambda r: r["AREA"] == "SWE"),
        (MAIN, "c[SEX]=F,M&c[SEX]=M,_T", lambda r: r["SEX"] == "M"),
        (MAIN, "c[SEX]=F&c[AREA]=SWE", lambda r: (r["SEX"], r["AREA"]) == ("F", "SWE")),
        (
            MAIN,
            "c[AREA]=SWE&c[OBS_STATUS]=A",
            lambda r: (r["AREA"], r["OBS_STATUS"]) == ("SWE", "A"),
        ),
        # Codes that do not exist find nothing, beside others that do.
        (MAIN, "c[SEX]=F,MARTIAN", lambda r: r["SEX"] == "F"),
        (MAIN, "c[SEX]=ne:MARTIAN", lambda r: True),
        (MAIN, "c[SEX]=f,M", lambda r: r["SEX"] == "M"),
        # Numbers compare as numbers, however they are written.
        (MAIN, "c[OBS_VALUE]=100.50", lambda r: r["OBS_VALUE"] == 100.5),
        (MAIN, "c[OBS_VALUE]=1.005e2", lambda r: r["OBS_VALUE"] == 100.5),
        (MAIN, "c[OBS_VALUE]=%2B100.5", lambda r: r["OBS_VALUE"] == 100.5),
        (MAIN, "c[OBS_VALUE]=gt:1e%2B14", lambda r: r["OBS_VALUE"] == 1e15),
        (MAIN, "c[OBS_VALUE]=ge:%2B1%2Blt:%2B2e%2B1", lambda r: 1 <= (r["OBS_VALUE"] or 0) < 20),
        (MAIN, "c[OBS_VALUE]=-3", lambda r: r["OBS_VALUE"] == -3.0),
        (MAIN, "c[OBS_VALUE]=0", lambda r: r["OBS_VALUE"] == 0.0),
        (MAIN, "c[OBS_VALUE]=ge:-3+lt:1", lambda r: r["OBS_VALUE"] in (-3.0, 0.0, 1e-7)),
        (MAIN, "c[OBS_VALUE]=NaN,gt:1e14", lambda r: str(r["OBS_VALUE"]) in ("nan", str(1e15))),
        (DF_RICH, "c[PEOPLE]=9007199254740993", lambda r: r["PEOPLE"] == 9007199254740993),
        (DF_RICH, "c[PEOPLE]=gt:9007199254740992", lambda r: r["PEOPLE"] == 9007199254740993),
        (DF_RICH, "c[PEOPLE]=lt:1.5", lambda r: r["PEOPLE"] == -4),
        (DF_RICH, "c[SHARE]=0.10", lambda r: r["SHARE"] == "0.10"),
        (DF_RICH, "c[SHARE]=.1", lambda r: r["SHARE"] == "0.10"),
        (DF_RICH, "c[SHARE]=gt:12345678901234567890.4", lambda r: len(r["SHARE"] or "") > 9),
        (DF_RICH, "c[SHARE]=ge:12345678901234567890.5", lambda r: len(r["SHARE"] or "") > 9),
        # Several values: A+B has both, A,B has one of them.
        (DF_RICH, "c[REASONS]=WORK+STUDY", lambda r: {"WORK", "STUDY"} <= {*(r["REASONS"] or ())}),
        (
            DF_RICH,
            "c[REASONS]=WORK+FAMILY",
            lambda r: {"WORK", "FAMILY"} <= {*(r["REASONS"] or ())},
        ),
        (
            DF_RICH,
            "c[REASONS]=STUDY,FAMILY",
            lambda r: {"STUDY", "FAMILY"} & {*(r["REASONS"] or ())},
        ),
        (DF_RICH, "c[REASONS]=ne:WORK", lambda r: "WORK" not in (r["REASONS"] or ())),
        (DF_RICH, "c[NOTES]=a;b", lambda r: "a;b" in (r["NOTES"] or ())),
        (DF_RICH, "c[NAME]=a%C3%A7%C3%A3o", lambda r: r["NAME"] is not None),
        (DF_RICH, "c[IS_FINAL]=false", lambda r: r["IS_FINAL"] is False),
        # Unknown parameters are extensions.
        (MAIN, "c[SEX]=F&apikey=1&_=2", lambda r: r["SEX"] == "F"),
        (MAIN, "&c[SEX]=F&&", lambda r: r["SEX"] == "F"),
    )
]

NOTHING: list[DataCase] = [
    DataCase("5", f"/v2/data/dataflow/CONF/DF_MAIN/1.1.0?{query}", ())
    for query in (
        "c[SEX]=MARTIAN",
        "c[SEX]=F+M",
        "c[SEX]=f",
        "c[AREA]=SWE&c[AREA]=DNK",
        "c[OBS_VALUE]=gt:1e300",
        "c[TITLE]=Dnk%2C%20f",
        "c[COMMENT]=co:nowhere",
        "c[AREA]=DNK+sw:S",
    )
]
