"""What must hold between the list of areas and the maps to other schemes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from codelists.catalogue import Catalogue, MapEntry
from codelists.table import Table
from hub.errors import Finding


def check_map(entry: MapEntry, catalogue: Catalogue, areas: Table) -> list[Finding]:
    """Return everything wrong with a map; `areas` is the table of the list of areas."""
    if entry.file is None:
        return _columns(entry, areas)
    table = catalogue.spelling_table(entry.file)
    codes = {row["id"] for row in areas.rows}
    columns = {
        other.key: {row[other.column]: row["id"] for row in areas.rows}
        for other in catalogue.maps.values()
        if other.column is not None
    }
    findings = [
        *table.findings,
        *_targets(table, codes, catalogue.sources),
        *_agreement(table, columns),
        *(_once(entry, table, "code") if entry.is_one_to_one else ()),
    ]
    return sorted(findings, key=lambda finding: finding.line or 0)


def _columns(entry: MapEntry, areas: Table) -> list[Finding]:
    return list(_once(entry, areas, entry.column or "")) if entry.is_one_to_one else []


def _once(entry: MapEntry, table: Table, column: str) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for row in table.rows:
        value = row[column]
        if value and value in first:
            message = (
                f"the map {entry.key} is declared one-to-one, but {value} is also on line "
                f"{first[value]}; correct one of the two or declare one_to_one = false"
            )
            yield table.finding("not-one-to-one", message, row, column)
        first.setdefault(value, row.line)


def _targets(table: Table, codes: Collection[str], sources: Collection[str]) -> Iterator[Finding]:
    for row in table.rows:
        if not row["spelling"]:
            message = "the spelling is empty; write it or remove the line"
            yield table.finding("no-spelling", message, row, "spelling")
        if row["code"] not in codes:
            message = f"'{row['code']}' is not in the list of areas; map to a code of the list"
            yield table.finding("unknown-target", message, row, "code")
        if row["source"] not in sources:
            message = f"'{row['source']}' is not a source; add it under [sources] in maps.toml"
            yield table.finding("unknown-source", message, row, "source")


def _agreement(table: Table, columns: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    seen: dict[str, tuple[str, int]] = {}
    rows: set[tuple[str, str]] = set()
    for row in table.rows:
        spelling, code, source = row["spelling"], row["code"], row["source"]
        before, line = seen.setdefault(spelling, (code, row.line))
        if before != code:
            message = f"{spelling} means {before} on line {line}; a spelling has one meaning"
            yield table.finding("two-meanings", message, row, "code")
        elif (spelling, source) in rows:
            message = f"{spelling} of {source} is already on line {line}; remove one of the two"
            yield table.finding("duplicate-spelling", message, row, "spelling")
        rows.add((spelling, source))
        in_column = columns.get(source, {}).get(spelling, code)
        if in_column != code:
            message = f"{spelling} means {in_column} in the column of {source}; make them agree"
            yield table.finding("two-meanings", message, row, "code")
