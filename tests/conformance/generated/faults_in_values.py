"""Faults in the values of parameters."""

from __future__ import annotations

from collections.abc import Callable

from tests.conformance.generated.broken import Request
from tests.conformance.generated.spelling import IN_QUERY, hand

_NO_TIMES = (
    "soon", "2020-13", "2020-00", "2020-02-30", "2021-02-29", "2020-Q5", "2020-Q0", "20",
    "2020-M1", "2020-M13", "2020-W54", "2021-W53", "2020-D367", "2021-D366", "2020-A2", "2020-1",
    "2020-01-01T25:00:00", "2020-01-01T24:00:01", "2020-01-01/P", "2020-T4", "2020-S3",
    "2020-01-01T12:60:00", "2020-01-01+15:00", "99999", "\uff12\uff10\uff12\uff10", "2020-",
    "2020-01-01/P99999999999Y", "2020/2021", "2020-01-01/PT", "-2020", "2020-01-01T12:00",
    "2020-01-01 00:00:00", "0000",
)  # fmt: skip


def text_in_query(r: Request, name: str, values: tuple[str, ...], *, is_written: bool) -> None:
    value = r.draw.pick(values)
    r.pairs = [pair for pair in r.pairs if pair[0] != name]
    r.pairs.append((name, value if is_written else hand(r.draw).write(value, IN_QUERY)))


def bad_period(r: Request) -> int:
    if r.is_v1 or r.draw.chance(0.4):
        text_in_query(
            r, r.draw.pick(("startPeriod", "endPeriod")), (*_NO_TIMES, ""), is_written=False
        )
        return 400
    value = r.draw.pick([v for v in _NO_TIMES if " " not in v])
    operator = r.draw.pick(("", "eq:", "ge:", "lt:", "ne:"))
    r.pairs.append(("c[TIME_PERIOD]", hand(r.draw).write(operator + value, IN_QUERY)))
    return 400


def time_without_time(r: Request) -> int:
    text_in_query(
        r, r.draw.pick(("startPeriod", "endPeriod")), ("2020", "2020-Q1"), is_written=False
    )
    return r.semantic


def bad_instant(r: Request) -> int:
    name = "updatedAfter" if r.is_v1 or r.draw.chance(0.6) else "asOf"
    values = (
        "soon", "2026-13-01", "", "2026-02-30", "2026-01-01T25:00:00Z", "20266", "now", "-1",
        "2026-01-01T00:00:00+25:00", "2026-01-01T00:00:00%2B99:99", "1e9", "99999999999",
    )  # fmt: skip
    text_in_query(r, name, values, is_written=True)
    return 400


def contradiction(r: Request) -> int:
    r.pairs += [("asOf", "2026-01-01T00:00:00Z"), ("updatedAfter", "2026-02-01T00:00:00Z")]
    return 400


def bad_count(r: Request) -> int:
    names = ["firstNObservations", "lastNObservations"] + ([] if r.is_v1 else ["limit"])
    values = ("0", "-1", "x", "1.5", "", "1e3", "%EF%BC%91", "0x10", "+1", "9" * 40, "1,2")
    text_in_query(r, r.draw.pick(names), values, is_written=True)
    return 400


def bad_word(r: Request) -> int:
    words = {"includeHistory": ("perhaps", "", "yes!", "2"), "lang": ("1x1", "e_n", "-", "en-")}
    if r.is_v1:
        words["detail"] = ("some", "FULL", "Full", "", "raw", "full,dataonly", "nodata.")
    else:
        words |= {
            "offset": ("-1", "x", "", "1.0"),
            "sort": (
                "",
                "SEX:up",
                "AREA%2B",
                "AREA:DESC",
                "AREA,SEX",
                "*:*",
                "AREA:asc:asc",
            ),
            "attributes": ("none,dsd", "", "dsd,,obs", "*", "1X", "obs,", "a%20b"),
            "measures": ("none,OBS_VALUE", "", "*", ",", "OBS%20VALUE"),
            "reportingYearStartDay": ("07-01", "--7-1", "--13-01", "July", "--01-32", ""),
            "dimensionAtObservation": ("", "AREA,SEX", "1", "*"),
        }
    if r.resource != "data":
        words = {
            "mode": ("some", "EXACT", "", "exact,available"),
            "references": ("parents", "", "cousins", "none,,all", "Codelist"),
            "lang": words["lang"],
        }
    name = r.draw.pick([*words])
    text_in_query(r, name, words[name], is_written=True)
    return 400


def twice(r: Request) -> int:
    names = ("startPeriod", "endPeriod") if r.has_time else ("updatedAfter",)
    name = r.draw.pick(names)
    r.pairs = [pair for pair in r.pairs if pair[0] != name]
    r.pairs += [(name, "2019"), (name, "2020")]
    return 400


#: The faults, and the requests each can be put in.
FAULTS: tuple[tuple[Callable[[Request], int], Callable[[Request], bool]], ...] = (
    (bad_period, lambda r: r.has_time),
    (time_without_time, lambda r: not r.has_time),
    (bad_instant, lambda r: True),
    (contradiction, lambda r: not r.is_v1),
    (bad_count, lambda r: r.is_data),
    (bad_word, lambda r: True),
    (twice, lambda r: True),
)
