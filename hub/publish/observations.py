"""The observations of a submission as the rules look at them: in the engine, texts as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from hub.engine import identifier, session
from hub.engine.encoded import occurring
from hub.engine.ranks import Ranks, ranked
from hub.formats.message import Action
from hub.model import Schema
from hub.publish.actions import asks_for
from hub.store.parquet import relation_of
from hub.store.parts import Part
from hub.store.recent import is_remembering, read_recent

#: The table the rules look at: the columns that vary, and `_row`, the row of the source from 0.
TABLE = "observations"
ROW = "_row"
_MERGED = "_merged"
#: How many rows of an answer are taken at a time.
_FETCHED = 10_000


@dataclass(frozen=True, slots=True)
class Observations:
    """Observations in a session of the engine; `typed` are those of the source, deletions too.

    `is_whole` is a condition: rows to merge may leave empty what there is already. `held` is a
    relation of what the same source has published of the same slices; "" where it goes on from
    nothing. Columns with one value in all rows are not in the table: `sql` gives what stands for
    them. What one rule makes in the session for others is told in `made`.
    """

    connection: duckdb.DuckDBPyConnection
    schema: Schema
    typed: pa.Table
    ranks: Ranks
    is_whole: str = "TRUE"
    held: str = ""
    made: dict[str, Any] = field(default_factory=dict)

    def sql(self, name: str) -> str:
        """A component as it stands in SQL."""
        return self.ranks.sql(name)

    def varying(self, names: Iterable[str]) -> list[str]:
        """Those of some components that are in the table, quoted."""
        return [identifier(name) for name in self.ranks.varying(names)]

    def texts(self, name: str) -> list[str] | None:
        """The texts a component has, by their numbers; None where it holds something else."""
        found = self.ranks.texts.get(name)
        return None if found is None else found.to_pylist()

    def numbers(self, name: str, texts: Iterable[str]) -> str:
        """The numbers of some texts of a component, as a list to stand in SQL after IN.

        It is never empty: -1 is the number of no text.
        """
        return ", ".join(str(number) for number in (-1, *self.ranks.numbers(name, texts)))

    def answer(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows a query finds, some at a time."""
        result = self.connection.execute(query)
        while rows := result.fetchmany(_FETCHED):
            yield from rows


@contextmanager
def observations_of(
    schema: Schema,
    typed: pa.Table,
    actions: pa.DictionaryArray,
    memory_limit: str = "2GB",
    spill: Path | None = None,
    held: Sequence[Part] = (),
) -> Iterator[Observations]:
    """Put observations into the engine, without deletions."""
    rows = typed.append_column(ROW, pa.arange(0, typed.num_rows).cast(pa.int32()))
    merged = asks_for(actions, Action.MERGE)
    kept, is_whole = [ROW], "TRUE"
    if pc.any(merged).as_py():
        rows = rows.append_column(_MERGED, merged)
        kept, is_whole = [ROW, _MERGED], f"NOT {_MERGED}"
    deleted = asks_for(actions, Action.DELETE)
    if pc.any(deleted).as_py():
        rows = rows.filter(pc.invert(deleted))
    (table,), ranks = ranked([rows], keep=kept)
    pa.default_memory_pool().release_unused()  # the engine has an allocator of its own
    with session(memory_limit=memory_limit, spill=spill) as connection:
        connection.register(TABLE, table)
        source = _held(connection, schema, held, rows) if held else ""
        yield Observations(connection, schema, typed, ranks, is_whole, source)


def _held(
    connection: duckdb.DuckDBPyConnection, schema: Schema, parts: Sequence[Part], given: pa.Table
) -> str:
    """What parts of files hold, as a relation; if it was read already, of series that go on."""
    if not is_remembering():
        return relation_of(parts, schema)
    ordered = sorted(parts, key=lambda part: part.order)
    table = read_recent(ordered, schema).table
    series = given.select([column.id for column in schema.key])
    connection.register("held_files", table.take(occurring(table, series)))
    return "held_files"
