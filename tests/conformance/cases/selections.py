"""How much of an answer, in which order, with which components, packed in which way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.conformance.agency.plan import Flow
from tests.conformance.agency.shapes import DF_PERIODS, DF_QUARTERS, DF_RICH, DF_TIMELESS
from tests.conformance.cases.data_case import GENERIC, MAIN, DataCase, v1, v2

_JSON_21 = "application/vnd.sdmx.data+json;version=2.1.0"
_XML_31 = "application/vnd.sdmx.data+xml;version=3.1.0"
_SPECIFIC = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"


def _in(accept: str, case: DataCase) -> DataCase:
    return replace(case, accept=accept)


def _ordered(query: str, flow: Flow = MAIN, **asks: Any) -> DataCase:
    return replace(v2("2.1", f"?{query}", flow, **asks), is_ordered=True)


_COUNTS: tuple[tuple[Flow, str, str, dict[str, Any]], ...] = (
    (MAIN, "", "firstNObservations=1", {"first": 1}),
    (MAIN, "", "firstNObservations=2", {"first": 2}),
    (MAIN, "", "firstNObservations=100", {"first": 100}),
    (MAIN, "", "lastNObservations=1", {"last": 1}),
    (MAIN, "", "lastNObservations=3", {"last": 3}),
    (MAIN, "", "firstNObservations=1&lastNObservations=1", {"first": 1, "last": 1}),
    (MAIN, "", "firstNObservations=3&lastNObservations=3", {"first": 3, "last": 3}),
    (
        MAIN,
        "",
        "lastNObservations=2&startPeriod=2018&endPeriod=2020",
        {"last": 2, "start": "2018", "end": "2020"},
    ),
    (MAIN, "", "firstNObservations=1&startPeriod=2020", {"first": 1, "start": "2020"}),
    (DF_PERIODS, "", "firstNObservations=1", {"first": 1}),
    (DF_PERIODS, "", "lastNObservations=1", {"last": 1}),
    (DF_PERIODS, "", "firstNObservations=2&lastNObservations=1", {"first": 2, "last": 1}),
    (DF_TIMELESS, "", "firstNObservations=1", {"first": 1}),
    (DF_TIMELESS, "", "lastNObservations=2", {"last": 2}),
)
COUNTS: list[DataCase] = [
    *(v2("2 counts", f"{tail}?{query}", flow, **asks) for flow, tail, query, asks in _COUNTS),
    *(v1("10 data", f"/all?{query}", flow, **asks) for flow, _, query, asks in _COUNTS),
    v2(
        "2 counts",
        "?c[OBS_STATUS]=A&lastNObservations=1",
        filters=(("OBS_STATUS", ((("eq", "A"),),)),),
        last=1,
    ),
    v2("2 counts", "/*.SWE?firstNObservations=1", keys=(((), ("SWE",)),), first=1),
    v2("2 counts", "?firstNObservations=1&limit=3&offset=1", first=1, limit=3, offset=1),
    v2("2 counts", "?lastNObservations=1&sort=OBS_VALUE", last=1, sort=(("OBS_VALUE", True),)),
]

#: The levels that are asked for, in every word, and what is left of them.
_CONTENTS: tuple[tuple[Flow, str, dict[str, Any]], ...] = (
    (MAIN, "attributes=dsd", {}),
    (MAIN, "attributes=all", {}),
    (MAIN, "attributes=none", {"attributes": ("none",)}),
    (MAIN, "attributes=dataset", {"attributes": ("dataset",)}),
    (MAIN, "attributes=series", {"attributes": ("series",)}),
    (MAIN, "attributes=obs", {"attributes": ("obs",)}),
    (MAIN, "attributes=dataset,series", {"attributes": ("dataset", "series")}),
    (MAIN, "attributes=dataset,series,obs", {}),
    (MAIN, "attributes=OBS_STATUS", {"attributes": ("OBS_STATUS",)}),
    (MAIN, "attributes=UNIT,OBS_STATUS", {"attributes": ("UNIT", "OBS_STATUS")}),
    (MAIN, "attributes=OBS_STATUS%2CTITLE", {"attributes": ("OBS_STATUS", "TITLE")}),
    (MAIN, "attributes=series,COMMENT", {"attributes": ("series", "COMMENT")}),
    (MAIN, "attributes=msd", {"attributes": ("none",)}),
    (MAIN, "attributes=msd,obs", {"attributes": ("obs",)}),
    (MAIN, "measures=all", {}),
    (MAIN, "measures=none", {"measures": ("none",)}),
    (MAIN, "measures=OBS_VALUE", {}),
    (MAIN, "attributes=all&measures=none", {"measures": ("none",)}),
    (MAIN, "attributes=obs&measures=none", {"attributes": ("obs",), "measures": ("none",)}),
    (MAIN, "attributes=none&measures=none", {"attributes": ("none",), "measures": ("none",)}),
    (
        MAIN,
        "attributes=dataset,series&measures=none",
        {"attributes": ("dataset", "series"), "measures": ("none",)},
    ),
    (MAIN, "attributes=UNIT&measures=none", {"attributes": ("UNIT",), "measures": ("none",)}),
    (DF_RICH, "measures=PEOPLE", {"measures": ("PEOPLE",)}),
    (DF_RICH, "measures=GRADE,OBS_VALUE", {"measures": ("GRADE", "OBS_VALUE")}),
    (
        DF_RICH,
        "measures=REMARK&attributes=NAME",
        {"measures": ("REMARK",), "attributes": ("NAME",)},
    ),
    (DF_RICH, "attributes=REASONS,NOTES", {"attributes": ("REASONS", "NOTES")}),
    (DF_RICH, "attributes=series", {"attributes": ("series",)}),
    (DF_RICH, "attributes=none", {"attributes": ("none",)}),
    (DF_RICH, "attributes=none&measures=none", {"attributes": ("none",), "measures": ("none",)}),
    (DF_RICH, "attributes=NAME&measures=none", {"attributes": ("NAME",), "measures": ("none",)}),
    (DF_TIMELESS, "attributes=dataset", {"attributes": ("dataset",)}),
    (
        DF_TIMELESS,
        "attributes=none&measures=none",
        {"attributes": ("none",), "measures": ("none",)},
    ),
)
CONTENTS: list[DataCase] = [
    _in(accept, v2("2 content", f"?{query}", flow, **asks))
    for accept in ("application/vnd.sdmx.data+csv;version=2.1.0", _JSON_21, _XML_31)
    for flow, query, asks in _CONTENTS
]

#: `detail` of 1.x, and the same in the words of 2.x.
_DETAILS: dict[str, dict[str, Any]] = {
    "full": {},
    "dataonly": {"attributes": ("none",)},
    "serieskeysonly": {"attributes": ("none",), "measures": ("none",)},
    "nodata": {"attributes": ("dataset", "series"), "measures": ("none",)},
}
DETAILS: list[DataCase] = [
    _in(accept, v1("10 data", f"/{key}?detail={detail}", flow, **asks, keys=keys))
    for accept in (
        GENERIC,
        _SPECIFIC,
        "application/vnd.sdmx.data+json;version=1.0.0",
        "application/vnd.sdmx.data+csv;version=1.0.0",
    )
    for detail, asks in _DETAILS.items()
    for flow, key, keys in (
        (MAIN, "all", ()),
        (DF_PERIODS, "A..", ((("A",),),)),
        (DF_TIMELESS, "all", ()),
    )
]

PAGES: list[DataCase] = [
    replace(v2("2 pages", f"?{query}", flow, **asks), is_ordered=True)
    for flow, query, asks in (
        (MAIN, "limit=1", {"limit": 1}),
        (MAIN, "limit=5", {"limit": 5}),
        (MAIN, "limit=1000000", {"limit": 1_000_000}),
        (MAIN, "offset=0", {}),
        (MAIN, "offset=0&limit=3", {"limit": 3}),
        (MAIN, "offset=3&limit=3", {"offset": 3, "limit": 3}),
        (MAIN, "offset=30", {"offset": 30}),
        (MAIN, "offset=40&limit=10", {"offset": 40, "limit": 10}),
        (MAIN, "offset=100000&limit=5", {"offset": 100_000, "limit": 5}),
        (
            MAIN,
            "offset=7&limit=4&sort=TIME_PERIOD:desc",
            {"offset": 7, "limit": 4, "sort": (("TIME_PERIOD", False),)},
        ),
        (
            MAIN,
            "offset=2&limit=2&c[SEX]=F",
            {"offset": 2, "limit": 2, "where": lambda r: r["SEX"] == "F"},
        ),
        (MAIN, "offset=1&limit=4&startPeriod=2020", {"offset": 1, "limit": 4, "start": "2020"}),
        # Series are counted where no observations are asked for.
        (
            MAIN,
            "attributes=none&measures=none&limit=2",
            {"attributes": ("none",), "measures": ("none",), "limit": 2},
        ),
        (
            MAIN,
            "attributes=none&measures=none&offset=3&limit=4",
            {"attributes": ("none",), "measures": ("none",), "offset": 3, "limit": 4},
        ),
        (
            MAIN,
            "attributes=series&measures=none&offset=8",
            {"attributes": ("series",), "measures": ("none",), "offset": 8},
        ),
        (DF_RICH, "offset=4&limit=3", {"offset": 4, "limit": 3}),
        (DF_TIMELESS, "offset=2&limit=2", {"offset": 2, "limit": 2}),
        (DF_PERIODS, "offset=10&limit=7", {"offset": 10, "limit": 7}),
    )
]

SORTED: list[DataCase] = [
    _ordered(query, flow, **asks)
    for flow, query, asks in (
        (MAIN, "sort=AREA", {"sort": (("AREA", True),)}),
        (MAIN, "sort=AREA:asc", {"sort": (("AREA", True),)}),
        (MAIN, "sort=AREA:desc", {"sort": (("AREA", False),)}),
        (MAIN, "sort=SEX:desc+AREA", {"sort": (("SEX", False), ("AREA", True))}),
        (MAIN, "sort=SEX:desc%2BAREA", {"sort": (("SEX", False), ("AREA", True))}),
        (MAIN, "sort=SEX%3Adesc%20AREA", {"sort": (("SEX", False), ("AREA", True))}),
        (
            MAIN,
            "sort=TIME_PERIOD:desc+SEX+AREA:desc",
            {"sort": (("TIME_PERIOD", False), ("SEX", True), ("AREA", False))},
        ),
        (MAIN, "sort=*", {"sort": (("*", True),)}),
        (MAIN, "sort=*:desc", {"sort": (("*", False),)}),
        (MAIN, "sort=*:asc", {"sort": (("*", True),)}),
        (MAIN, "sort=series_key", {"sort": (("series_key", True),)}),
        (MAIN, "sort=series_key:desc", {"sort": (("series_key", False),)}),
        (
            MAIN,
            "sort=series_key+TIME_PERIOD:desc",
            {"sort": (("series_key", True), ("TIME_PERIOD", False))},
        ),
        (MAIN, "sort=OBS_VALUE", {"sort": (("OBS_VALUE", True),)}),
        (MAIN, "sort=OBS_VALUE:desc", {"sort": (("OBS_VALUE", False),)}),
        (
            MAIN,
            "sort=OBS_STATUS+OBS_VALUE:desc",
            {"sort": (("OBS_STATUS", True), ("OBS_VALUE", False))},
        ),
        (MAIN, "sort=COMMENT", {"sort": (("COMMENT", True),)}),
        (MAIN, "sort=UNIT:desc+TITLE", {"sort": (("UNIT", False), ("TITLE", True))}),
        (MAIN, "sort=AREA+AREA:desc", {"sort": (("AREA", True),)}),
        (DF_RICH, "sort=PEOPLE:desc", {"sort": (("PEOPLE", False),)}),
        (DF_RICH, "sort=GRADE+KIND:desc", {"sort": (("GRADE", True), ("KIND", False))}),
        (DF_RICH, "sort=SHARE", {"sort": (("SHARE", True),)}),
        (DF_RICH, "sort=SHARE:desc", {"sort": (("SHARE", False),)}),
        (DF_RICH, "sort=IS_FINAL", {"sort": (("IS_FINAL", True),)}),
        (DF_TIMELESS, "sort=SEX+AREA:desc", {"sort": (("SEX", True), ("AREA", False))}),
        (DF_TIMELESS, "sort=series_key:desc", {"sort": (("series_key", False),)}),
        # Time is sorted in its own order, whatever its form.
        (DF_PERIODS, "sort=TIME_PERIOD", {"sort": (("TIME_PERIOD", True),)}),
        (DF_PERIODS, "sort=TIME_PERIOD:desc", {"sort": (("TIME_PERIOD", False),)}),
        (
            DF_PERIODS,
            "sort=FREQ:desc+TIME_PERIOD",
            {"sort": (("FREQ", False), ("TIME_PERIOD", True))},
        ),
        (DF_PERIODS, "sort=*", {"sort": (("*", True),)}),
        (
            MAIN,
            "sort=OBS_VALUE&limit=5&offset=2",
            {"sort": (("OBS_VALUE", True),), "limit": 5, "offset": 2},
        ),
    )
]

#: Every dimension at observation level, in every message that has series.
_AT: tuple[tuple[Flow, str | None], ...] = (
    (MAIN, None),
    (MAIN, "TIME_PERIOD"),
    (MAIN, "AllDimensions"),
    (MAIN, "FREQ"),
    (MAIN, "AREA"),
    (MAIN, "SEX"),
    (DF_PERIODS, "FREQ"),
    (DF_PERIODS, "TIME_PERIOD"),
    (DF_PERIODS, "AllDimensions"),
    (DF_TIMELESS, None),
    (DF_TIMELESS, "AllDimensions"),
    (DF_TIMELESS, "AREA"),
    (DF_TIMELESS, "SEX"),
)
_AT_3: tuple[tuple[Flow, str | None], ...] = (
    *_AT,
    (DF_RICH, None),
    (DF_RICH, "AllDimensions"),
    (DF_RICH, "KIND"),
    (DF_RICH, "AREA"),
)
FORMS_V1 = (
    GENERIC,
    _SPECIFIC,
    "application/vnd.sdmx.data+json;version=1.0.0",
    "application/vnd.sdmx.data+csv;version=1.0.0",
)
FORMS_V2 = (
    _JSON_21,
    "application/vnd.sdmx.data+json;version=2.0.0",
    _XML_31,
    "application/vnd.sdmx.data+xml;version=3.0.0",
    "application/vnd.sdmx.data+csv;version=2.1.0",
    "application/vnd.sdmx.data+csv;version=2.0.0",
)


def _packed(make: Any, clause: str, flow: Flow, at: str | None, tail: str) -> DataCase:
    query = "" if at is None else f"?dimensionAtObservation={at}"
    case: DataCase = make(clause, tail + query, flow, at=at)
    return case


PACKED: list[DataCase] = [
    *(
        _in(accept, _packed(v2, "2 packaging", flow, at, ""))
        for accept in FORMS_V2
        for flow, at in _AT_3
    ),
    *(
        _in(accept, _packed(v1, "10 data", flow, at, "/all"))
        for accept in FORMS_V1
        for flow, at in _AT
        if not ("json" in accept and flow is DF_PERIODS)
    ),
    # A time of day has no legal form in SDMX-JSON 1.0.
    *(
        _in(FORMS_V1[2], _packed(v1, "10 data", DF_QUARTERS, at, "/all"))
        for at in (None, "AllDimensions", "FREQ", "AREA", "SEX")
    ),
    # Formats of 2.1 on the newer API.
    *(
        _in(accept, _packed(v2, "2 packaging", flow, at, ""))
        for accept in FORMS_V1
        for flow, at in _AT[:6]
    ),
]
