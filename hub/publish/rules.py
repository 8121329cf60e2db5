"""Structural rules over typed observations, set-based: one query a rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from hub.engine import identifier, identifiers, literals
from hub.model import Attachment, CubeRegion, KeyValues, Operator, Schema
from hub.model.period import matches, parse_period
from hub.publish.findings import Findings

#: The table the rules look at: the typed columns, and `_row`, the row of the source from 0.
TABLE = "observations"
#: Up to so many values are listed in a message.
_FEW = 10


def check_duplicates(
    connection: duckdb.DuckDBPyConnection, schema: Schema, findings: Findings
) -> None:
    """No key occurs twice; every row after the first with its key is a finding."""
    keys = identifiers(column.id for column in schema.dimensions)
    repeated = f"SELECT 1 FROM {TABLE} GROUP BY {keys} HAVING count(*) > 1 LIMIT 1"
    if not connection.execute(repeated).fetchall():
        return
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
        if column.attachment is Attachment.OBSERVATION:
            continue
        name = identifier(column.id)
        if not _varies(connection, name):
            continue
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


def _varies(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """True where a column has more than one value at all."""
    values = f"SELECT DISTINCT {name} FROM {TABLE} WHERE {name} IS NOT NULL LIMIT 2"
    return len(connection.execute(values).fetchall()) > 1


def check_constraints(
    connection: duckdb.DuckDBPyConnection, schema: Schema, findings: Findings
) -> None:
    """Observations lie in what the constraints of the flow, structure and agreement allow."""
    allowed = [constraint for constraint in schema.constraints if constraint.role == "Allowed"]
    if not allowed:
        return
    limits = _Limits(schema, _periods(connection, schema))
    for constraint in allowed:
        name = str(constraint.reference)
        included = [region for region in constraint.regions if region.include]
        if len(included) == 1:
            for key in (*included[0].keys, *included[0].attributes):
                _check_key(connection, limits, key, name, findings)
        elif included:
            sql = " OR ".join(f"({limits.inside(region)})" for region in included)
            message = f"this combination is in none of the regions that {name} allows"
            for row in _rows(connection, f"NOT ({sql})"):
                findings.add("constraint", message, row=row)
        for region in (region for region in constraint.regions if not region.include):
            what = " and ".join(_in_words(key) for key in (*region.keys, *region.attributes))
            for row in _rows(connection, limits.excluded(region)):
                findings.add("constraint", f"{name} does not allow {what} together", row=row)


@dataclass(frozen=True, slots=True)
class _Limits:
    """Key values and regions as SQL; `periods` are the time periods there are."""

    schema: Schema
    periods: tuple[str, ...]

    def met(self, key: KeyValues) -> str:
        """What a key value says; null for an observation that has no value there."""
        column = self.schema.by_id[key.component]
        name = identifier(key.component)
        parts = []
        if key.values and column.is_list:
            parts.append(f"list_has_all([{literals(key.values)}], {name})")
        elif key.values:
            parts.append(f"CAST({name} AS VARCHAR) IN ({literals(key.values)})")
        if key.start is not None or key.end is not None:
            fits = [text for text in self.periods if _within(text, key)]
            parts.append(f"list_contains([{literals(fits)}], {name})")
        condition = " AND ".join(parts) or "TRUE"
        return condition if key.include else f"NOT ({condition})"

    def inside(self, region: CubeRegion) -> str:
        """True inside a region that is allowed; an attribute may also be absent."""
        keys = [f"coalesce({self.met(key)}, FALSE)" for key in self._known(region.keys)]
        keys += [f"coalesce({self.met(key)}, TRUE)" for key in self._known(region.attributes)]
        return " AND ".join(keys) or "TRUE"

    def excluded(self, region: CubeRegion) -> str:
        """True inside a region that is not allowed; one of other components is empty here."""
        keys = (*region.keys, *region.attributes)
        if not keys or len(self._known(keys)) < len(keys):
            return "FALSE"
        return " AND ".join(f"coalesce({self.met(key)}, FALSE)" for key in keys)

    def _known(self, keys: Iterable[KeyValues]) -> list[KeyValues]:
        return [key for key in keys if key.component in self.schema.by_id]


def _periods(connection: duckdb.DuckDBPyConnection, schema: Schema) -> tuple[str, ...]:
    if schema.time is None:
        return ()
    name = identifier(schema.time.id)
    rows = connection.execute(f"SELECT DISTINCT {name} FROM {TABLE} WHERE {name} IS NOT NULL")
    return tuple(period for (period,) in rows.fetchall())


def _within(text: str, key: KeyValues) -> bool:
    period = parse_period(text)
    since = Operator.GT if key.excludes_start else Operator.GE
    until = Operator.LT if key.excludes_end else Operator.LE
    after = key.start is None or matches(period, since, key.start)
    return after and (key.end is None or matches(period, until, key.end))


def _check_key(
    connection: duckdb.DuckDBPyConnection,
    limits: _Limits,
    key: KeyValues,
    constraint: str,
    findings: Findings,
) -> None:
    if key.component not in limits.schema.by_id:
        return
    column = identifier(key.component)
    rows = connection.execute(
        f"SELECT _row, CAST({column} AS VARCHAR) FROM {TABLE} "
        f"WHERE NOT ({limits.met(key)}) AND {column} IS NOT NULL ORDER BY _row"
    ).fetchall()
    says = f"allows only {_listed(key)}" if key.include else "does not allow it"
    for row, value in rows:
        message = f"{key.component} is '{value}'; {constraint} {says}"
        findings.add("constraint", message, row=row, column=key.component, value=value)


def _in_words(key: KeyValues) -> str:
    return f"{key.component} {'in' if key.include else 'outside'} ({_listed(key)})"


def _listed(key: KeyValues) -> str:
    if key.start is not None or key.end is not None:
        return f"{key.start or 'any time'} to {key.end or 'any time'}"
    return ", ".join(key.values) if len(key.values) <= _FEW else f"{len(key.values)} values"


def _rows(connection: duckdb.DuckDBPyConnection, condition: str) -> list[int]:
    query = f"SELECT _row FROM {TABLE} WHERE {condition} ORDER BY _row"
    return [row for (row,) in connection.execute(query).fetchall()]
