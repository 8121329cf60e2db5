"""What a submission asks for each of its rows."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from hub.engine.encoded import narrowed, whole
from hub.formats.message import Action, RawData

#: Actions that leave what a row does not say as it was. Since SDMX 3.1 an append is a merge; before
#: that it never took anything away, either.
MERGING = (Action.MERGE, Action.APPEND)


def actions_of(raw: RawData) -> pa.DictionaryArray:
    """The name of an Action for each row, dictionary-encoded; information where none is given."""
    if raw.actions is None:
        plain = pa.repeat(pa.scalar(0, pa.int8()), raw.table.num_rows)
        return pa.DictionaryArray.from_arrays(plain, [Action.INFORMATION.value])
    given = narrowed(whole(raw.actions))
    return given.fill_null(Action.INFORMATION.value) if given.null_count else given


def without_merges(actions: pa.ChunkedArray) -> pa.ChunkedArray:
    """Actions with rows that stand for themselves in place of rows to merge."""
    given = whole(actions)
    merges = pc.is_in(given.dictionary, pa.array([action.value for action in MERGING]))
    names = pc.if_else(merges, Action.REPLACE.value, given.dictionary)
    return pa.chunked_array([pa.DictionaryArray.from_arrays(given.indices, names)])


def asks_for(actions: pa.DictionaryArray, *wanted: Action) -> pa.BooleanArray:
    """Which rows ask for one of some actions."""
    names = pa.array([action.value for action in wanted], pa.string())
    return pc.is_in(actions.dictionary, names).take(actions.indices)
