"""Time in queries: ranges of every form against periods of every form."""

from __future__ import annotations

from urllib.parse import quote

from tests.conformance.agency.shapes import DF_PERIODS, DF_QUARTERS
from tests.conformance.cases.data_case import DataCase, v1, v2

#: A value of each form; zones, leap days and the weeks around New Year among them.
FORMS = (
    "2020",
    "2020Z",
    "2020-02",
    "2020-02-29",
    "2020-02-29T12:00:00",
    "2020-02-29T12:00:00Z",
    "2020-02-29T13:00:00+01:00",
    "2020-02-29T12:00:00.5",
    "2020-A1",
    "2020-S1",
    "2020-T2",
    "2020-Q1",
    "2020-M02",
    "2020-W01",
    "2020-W53",
    "2020-D060",
    "2020-D061",
    "2020-02-01/P1M",
    "2020-01-01T00:00:00/PT36H",
    "2019-07-01/P1Y",
)
RANGES = ("eq", "ne", "lt", "le", "gt", "ge")

EVERY_FORM: list[DataCase] = [
    v2(
        "5.1",
        f"?c[TIME_PERIOD]={operator}:{quote(value, safe=':')}",
        DF_PERIODS,
        filters=(("TIME_PERIOD", (((operator, value),),)),),
    )
    for value in FORMS
    for operator in RANGES
]

#: Periods that begin in a year of their own, counted from another day than 1 January.
YEAR_STARTS: list[DataCase] = [
    v2(
        "5.1",
        f"?c[TIME_PERIOD]={operator}:{value}&reportingYearStartDay={start}",
        DF_PERIODS,
        filters=(("TIME_PERIOD", (((operator, value),),)),),
        year_start=start,
    )
    for start in ("--01-01", "--07-01", "--04-01", "--10-01", "--02-15")
    for operator, value in (
        ("ge", "2020-Q3"),
        ("lt", "2020-Q2"),
        ("le", "2020-12"),
        ("gt", "2020-06"),
        ("eq", "2020-A1"),
        ("ge", "2020-W10"),
        ("eq", "2020-S1"),
        ("ge", "2020-D060"),
    )
]

#: The calendar has none of these: each is a day or a week of the reporting year alone.
YEAR_STARTS += [
    v2(
        "5.1",
        f"?startPeriod={first}&endPeriod={last}&reportingYearStartDay={start}",
        DF_PERIODS,
        start=first,
        end=last,
        year_start=start,
    )
    for start, first, last in (
        ("--03-01", "2019-D366", "2021"),
        ("--03-01", "2019", "2019-D366"),
        ("--07-01", "2019", "2021-W53"),
    )
]


def _time(query: str, where: object) -> DataCase:
    return v2("5.1", f"?{query}", DF_PERIODS, where=where)


def _periods(*wanted: str) -> object:
    return lambda row: row["TIME_PERIOD"] in wanted


BY_HAND: list[DataCase] = [
    # Answers of the working group: sdmx-rest#237 and #200.
    v2(
        "5.1", "?c[TIME_PERIOD]=lt:2020-02", DF_QUARTERS, where=lambda r: "2019" in r["TIME_PERIOD"]
    ),
    v2(
        "5.1",
        "?c[TIME_PERIOD]=lt:2020-04",
        DF_QUARTERS,
        where=lambda r: "2019" in r["TIME_PERIOD"] or r["TIME_PERIOD"] == "2020-Q1",
    ),
    v2("5.1", "?c[TIME_PERIOD]=co:Q1", DF_QUARTERS, where=lambda r: "Q1" in r["TIME_PERIOD"]),
    v2("5.1", "?c[TIME_PERIOD]=nc:Q1", DF_QUARTERS, where=lambda r: "Q1" not in r["TIME_PERIOD"]),
    v2("5.1", "?c[TIME_PERIOD]=sw:2019", DF_QUARTERS, where=lambda r: "2019" in r["TIME_PERIOD"]),
    v2("5.1", "?c[TIME_PERIOD]=ew:4", DF_QUARTERS, where=lambda r: r["TIME_PERIOD"].endswith("4")),
    v2(
        "5.1",
        "?c[TIME_PERIOD]=ge:2019-Q3+le:2020-Q1",
        DF_QUARTERS,
        where=_periods("2019-Q3", "2019-Q4", "2020-Q1"),
    ),
    v2(
        "5.1",
        "?c[TIME_PERIOD]=ge:2019-Q3&c[TIME_PERIOD]=le:2020-Q1",
        DF_QUARTERS,
        where=_periods("2019-Q3", "2019-Q4", "2020-Q1"),
    ),
    v2(
        "5.1",
        "?c[TIME_PERIOD]=2019-Q1,2020-Q4",
        DF_QUARTERS,
        where=_periods("2019-Q1", "2020-Q4"),
    ),
    v2("5.1", "?c[TIME_PERIOD]=2020", DF_QUARTERS, where=lambda r: "2020" in r["TIME_PERIOD"]),
    v2(
        "5.1",
        "?c[TIME_PERIOD]=le:2019-Q2,gt:2020-Q3",
        DF_QUARTERS,
        where=_periods("2019-Q1", "2019-Q2", "2020-Q4"),
    ),
    # Each row counts through.
    _time("c[TIME_PERIOD]=lt:2019-12", _periods("2018")),
    _time("c[TIME_PERIOD]=gt:2020", _periods("2021", "2021-Q1", "2021-01")),
    _time("c[TIME_PERIOD]=2020-W53", _periods("2020-W53", "2020-12-31")),
    _time(
        "c[TIME_PERIOD]=2020-02-29",
        _periods(
            "2020-02-29",
            "2020-02-29T00:00:00",
            "2020-02-29T12:00:00Z",
            "2020-03-01T01:30:00+02:00",
        ),
    ),
    _time("c[TIME_PERIOD]=2020-02-01T00:00:00/P1DT12H", _periods("2020-02-01T00:00:00/P1DT12H")),
    _time("c[TIME_PERIOD]=eq:2020-02-29T14:00:00%2B02:00", _periods("2020-02-29T12:00:00Z")),
    # What a period is written as can be searched, in whichever reporting year.
    _time("c[TIME_PERIOD]=ew:W53&reportingYearStartDay=--07-01", _periods("2020-W53")),
    _time(
        "c[TIME_PERIOD]=nc:20-&reportingYearStartDay=--07-01",
        lambda r: "20-" not in r["TIME_PERIOD"],
    ),
    # A zone's plus sign cannot be told from AND unless it is encoded, and then it is one too.
    _time("c[TIME_PERIOD]=sw:2020-03-01T01", _periods("2020-03-01T01:30:00+02:00")),
]

#: Both bounds are inclusive: the first instant of the start, the last of the end.
BOUNDS: list[DataCase] = [
    make(
        clause,
        f"{tail}?{'&'.join(filter(None, (s and f'startPeriod={s}', e and f'endPeriod={e}')))}",
        DF_PERIODS,
        start=s or None,
        end=e or None,
    )
    for make, clause, tail in ((v1, "10 data", "/all"), (v2, "5.1", ""))
    for s, e in (
        ("2020", ""),
        ("", "2020"),
        ("2020", "2020"),
        ("2020-02", "2020-03"),
        ("2020-Q1", "2020-Q2"),
        ("2019-W52", "2020-W09"),
        ("2020-02-29", "2020-02-29"),
        ("2020-02-29T12:00:00", ""),
        ("2020-S1", "2020-A1"),
        ("", "2019-12-31T23:59:59"),
        ("2020-M02", "2020-D366"),
        ("2020-T2", ""),
    )
]
