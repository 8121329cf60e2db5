"""Availability queries of both APIs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from tests.conformance.agency.plan import Flow
from tests.conformance.agency.shapes import (
    AGREED,
    DF_MAIN,
    DF_PERIODS,
    DF_QUARTERS,
    DF_RICH,
    DF_SHARED,
    DF_TIMELESS,
)
from tests.conformance.cases.data_case import (
    MAIN,
    Source,
    of_agreement,
    of_flow,
    of_structure,
)
from tests.conformance.cases.negotiation import S_JSON_10, S_JSON_21, S_XML_21, STRUCTURE_V2
from tests.conformance.reference.questions import Question


@dataclass(frozen=True)
class AvailabilityCase:
    """A query, what it asks, and what else is to be in the answer.

    `components` None means all dimensions; `references` are the words of that parameter.
    """

    clause: str
    target: str
    sources: tuple[Source, ...]
    asks: Question = field(default_factory=Question)
    mode: str = "exact"
    components: tuple[str, ...] | None = None
    references: tuple[str, ...] = ()
    accept: str | None = S_JSON_21


def _v2(tail: str, flow: Flow = MAIN, **asks: Any) -> AvailabilityCase:
    target = f"/v2/availability/dataflow/{flow.agency}/{flow.id}/{flow.version}{tail}"
    return AvailabilityCase("3", target, (of_flow(flow),), Question(**asks))


def _v1(tail: str, flow: Flow = MAIN, **asks: Any) -> AvailabilityCase:
    target = f"/v1/availableconstraint/{flow.agency},{flow.id},{flow.version}{tail}"
    return AvailabilityCase(
        "10 availability", target, (of_flow(flow),), Question(**asks), accept=S_XML_21
    )


def _is(operator: str, value: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    return (((operator, value),),)


_SEX_F = {"keys": (((), (), ("F",)),)}
SELECTED = [
    _v2(""),
    _v2("/"),
    _v2("/*"),
    _v2("/*/*"),
    _v2("/A", keys=((("A",),),)),
    _v2("/A.DNK", keys=((("A",), ("DNK",)),)),
    _v2("/*.*.F", **_SEX_F),
    _v2("/A.DNK.F,A.SWE.M", keys=((("A",), ("DNK",), ("F",)), (("A",), ("SWE",), ("M",)))),
    _v2("?c[SEX]=F,M", filters=(("SEX", ((("eq", "F"),), (("eq", "M"),))),)),
    _v2("?c[AREA]=sw:S", filters=(("AREA", _is("sw", "S")),)),
    _v2("?c[OBS_VALUE]=gt:100", filters=(("OBS_VALUE", _is("gt", "100")),)),
    _v2("?c[OBS_STATUS]=A", filters=(("OBS_STATUS", _is("eq", "A")),)),
    _v2("?c[UNIT]=persons", filters=(("UNIT", _is("eq", "persons")),)),
    _v2("?c[TIME_PERIOD]=ge:2019+le:2020",
        filters=(("TIME_PERIOD", ((("ge", "2019"), ("le", "2020")),)),)),
    _v2("?startPeriod=2019&endPeriod=2020", start="2019", end="2020"),
    _v2("/A.DNK?c[TIME_PERIOD]=2020",
        keys=((("A",), ("DNK",)),), filters=(("TIME_PERIOD", _is("eq", "2020")),)),
    _v2("", DF_RICH),
    _v2("/NOR", DF_RICH, keys=((("NOR",),),)),
    _v2("?c[KIND]=c", DF_RICH, filters=(("KIND", _is("eq", "c")),)),
    _v2("?c[REASONS]=FAMILY", DF_RICH, filters=(("REASONS", _is("eq", "FAMILY")),)),
    _v2("", DF_TIMELESS),
    _v2("/*.M", DF_TIMELESS, keys=(((), ("M",)),)),
    _v2("", DF_PERIODS),
    _v2("/Q", DF_PERIODS, keys=((("Q",),),)),
    _v2("?c[TIME_PERIOD]=ge:2020-Q3&reportingYearStartDay=--07-01", DF_PERIODS,
        filters=(("TIME_PERIOD", _is("ge", "2020-Q3")),), year_start="--07-01"),
    _v1(""),
    _v1("/"),
    _v1("/all"),
    _v1("/all/all"),
    _v1("/all/all/all"),
    _v1("/A..", keys=((("A",),),)),
    _v1("/.SWE+DNK.F", keys=(((), ("SWE", "DNK"), ("F",)),)),
    _v1("/all?startPeriod=2019&endPeriod=2020", start="2019", end="2020"),
    _v1("/all?startPeriod=2020", start="2020"),
    _v1("/all", DF_TIMELESS),
    _v1("/all", DF_PERIODS),
]  # fmt: skip

#: The selection on a dimension does not restrict its own values, only those of the others.
AVAILABLE = [
    replace(case, target=f"{case.target}{'&' if '?' in case.target else '?'}mode={mode}", mode=mode)
    for mode in ("exact", "available")
    for case in (
        _v2(""),
        _v2("/A.DNK.F", keys=((("A",), ("DNK",), ("F",)),)),
        _v2("/*.SWE", keys=(((), ("SWE",)),)),
        _v2("/A.DNK.F,A.SWE.M", keys=((("A",), ("DNK",), ("F",)), (("A",), ("SWE",), ("M",)))),
        _v2("?c[SEX]=F", filters=(("SEX", _is("eq", "F")),)),
        _v2("?c[SEX]=F&c[AREA]=DNK",
            filters=(("SEX", _is("eq", "F")), ("AREA", _is("eq", "DNK")))),
        _v2("?c[FREQ]=Q", filters=(("FREQ", _is("eq", "Q")),)),
        _v2("?c[TIME_PERIOD]=2017", filters=(("TIME_PERIOD", _is("eq", "2017")),)),
        _v2("/Q?startPeriod=2020-Q3", keys=((("Q",),),), start="2020-Q3"),
        _v2("?c[OBS_STATUS]=E&c[SEX]=M",
            filters=(("OBS_STATUS", _is("eq", "E")), ("SEX", _is("eq", "M")))),
        _v2("/NOR.c", DF_RICH, keys=((("NOR",), ("c",)),)),
        _v1("/A.DNK.F", keys=((("A",), ("DNK",), ("F",)),)),
        _v1("/.SWE.", keys=(((), ("SWE",)),)),
        _v1("/.SWE+DNK.F?startPeriod=2020", keys=(((), ("SWE", "DNK"), ("F",)),), start="2020"),
    )
]  # fmt: skip

COMPONENTS = [
    replace(case, components=components)
    for case, components in (
        (_v2("/*/SEX"), ("SEX",)),
        (_v2("/*/SEX/"), ("SEX",)),
        (_v2("/*/AREA,SEX"), ("AREA", "SEX")),
        (_v2("/*/AREA%2CSEX"), ("AREA", "SEX")),
        (_v2("/*/TIME_PERIOD"), ("TIME_PERIOD",)),
        (_v2("/*/*"), None),
        (_v2("/*.*.F/AREA", **_SEX_F), ("AREA",)),
        (_v2("/*/KIND", DF_RICH), ("KIND",)),
        (_v1("/all/all/SEX"), ("SEX",)),
        (_v1("/all/all/AREA+SEX"), ("AREA", "SEX")),
        (_v1("/A../all/TIME_PERIOD", keys=((("A",),),)), ("TIME_PERIOD",)),
        (_v1("/all/all/all"), None),
    )
]

WORDS = (
    "none",
    "all",
    "codelist",
    "valuelist",
    "conceptscheme",
    "datastructure",
    "dataflow",
    "dataproviderscheme",
    "codelist,conceptscheme",
    "dataflow,datastructure,dataproviderscheme",
)
REFERENCES = [
    replace(
        case,
        target=f"{case.target}{'&' if '?' in case.target else '?'}references={word}",
        references=tuple(word.split(",")),
        components=components,
    )
    for word in WORDS
    for case, components in (
        (_v2("", DF_MAIN[1]), None),
        (_v2("/A.DNK", DF_MAIN[1], keys=((("A",), ("DNK",)),)), None),
        (_v2("/*/SEX", DF_MAIN[1]), ("SEX",)),
        (_v2("", DF_RICH), None),
    )
] + [
    replace(case, target=f"{case.target}?references={word}", references=tuple(word.split(",")))
    for word in WORDS
    if word != "valuelist"
    for case in (
        _v1("/all", DF_MAIN[1]),
        _v1("/.DNK.", DF_MAIN[1], keys=(((), ("DNK",)),)),
        _v1("/all", DF_RICH),  # its structure cannot be written in 2.1: it is passed over
    )
]

_P = "/v2/availability"
CONTEXTS = (
    [
        AvailabilityCase("3", f"{_P}{path}", tuple(sources))
        for path, sources in (
            ("/dataflow/CONF/DF_MAIN", map(of_flow, DF_MAIN)),
            ("/dataflow/CONF/DF_MAIN/+", [of_flow(MAIN)]),
            ("/dataflow/CONF/DF_RICH,DF_TIMELESS", map(of_flow, (DF_RICH, DF_TIMELESS))),
            ("/dataflow/CONF.SUB/*", [of_flow(DF_QUARTERS)]),
            ("/datastructure/CONF/DSD_TIMELESS", [of_structure(DF_TIMELESS)]),
            ("/provisionagreement/CONF/PA_MAIN", [of_agreement(AGREED[0])]),
            ("/provisionagreement/CONF/PA_SHARED_NORTH", [of_agreement(AGREED[1])]),
            (
                "/provisionagreement/CONF/PA_SHARED_NORTH,PA_SHARED_SOUTH",
                [of_agreement(AGREED[1]), of_agreement(AGREED[2])],
            ),
        )
    ]
    + [
        # Of a structure there is one constraint, whatever the flows under it.
        AvailabilityCase(
            "3",
            f"{_P}/datastructure/CONF/DSD_MAIN/1.0.0",
            tuple(map(of_structure, (DF_MAIN[2], DF_PERIODS, DF_QUARTERS, DF_SHARED))),
        ),
        # Structures without the component are passed over, as in data queries.
        AvailabilityCase(
            "3",
            f"{_P}/dataflow/CONF/DF_RICH,DF_TIMELESS?c[KIND]=c",
            (of_flow(DF_RICH),),
            Question(filters=(("KIND", _is("eq", "c")),)),
        ),
        AvailabilityCase(
            "3",
            f"{_P}/dataflow/CONF/DF_RICH,DF_TIMELESS/*/*/TIME_PERIOD",
            (of_flow(DF_RICH),),
            components=("TIME_PERIOD",),
        ),
    ]
    + [
        AvailabilityCase(
            "10 availability", f"/v1/availableconstraint/{path}", tuple(sources), accept=S_XML_21
        )
        for path, sources in (
            ("DF_MAIN", [of_flow(MAIN)]),
            ("CONF,DF_MAIN", [of_flow(MAIN)]),
            ("CONF,DF_MAIN,1.0", [of_flow(DF_MAIN[0])]),
            ("DF_SHARED/all/NORTH", [of_agreement(AGREED[1])]),
            ("DF_SHARED", [of_flow(DF_SHARED)]),
        )
    ]
)

NOTHING = [
    AvailabilityCase(clause, target, ())
    for clause, target in (
        ("3", f"{_P}/dataflow/CONF/DF_EMPTY"),
        ("3", f"{_P}/dataflow/CONF/DF_MAIN/1.0.0/A.ATLANTIS"),
        ("3", f"{_P}/dataflow/CONF/DF_MAIN/1.0.0/A.FRA.F"),
        ("3", f"{_P}/dataflow/CONF/DF_MAIN/1.0.0?c[SEX]=MARTIAN"),
        ("3", f"{_P}/dataflow/CONF/DF_MAIN/1.0.0?startPeriod=2050"),
        ("3", f"{_P}/dataflow/CONF/DF_MAIN/1.0.0/A.ATLANTIS?references=all"),
        ("10 availability", "/v1/availableconstraint/DF_EMPTY"),
        ("10 availability", "/v1/availableconstraint/DF_MAIN/A.ATLANTIS."),
        ("10 availability", "/v1/availableconstraint/DF_MAIN/all?endPeriod=1900"),
    )
]

_RANGES = {"keys": ((("I",),),)}
#: The same answer in every form; coverage that begins with a range of time among them.
FORMS = [
    replace(case, accept=accept)
    for accept in (*STRUCTURE_V2, S_XML_21, S_JSON_10)
    for case in (
        _v2("/A.DNK", keys=((("A",), ("DNK",)),)),
        _v2("", DF_TIMELESS),
        _v2("/I", DF_PERIODS, **_RANGES),
        replace(_v2("?references=all", DF_MAIN[1]), references=("all",)),
    )
] + [
    replace(_v1("/A.DNK.", keys=((("A",), ("DNK",)),)), accept=accept)
    for accept in (S_XML_21, S_JSON_10)
]

AVAILABILITY = [
    *SELECTED,
    *AVAILABLE,
    *COMPONENTS,
    *REFERENCES,
    *CONTEXTS,
    *NOTHING,
    *FORMS,
]
