"""Making an index from the Parquet files of a release."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from hub.engine import arrow_field, duckdb_type, identifier, identifiers, session
from hub.engine.enums import create_enum, enum_name, takes_enum
from hub.formats.bulk import even_pieces
from hub.formats.data import upper_columns
from hub.model import EXACT_TEXT, Column, Schema
from hub.store.facts import ReleaseFacts
from hub.store.index.files import COUNT, PERIODS, TABLE, IndexFiles
from hub.store.parquet import relation_of
from hub.store.parts import Part

WORK = ".work"
#: Rows of one piece of rows.arrow: large, so that rows from all over are gathered in few steps,
#: yet small beside what a server may hold.
ROWS = 1 << 18
#: Texts without a list of codes become ENUM as well where they have no more different values.
_MOST_TEXTS = 5_000
#: More different rows above the series than this are not kept.
_MOST_UPPER = 50_000
#: More periods than this in all sets together are not kept.
_MOST_PERIODS = 100_000
Scalar = str | int | float | bool | None
_NESTED = ("VARCHAR[]", "MAP(VARCHAR, VARCHAR)")


def build_index(
    folder: Path, schema: Schema, facts: ReleaseFacts, files: Sequence[Part], memory_limit: str
) -> None:
    """Write the index of a release; several processes may do so at once, one result stays."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = folder.with_name(f"{folder.name}.{os.getpid()}-{threading.get_ident()}{WORK}")
    work.mkdir()
    try:
        parts = IndexFiles(work)
        with session(memory_limit=memory_limit, database=parts.database) as connection:
            _write_database(connection, schema, facts, files)
            fixed = _fixed(connection, schema)
            _write_rows(connection, schema, fixed, parts.rows)
            _write_series(connection, schema, fixed, parts.series)
            _write_upper(connection, schema, fixed, parts.upper)
            connection.execute("CHECKPOINT")
        parts.fixed.write_text(json.dumps(fixed), "utf-8")
        _settle(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _settle(work: Path, folder: Path) -> None:
    try:
        work.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process was faster, with the same result
            raise


def _write_database(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    facts: ReleaseFacts,
    files: Sequence[Part],
) -> None:
    order = identifiers(column.id for column in schema.dimensions)
    source = relation_of(files, schema)
    texts = _few_texts(connection, schema, source)
    columns = []
    for column in schema.columns:
        name, type_ = identifier(column.id), duckdb_type(column)
        values = _listed(column, facts) if takes_enum(column) else texts.get(column.id)
        if values:
            connection.execute(create_enum(column, values))
            type_ = enum_name(column)
        columns.append(f"CAST({name} AS {type_}) AS {name}")
    selected = ", ".join(columns)
    connection.execute(f"CREATE TABLE {TABLE} AS SELECT {selected} FROM {source} ORDER BY {order}")


def _listed(column: Column, facts: ReleaseFacts) -> set[str]:
    """Every value a coded column can have: of its list, and those that are there."""
    listed = column.enumeration.by_id if column.enumeration is not None else {}
    return {*listed, *facts.values.get(column.id, ())}


def _few_texts(
    connection: duckdb.DuckDBPyConnection, schema: Schema, source: str
) -> dict[str, list[str]]:
    """The values of columns of free text that have few of them."""
    free = [
        column
        for column in schema.columns
        if duckdb_type(column) == "VARCHAR"
        and not takes_enum(column)
        and column.text_type not in EXACT_TEXT
    ]
    if not free:
        return {}
    counted = ", ".join(f"approx_count_distinct({identifier(c.id)})" for c in free)
    (counts,) = connection.execute(f"SELECT {counted} FROM {source}").fetchall()
    found: dict[str, list[str]] = {}
    for column, count in zip(free, counts, strict=True):
        if 0 < count <= _MOST_TEXTS:
            name = identifier(column.id)
            rows = connection.execute(
                f"SELECT DISTINCT {name} FROM {source} WHERE {name} IS NOT NULL"
            ).fetchall()
            found[column.id] = [value for (value,) in rows]
    return found


def _fixed(connection: duckdb.DuckDBPyConnection, schema: Schema) -> dict[str, Scalar]:
    """The columns with the same value, or none, on every row.

    The last dimension is never among them: something must tell how many rows there are.
    """
    parts = []
    columns = [column for column in schema.columns if column != schema.dimensions[-1]]
    for column in columns:
        name = identifier(column.id)
        parts.append(f"count({name})")
        parts += ["NULL", "NULL"] if duckdb_type(column) in _NESTED else _bounds(column, name)
    (row,) = connection.execute(f"SELECT count(*), {', '.join(parts)} FROM {TABLE}").fetchall()
    total = row[0]
    fixed: dict[str, Scalar] = {}
    for place, column in enumerate(columns):
        count, least, most = row[1 + 3 * place : 4 + 3 * place]
        if not count or (count == total and least == most and least is not None):
            fixed[column.id] = least
    return fixed


def _bounds(column: Column, name: str) -> list[str]:
    """The least and the largest value, as text where the column is text."""
    suffix = "::VARCHAR" if duckdb_type(column) == "VARCHAR" else ""
    return [f"{bound}({name}){suffix}" for bound in ("min", "max")]


def _write_rows(
    connection: duckdb.DuckDBPyConnection, schema: Schema, fixed: Mapping[str, object], file: Path
) -> None:
    varying = [column for column in schema.columns if column.id not in fixed]
    names = identifiers(column.id for column in varying)
    found = connection.sql(f"SELECT {names} FROM {TABLE}").to_arrow_reader(ROWS)
    fields = [
        field if pa.types.is_dictionary(field.type) else arrow_field(column)
        for field, column in zip(found.schema, varying, strict=True)
    ]
    arrow = pa.schema(fields)
    _write_file(arrow, even_pieces(found, arrow, ROWS), file)


def _write_series(
    connection: duckdb.DuckDBPyConnection, schema: Schema, fixed: Mapping[str, object], file: Path
) -> None:
    """Write the directory: key, number of observations, and which set of periods they have.

    The sets are few, because the series of a flow mostly cover the same years; they stand in the
    metadata. Where they are many, they are left out.
    """
    keys = [identifier(column.id) for column in schema.key if column.id not in fixed]
    periods = "['']"  # without time, each series is one observation
    if schema.time is not None:
        time = identifier(schema.time.id)
        periods = f"list({time} ORDER BY {time})"
    connection.execute(
        f"CREATE TEMP TABLE found AS SELECT {', '.join([*keys, f'count(*) AS {COUNT}'])}, "
        f"{periods}::VARCHAR[] AS _list FROM {TABLE} "
        + (f"GROUP BY {', '.join(keys)}" if keys else "HAVING count(*) > 0")
    )
    connection.execute(
        f"CREATE TEMP TABLE sets AS SELECT row_number() OVER () - 1 AS {PERIODS}, _list "
        "FROM (SELECT DISTINCT _list FROM found)"
    )
    ((entries,),) = connection.execute("SELECT coalesce(sum(len(_list)), 0) FROM sets").fetchall()
    sets = None
    if entries <= _MOST_PERIODS:
        sets = connection.execute(f"SELECT _list FROM sets ORDER BY {PERIODS}").fetchall()
    chosen = [*keys, COUNT, *([] if sets is None else [f"{PERIODS}::INTEGER AS {PERIODS}"])]
    order = f" ORDER BY {', '.join(keys)}" if keys else ""
    table = connection.sql(
        f"SELECT {', '.join(chosen)} FROM found JOIN sets USING (_list){order}"
    ).to_arrow_table()
    if sets is not None:
        listed = json.dumps([periods for (periods,) in sets])
        table = table.replace_schema_metadata({PERIODS: listed})
    _write_file(table.schema, table.combine_chunks().to_batches(), file)


def _write_upper(
    connection: duckdb.DuckDBPyConnection, schema: Schema, fixed: Mapping[str, object], file: Path
) -> None:
    """Write the different rows that the attributes of data set and groups have, if they are few."""
    names = [name for name in upper_columns(schema) if name not in fixed]
    if not names or any(duckdb_type(schema.by_id[name]) in _NESTED for name in names):
        return
    chosen = identifiers(names)
    found = connection.sql(
        f"SELECT DISTINCT {chosen} FROM {TABLE} ORDER BY {chosen} LIMIT {_MOST_UPPER + 1}"
    ).to_arrow_table()
    if found.num_rows <= _MOST_UPPER:
        _write_file(found.schema, found.to_batches(), file)


def _write_file(schema: pa.Schema, batches: Iterable[pa.RecordBatch], file: Path) -> None:
    with pa.OSFile(file.as_posix(), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
