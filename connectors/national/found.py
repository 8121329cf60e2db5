"""Findings about observations that were read already, each with its sheet and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from hub.errors import Finding
from hub.formats.csv.places import locate
from hub.formats.message import RawData


def of_values(
    raw: RawData, values: pa.ChunkedArray, messages: Mapping[str, str], rule: str, column: str
) -> Iterator[Finding]:
    """A finding for every value that `messages` has something to say about, at its first row."""
    for finding in locate(
        values, messages, rule=rule, file=raw.source, column=column, line=lambda row: row
    ):
        yield finding if finding.line is None else _placed(raw, finding, finding.line)


def of_rows(
    raw: RawData,
    rows: pa.Array | pa.ChunkedArray,
    message: str,
    rule: str,
    column: str,
    value: str | None = None,
) -> Iterator[Finding]:
    """One finding for all rows where a condition holds, at the first of them; none where nowhere.

    `rows` has a Boolean for each row.
    """
    found = pc.indices_nonzero(rows)
    if len(found):
        several = f" (on {len(found):,} rows)" if len(found) > 1 else ""
        finding = Finding(rule=rule, message=message + several, column=column, value=value)
        yield _placed(raw, finding, found[0].as_py())


def _placed(raw: RawData, finding: Finding, row: int) -> Finding:
    place = raw.place(row)
    file = raw.source if place is None else f"{raw.source}#{place}"
    return replace(finding, file=file, line=raw.line(row))
