"""The days of reporting periods, counted from the day a reporting year begins.

SDMX Technical Notes, "Reporting Time Period": the periods of a year follow one another without a
gap from the start day on; weeks begin on Mondays, by the rule of ISO 8601.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from hub.model.representation import TextType

CALENDAR_YEAR = "--01-01"
_START_DAY = re.compile(r"--(\d{2})-(\d{2})(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReportingForm:
    """A form of reporting period: the most and the digits of its number, and how long each is.

    Every year has the `regular` number of weeks and days, some have one more.
    """

    kind: TextType
    most: int
    digits: int
    months: int = 0
    days: int = 0
    regular: int = 0


REPORTING_FORMS = {
    "A": ReportingForm(TextType.REPORTING_YEAR, 1, 1, months=12),
    "S": ReportingForm(TextType.REPORTING_SEMESTER, 2, 1, months=6),
    "T": ReportingForm(TextType.REPORTING_TRIMESTER, 3, 1, months=4),
    "Q": ReportingForm(TextType.REPORTING_QUARTER, 4, 1, months=3),
    "M": ReportingForm(TextType.REPORTING_MONTH, 12, 2, months=1),
    "W": ReportingForm(TextType.REPORTING_WEEK, 53, 2, days=7, regular=52),
    "D": ReportingForm(TextType.REPORTING_DAY, 366, 3, days=1, regular=365),
}


def reporting_days(
    year: int, form: ReportingForm, digits: str, year_start: str
) -> tuple[date, date]:
    """Return the first and last day of a reporting period; `digits` is its number as written.

    Raises ValueError for a number the form or the year does not have, or for a `year_start` that
    is not of the form `--MM-DD`.
    """
    number = int(digits)
    if len(digits) != form.digits or not 1 <= number <= form.most:
        raise ValueError(f"its number goes from {1:0{form.digits}} to {form.most}")
    month, day = _start_day(year_start)
    if form.months:
        first = _clipped(year, month + (number - 1) * form.months, day)
        return first, _day_before(year, month + number * form.months, day)
    base = _year_base(year, month, day, form)
    first = base + timedelta(days=(number - 1) * form.days)
    last = first + timedelta(days=form.days - 1)
    if number > form.regular and last >= _year_base(year + 1, month, day, form):
        raise ValueError(f"that year ends before its number {number}")
    return first, last


def add_months(day: date, months: int) -> date:
    """Add months as XML Schema does: a day the month does not have becomes its last.

    Raises ValueError outside the years 1 to 9999.
    """
    return _clipped(day.year, day.month + months, day.day)


def _start_day(year_start: str) -> tuple[int, int]:
    match = _START_DAY.fullmatch(year_start)
    if match is None:
        raise ValueError(f"the reporting year start '{year_start[:20]}' is not of the form --MM-DD")
    leap = date(2000, int(match[1]), int(match[2]))
    return leap.month, leap.day


def _year_base(year: int, month: int, day: int, form: ReportingForm) -> date:
    """The day a reporting year begins; for weeks, the Monday of its first week.

    As in ISO 8601, the first week is the one that holds the first Thursday on or after the start
    day.
    """
    start = _clipped(year, month, day)
    if form.kind is not TextType.REPORTING_WEEK:
        return start
    weekday = start.weekday()
    return start + timedelta(days=-weekday if weekday <= 3 else 7 - weekday)


def _clipped(year: int, month: int, day: int) -> date:
    """A day of a month, which may be counted beyond December; at most the month's last day."""
    years, month = divmod(month - 1, 12)
    year += years
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))


def _day_before(year: int, month: int, day: int) -> date:
    """The day before `_clipped`, without a step into year 10000 on the way."""
    if day > 1:
        return _clipped(year, month, day) - timedelta(days=1)
    return _clipped(year, month - 1, 31)
