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
    base = _year_base(year, year_start, form)
    if form.months:
        return add_months(base, (number - 1) * form.months), _day_before(base, number * form.months)
    first = base + timedelta(days=(number - 1) * form.days)
    last = first + timedelta(days=form.days - 1)
    if number > form.regular and last >= _year_base(year + 1, year_start, form):
        raise ValueError(f"that year ends before its number {number}")
    return first, last


def _year_base(year: int, year_start: str, form: ReportingForm) -> date:
    """The day a reporting year begins; for weeks, the Monday of its first week.

    As in ISO 8601, the first week is the one that holds the first Thursday on or after the start
    day. A start day of 29 February is the 28th in a common year.
    """
    match = _START_DAY.fullmatch(year_start)
    if match is None:
        raise ValueError(f"the reporting year start '{year_start[:20]}' is not of the form --MM-DD")
    month, day = int(match[1]), int(match[2])
    if (month, day) == (2, 29):
        day = monthrange(year, 2)[1]
    start = date(year, month, day)
    if form.kind is not TextType.REPORTING_WEEK:
        return start
    weekday = start.weekday()
    return start + timedelta(days=-weekday if weekday <= 3 else 7 - weekday)


def add_months(day: date, months: int) -> date:
    """Add months as XML Schema does: a day the month does not have becomes its last.

    Raises ValueError outside the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day_before(base: date, months: int) -> date:
    """The day before `base` plus months, without a step into year 10000 on the way."""
    if base.day > 1:
        return add_months(base, months) - timedelta(days=1)
    month = add_months(base, months - 1)
    return month.replace(day=monthrange(month.year, month.month)[1])
