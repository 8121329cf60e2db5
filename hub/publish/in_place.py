"""Observations that take the place of others, compared without the engine.

A partner that revised a few observations of thousands sends those alone. Then nearly all of the new
state is what there was, in the order it was in, and the engine would join and sort all of it to
find so. Here the key of an observation is one number, and what is given is looked up among those
there are. All that asks for more than that is left to the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hub.engine.ranks import Ranks
from hub.model import Schema
from hub.publish.kinds import IS_ADDED, IS_REVISED
from hub.publish.portions import ACTION, MOST_ROWS, PLAIN, SOURCE, Portion
from hub.publish.state import levels_of
from hub.publish.weights import BECOMES, WAS, figures_of
from hub.store.parquet import CHANGE

_Numbers = np.ndarray[Any, np.dtype[np.int64]]
_Mask = np.ndarray[Any, np.dtype[np.bool_]]
#: Keys are numbers below this.
_MOST = 1 << 62
_LEVEL = "_level"


def in_place(schema: Schema, portion: Portion) -> pa.Table | None:
    """Every observation after a change, sorted by source, slice and key: what varies of it.

    With CHANGE as a number, none where it stays as it was, and its figure before and after, WAS and
    BECOMES. None where the engine has to see to it: where slices are given completely, anything is
    merged or deleted, an attribute of a series or a group is to be shared with observations that
    are not given, or something has several values; and a slice too large to be held in memory
    several times, which the engine spills.
    """
    count = portion.base.num_rows
    if not 0 < count <= MOST_ROWS or portion.remaining.num_rows < count:
        return None
    if not pc.all(pc.equal(portion.given.column(ACTION), PLAIN)).as_py():
        return None
    names = portion.ranks.varying((SOURCE, *(column.id for column in schema.columns)))
    base, given = portion.base.select(names), portion.given.select(names)
    if any(map(pa.types.is_nested, base.schema.types)):
        return None
    both = pa.concat_tables([base, given]).combine_chunks()
    first = [SOURCE, schema.slice_by] if schema.slice_by else [SOURCE]
    order = dict.fromkeys((*first, *(column.id for column in schema.dimensions)))
    keys = _packed(both, order, portion.ranks)
    if keys is None or not all(
        _agree(both, over, named, portion.ranks) for over, named in levels_of(schema).items()
    ):
        return None
    rows = _rows(keys, count)
    return None if rows is None else _found(schema, portion.ranks, both, rows)


def _packed(table: pa.Table, names: Iterable[str], ranks: Ranks) -> _Numbers | None:
    """The numbers in some columns as one by which to sort; None if it is too large, or one lacks.

    Columns that do not vary tell nothing apart.
    """
    packed, most = np.zeros(table.num_rows, np.int64), 1
    for name in ranks.varying(names):
        column, count = table.column(name).combine_chunks(), len(ranks.texts[name])
        most *= max(count, 1)
        if column.null_count or most > _MOST:
            return None
        packed *= count
        packed += column.to_numpy()
    return packed


def _agree(table: pa.Table, over: Iterable[str], names: Iterable[str], ranks: Ranks) -> bool:
    """True where each of some attributes has one value, or none, wherever some dimensions agree."""
    columns = {name: table.column(name) for name in ranks.varying(names)}
    if not columns:
        return True
    level = _packed(table, over, ranks)
    if level is None or not columns.keys() <= ranks.texts.keys():
        return False  # among other numbers any may stand for none
    filled = {name: column.cast(pa.int64()).fill_null(-1) for name, column in columns.items()}
    ends = [(name, end) for name in columns for end in ("min", "max")]
    found = pa.table({_LEVEL: level, **filled}).group_by(_LEVEL).aggregate(ends)
    return all(found.column(f"{name}_min").equals(found.column(f"{name}_max")) for name in columns)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows that make up the new state, in order; those given are numbered on from those before.

    `before` is what each was, itself where it is new.
    """

    after: _Numbers
    before: _Numbers
    is_added: _Mask


def _rows(keys: _Numbers, count: int) -> _Rows | None:
    """Look up what is given among the first so many; None where a key is there twice."""
    order = np.argsort(keys[:count], kind="stable")
    given = count + np.argsort(keys[count:], kind="stable")
    known, wanted = keys[order], keys[given]
    if (known[1:] == known[:-1]).any() or (wanted[1:] == wanted[:-1]).any():
        return None
    places = np.searchsorted(known, wanted)
    is_there = known[np.minimum(places, count - 1)] == wanted
    after = order.copy()
    after[places[is_there]] = given[is_there]
    where, new = places[~is_there], given[~is_there]
    return _Rows(
        after=np.insert(after, where, new),
        before=np.insert(order, where, new),
        is_added=np.insert(np.zeros(count, np.bool_), where, np.ones(len(new), np.bool_)),
    )


def _found(schema: Schema, ranks: Ranks, both: pa.Table, rows: _Rows) -> pa.Table:
    places = np.flatnonzero(rows.after != rows.before)
    values = ranks.varying(column.id for column in (*schema.measures, *schema.attributes))
    now, then = both.take(rows.after[places]), both.take(rows.before[places])
    changes = np.full(len(rows.after), -1, np.int8)
    changes[places[_differ(now, then, values)]] = IS_REVISED
    changes[rows.is_added] = IS_ADDED
    figures = figures_of(schema, ranks, both)
    was = pc.if_else(pa.array(rows.is_added), None, figures.take(pa.array(rows.before)))
    found = both.take(rows.after)
    found = found.append_column(WAS, was).append_column(BECOMES, figures.take(pa.array(rows.after)))
    return found.append_column(CHANGE, pa.array(changes, mask=changes < 0))


def _differ(one: pa.Table, other: pa.Table, names: Iterable[str]) -> _Mask:
    """Which rows of two tables say different things: a null equals a null, and NaN equals NaN."""
    found = np.zeros(one.num_rows, np.bool_)
    for name in names:
        for left, right in _pairs(one.column(name), other.column(name)):
            found |= pc.not_equal(left, right).fill_null(False).to_numpy()
    return found


def _pairs(
    one: pa.ChunkedArray, other: pa.ChunkedArray
) -> Iterator[tuple[pa.ChunkedArray, pa.ChunkedArray]]:
    """What is to be equal of two columns: which values there are, which are NaN, and the others."""
    yield one.is_valid(), other.is_valid()
    if not pa.types.is_floating(one.type):
        yield one, other
        return
    is_nan, is_other_nan = pc.is_nan(one), pc.is_nan(other)
    yield is_nan, is_other_nan
    yield pc.if_else(is_nan, 0.0, one), pc.if_else(is_other_nan, 0.0, other)
