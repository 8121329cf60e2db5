"""Findings about observations that were read already, each with its sheet and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from hub.errors import Finding
from hub.formats.csv.places import locate
from hub.formats.message import RawData

#: Stands in no text of a table.
_BETWEEN = "\x1f"


def of_values(
    raw: RawData, values: pa.ChunkedArray, messages: Mapping[str, str], rule: str, column: str
) -> Iterator[Finding]:
    """A finding for every value that `messages` has something to say about, at its first row."""
    for finding in locate(
        values, messages, rule=rule, file=raw.source, column=column, line=lambda row: row
    ):
        yield finding if finding.line is None else _placed(raw, finding, finding.line)


def pairs_of(raw: RawData, one: str, other: str) -> list[tuple[str, str]]:
    """The different pairs of texts that two columns have in their rows, where both have one."""
    columns = [_encoded(raw.table[name]) for name in (one, other)]
    indices = pa.table([column.indices for column in columns], names=["one", "other"])
    found = indices.group_by(["one", "other"]).aggregate([])
    texts = (
        column.dictionary.take(found[name].combine_chunks()).to_pylist()
        for name, column in zip(("one", "other"), columns, strict=True)
    )
    return [(a, b) for a, b in zip(*texts, strict=True) if a is not None and b is not None]


def of_pairs(
    raw: RawData,
    one: str,
    other: str,
    messages: Mapping[tuple[str, str], str],
    rule: str,
    column: str,
) -> Iterator[Finding]:
    """A finding for every pair of texts of two columns that `messages` is about."""
    if messages:  # joining the texts of every row is worth it for them alone
        texts = (raw.table[name].cast(pa.string()) for name in (one, other))
        joined = pc.binary_join_element_wise(*texts, _BETWEEN)
        named = {_BETWEEN.join(pair): message for pair, message in messages.items()}
        for finding in of_values(raw, joined, named, rule, column):
            value = finding.value and finding.value.partition(_BETWEEN)[0]
            yield replace(finding, value=value)


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    is_encoded = pa.types.is_dictionary(column.type)
    encoded = column if is_encoded else pc.dictionary_encode(column)
    whole = encoded.unify_dictionaries().combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


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
