"""What the same source has published of the series that are handed in, in the numbers of these.

Codes that the submission does not have belong to other series; they are passed over. Of what a
figure is, they are another number, so that a change is seen.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from hub.engine import duckdb_type, identifier, literal
from hub.model import FLOATS
from hub.model.period import decimal_year, parse_period
from hub.publish.observations import ROW, TABLE, Observations
from hub.publish.rules.figures import whole_power

#: The table: `_row` null, the keys that vary, figure, period, and what a figure is.
HELD = "held"
_SPAN = "held_span"
_POWER = "UNIT_MULT"
#: The number of a code that the submission does not have.
_FOREIGN = -2


def make_held(observations: Observations, keys: Sequence[str], names: Sequence[str]) -> list[str]:
    """Make the table `held` of published figures that the submission does not replace.

    Returns the texts of periods by number: those of the submission, then others that are held.
    """
    time = observations.schema.time
    if time is None:
        raise ValueError("a structure without time has no series")
    source = observations.held
    given = observations.texts(time.id) or []
    told = observations.answer(f"SELECT DISTINCT {identifier(time.id)} FROM {source} ORDER BY 1")
    periods = [*given, *(text for (text,) in told if text not in given)]
    begins = [decimal_year(parse_period(text).start.date()) for text in periods]
    spans = {
        "_text": pa.array(periods, pa.string()),
        "_period": pa.array(range(len(periods)), pa.int32()),
        "_begin": pa.array(begins, pa.float64()),
    }
    observations.connection.register(_SPAN, pa.table(spans))
    query = _query(observations, source, time.id, keys, names)
    observations.connection.execute(f"CREATE TEMP TABLE {HELD} AS {query}")
    return periods


def _query(
    observations: Observations, source: str, time: str, keys: Sequence[str], names: Sequence[str]
) -> str:
    varying = observations.ranks.varying(keys)
    joins = [f"JOIN {_SPAN} ON _text = h.{identifier(time)}"]
    wheres = [f"{_value(observations)} IS NOT NULL"]
    selected = [f"CAST(NULL AS INTEGER) AS {ROW}"]
    for name in keys:
        if name in varying:
            list_ = _registered(observations, name)
            joins.append(f"JOIN {list_} ON {list_}._text = h.{identifier(name)}")
            selected.append(f"{list_}._number AS {identifier(name)}")
        else:
            (only,) = observations.texts(name) or [""]
            wheres.append(f"h.{identifier(name)} = {literal(only)}")
    for name in names:
        known = enumerate(observations.texts(name) or [])
        whens = " ".join(f"WHEN {literal(text)} THEN {number}" for number, text in known)
        column = f"h.{identifier(name)}"
        number = f"CASE {column} {whens} ELSE {_FOREIGN} END" if whens else f"{_FOREIGN}"
        selected.append(f"CASE WHEN {column} IS NOT NULL THEN {number} END AS {identifier(name)}")
    selected += [
        f"CAST({_figure(observations)} AS DOUBLE) AS _figure",
        f"{_SPAN}._period AS _period",
        f"{_SPAN}._begin AS _begin",
        "FALSE AS _is_break",
        "FALSE AS _explained",
    ]
    replaced = [f"o.{key} = held.{key}" for key in observations.varying(keys)]
    replaced.append(f"{_period_of(observations, time)} = held._period")
    return (
        f"FROM (SELECT {', '.join(selected)} FROM {source} h {' '.join(joins)} "
        f"WHERE {' AND '.join(wheres)}) held "
        f"WHERE NOT EXISTS (FROM {TABLE} o WHERE {' AND '.join(replaced)})"
    )


def _period_of(observations: Observations, time: str) -> str:
    found = observations.varying([time])
    return f"o.{found[0]}" if found else observations.sql(time)


def _registered(observations: Observations, name: str) -> str:
    """A table of the texts of a component and their numbers."""
    texts = observations.texts(name) or []
    columns = {
        "_text": pa.array(texts, pa.string()),
        "_number": pa.array(range(len(texts)), pa.int32()),
    }
    table = identifier(f"held_{name}")
    observations.connection.register(f"held_{name}", pa.table(columns))
    return table


def _value(observations: Observations) -> str:
    """The figure as it is given; null where it is absent or intentionally missing."""
    measure = observations.schema.measures[0]
    value = f"CAST(h.{identifier(measure.id)} AS {duckdb_type(measure)})"
    return f"nullif({value}, 'NaN')" if measure.text_type in FLOATS else value


def _figure(observations: Observations) -> str:
    """The figure in single units."""
    value = _value(observations)
    power = observations.schema.by_id.get(_POWER)
    if power is None or power.enumeration is None:
        return value
    powers = {code.id: whole_power(code.id) for code in power.enumeration.items}
    whens = " ".join(
        f"WHEN {literal(text)} THEN 1e{power}" for text, power in powers.items() if power
    )
    return f"({value} * CASE h.{identifier(_POWER)} {whens} ELSE 1 END)" if whens else value
