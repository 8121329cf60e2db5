"""What is said of data that went through a map: what was left out and why, what to know."""

from __future__ import annotations

import duckdb

from connectors.sdmx.reasons import Reasons
from dsd.map_building import TESTED_BY, UNTESTED
from hub.engine import identifier
from hub.errors import Finding, Severity
from hub.formats.message import RawData
from hub.model import Codelist, Schema, StructureMap

#: How many values left out are told one by one.
MOST = 1_000
_VALID_TO = "VALID_TO"


def findings_of(
    connection: duckdb.DuckDBPyConnection,
    reasons: Reasons,
    raw: RawData,
    mapping: StructureMap,
) -> tuple[Finding, ...]:
    """A finding for each reason and value rows were left out for, and one for a map untested."""
    found = connection.execute(
        "SELECT _why, _said, count(*), min(_row) FROM mapped WHERE _why IS NOT NULL "
        "GROUP BY ALL ORDER BY min(_row)"
    ).fetchall()
    told = [_left_out(reasons, raw, *one) for one in found[:MOST]]
    if len(found) > MOST:
        rows = sum(one[2] for one in found[MOST:])
        message = f"{rows:,} more rows left out for {len(found) - MOST:,} more values"
        told.append(
            Finding(rule="map-dropped", message=message, severity=Severity.WARNING, file=raw.source)
        )
    if (mapping.annotation(TESTED_BY) or UNTESTED) == UNTESTED:
        told.append(_untested(raw, mapping))
    return tuple(told)


def _left_out(reasons: Reasons, raw: RawData, why: int, said: str, count: int, row: int) -> Finding:
    reason, rule = reasons.of(why)
    column, _, value = said.partition("\n")
    through = f" ({reason.map})" if reason.map else ""
    what = f"{column} '{value}'" if value else column or "rows"
    severity = Severity.WARNING if reason.is_unnamed else Severity.INFORMATION
    if reason.is_error:
        severity = Severity.ERROR
    outcome = "cannot be taken" if severity is Severity.ERROR else "left out"
    return Finding(
        rule=rule,
        message=f"{count:,} row{'s' * (count != 1)} {outcome}, {what}: {reason.because}{through}",
        severity=severity,
        file=raw.source,
        line=raw.line(row),
        column=column or None,
        value=value or None,
    )


def _untested(raw: RawData, mapping: StructureMap) -> Finding:
    return Finding(
        rule="map-untested",
        message=f"{mapping.reference} was made from documentation: no message recorded from "
        f"{mapping.source} was ever read through it; compare some figures with the source",
        severity=Severity.WARNING,
        file=raw.source,
    )


def former_states(
    connection: duckdb.DuckDBPyConnection, schema: Schema, raw: RawData, mapping: StructureMap
) -> tuple[Finding, ...]:
    """A note for each state that was no more when figures about it are of; they are kept."""
    found: list[Finding] = []
    time = schema.time
    for column in schema.key:
        if time is None or not isinstance(column.enumeration, Codelist):
            continue
        ended = {
            code.id: end[:4]
            for code in column.enumeration.items
            if (end := code.annotation(_VALID_TO)) is not None
        }
        if column.id not in _targets(mapping) or not ended:
            continue
        found += _after_their_end(connection, column.id, time.id, ended, raw)
    return tuple(found)


def _targets(mapping: StructureMap) -> set[str]:
    return {target for component in mapping.components for target in component.targets}


def _after_their_end(
    connection: duckdb.DuckDBPyConnection,
    column: str,
    time: str,
    ended: dict[str, str],
    raw: RawData,
) -> list[Finding]:
    name, period = identifier(column), identifier(time)
    rows = connection.execute(
        f"SELECT {name}, count(*), min(_row) FROM mapped "
        f"JOIN (SELECT unnest(?) AS code, unnest(?) AS year) e ON e.code = {name} "
        f"WHERE _why IS NULL AND {period}[:4] > e.year GROUP BY ALL ORDER BY ALL",
        [list(ended), list(ended.values())],
    ).fetchall()
    return [
        Finding(
            rule="map-former-state",
            message=f"{count:,} row{'s' * (count != 1)} about {code}, which ended in "
            f"{ended[code]}, are of later years: kept as the source gives them",
            severity=Severity.INFORMATION,
            file=raw.source,
            line=raw.line(row),
            column=column,
            value=code,
        )
        for code, count, row in rows
    ]
