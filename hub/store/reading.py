"""Reading a release: a selection becomes one SQL query, its answer record batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import pyarrow as pa

from hub.engine import arrow_field, identifier, identifiers, literals
from hub.model import Schema, Selection
from hub.store.conditions import Condition, condition_of
from hub.store.direct import read_direct
from hub.store.source import Reading, Source

_BATCH_ROWS = 32_768
#: Batches smaller than this go together; the first is cut to so many rows, to be on its way early.
_LEAST_ROWS, _FIRST_ROWS = 8_192, 2_048


def read_batches(
    reading: Reading,
    selection: Selection,
    columns: Sequence[str],
    order: Sequence[str] = (),
) -> pa.RecordBatchReader:
    """Answer a selection.

    `columns` are the components wanted, in order; text columns may come dictionary-encoded. Rows
    come sorted by series key, then time, unless `order` names other columns first or the selection
    sorts itself. Raises Unprocessable for a component the structure does not have. The query runs
    while batches are taken.
    """
    schema = reading.schema
    condition = condition_of(schema, selection, reading.periods)
    direct = read_direct(reading, selection, columns, order)
    if direct is not None:
        return pa.RecordBatchReader.from_batches(*direct)
    with ExitStack() as stack:
        source = stack.enter_context(reading.source())
        sql = select_sql(schema, selection, columns, order, condition, source)
        return open_batches(schema, columns, sql, condition, source, stack.pop_all())


def open_batches(
    schema: Schema,
    columns: Sequence[str],
    sql: str,
    condition: Condition,
    source: Source,
    open_source: ExitStack,
) -> pa.RecordBatchReader:
    """Run a query for some components of a source, which is closed when all batches are taken."""
    with ExitStack() as stack:
        stack.push(open_source)
        found = source.connection.sql(sql, params=condition.values).to_arrow_reader(_BATCH_ROWS)
        arrow = pa.schema(
            [
                field if pa.types.is_dictionary(field.type) else arrow_field(schema.by_id[name])
                for name, field in zip(columns, found.schema, strict=True)
            ]
        )
        return pa.RecordBatchReader.from_batches(arrow, _stream(found, arrow, stack.pop_all()))


def read_distinct(reading: Reading, selection: Selection, columns: Sequence[str]) -> pa.Table:
    """The different rows a selection has in some plain columns, sorted by them.

    What the selection says about counts, pages and order has no meaning here.
    """
    condition = condition_of(reading.schema, selection, reading.periods)
    upper = None if condition.parts or reading.index is None else reading.index.upper
    if upper is not None and [*columns] == upper.column_names:
        return upper
    names = identifiers(columns)
    with reading.source() as source:
        sql = f"SELECT DISTINCT {names} FROM {source.relation} WHERE {condition.sql}"
        found = source.connection.sql(f"{sql} ORDER BY {names}", params=condition.values)
        return found.to_arrow_table()


def _stream(
    found: pa.RecordBatchReader, arrow: pa.Schema, open_source: ExitStack
) -> Iterator[pa.RecordBatch]:
    """Batches of a size worth writing: a scan that finds little gives many small ones."""
    with open_source:
        pending: list[pa.RecordBatch] = []
        rows, is_first = 0, True
        for batch in found:
            if not batch.num_rows:
                continue
            pending.append(batch.cast(arrow) if batch.schema != arrow else batch)
            rows += batch.num_rows
            if rows >= _LEAST_ROWS:
                whole = _together(pending)
                if is_first:
                    yield whole.slice(0, _FIRST_ROWS)
                    whole, is_first = whole.slice(_FIRST_ROWS), False
                yield whole
                pending, rows = [], 0
        if pending:
            yield _together(pending)


def _together(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    if len(batches) == 1:
        return batches[0]
    return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]


def select_sql(
    schema: Schema,
    selection: Selection,
    columns: Sequence[str],
    order: Sequence[str],
    condition: Condition,
    source: Source,
) -> str:
    """The query for a selection of a source; its parts come one after another, each in order."""
    sql = f"SELECT {identifiers(columns)} FROM {source.relation} WHERE {condition.sql}"
    ranks = _ranks(schema, selection, source)
    if ranks:
        sql += f" QUALIFY {ranks}"
    if ranks or order or selection.sort or not source.is_sorted:
        sql += f" ORDER BY {', '.join((*source.parts, _order(schema, selection, order, source)))}"
    if selection.limit is not None:
        sql += f" LIMIT {int(selection.limit)}"
    if selection.offset:
        sql += f" OFFSET {int(selection.offset)}"
    return sql


def _ranks(schema: Schema, selection: Selection, source: Source) -> str:
    if schema.time is None:
        return ""
    series = identifiers((*source.parts, *(column.id for column in schema.key)))
    time = _in_time(schema.time.id, source)
    parts = [
        f"row_number() OVER (PARTITION BY {series} ORDER BY {time} {direction}) <= {int(count)}"
        for count, direction in ((selection.first_n, "ASC"), (selection.last_n, "DESC"))
        if count is not None
    ]
    return " OR ".join(parts)


def _order(schema: Schema, selection: Selection, order: Sequence[str], source: Source) -> str:
    """What is asked for, then `order`, then the key; unless asked for, time goes by its text.

    So pages fit together, whether an index answers them or not.
    """
    chosen = {
        name: "ASC" if ascending else "DESC"
        for name, ascending in selection.sort
        if name in schema.by_id
    }
    time = schema.time.id if schema.time is not None else None
    keys = [
        f"{_in_time(name, source) if name == time else identifier(name)} {direction}"
        for name, direction in chosen.items()
    ]
    others = (*order, *(column.id for column in schema.dimensions))
    keys += [f"{identifier(name)} ASC" for name in dict.fromkeys(others) if name not in chosen]
    return ", ".join(keys)


def _in_time(time: str, source: Source) -> str:
    """What the periods of a column are sorted by."""
    if not source.periods:
        return identifier(time)
    return f"list_position([{literals(source.periods)}], CAST({identifier(time)} AS VARCHAR))"
