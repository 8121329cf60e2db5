"""Reading a release: a selection becomes SQL over its Parquet files, the answer record batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from hub.engine import arrow_field, duckdb_type, identifier, identifiers, literals, session
from hub.model import Schema, Selection
from hub.store.conditions import Condition, condition_of

_BATCH_ROWS = 65_536


def source_sql(files: Sequence[Path], schema: Schema, columns: Sequence[str]) -> str:
    """A FROM clause over the files of a release; a column that older files lack is null."""
    if not files:
        empty = ", ".join(
            f"CAST(NULL AS {duckdb_type(schema.by_id[name])}) AS {identifier(name)}"
            for name in columns
        )
        return f"(SELECT {empty} WHERE FALSE)"
    paths = literals(path.as_posix() for path in files)
    return f"read_parquet([{paths}], union_by_name = true)"


def read_batches(
    files: Sequence[Path],
    schema: Schema,
    selection: Selection,
    columns: Sequence[str],
    periods: Sequence[str],
    order: Sequence[str] = (),
    memory_limit: str = "2GB",
) -> pa.RecordBatchReader:
    """Answer a selection from the files of a release.

    `columns` are the components wanted, in order. Rows come sorted by series key, then time,
    unless `order` names other columns or the selection sorts itself. Raises Unprocessable for a
    component the structure does not have. The query runs while batches are taken.
    """
    condition = condition_of(schema, selection, periods)
    sql = _select(schema, selection, columns, order, condition, source_sql(files, schema, columns))
    arrow = pa.schema([arrow_field(schema.by_id[name]) for name in columns])
    return pa.RecordBatchReader.from_batches(
        arrow, _stream(sql, condition.values, arrow, memory_limit)
    )


def _stream(
    sql: str, values: list[object], arrow: pa.Schema, memory_limit: str
) -> Iterator[pa.RecordBatch]:
    with session(memory_limit=memory_limit) as connection:
        for batch in connection.sql(sql, params=values).to_arrow_reader(_BATCH_ROWS):
            if batch.num_rows:
                yield batch.cast(arrow) if batch.schema != arrow else batch


def _select(
    schema: Schema,
    selection: Selection,
    columns: Sequence[str],
    order: Sequence[str],
    condition: Condition,
    source: str,
) -> str:
    wanted = identifiers(columns)
    sql = f"SELECT {wanted} FROM {source} WHERE {condition.sql}"
    ranks = _ranks(schema, selection)
    if ranks:
        sql += f" QUALIFY {ranks}"
    sql += f" ORDER BY {_order(schema, selection, order)}"
    if selection.limit is not None:
        sql += f" LIMIT {int(selection.limit)}"
    if selection.offset:
        sql += f" OFFSET {int(selection.offset)}"
    return sql


def _ranks(schema: Schema, selection: Selection) -> str:
    if schema.time is None:
        return ""
    series = identifiers(column.id for column in schema.key)
    time = identifier(schema.time.id)
    parts = [
        f"row_number() OVER (PARTITION BY {series} ORDER BY {time} {direction}) <= {int(count)}"
        for count, direction in ((selection.first_n, "ASC"), (selection.last_n, "DESC"))
        if count is not None
    ]
    return " OR ".join(parts)


def _order(schema: Schema, selection: Selection, order: Sequence[str]) -> str:
    chosen = {
        name: "ASC" if ascending else "DESC"
        for name, ascending in selection.sort
        if name in schema.by_id
    }
    for name in (*order, *(column.id for column in schema.dimensions)):
        chosen.setdefault(name, "ASC")
    return ", ".join(f"{identifier(name)} {direction}" for name, direction in chosen.items())
