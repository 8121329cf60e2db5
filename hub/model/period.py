"""Time periods as ranges of instants (SDMX Technical Notes, "Time and Time Format").

| written                    | kind                                                              |
|----------------------------|-------------------------------------------------------------------|
| `2020`                     | GregorianYear                                                     |
| `2020-02`                  | GregorianYearMonth                                                |
| `2020-02-29`               | GregorianDay                                                      |
| `2020-02-29T12:00:00.5`    | DateTime                                                          |
| `2020-A1`                  | ReportingYear                                                     |
| `2020-S1` … `2020-S2`      | ReportingSemester                                                 |
| `2020-T1` … `2020-T3`      | ReportingTrimester                                                |
| `2020-Q1` … `2020-Q4`      | ReportingQuarter                                                  |
| `2020-M01` … `2020-M12`    | ReportingMonth                                                    |
| `2020-W01` … `2020-W53`    | ReportingWeek                                                     |
| `2020-D001` … `2020-D366`  | ReportingDay                                                      |
| `2020-02-01/P1Y2M`         | TimeRange                                                         |

Each may end in a zone (`Z`, `+01:00`); one without is read as UTC, so that periods of any kind
compare. Reporting periods are counted from the reporting year's start day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from hub.errors import BadRequest
from hub.model.query import Operator
from hub.model.reporting_year import CALENDAR_YEAR, REPORTING_FORMS, add_months, reporting_days
from hub.model.representation import TextType

#: The finest step the node tells apart; a period ends this much before the next begins.
INSTANT = timedelta(microseconds=1)

_ZONE = r"(?P<zone>Z|[+-]\d{2}:\d{2})?"
_DAY = r"\d{4}-\d{2}-\d{2}"
_CLOCK = r"\d{2}:\d{2}:\d{2}(?:\.\d+)?"
_GREGORIAN = re.compile(
    rf"(?P<year>\d{{4}})(?:-(?P<month>\d{{2}})(?:-(?P<day>\d{{2}}))?)?{_ZONE}", re.ASCII
)
_DATE_TIME = re.compile(rf"(?P<day>{_DAY})T(?P<clock>{_CLOCK}){_ZONE}", re.ASCII)
_REPORTING = re.compile(
    rf"(?P<year>\d{{4}})-(?P<letter>[ASTQMWD])(?P<number>\d{{1,3}}){_ZONE}", re.ASCII
)
_TIME_RANGE = re.compile(
    rf"(?P<day>{_DAY})(?:T(?P<clock>{_CLOCK}))?{_ZONE}"
    r"/P(?=\d|T)(?:(?P<years>\d{1,5})Y)?(?:(?P<months>\d{1,6})M)?(?:(?P<days>\d{1,7})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?"
    r"(?:(?P<seconds>\d{1,12}(?:\.\d+)?)S)?)?",
    re.ASCII,
)


_FREQUENCIES = {reporting.kind: letter for letter, reporting in REPORTING_FORMS.items()} | {
    TextType.GREGORIAN_YEAR: "A",
    TextType.GREGORIAN_YEAR_MONTH: "M",
    TextType.GREGORIAN_DAY: "D",
}


@dataclass(frozen=True, slots=True)
class Period:
    """A time period: as it was written, and its first and last instant in UTC, both inclusive.

    Of a DateTime the two are the same.
    """

    text: str
    start: datetime
    end: datetime
    kind: TextType

    @property
    def frequency(self) -> str | None:
        """The SDMX frequency code its form implies (A S T Q M W D), None for times and ranges."""
        return _FREQUENCIES.get(self.kind)

    def within(self, other: Period) -> bool:
        """True where the whole of this period lies in the other."""
        return other.start <= self.start and self.end <= other.end


@lru_cache(maxsize=4096)
def parse_period(text: str, reporting_year_start: str = CALENDAR_YEAR) -> Period:
    """Parse a time period in any form of SDMX (ObservationalTimePeriod).

    `reporting_year_start` is the day a reporting year begins, as `--MM-DD`; it matters for
    reporting periods only. Raises BadRequest for text that is no time period, for days that are
    not in the calendar, and for weeks and days that the reporting year does not have.
    """
    try:
        period = (
            _gregorian(text)
            or _date_time(text)
            or _reporting(text, reporting_year_start)
            or _time_range(text)
        )
    except (ValueError, OverflowError) as error:
        raise BadRequest(f"'{text[:60]}' is not a time period: {error}") from error
    if period is None:
        raise BadRequest(
            f"'{text[:60]}' is not a time period: write 2020, 2020-02, 2020-02-29, 2020-Q1, "
            "2020-S1, 2020-T1, 2020-M02, 2020-W09, 2020-D060, 2020-A1, 2020-02-29T12:00:00, "
            "or a range such as 2020-02-01/P1Y"
        )
    return period


def matches(
    period: Period, operator: Operator, value: str, reporting_year_start: str = CALENDAR_YEAR
) -> bool:
    """Tell whether an observation's period matches an operator with its value.

    The whole of the period must lie in the range that operator and value give (Technical Notes,
    "Time in Query Messages"): `lt:2020-02` does not hold for 2020-Q1. `ne` is what `eq` is not.
    Contains, starts and ends look at the period as it is written. A reporting period in `value`
    is meant in the observation's own reporting year, so both are to be parsed with the same start.
    """
    match operator:
        case Operator.CONTAINS:
            return value in period.text
        case Operator.NOT_CONTAINS:
            return value not in period.text
        case Operator.STARTS_WITH:
            return period.text.startswith(value)
        case Operator.ENDS_WITH:
            return period.text.endswith(value)
    return _compare(period, operator, parse_period(value, reporting_year_start))


def _compare(period: Period, operator: Operator, bound: Period) -> bool:
    match operator:
        case Operator.LT:
            return period.end < bound.start
        case Operator.LE:
            return period.end <= bound.end
        case Operator.GT:
            return period.start > bound.end
        case Operator.GE:
            return period.start >= bound.start
        case Operator.NE:
            return not period.within(bound)
        case _:
            return period.within(bound)


def decimal_year(day: date) -> float:
    """Return a date as a decimal year, t = y + (d - 1) / n.

    d is the day of the year, n how many days it has. 1 January is the whole number; 1 July 2015
    is 2015.4959.
    """
    start = date(day.year, 1, 1)
    length = (date(day.year, 12, 31) - start).days + 1
    return day.year + (day - start).days / length


def _gregorian(text: str) -> Period | None:
    match = _GREGORIAN.fullmatch(text)
    if match is None:
        return None
    start = date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    if match["day"]:
        return _span(text, start, start, match["zone"], TextType.GREGORIAN_DAY)
    if match["month"]:
        end = start.replace(day=monthrange(start.year, start.month)[1])
        return _span(text, start, end, match["zone"], TextType.GREGORIAN_YEAR_MONTH)
    end = date(start.year, 12, 31)
    return _span(text, start, end, match["zone"], TextType.GREGORIAN_YEAR)


def _span(text: str, first: date, last: date, zone: str | None, kind: TextType) -> Period:
    """From the first moment of one day to the last of another; never steps beyond year 9999."""
    offset = _offset(zone)
    midnight = datetime.min.time()
    start = datetime.combine(first, midnight, UTC) - offset
    end = datetime.combine(last, midnight, UTC) + (timedelta(days=1) - INSTANT) - offset
    return Period(text, start, end, kind)


def _date_time(text: str) -> Period | None:
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return None
    instant = _instant(match["day"], match["clock"]) - _offset(match["zone"])
    return Period(text, instant, instant, TextType.DATE_TIME)


def _instant(day: str, clock: str | None) -> datetime:
    midnight = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    return midnight + _time_of_day(clock or "00:00:00")


def _time_of_day(clock: str) -> timedelta:
    hours, minutes, seconds = clock.split(":")
    whole, _, fraction = seconds.partition(".")
    time = timedelta(
        hours=int(hours),
        minutes=int(minutes),
        seconds=int(whole),
        microseconds=int(f"{fraction:0<6}"[:6]),
    )
    # XML Schema knows 24:00:00, the first moment of the next day, but no leap second.
    if int(minutes) > 59 or int(whole) > 59 or time > timedelta(days=1):
        raise ValueError(f"there is no time {clock}")
    return time


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone == "Z":
        return timedelta()
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    offset = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or offset > timedelta(hours=14):
        raise ValueError(f"zones lie between -14:00 and +14:00, not {zone}")
    return -offset if zone[0] == "-" else offset


def _reporting(text: str, year_start: str) -> Period | None:
    match = _REPORTING.fullmatch(text)
    if match is None:
        return None
    form = REPORTING_FORMS[match["letter"]]
    first, last = reporting_days(int(match["year"]), form, match["number"], year_start)
    return _span(text, first, last, match["zone"], form.kind)


def _time_range(text: str) -> Period | None:
    match = _TIME_RANGE.fullmatch(text)
    if match is None:
        return None
    start = _instant(match["day"], match["clock"])
    later = datetime.combine(
        add_months(start.date(), int(match["years"] or 0) * 12 + int(match["months"] or 0)),
        start.timetz(),
    )
    seconds, _, fraction = (match["seconds"] or "0").partition(".")
    end = later + timedelta(
        days=int(match["days"] or 0),
        hours=int(match["hours"] or 0),
        minutes=int(match["minutes"] or 0),
        seconds=int(seconds),
        microseconds=int(f"{fraction:0<6}"[:6]),
    )
    if end == start:
        raise ValueError("the range has no length")
    offset = _offset(match["zone"])
    return Period(text, start - offset, end - INSTANT - offset, TextType.TIME_RANGE)
