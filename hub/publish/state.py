"""The state of slices after submissions: as tables in the engine.

Deletions come first, then what is given takes its place: information, appended and replacing rows
whole, merging ones with what they leave empty filled from the observation there was. An attribute
of a series, a group or the data set has one value: the one given, else the one there was (SDMX 3.0,
"Action": attributes above the observation are merged).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from hub.engine import identifier, identifiers, literal
from hub.errors import Invalid
from hub.formats.message import Action, RawData
from hub.model import Attachment, Schema
from hub.publish.findings import Findings
from hub.store.parquet import relation_of

#: Columns beside those of the schema: who stands behind a row, and the slice it falls into.
SOURCE, SLICE = "_source", "_slice"
_IS_DELETION = f"_action = {literal(Action.DELETE)}"
_IS_MERGE = f"_action = {literal(Action.MERGE)}"
_IS_SPECIAL = f"{_IS_DELETION} OR {_IS_MERGE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Checked observations of one source.

    `complete` slices lose what is not in `table`; where it `replaces`, so do all that rows other
    than deletions fall into. `raw` tells where the rows stand in the source.
    """

    source: str
    raw: RawData
    table: pa.Table
    actions: pa.Array
    replaces: bool
    complete: tuple[str, ...]

    def slices(self, schema: Schema, *, deletions: bool = True) -> set[str]:
        """The slices that rows name, with or without deletions."""
        table = self.table
        if not deletions:
            table = table.filter(pc.not_equal(self.actions, Action.DELETE.value))
        if schema.slice_by is None:
            return {""} if table.num_rows else set()
        return set(pc.unique(table.column(schema.slice_by)).drop_null().to_pylist())

    def complete_slices(self, schema: Schema) -> set[str]:
        """The slices that are given completely."""
        given = self.slices(schema, deletions=False) if self.replaces else set()
        return given | set(self.complete)


def load_state(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    incoming: Sequence[Incoming],
    base: Mapping[tuple[str, str], Path],
) -> None:
    """Make the tables `base` and `state`: the observations of the slices touched, before and after.

    `base` gives the file of the newest version of each (slice, source) there is. Raises Invalid
    where a merging row leaves something mandatory without a value.
    """
    _load_incoming(connection, schema, incoming)
    _load_base(connection, schema, incoming, base)
    if _has_rows(connection, "remaining") or _has_rows(connection, "incoming", _IS_SPECIAL):
        _delete(connection, schema)
        _make_state(connection, schema)
    else:
        columns = "* EXCLUDE (_action, _part, _row)"
        connection.execute(f"CREATE TEMP TABLE state AS SELECT {columns} FROM incoming")
    _share_upper_attributes(connection, schema)
    _check_merged(connection, schema, incoming)


def _load_incoming(
    connection: duckdb.DuckDBPyConnection, schema: Schema, incoming: Sequence[Incoming]
) -> None:
    """Make the table `incoming`; `_part` and `_row` say where a row comes from."""
    columns = identifiers(column.id for column in schema.columns)
    selects = []
    for index, part in enumerate(incoming):
        rows = pa.arange(0, part.table.num_rows)
        table = part.table.append_column("_action", part.actions).append_column("_row", rows)
        connection.register(f"part{index}", table)
        selects.append(
            f"SELECT {literal(part.source)} AS {SOURCE}, {_slice_sql(schema)} AS {SLICE}, "
            f"{columns}, _action, {index} AS _part, _row FROM part{index}"
        )
    connection.execute(f"CREATE TEMP TABLE incoming AS {' UNION ALL '.join(selects)}")


def _load_base(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    incoming: Sequence[Incoming],
    base: Mapping[tuple[str, str], Path],
) -> None:
    """Make the tables `base` (what there was) and `remaining` (without what is given complete)."""
    selects = []
    complete = []
    for part in incoming:
        touched = part.slices(schema) | set(part.complete)
        if _has_open_deletion(part, schema):
            touched |= {slice_ for slice_, source in base if source == part.source}
        found = sorted((s, path) for (s, source), path in base.items() if source == part.source)
        files = [path for slice_, path in found if slice_ in touched]
        selects.append(
            f"SELECT {literal(part.source)} AS {SOURCE}, {_slice_sql(schema)} AS {SLICE}, "
            f"{identifiers(c.id for c in schema.columns)} FROM {relation_of(files, schema)}"
        )
        complete += [(part.source, slice_) for slice_ in sorted(part.complete_slices(schema))]
    connection.execute(f"CREATE TEMP TABLE base AS {' UNION ALL '.join(selects)}")
    lost = pa.table(
        {
            SOURCE: pa.array([source for source, _ in complete], pa.string()),
            SLICE: pa.array([slice_ for _, slice_ in complete], pa.string()),
        }
    )
    connection.register("complete", lost)
    connection.execute(
        f"CREATE TEMP TABLE remaining AS FROM base ANTI JOIN complete USING ({SOURCE}, {SLICE})"
    )


def _has_rows(connection: duckdb.DuckDBPyConnection, table: str, condition: str = "TRUE") -> bool:
    query = f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1"
    return bool(connection.execute(query).fetchall())


def _slice_sql(schema: Schema) -> str:
    return identifier(schema.slice_by) if schema.slice_by else "''"


def _has_open_deletion(part: Incoming, schema: Schema) -> bool:
    """True where a deletion does not say in which slice, so means all of them."""
    if schema.slice_by is None:
        return False
    deleted = part.table.filter(pc.equal(part.actions, Action.DELETE.value))
    return bool(deleted.column(schema.slice_by).null_count)


def _delete(connection: duckdb.DuckDBPyConnection, schema: Schema) -> None:
    """Take from `remaining` what deletions mean: a dimension left empty means any value.

    One statement for each set of dimensions given, so that every one can join by equality.
    """
    dimensions = [identifier(column.id) for column in schema.dimensions]
    given = ", ".join(f"{name} IS NOT NULL" for name in dimensions)
    patterns = connection.execute(
        f"SELECT DISTINCT {given} FROM incoming WHERE {_IS_DELETION} ORDER BY ALL"
    ).fetchall()
    for pattern in patterns:
        same = [f"i.{SOURCE} = b.{SOURCE}"]
        for name, is_given in zip(dimensions, pattern, strict=True):
            same.append(f"i.{name} = b.{name}" if is_given else f"i.{name} IS NULL")
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE remaining AS FROM remaining b WHERE NOT EXISTS "
            f"(FROM incoming i WHERE {_IS_DELETION} AND {' AND '.join(same)})"
        )


def _make_state(connection: duckdb.DuckDBPyConnection, schema: Schema) -> None:
    """Make the table `state`: what is given, and what remains beside it."""
    keys = [SOURCE, SLICE, *(identifier(column.id) for column in schema.dimensions)]
    same = " AND ".join(f"i.{key} = b.{key}" for key in keys)
    names = [identifier(column.id) for column in (*schema.measures, *schema.attributes)]
    given = ", ".join(f"i.{name}" for name in (*keys, *names))
    merged = ", ".join(
        (*(f"i.{key}" for key in keys), *(f"coalesce(i.{name}, b.{name})" for name in names))
    )
    connection.execute(
        f"CREATE TEMP TABLE state AS "
        f"SELECT {given} FROM incoming i WHERE NOT ({_IS_MERGE} OR {_IS_DELETION}) "
        f"UNION ALL SELECT {merged} FROM incoming i LEFT JOIN remaining b ON {same} "
        f"WHERE {_IS_MERGE} "
        f"UNION ALL SELECT {', '.join((*keys, *names))} FROM remaining b "
        f"WHERE NOT EXISTS (FROM incoming i WHERE {same} AND NOT {_IS_DELETION})"
    )


def _share_upper_attributes(connection: duckdb.DuckDBPyConnection, schema: Schema) -> None:
    """Give all observations of a series, group or data set the same value of its attributes.

    Within a slice: what one slice is told does not change another.
    """
    levels: dict[tuple[str, ...], list[str]] = {}
    for column in schema.attributes:
        if column.attachment is not Attachment.OBSERVATION:
            levels.setdefault(column.dimensions, []).append(identifier(column.id))
    for dimensions, names in levels.items():
        if not _has_gaps(connection, names):
            continue
        keys = ", ".join((SOURCE, SLICE, *(identifier(dimension) for dimension in dimensions)))
        columns = f"{keys}, {', '.join(names)}"
        first = ", ".join(f"arg_min({name}, _rank) AS {name}" for name in names)
        shared = ", ".join(f"coalesce(u.{name}, s.{name}) AS {name}" for name in names)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE upper_level AS SELECT {keys}, {first} FROM ("
            f"SELECT {columns}, 0 AS _rank FROM incoming WHERE NOT {_IS_DELETION} "
            f"UNION ALL SELECT {columns}, 1 FROM remaining) GROUP BY {keys}"
        )
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE state AS "
            f"SELECT s.* REPLACE ({shared}) FROM state s JOIN upper_level u USING ({keys})"
        )


def _has_gaps(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> bool:
    """True where some rows may take the value of an attribute from others.

    Without anything there before, an attribute that every row gives, or none, is as it will be.
    """
    if _has_rows(connection, "remaining"):
        return True
    gaps = " OR ".join(f"count({name}) NOT IN (0, count(*))" for name in names)
    asked = f"SELECT {gaps} FROM incoming WHERE NOT ({_IS_DELETION})"
    return connection.execute(asked).fetchall() == [(True,)]


def _check_merged(
    connection: duckdb.DuckDBPyConnection, schema: Schema, incoming: Sequence[Incoming]
) -> None:
    """Refuse merging rows whose observation lacks something mandatory even when merged."""
    merges = (pc.any(pc.equal(part.actions, Action.MERGE.value)).as_py() for part in incoming)
    if not any(merges):
        return
    keys = ", ".join((SOURCE, *(identifier(column.id) for column in schema.dimensions)))
    needed = [c.id for c in (*schema.measures, *schema.attributes) if c.is_mandatory]
    all_findings = [Findings(part.raw) for part in incoming]
    for name in needed:
        rows = connection.execute(
            f"SELECT i._part, i._row FROM incoming i JOIN state s USING ({keys}) "
            f"WHERE {_IS_MERGE} AND s.{identifier(name)} IS NULL ORDER BY ALL"
        ).fetchall()
        for part, row in rows:
            message = (
                f"{name} is mandatory; it is neither given here nor there already, so this row "
                "cannot be merged: add it"
            )
            all_findings[part].add("incomplete-merge", message, row=row, column=name)
    found = tuple(finding for findings in all_findings for finding in findings.all())
    if found:
        raise Invalid(f"{found[0].file}: {len(found):,} merging rows lack something", found)
