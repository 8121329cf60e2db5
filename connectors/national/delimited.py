"""National tables in text files: any separator, any encoding, titles above, footnotes below."""

from __future__ import annotations

import codecs
from functools import partial
from pathlib import Path

import pyarrow as pa

from connectors.national.mapping import Source
from connectors.national.table import SourceTable, fill_right, plain, trimmed
from hub.errors import Finding, Invalid
from hub.formats.csv.header import split_record
from hub.formats.csv.lines import RecordLines
from hub.formats.csv.rows import read_rows
from hub.formats.csv.text import GuardedText
from hub.formats.limits import Limits


def read_delimited(path: Path, source: Source, limits: Limits) -> SourceTable:
    """Read a table of a text file.

    Raises Invalid, with every finding, for a file that is not of the encoding, has no row where
    the header should stand, or rows of another length; TooLarge beyond the limits.
    """
    _refuse_mark(path, source)
    open_text = partial(
        GuardedText,
        path,
        limits,
        encoding=codecs.lookup(source.encoding).name,
        separator=source.separator,
    )
    with open_text() as text:
        headers, skipped = _read_headers(text, source, limits)
        line = RecordLines(open_text, skipped)
        width = len(headers[-1])
        table = read_rows(
            text, width, separator=source.separator, stop=source.stop_texts, line=line
        )
    return SourceTable(
        file=path.name,
        headers=headers,
        header_line=source.header_rows[-1],
        texts=pa.table([trimmed(column) for column in table.columns], names=table.column_names),
        line=line,
    )


def _read_headers(
    text: GuardedText, source: Source, limits: Limits
) -> tuple[tuple[tuple[str, ...], ...], int]:
    """Read up to the end of the last header row; the rows, and how many records that were.

    The last one says how many columns there are; names above reach to the next one on the right.
    """
    rows: list[list[str]] = []
    records = 0
    for number in source.header_rows:
        record = b" "
        while record and text.record_line < number:
            record, records = text.read_record(), records + 1
        if text.record_line != number or not record:
            message = f"no row begins on line {number}, where the header should stand"
            raise _invalid(text.name, message, number)
        names = split_record(record, source.separator, text.name, number, limits)
        rows.append([plain(name) for name in names])
    width = len(rows[-1])
    upper = [fill_right((row + [""] * width)[:width]) for row in rows[:-1]]
    return (*map(tuple, upper), tuple(rows[-1])), records


def _refuse_mark(path: Path, source: Source) -> None:
    """Refuse a file that says itself that it is UTF-8 where the mapping says otherwise."""
    with path.open("rb") as file:
        marked = file.read(3) == codecs.BOM_UTF8
    if marked and not codecs.lookup(source.encoding).name.startswith("utf"):
        message = f"the file is UTF-8 by its first bytes, not {source.encoding}; mend [source]"
        raise _invalid(path.name, message, 1)


def _invalid(file: str, message: str, line: int) -> Invalid:
    finding = Finding(rule="map-source", message=message, file=file, line=line)
    return Invalid(f"{file}: {message}", [finding])
