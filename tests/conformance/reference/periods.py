"""Time periods as ranges, the slow way (SDMX Technical Notes, "Time and Time Format").

A range is (first microsecond, first microsecond after), counted from the year 1, in UTC.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

Range = tuple[int, int]
JANUARY = "--01-01"
_PARTS_OF_YEAR = {"A": 1, "S": 2, "T": 3, "Q": 4, "M": 12}
_EPOCH = datetime(1, 1, 1)  # noqa: DTZ001
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def range_of(text: str, year_start: str = JANUARY) -> Range:
    """The range a period stands for; reporting years begin at `year_start`."""
    text, offset = _zone(text)
    start, end = _local(text, year_start)
    return _count(start - offset), _count(end - offset)


def holds(operator: str, text: str, value: str, year_start: str = JANUARY) -> bool:
    """Whether an observation's period meets an operator: all of it must lie where that says."""
    words = {
        "co": value in text,
        "nc": value not in text,
        "sw": text.startswith(value),
        "ew": text.endswith(value),
    }
    if operator in words:
        return words[operator]
    if not exists(text, year_start):
        return operator == "ne"
    start, end = range_of(text, year_start)
    first, after = range_of(value, year_start)
    return {
        "gt": start >= after,
        "ge": start >= first,
        "lt": end <= first,
        "le": end <= after,
        "eq": start >= first and end <= after,
        "ne": not (start >= first and end <= after),
    }[operator]


def exists(text: str, year_start: str) -> bool:
    """Whether a reporting year has that week or day: not each has a 53rd or a 366th."""
    found = re.match(r"(\d{4})-([WD])(\d+)", text)
    if found is None:
        return True
    following = f"{int(found[1]) + 1}-{found[2]}{1:0{len(found[3])}}"
    return range_of(text, year_start) < range_of(following, year_start)


def _count(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)


def _zone(text: str) -> tuple[str, timedelta]:
    found = re.search(r"(?:Z|([+-])(\d\d):(\d\d))$", text)
    if found is None or ("T" not in text and found[1] == "-" and len(text) < 11):
        return text, timedelta()
    offset = timedelta(hours=int(found[2] or 0), minutes=int(found[3] or 0))
    return text[: found.start()], -offset if found[1] == "-" else offset


def _local(text: str, year_start: str) -> tuple[datetime, datetime]:
    if "/" in text:
        return _time_range(text)
    if "T" in text and ":" in text:
        instant = datetime.fromisoformat(text)
        return instant, instant + timedelta(microseconds=1)
    pieces = text.split("-")
    if len(pieces) == 1:
        return datetime(int(text), 1, 1), datetime(int(text) + 1, 1, 1)  # noqa: DTZ001
    if pieces[1][0].isalpha():
        return _reporting(int(pieces[0]), pieces[1][0], int(pieces[1][1:]), year_start)
    if len(pieces) == 2:
        first = date(int(pieces[0]), int(pieces[1]), 1)
        return _midnight(first), _midnight(_later(first, 1))
    day = date.fromisoformat(text)
    return _midnight(day), _midnight(day + timedelta(days=1))


def _reporting(year: int, letter: str, number: int, start: str) -> tuple[datetime, datetime]:
    base = date(year, int(start[2:4]), int(start[5:7]))
    if letter in _PARTS_OF_YEAR:
        months = 12 // _PARTS_OF_YEAR[letter]
        first = _later(base, (number - 1) * months)
        return _midnight(first), _midnight(_later(base, number * months))
    if letter == "D":
        day = base + timedelta(days=number - 1)
        return _midnight(day), _midnight(day + timedelta(days=1))
    thursday = base
    while thursday.isoweekday() != 4:
        thursday += timedelta(days=1)
    monday = thursday - timedelta(days=3) + timedelta(weeks=number - 1)
    return _midnight(monday), _midnight(monday + timedelta(weeks=1))


def _time_range(text: str) -> tuple[datetime, datetime]:
    begin, _, duration = text.partition("/")
    start = datetime.fromisoformat(begin)
    found = _DURATION.fullmatch(duration)
    assert found is not None, text
    years, months, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    day = _later(start.date(), 12 * years + months)
    end = datetime.combine(day, start.time()) + timedelta(
        days=days, hours=hours, minutes=minutes, seconds=seconds
    )
    return start, end


def _later(day: date, months: int) -> date:
    """So many months later; the plan has no start day that a month lacks."""
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, day.day)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001
