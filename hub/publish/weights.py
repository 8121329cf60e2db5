"""What a change weighs: how much of a slice stays, changes or goes, and how large its figures are.

Counted in the engine from what the delta compared anyway: every observation before and after. So
somebody who has to trust figures of others can tell growth from a truncated file, and a revision
from a slip of units, before anything is released.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from hub.engine import identifier, identifiers
from hub.engine.ranks import Ranks
from hub.model import FLOATS, INTEGERS, Column, Schema
from hub.publish.kinds import IS_ADDED, IS_REVISED, IS_WITHDRAWN
from hub.publish.portions import SOURCE, Portion
from hub.publish.rules.figures import EPSILON, whole_power

#: Columns beside what was compared: the figure before and after, in single units.
WAS, BECOMES = "_was", "_becomes"
_POWER = "UNIT_MULT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """A source's observations of a slice, before and after; numbers of observations and sums.

    `vanished` are those that go, `changed` those that stay with another figure. `was` and `becomes`
    are the sums of the sizes of figures in observations that stay, in single units. `went_before`
    and `goes_on` compare series that go on in new periods: sums over them of the mean figure there
    was, and of the mean of what is new. `lost_codes` are those of coded dimensions that no
    observation has any more, `emptied` the attributes that none has a value of any more, each with
    the number of observations that had it.
    """

    source: str
    slice: str
    before: int = 0
    after: int = 0
    vanished: int = 0
    changed: int = 0
    was: float = 0.0
    becomes: float = 0.0
    went_before: float = 0.0
    goes_on: float = 0.0
    lost_codes: tuple[tuple[str, str, int], ...] = ()
    emptied: tuple[tuple[str, int], ...] = ()


#: Says of which sources a release must not be made, and why, by source.
Doubt = Callable[[Sequence[Weight]], Mapping[str, str]]


def figures_before_and_after(schema: Schema, portion: Portion) -> tuple[str, str]:
    """The first measure of the tables `b` and `s` as numbers in single units; NULL for a text."""
    measure = schema.measures[0] if schema.measures else None
    if measure is None or not _is_number(measure) or not portion.ranks.varying([measure.id]):
        return "NULL::DOUBLE", "NULL::DOUBLE"
    return _figure(measure, portion, "b"), _figure(measure, portion, "s")


def figures_of(schema: Schema, ranks: Ranks, table: pa.Table) -> pa.Array:
    """The first measure of a table as numbers in single units; null for a text."""
    measure = schema.measures[0] if schema.measures else None
    if measure is None or not _is_number(measure) or not ranks.varying([measure.id]):
        return pa.nulls(table.num_rows, pa.float64())
    values = table.column(measure.id).combine_chunks().cast(pa.float64(), safe=False)
    factors = [float(f"1e{power}") for power in _powers(ranks)]
    if _POWER not in table.column_names:  # it is one, or there is none
        return pc.multiply(values, factors[0]) if factors else values
    by_row = pa.array(factors).take(table.column(_POWER).combine_chunks())
    return pc.multiply(values, by_row.fill_null(1.0))


def weights_of(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    portion: Portion,
    found: pa.Table,
    change: str,
) -> list[Weight]:
    """Weigh every slice of a portion that a source had before.

    `found` is what was compared, with WAS and BECOMES; `change` its column of changes.
    """
    connection.register("compared", found)
    weighing = _Weighing(connection, schema, portion, change)
    return list(weighing.weights())


def _is_number(measure: Column) -> bool:
    is_number = measure.text_type in INTEGERS | FLOATS
    return is_number and not measure.is_coded and not measure.is_list


def _figure(measure: Column, portion: Portion, table: str) -> str:
    value = f"TRY_CAST({table}.{identifier(measure.id)} AS DOUBLE)"
    powers = _powers(portion.ranks)
    if not any(powers):
        return value
    if not portion.ranks.varying([_POWER]):
        return f"({value} * 1e{powers[0]})"
    whens = " ".join(f"WHEN {n} THEN 1e{power}" for n, power in enumerate(powers) if power)
    return f"({value} * CASE {table}.{identifier(_POWER)} {whens} ELSE 1 END)"


def _powers(ranks: Ranks) -> list[int]:
    """The powers of ten that figures are multiplied by, by their numbers."""
    texts = ranks.texts.get(_POWER)
    return [] if texts is None else [whole_power(text) for text in texts.to_pylist()]


class _Weighing:
    """The weights of one portion; a place is the source and the slice, so far as they vary."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        schema: Schema,
        portion: Portion,
        change: str,
    ) -> None:
        self._connection = connection
        self._schema = schema
        self._portion = portion
        names = [SOURCE, *([schema.slice_by] if schema.slice_by else [])]
        self._change = change
        self._place = portion.ranks.varying(names)
        self._was_there = f"{change} IS DISTINCT FROM {IS_ADDED}"
        self._is_there = f"{change} IS DISTINCT FROM {IS_WITHDRAWN}"
        self._is_new = f"{change} = {IS_ADDED}"
        self._is_gone = f"{change} = {IS_WITHDRAWN}"

    def weights(self) -> Iterator[Weight]:
        counted = self._counted()
        has_new = any(row[1] > row[0] - row[2] for row in counted.values())
        series = self._series() if has_new else {}
        lost = self._lost_codes() if any(row[2] for row in counted.values()) else {}
        emptied = self._emptied()
        for place, (before, after, vanished, changed, was, becomes) in counted.items():
            went_before, goes_on = series.get(place, (0.0, 0.0))
            yield Weight(
                source=place[0],
                slice=place[1],
                before=before,
                after=after,
                vanished=vanished,
                changed=changed,
                was=was or 0.0,
                becomes=becomes or 0.0,
                went_before=went_before or 0.0,
                goes_on=goes_on or 0.0,
                lost_codes=tuple(lost.get(place, ())) if after else (),
                emptied=tuple(emptied.get(place, ())) if after else (),
            )

    def _counted(self) -> dict[tuple[str, str], tuple[int, int, int, int, float, float]]:
        both = f"{self._was_there} AND {self._is_there}"
        larger = f"greatest(abs({WAS}), abs({BECOMES}))"  # as 1.13 thousands are not quite 1,130
        is_changed = (
            f"NOT ({WAS} IS NOT DISTINCT FROM {BECOMES} "
            f"OR coalesce(abs({WAS} - {BECOMES}) <= {EPSILON} * {larger}, FALSE))"
        )
        measure = self._schema.measures[0] if self._schema.measures else None
        if measure is not None and not _is_number(measure):
            is_changed = f"{self._change} = {IS_REVISED}"  # no figure: any change of what is said
        sized = f"{both} AND isfinite({WAS}) AND isfinite({BECOMES})"
        columns = [
            f"count(*) FILTER ({self._was_there})",
            f"count(*) FILTER ({self._is_there})",
            f"count(*) FILTER ({self._is_gone})",
            f"count(*) FILTER ({both} AND {is_changed})",
            f"sum(abs({WAS})) FILTER ({sized})",
            f"sum(abs({BECOMES})) FILTER ({sized})",
        ]
        rows = self._rows(columns, "compared", having=f"count(*) FILTER ({self._was_there}) > 0")
        return {place: (v[0], v[1], v[2], v[3], v[4], v[5]) for place, v in rows}

    def _series(self) -> dict[tuple[str, str], tuple[float, float]]:
        """Of series that go on: the mean figures there were, and those of the new periods."""
        time = self._schema.time
        if time is None or not self._portion.ranks.varying([time.id]):
            return {}
        keys = self._portion.ranks.varying(column.id for column in self._schema.key)
        named = identifiers(dict.fromkeys([*self._place, *keys]))
        series = (
            f"(SELECT {named or '1'}, "
            f"avg(abs({WAS})) FILTER ({self._was_there} AND isfinite({WAS})) AS _old, "
            f"avg(abs({BECOMES})) FILTER ({self._is_new} AND isfinite({BECOMES})) AS _new "
            f"FROM compared {f'GROUP BY {named}' if named else ''})"
        )
        columns = ["sum(_old)", "sum(_new)"]
        rows = self._rows(columns, f"{series} WHERE _old IS NOT NULL AND _new IS NOT NULL")
        return {place: (values[0], values[1]) for place, values in rows}

    def _lost_codes(self) -> dict[tuple[str, str], list[tuple[str, str, int]]]:
        """The codes of each dimension that were there and are not any more; time is none."""
        dimensions = [c for c in self._schema.key if c.is_coded and c.id != self._schema.slice_by]
        found: dict[tuple[str, str], list[tuple[str, str, int]]] = {}
        for name in self._portion.ranks.varying(column.id for column in dimensions):
            texts = self._portion.ranks.texts[name]
            rows = self._rows(
                ["count(*)"],
                "compared",
                having=f"count(*) FILTER ({self._is_there}) = 0",
                beside=name,
            )
            for place, (number, count) in rows:
                found.setdefault(place, []).append((name, texts[number].as_py(), count))
        return found

    def _emptied(self) -> dict[tuple[str, str], list[tuple[str, int]]]:
        names = self._portion.ranks.varying(column.id for column in self._schema.attributes)
        if not names:
            return {}
        columns = [f"count({identifier(name)})" for name in names]
        after = dict(self._rows(columns, "state"))
        found: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for place, counts in self._rows(columns, "base"):
            there = after.get(place, [0] * len(names))
            gone = [
                (name, before)
                for name, before, now in zip(names, counts, there, strict=True)
                if before and not now
            ]
            found[place] = gone
        return found

    def _rows(
        self, columns: Sequence[str], table: str, *, having: str = "", beside: str = ""
    ) -> Iterator[tuple[tuple[str, str], list[int]]]:
        """Values for each place, in its order; `beside` groups by one column more, told first."""
        groups = [*map(identifier, self._place), *([identifier(beside)] if beside else [])]
        named = ", ".join(groups)
        query = f"SELECT {', '.join((*groups, *columns))} FROM {table}"
        query += f" GROUP BY {named}" if groups else ""
        query += f" HAVING {having}" if having else ""
        query += f" ORDER BY {named}" if groups else ""
        places = len(self._place)
        for row in self._connection.execute(query).fetchall():
            yield self._named(row[:places]), list(row[places:])

    def _named(self, numbers: Sequence[int]) -> tuple[str, str]:
        """The source and the slice of a place."""
        given = dict(zip(self._place, numbers, strict=True))
        sources, slices = self._names
        slice_by = self._schema.slice_by or ""
        return sources[given.get(SOURCE, 0)], slices[given.get(slice_by, 0)]

    @cached_property
    def _names(self) -> tuple[list[str], list[str]]:
        """The sources, and the slices, by their numbers."""
        texts = self._portion.ranks.texts
        slice_by = self._schema.slice_by
        return texts[SOURCE].to_pylist(), [""] if slice_by is None else texts[slice_by].to_pylist()
