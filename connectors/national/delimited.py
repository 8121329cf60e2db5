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
from hub.formats.message import Limits


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
        headers: list[list[str]] = []
        skipped = 0
        for row in source.header_rows:
            record = b""
            while text.record_line < row:
                record, skipped = text.read_record(), skipped + 1
                if not record:
                    break
            if text.record_line != row or not record:
                message = f"no row begins on line {row}, where the header should stand"
                raise _invalid(path, message, row)
            names = split_record(record, source.separator, path.name, row, limits)
            headers.append([plain(name) for name in names])
        width = len(headers[-1])
        headers = [(fill_right(names) + [""] * width)[:width] for names in headers[:-1]] + [
            headers[-1]
        ]
        line = RecordLines(open_text, skipped)
        table = read_rows(
            text, width, separator=source.separator, stop=source.stop_texts, line=line
        )
    return SourceTable(
        file=path.name,
        headers=tuple(tuple(names) for names in headers),
        header_line=source.header_rows[-1],
        texts=pa.table([trimmed(column) for column in table.columns], names=table.column_names),
        line=line,
    )


def _refuse_mark(path: Path, source: Source) -> None:
    """Refuse a file that says itself that it is UTF-8 where the mapping says otherwise."""
    with path.open("rb") as file:
        marked = file.read(3) == codecs.BOM_UTF8
    if marked and not codecs.lookup(source.encoding).name.startswith("utf"):
        message = f"the file is UTF-8 by its first bytes, not {source.encoding}; mend [source]"
        raise _invalid(path, message, 1)


def _invalid(path: Path, message: str, line: int) -> Invalid:
    finding = Finding(rule="map-source", message=message, file=path.name, line=line)
    return Invalid(f"{path.name}: {message}", [finding])
