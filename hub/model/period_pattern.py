"""Regular expressions of time periods and of instants, to be told to others.

A parser says what it takes by taking it; a description of an interface needs it as a pattern.
Whatever matches is a day of the calendar or a week of its year, and is read (`period`); years are
those of four digits from 1000 to 2999. The patterns use what ECMA 262 and Python both know.
"""

from __future__ import annotations

from datetime import date

_YEAR = r"[12][0-9]{3}"
_LEAP_YEAR = (
    r"(?:[12][0-9](?:0[48]|[2468][048]|[13579][26])|(?:12|16|20|24|28)00)"  # Gregorian, proleptic
)
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY_OF_MONTH = (
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_DATE = rf"(?:{_YEAR}-{_DAY_OF_MONTH}|{_LEAP_YEAR}-02-29)"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?"
_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])?"
_DAY_OF_YEAR = r"D(?:00[1-9]|0[1-9][0-9]|[12][0-9]{2}|3[0-5][0-9]|36[0-5])"
_LONG_YEARS = "|".join(
    str(year) for year in range(1900, 2100) if date(year, 12, 28).isocalendar().week == 53
)
#: Reporting periods of a year that begins on 1 January; a 53rd week is told of this century and
#: the last.
_REPORTING = (
    rf"(?:{_YEAR}-(?:A1|S[12]|T[1-3]|Q[1-4]|M{_MONTH}|W(?:0[1-9]|[1-4][0-9]|5[0-2])|{_DAY_OF_YEAR})"
    rf"|{_LEAP_YEAR}-D366|(?:{_LONG_YEARS})-W53)"
)
_DAYS = r"(?:[0-9]{1,3}D)?"
_DURATION = rf"P(?:[1-9][0-9]?Y(?:[0-9]{{1,2}}M)?{_DAYS}|[1-9][0-9]?M{_DAYS}|[1-9][0-9]{{0,2}}D)"

#: A time period as `parse_period` reads it.
PERIOD = (
    rf"^(?:(?:{_YEAR}(?:-{_MONTH})?|{_DATE}|{_DATE}T{_CLOCK}|{_REPORTING}){_ZONE}"
    rf"|{_DATE}(?:T{_CLOCK})?{_ZONE}/{_DURATION})$"
)
#: A year, a date, or a date and time, as parameters that name an instant take them.
INSTANT = rf"^(?:{_YEAR}|{_DATE}(?:T{_CLOCK}{_ZONE})?)$"
