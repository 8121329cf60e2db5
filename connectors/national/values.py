"""The values of national tables: marks for what is missing, and numbers as people write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pyarrow as pa
import pyarrow.compute as pc

from connectors.national.mapping import DROP, Source, TableMap
from connectors.national.table import constant, per_text
from hub.errors import Finding
from hub.formats.csv.places import locate

_TEXT = pa.string()
#: Signs that look alike, and are written for each other.
_ALIKE = {" ": " \u00a0\u2009\u202f", "'": "'\u2019", "\u2019": "'\u2019"}
_MINUS = "\u2212"
Line = Callable[[int], int | None]


def drop_missing(table: pa.Table, measures: Iterable[str], mapping: TableMap) -> pa.Table:
    """Leave out the rows in which a measure has a mark that means `drop`."""
    marks = [mark.strip() or None for mark, meaning in mapping.missing.items() if meaning == DROP]
    for measure in measures:
        if marks and measure in table.column_names:
            dropped = pc.is_in(table[measure].cast(_TEXT), pa.array(marks, _TEXT))
            table = table.filter(pc.invert(dropped))
    return table


def mark_missing(table: pa.Table, measures: Iterable[str], mapping: TableMap) -> pa.Table:
    """Take the other marks out of the measures: such a value becomes null.

    The attributes of the mark are set on its rows, whatever they were. The mark "" is a blank
    cell.
    """
    marks = {
        mark.strip() or None: meaning
        for mark, meaning in mapping.missing.items()
        if isinstance(meaning, dict)
    }
    for measure in measures:
        if not marks or measure not in table.column_names:
            continue
        values = table[measure].cast(_TEXT)
        for mark, attributes in marks.items():
            marked = pc.is_in(values, pa.array([mark], _TEXT))
            for attribute, code in attributes.items():
                table = set_where(table, attribute, marked, str(code))
        empty = pc.is_in(values, pa.array(list(marks), _TEXT))
        cleared = pc.dictionary_encode(pc.if_else(empty, None, values))
        table = table.set_column(table.column_names.index(measure), measure, cleared)
    return table


def set_where(
    table: pa.Table, attribute: str, marked: pa.Array | pa.ChunkedArray, code: str
) -> pa.Table:
    """Set an attribute on the marked rows, and leave it on the others as it is."""
    if attribute not in table.column_names:
        table = table.append_column(attribute, constant(None, table.num_rows))
    before = table[attribute].cast(_TEXT)
    column = pc.dictionary_encode(pc.if_else(marked, code, before))
    return table.set_column(table.column_names.index(attribute), attribute, column)


def read_numbers(
    values: pa.ChunkedArray, source: Source, file: str, column: str, line: Line
) -> tuple[pa.ChunkedArray, list[Finding]]:
    """Spell numbers with a decimal point and nothing between thousands.

    A text that is no number by the signs the mapping declares is left as it is, for validation to
    refuse. One with a point where the decimal sign is another is a finding: left as it is, it
    would be taken for a number a thousand times too small.
    """
    if source.decimal == "." and source.thousands is None:
        return values, []
    point = source.decimal != "."
    doubtful: dict[str, str] = {}

    def change(texts: pa.Array) -> pa.Array:
        numbers, read = _spell(texts, source)
        if point:
            rest = texts.filter(pc.and_(pc.invert(read), pc.match_substring(texts, ".")))
            doubtful.update((text, _doubt(text, source)) for text in rest.to_pylist())
        return numbers

    numbers = per_text(values, change)
    findings = locate(values, doubtful, rule="map-number", file=file, column=column, line=line)
    return numbers, findings


def _spell(texts: pa.Array, source: Source) -> tuple[pa.Array, pa.Array]:
    """The texts with the signs of the standard, and which of them are numbers."""
    decimal = re.escape(source.decimal)
    fraction = rf"(?:{decimal}[0-9]+)?"
    bare = pc.match_substring_regex(texts, rf"^[+{_MINUS}-]?[0-9]+{fraction}(?:[eE][+-]?[0-9]+)?$")
    read, plain = bare, texts
    if source.thousands is not None:
        sign = f"[{re.escape(_ALIKE.get(source.thousands, source.thousands))}]"
        pattern = rf"^[+{_MINUS}-]?[0-9]{{1,3}}(?:{sign}[0-9]{{3}})+{fraction}$"
        grouped = pc.match_substring_regex(texts, pattern)
        read = pc.or_(bare, grouped)
        plain = pc.if_else(grouped, pc.replace_substring_regex(texts, sign, ""), texts)
    plain = pc.replace_substring(plain, source.decimal, ".")
    return pc.if_else(read, pc.replace_substring(plain, _MINUS, "-"), texts), read


def _doubt(text: str, source: Source) -> str:
    declared = (
        "declare it in [source] thousands if it stands between thousands"
        if source.thousands is None
        else f"and '{source.thousands}' stands between thousands"
    )
    return f"'{text}' has a point, but the decimal sign is '{source.decimal}'; {declared}"
