"""The observations of the test agency: few, and no two alike in what may go wrong."""

from __future__ import annotations

from tests.conformance.agency.plan import Row, Shape
from tests.conformance.agency.shapes import MAIN, MAIN_11, RICH, TIMELESS

NOTE = 'Made up & "quoted", <for tests>'
#: What queries must cope with as data: separators of every kind, quotes, a line end, no Latin.
TEXTS = ("a,b", "x+y", "10:30", "ge:5", 'she said "é"', "100%", "a b", "", "  ", "ü/ß?&=#", "東京")
PERIODS = {
    "A": ("2018", "2019", "2020", "2021"),
    "N": ("2019-A1", "2020-A1"),
    "S": ("2019-S2", "2020-S1", "2020-S2"),
    "T": ("2020-T1", "2020-T2", "2020-T3"),
    "Q": ("2019-Q4", "2020-Q1", "2020-Q2", "2020-Q3", "2020-Q4", "2021-Q1"),
    "M": ("2019-12", "2020-01", "2020-02", "2020-12", "2021-01"),
    "W": ("2019-W52", "2020-W01", "2020-W09", "2020-W53"),
    "D": ("2019-12-31", "2020-01-01", "2020-02-29", "2020-12-31"),
    "H": ("2020-02-29T00:00:00", "2020-02-29T12:00:00Z", "2020-03-01T01:30:00+02:00"),
    "I": ("2019-07-01/P1Y", "2020-01-01/P3M", "2020-02-01T00:00:00/P1DT12H"),
    # Of several kinds in one series: their order in time is not that of their letters.
    "X": ("2020-M01", "2020-D061", "2020-04", "2020-Q2", "2019-S2", "2020"),
}


def _filled(shape: Shape, row: Row) -> Row:
    return {part.id: row.get(part.id) for part in shape.parts}


def _text(number: int) -> str | None:
    return TEXTS[number % len(TEXTS)].strip() or None


def main_rows() -> list[Row]:
    """Three areas by sex over years, cells missing; values negative, whole, tiny, NaN, none."""
    values = (100.5, -3.0, 0.0, 1e-7, None, 250.0, float("nan"), 12.25, 1e15)
    rows = []
    keys = [(a, s, y) for a in ("DNK", "SWE", "X$1@-_") for s in ("F", "M", "_T") for y in range(5)]
    for number, (area, sex, year) in enumerate(keys):
        if number % 7 == 5:
            continue
        rows.append(
            {
                "FREQ": "A",
                "AREA": area,
                "SEX": sex,
                "TIME_PERIOD": str(2017 + year),
                "OBS_VALUE": values[number % len(values)],
                "OBS_STATUS": ("A", "E", None, "P")[number % 4],
                "COMMENT": _text(number),
                "TITLE": f"{area}, {sex}" if sex != "_T" else None,
                "UNIT": {"DNK": "persons", "SWE": "a;b"}.get(area),
                "NOTE": NOTE,
                "QUALITY": ("GOOD", None, "POOR")[number % 3],
            }
        )
    quarters = {"FREQ": "Q", "AREA": "SWE", "SEX": "_T", "UNIT": "a;b", "NOTE": NOTE}
    rows += [
        {**quarters, "TIME_PERIOD": f"2020-Q{number}", "OBS_VALUE": float(number)}
        for number in (1, 2, 3, 4)
    ]
    return [_filled(MAIN_11, row) for row in rows]


def period_rows() -> list[Row]:
    """Every form of time period, one form for each frequency, and a series of all kinds."""
    return [
        _filled(
            MAIN,
            {
                "FREQ": freq,
                "AREA": "NOR",
                "SEX": "_T",
                "TIME_PERIOD": period,
                "OBS_VALUE": float(number),
                "OBS_STATUS": "A",
            },
        )
        for freq, periods in PERIODS.items()
        for number, period in enumerate(periods)
    ]


def quarter_rows() -> list[Row]:
    """Two series by quarter, of another agency."""
    return [
        _filled(
            MAIN,
            {
                "FREQ": "Q",
                "AREA": area,
                "SEX": "_T",
                "TIME_PERIOD": f"{year}-Q{quarter}",
                "OBS_VALUE": float(10 * quarter),
                "NOTE": NOTE,
            },
        )
        for area in ("ESP", "FRA")
        for year in (2019, 2020)
        for quarter in (1, 2, 3, 4)
    ]


def rich_rows() -> list[Row]:
    """Several measures, values in numbers and languages, an uncoded dimension."""
    rows = []
    keys = [(a, k, y) for a in ("NOR", "SWE") for k in ("a-1", "B_2", "c") for y in (2019, 2020)]
    for number, (area, kind, year) in enumerate(keys):
        name = {"en": f"{area} {kind}", "fr": f"{area}, {kind} (été)", "pt-BR": "ação"}
        rows.append(
            {
                "AREA": area,
                "KIND": kind,
                "TIME_PERIOD": str(year),
                "OBS_VALUE": (1.5, 2.0, None)[number % 3],
                "PEOPLE": (10, -4, None, 9_007_199_254_740_993)[number % 4],
                "GRADE": ("GOOD", "FAIR", None)[number % 3],
                "REMARK": _text(number),
                "SHARE": ("0.10", "12345678901234567890.5", None, "-1")[number % 4],
                "IS_FINAL": (True, False, None)[number % 3],
                "REASONS": (["WORK"], ["WORK", "STUDY"], ["FAMILY", "WORK"], None)[number % 4],
                "NOTES": (["one"], ["two", "a;b"], None)[number % 3],
                "NAME": name if kind != "c" else None,
                "LICENCE": {"NOR": "CC BY"}.get(area),
                "NOTE": NOTE,
            }
        )
    return [_filled(RICH, row) for row in rows]


def timeless_rows() -> list[Row]:
    """A structure without time."""
    return [
        _filled(
            TIMELESS,
            {
                "AREA": area,
                "SEX": sex,
                "OBS_VALUE": 1.5 * number,
                "OBS_STATUS": ("A", None)[number % 2],
                "NOTE": NOTE,
            },
        )
        for number, (area, sex) in enumerate(
            (a, s) for a in ("DNK", "NOR", "SWE") for s in ("F", "M")
        )
    ]


def shared_rows() -> list[Row]:
    """What two providers hand in, each for areas of its own."""
    return [
        _filled(
            MAIN,
            {
                "FREQ": "A",
                "AREA": area,
                "SEX": "_T",
                "TIME_PERIOD": str(year),
                "OBS_VALUE": float(year) if area != "ESP" else None,
                "OBS_STATUS": "A",
            },
        )
        for area in ("DNK", "ESP", "FRA", "NOR", "SWE")
        for year in (2019, 2020)
    ]


#: Rows by the name of their flow.
ROWS: dict[str, list[Row]] = {
    "CONF:DF_MAIN": main_rows(),
    "CONF:DF_PERIODS": period_rows(),
    "CONF.SUB:DF_QUARTERS": quarter_rows(),
    "CONF:DF_RICH": rich_rows(),
    "CONF:DF_TIMELESS": timeless_rows(),
    "CONF:DF_SHARED": shared_rows(),
}
