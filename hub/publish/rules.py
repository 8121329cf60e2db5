"""Structural rules over typed observations, set-based: one query a rule."""

from __future__ import annotations

import duckdb

from hub.engine import identifier, identifiers, literals
from hub.model import Attachment, CubeRegion, KeyValues, Schema
from hub.publish.findings import Findings

#: The table the rules look at: the typed columns, and `_row`, the row of the source from 0.
TABLE = "observations"


def check_duplicates(
    connection: duckdb.DuckDBPyConnection, schema: Schema, findings: Findings
) -> None:
    """No key occurs twice; every row after the first with its key is a finding."""
    keys = identifiers(column.id for column in schema.dimensions)
    whole = " AND ".join(f"{identifier(c.id)} IS NOT NULL" for c in schema.dimensions)
    query = (
        f"SELECT _row, min(_row) OVER w AS earlier, concat_ws('.', {keys}) "
        f"FROM {TABLE} WHERE {whole} WINDOW w AS (PARTITION BY {keys}) "
        f"QUALIFY _row > earlier ORDER BY _row"
    )
    names = ".".join(column.id for column in schema.dimensions)
    for row, first, key in connection.execute(query).fetchall():
        place = findings.place(first)
        message = f"the same key stands {place} already; a key ({names}) may occur once"
        findings.add("duplicate-key", message, row=row, value=key)


def check_attachment(
    connection: duckdb.DuckDBPyConnection, schema: Schema, findings: Findings
) -> None:
    """An attribute of a data set, group or series has one value in it."""
    for column in schema.attributes:
        if column.attachment is Attachment.OBSERVATION or column.is_list or column.is_multilingual:
            continue
        name = identifier(column.id)
        over = identifiers(column.dimensions) if column.dimensions else "1"
        rows = connection.execute(
            f"SELECT _row, CAST({name} AS VARCHAR), "
            f"CAST(first_value({name}) OVER w AS VARCHAR) FROM {TABLE} "
            f"WHERE {name} IS NOT NULL "
            f"WINDOW w AS (PARTITION BY {over} ORDER BY _row) "
            f"QUALIFY {name} IS DISTINCT FROM first_value({name}) OVER w ORDER BY _row"
        ).fetchall()
        within = ", ".join(column.dimensions) if column.dimensions else "the whole data set"
        for row, value, other in rows:
            message = (
                f"{column.id} has one value for {within}, but here it is '{value}' and "
                f"earlier '{other}'"
            )
            findings.add("attachment", message, row=row, column=column.id, value=value)


def check_constraints(
    connection: duckdb.DuckDBPyConnection, schema: Schema, findings: Findings
) -> None:
    """Observations lie in what the constraints of the flow, structure and agreement allow."""
    for constraint in schema.constraints:
        if constraint.role != "Allowed":
            continue
        name = str(constraint.reference)
        included = [region for region in constraint.regions if region.include]
        if len(included) == 1:
            for key in included[0].keys:
                _check_key(connection, schema, key, name, findings)
        elif included:
            sql = " OR ".join(f"({_region(schema, region)})" for region in included)
            message = f"this combination is in none of the regions that {name} allows"
            for row in _rows(connection, f"NOT ({sql})"):
                findings.add("constraint", message, row=row)
        for region in (region for region in constraint.regions if not region.include):
            what = ", ".join(f"{key.component} in ({', '.join(key.values)})" for key in region.keys)
            for row in _rows(connection, _region(schema, region)):
                findings.add("constraint", f"{name} does not allow {what} together", row=row)


def _check_key(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    key: KeyValues,
    constraint: str,
    findings: Findings,
) -> None:
    if key.component not in schema.by_id:
        return
    column = identifier(key.component)
    rows = connection.execute(
        f"SELECT _row, {column} FROM {TABLE} "
        f"WHERE NOT ({_condition(key)}) AND {column} IS NOT NULL ORDER BY _row"
    ).fetchall()
    few = len(key.values) <= 10
    listed = ", ".join(key.values) if few else f"{len(key.values)} values"
    says = f"allows only {listed}" if key.include else "does not allow it"
    for row, value in rows:
        message = f"{key.component} is '{value}'; {constraint} {says}"
        findings.add("constraint", message, row=row, column=key.component, value=value)


def _region(schema: Schema, region: CubeRegion) -> str:
    known = [key for key in region.keys if key.component in schema.by_id]
    return " AND ".join(f"coalesce({_condition(key)}, FALSE)" for key in known) or "FALSE"


def _condition(key: KeyValues) -> str:
    column = identifier(key.component)
    parts = []
    if key.values:
        parts.append(f"{column} IN ({literals(key.values)})")
    if key.start is not None:
        parts.append(f"{column} >= {literals([key.start])}")
    if key.end is not None:
        parts.append(f"{column} <= {literals([key.end])}")
    condition = " AND ".join(parts) or "TRUE"
    return condition if key.include else f"NOT ({condition})"


def _rows(connection: duckdb.DuckDBPyConnection, condition: str) -> list[int]:
    query = f"SELECT _row FROM {TABLE} WHERE {condition} ORDER BY _row"
    return [row for (row,) in connection.execute(query).fetchall()]
