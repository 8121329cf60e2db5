"""What submissions change: the new state of each slice, and its delta against the one before.

A portion of slices at a time; within one, all are compared and sorted at once. Every column but
the key is compared; a null equals a null, and NaN equals NaN.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hub.engine import arrow_field, arrow_schema, differs, identifier, session
from hub.errors import Invalid
from hub.model import DeltaCounts, Schema
from hub.publish.findings import Findings
from hub.publish.in_place import in_place
from hub.publish.incoming import Base, Incoming
from hub.publish.kinds import IS_ADDED, IS_REVISED, IS_WITHDRAWN, KINDS
from hub.publish.portions import MOST_ROWS, SOURCE, Portion, portions
from hub.publish.state import check_merged, keys_of, load_state, matched, values_of
from hub.publish.weights import BECOMES, WAS, Weight, figures_before_and_after, weights_of
from hub.store.parquet import CHANGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The new state of a slice, sorted by key, and what changed (None: all of it is new).

    Texts are dictionary-encoded. The delta holds new rows and revised ones
    with their new values, withdrawn ones with their last; its column CHANGE says which.
    """

    source: str
    slice: str
    state: pa.Table
    delta: pa.Table | None
    counts: DeltaCounts


def compute_changes(
    schema: Schema,
    incoming: Sequence[Incoming],
    base: Base,
    *,
    memory_limit: str = "2GB",
    spill: Path | None = None,
    most_rows: int = MOST_ROWS,
    weigh: Callable[[Weight], None] | None = None,
) -> Iterator[Change]:
    """Compute the change of every slice that differs from its base, in order of (source, slice).

    About `most_rows` observations, given and held, are looked at together; more where a single
    slice has more. `weigh` is told the weight of each slice there was before, whether it differs or
    not. Raises Invalid, perhaps when changes have been given out already, where a merging row
    leaves something mandatory without a value.
    """
    findings = [Findings(part.raw) for part in incoming]
    for portion in portions(schema, incoming, base, most_rows):
        pa.default_memory_pool().release_unused()  # the engine has an allocator of its own
        with session(memory_limit=memory_limit, spill=spill) as connection:
            is_weighed = weigh is not None and portion.base.num_rows > 0
            found = in_place(schema, portion)
            if found is None:
                load_state(connection, schema, portion)
                check_merged(connection, schema, portion, findings)
            elif is_weighed:
                connection.register("base", portion.base)
                connection.register("state", found)
            if any(each.errors for each in findings):
                continue  # nothing is released any more; the rest is looked at to tell all of it
            if found is None:
                found = _compared(connection, schema, portion, is_weighed=is_weighed)
            with ThreadPoolExecutor(1) as pool:  # the engine needs no interpreter
                weighing = None
                if is_weighed:
                    weighing = pool.submit(weights_of, connection, schema, portion, found, CHANGE)
                changes = list(_by_slice(schema, portion, base, found))
            if weigh is not None and weighing is not None:
                for weight in weighing.result():
                    weigh(weight)
        yield from changes
    found_all = tuple(finding for each in findings for finding in each.all())
    if found_all:
        raise Invalid(
            f"{found_all[0].file}: {len(found_all):,} merging rows lack something", found_all
        )


def _compared(
    connection: duckdb.DuckDBPyConnection, schema: Schema, portion: Portion, *, is_weighed: bool
) -> pa.Table:
    """Every observation before and after, with CHANGE as a number; sorted by slice and key.

    To be weighed, also with its figure WAS and BECOMES.
    """
    keys, values = keys_of(schema, portion), values_of(schema, portion)
    first = [SOURCE, schema.slice_by] if schema.slice_by else [SOURCE]
    order = dict.fromkeys((*map(identifier, portion.ranks.varying(first)), *keys))
    if not portion.base.num_rows:  # everything is new, which needs no comparison
        selected = f"{', '.join((*keys, *values))}, {IS_ADDED}::TINYINT AS {CHANGE} FROM state"
    else:
        known = keys[0]  # where a table has the row, this is never null
        taken = [f"coalesce(s.{key}, b.{key}) AS {key}" for key in keys]
        taken += [f"CASE WHEN s.{known} IS NULL THEN b.{v} ELSE s.{v} END AS {v}" for v in values]
        if is_weighed:
            was, becomes = figures_before_and_after(schema, portion)
            taken += [f"{was} AS {WAS}", f"{becomes} AS {BECOMES}"]
        compared = [column for column in schema.columns if identifier(column.id) in values]
        selected = (
            f"{', '.join(taken)}, CASE WHEN b.{known} IS NULL THEN {IS_ADDED} "
            f"WHEN s.{known} IS NULL THEN {IS_WITHDRAWN} "
            f"WHEN {differs(compared, 's', 'b')} THEN {IS_REVISED} END::TINYINT AS {CHANGE} "
            f"FROM state s FULL JOIN base b ON {matched('s', 'b', keys)}"
        )
    return connection.sql(f"SELECT {selected} ORDER BY {', '.join(order)}").to_arrow_table()


def _by_slice(schema: Schema, portion: Portion, base: Base, found: pa.Table) -> Iterator[Change]:
    """Cut what was compared into slices, and leave out those that stay as they were."""
    change = found.column(CHANGE)
    state = found.filter(pc.not_equal(change, IS_WITHDRAWN).fill_null(True))
    known = {(source, slice_) for source, slice_ in portion.slices if (slice_, source) in base}
    changed = found.filter(change.is_valid()) if known else found.slice(0, 0)
    states, deltas = _runs(schema, portion, state), _runs(schema, portion, changed)
    state = portion.ranks.spelt(state, arrow_schema(schema))
    delta = _spelt_delta(schema, portion, changed)
    kinds = changed.column(CHANGE).to_numpy()
    for source, slice_ in portion.slices:
        start, end = states.get((source, slice_), (0, 0))
        rows = state.slice(start, end - start)
        start, end = deltas.get((source, slice_), (0, 0))
        changes = delta.slice(start, end - start)
        is_known = (source, slice_) in known
        if not (changes if is_known else rows).num_rows:
            continue
        yield Change(
            source=source,
            slice=slice_,
            state=rows,
            delta=changes if is_known else None,
            counts=_counted(kinds[start:end]) if is_known else DeltaCounts(added=rows.num_rows),
        )


def _spelt_delta(schema: Schema, portion: Portion, changed: pa.Table) -> pa.Table:
    columns = (*schema.dimensions, *schema.measures, *schema.attributes)
    fields = pa.schema([arrow_field(column) for column in columns])
    kinds = changed.column(CHANGE).combine_chunks()
    table = portion.ranks.spelt(changed, fields)
    return table.append_column(CHANGE, pa.DictionaryArray.from_arrays(kinds, KINDS))


def _runs(
    schema: Schema, portion: Portion, table: pa.Table
) -> dict[tuple[str, str], tuple[int, int]]:
    """Where the rows of each (source, slice) begin and end in a table sorted by them."""
    sources = _names(portion, table, SOURCE)
    slices = _names(portion, table, schema.slice_by)
    numbers = pc.add(pc.multiply(sources[0], len(slices[1])), slices[0])
    ends = pc.run_end_encode(numbers.combine_chunks())
    runs: dict[tuple[str, str], tuple[int, int]] = {}
    start = 0
    for end, number in zip(ends.run_ends.to_pylist(), ends.values.to_pylist(), strict=True):
        source, slice_ = divmod(number, len(slices[1]))
        runs[sources[1][source], slices[1][slice_]] = start, end
        start = end
    return runs


def _names(
    portion: Portion, table: pa.Table, column: str | None
) -> tuple[pa.ChunkedArray, list[str]]:
    """A column of a table as numbers, and the texts they stand for; "" where there is none."""
    if column is None or column in portion.ranks.settled:
        names = [""] if column is None else portion.ranks.texts[column].to_pylist()
        return pa.chunked_array([pa.repeat(pa.scalar(0, pa.int64()), table.num_rows)]), names
    return table.column(column).cast(pa.int64()), portion.ranks.texts[column].to_pylist()


def _counted(kinds: np.ndarray[Any, Any]) -> DeltaCounts:
    added, revised, withdrawn = np.bincount(kinds, minlength=len(KINDS)).tolist()
    return DeltaCounts(added=added, revised=revised, withdrawn=withdrawn)
