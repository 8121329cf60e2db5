"""Records of a delimited text as columns; every record of the wrong length is reported."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from hub.engine.encoded import narrowed, together
from hub.errors import Finding, Invalid, TooLarge
from hub.formats.bounds import check_cells
from hub.formats.csv.source import parser_source
from hub.formats.csv.text import GuardedText
from hub.formats.limits import Limits

#: How many findings of one kind are listed; of the rest only the number is told.
MOST_FINDINGS = 1000
_SHOWN = 80
#: A text of up to so many bytes is handed to the parser whole: setting up blocks takes longer.
_SHORT = 1 << 16
_TEXT = pa.string()
_CODES = pa.dictionary(pa.int32(), _TEXT)


def read_rows(
    text: GuardedText,
    width: int,
    *,
    separator: str = ",",
    plain: Sequence[int] = (),
    stop: tuple[str, ...] = (),
    line: Callable[[int], int],
) -> pa.Table:
    """Read the records of a text into a table of columns "0", "1" … up to `width`.

    Columns are dictionary-encoded text, each with one dictionary and indices of the smallest type,
    those in `plain` plain text; empty cells are null, blank lines are skipped. A record that begins
    with one of the texts in `stop` ends the table.
    `line` tells the line of a record. Raises Invalid with a finding for every record that has
    another number of fields, TooLarge for a record that is too long.
    """
    ragged = _Ragged(text.name, stop)
    names = [str(place) for place in range(width)]
    types = {name: _TEXT if int(name) in plain else _CODES for name in names}
    table = _parse(text, types, separator, ragged)
    table = table.slice(0, min(_stopped(table, stop), ragged.end))
    ragged.refuse(line, table.num_rows)
    return table


def _parse(
    text: GuardedText, types: Mapping[str, pa.DataType], separator: str, ragged: _Ragged
) -> pa.Table:
    # A block must hold a whole record, which may be longer than a line.
    block = min(max(text.limits.record_bytes, text.limits.line_bytes), (1 << 31) - 1)
    short = text.rest(min(_SHORT, block))
    try:
        if short is not None:
            given = pa.BufferReader(short)
            return _read_all(given, len(short) + 1, text, types, separator, ragged)
        with parser_source(text) as source:
            try:
                return _read_all(source, block, text, types, separator, ragged)
            finally:
                del source  # so that the parser has the only one left
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return pa.schema(list(types.items())).empty_table()
        raise _not_parsed(text, error) from error


def _read_all(
    source: io.RawIOBase | pa.BufferReader,
    block: int,
    text: GuardedText,
    types: Mapping[str, pa.DataType],
    separator: str,
    ragged: _Ragged,
) -> pa.Table:
    limits = text.limits
    read_options = pa.csv.ReadOptions(
        column_names=list(types),
        block_size=block,
        # Without threads, ragged records are told with their number.
        use_threads=False,
    )
    parse_options = pa.csv.ParseOptions(
        delimiter=separator, newlines_in_values=True, invalid_row_handler=ragged
    )
    convert_options = pa.csv.ConvertOptions(
        column_types=types,
        null_values=[""],
        strings_can_be_null=True,
        check_utf8=False,  # the text has been checked already
    )
    try:
        batches = pa.csv.open_csv(source, read_options, parse_options, convert_options)
        return _gathered(_counted(batches, text.name, len(types), limits), types)
    finally:
        del source  # an error keeps what the functions it came through know


def _counted(
    batches: Iterable[pa.RecordBatch], name: str, columns: int, limits: Limits
) -> Iterator[pa.RecordBatch]:
    """The same batches, as long as they have no more cells than is allowed."""
    rows = 0
    for batch in batches:
        rows += batch.num_rows
        check_cells(name, rows, columns, limits)
        yield batch


def _gathered(batches: Iterable[pa.RecordBatch], types: Mapping[str, pa.DataType]) -> pa.Table:
    """Put batches below one another, whose columns have a dictionary for each batch."""
    chunks: dict[str, list[pa.Array]] = {name: [] for name in types}
    for batch in batches:
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            chunks[name].append(narrowed(column) if types[name] is _CODES else column)
    columns: dict[str, pa.Array | pa.ChunkedArray] = {}
    for name, type_ in types.items():
        found = chunks.pop(name)  # so that it is free before the next one is put together
        columns[name] = (
            narrowed(together(found)) if type_ is _CODES else pa.chunked_array(found, type_)
        )
    return pa.table(columns)


def _not_parsed(text: GuardedText, error: pa.ArrowInvalid) -> Invalid | TooLarge:
    if "straddling" in str(error):
        what = f"a record of more than {text.limits.record_bytes:,} bytes"
        where = f"{text.name}, before line {text.lines + 1}"
        return text.limits.refuse("record_bytes", where, what, "is a quote missing?")
    finding = Finding(rule="csv-record", message=str(error), file=text.name)
    return Invalid(f"{text.name}: not readable as CSV: {error}", [finding])


def _stopped(table: pa.Table, stop: tuple[str, ...]) -> int:
    """The first row that begins with one of some texts; the number of rows where none does."""
    begun = [pc.starts_with(table["0"].cast(_TEXT), pattern=text) for text in stop]
    places = [pc.index(one, True).as_py() for one in begun]
    first: int = min((place for place in places if place >= 0), default=table.num_rows)
    return first


class _Ragged:
    """Collects the records whose number of fields is not that of the header.

    `end` is the number of rows of the right length before the record that ends the table.
    """

    def __init__(self, name: str, stop: tuple[str, ...]) -> None:
        self._name = name
        self._stop = stop
        self._found: list[pa.csv.InvalidRow] = []
        self._count = 0
        self.end = 1 << 62

    def __call__(self, row: pa.csv.InvalidRow) -> str:
        if self.end < row.number:
            return "skip"
        if self._stop and row.text.lstrip('" ').startswith(self._stop):
            self.end = row.number - 1 - self._count
            return "skip"
        self._count += 1
        if len(self._found) < MOST_FINDINGS:
            self._found.append(row)
        return "skip"

    def refuse(self, line: Callable[[int], int], end: int) -> None:
        """Raise Invalid if there was any before the row `end`."""
        # Before the n-th of them are its own number less n records of the right length.
        before = [row for nth, row in enumerate(self._found) if row.number - 1 - nth <= end]
        self._count -= len(self._found) - len(before)
        if not before:
            return
        findings = [self._finding(row, line) for row in before]
        if self._count > len(findings):
            message = f"{self._count - len(findings):,} more rows have a wrong number of fields"
            findings.append(Finding(rule="csv-fields", message=message, file=self._name))
        raise Invalid(
            f"{self._name}: {self._count:,} rows have more or fewer fields than the header, the "
            f"first on line {findings[0].line}",
            findings,
        )

    def _finding(self, row: pa.csv.InvalidRow, line: Callable[[int], int]) -> Finding:
        text = row.text if len(row.text) <= _SHOWN else row.text[: _SHOWN - 1] + "…"
        wrong = "too few" if row.actual_columns < row.expected_columns else "too many"
        return Finding(
            rule="csv-fields",
            message=f"{row.actual_columns} fields where the header has {row.expected_columns}, "
            f"{wrong}: a separator is missing, or a field with one in it is not quoted",
            file=self._name,
            line=line(row.number - 1),
            value=text,
        )
