"""Attributes that depend on others: the version of a method, the day of a stock."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from hub.publish.findings import Findings
from hub.publish.observations import ROW, TABLE, Observations
from hub.publish.rules.periods import make_spans
from hub.publish.rules.rule import ERROR, WARNING, Rule, Thresholds
from hub.publish.rules.telling import Told, tell

_DERIVATION, _METHOD, _DATE = "DERIVATION", "METHOD_VERSION", "REF_DATE"


def _look_method(observations: Observations, findings: Findings, _thresholds: Thresholds) -> None:
    texts = observations.texts(_DERIVATION)
    if texts is None or _METHOD not in observations.schema.by_id:
        return
    derivation = observations.sql(_DERIVATION)

    def say(code: int) -> Told:
        message = (
            f"{_METHOD} has no value; it is mandatory where {_DERIVATION} is {texts[code]}: say "
            "which version of which method made the figure"
        )
        return Told(message=message, column=_METHOD)

    query = (
        f"SELECT {ROW}, {derivation} FROM {TABLE} WHERE {observations.sql(_METHOD)} IS NULL "
        f"AND {observations.is_whole} "
        f"AND {derivation} NOT IN ({observations.numbers(_DERIVATION, ['O'])})"
    )
    tell(observations, findings, "method-version", query, say)


def _look_date(observations: Observations, findings: Findings, _thresholds: Thresholds) -> None:
    """A day that lies outside the period, by more than one day.

    A stock of 1 January is often counted on 31 December.
    """
    time = observations.schema.time
    texts = observations.texts(_DATE)
    if time is None or not texts:
        return
    make_spans(observations)
    days = {
        "_day": pa.array(range(len(texts)), pa.int32()),
        "_date": pa.array([_day_of(text) for text in texts], pa.date32()),
    }
    observations.connection.register("day", pa.table(days))
    periods = observations.texts(time.id) or []

    def say(day: int, period: int) -> Told:
        message = (
            f"{_DATE} {texts[day]} is not in the period {periods[period]}, which a stock belongs "
            "to by its reference date"
        )
        return Told(message=message, column=_DATE, value=texts[day], severity=WARNING)

    query = (
        f"SELECT {ROW}, {observations.sql(_DATE)}, {observations.sql(time.id)} FROM {TABLE} "
        f"JOIN day ON _day = {observations.sql(_DATE)} "
        f"JOIN span ON _period = {observations.sql(time.id)} "
        "WHERE _date < _first - 1 OR _date > _last + 1"
    )
    tell(observations, findings, "reference-date", query, say)


def _day_of(text: str) -> date | None:
    """The day a text begins with; a zone may follow."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


RULES = (
    Rule(
        id="method-version",
        severities=(ERROR,),
        about="no METHOD_VERSION where DERIVATION is other than O, in a structure that has both",
        remedy="say which version of which method made the figure",
        look=_look_method,
        reads_values=False,
    ),
    Rule(
        id="reference-date",
        severities=(WARNING,),
        about="a REF_DATE more than a day outside TIME_PERIOD",
        remedy="correct the date, or the period",
        look=_look_date,
        reads_values=False,
    ),
)
