"""National tables in XLSX workbooks: titles above, footnotes below, names over several columns."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from connectors.national.archive import check_workbook
from connectors.national.mapping import Source, suggest
from connectors.national.table import SourceTable, fill_right, plain, trimmed
from connectors.national.uncomputed import uncomputed
from hub.errors import Finding, Invalid
from hub.formats.limits import Limits

#: Above this, whole numbers of a workbook are not exact any more.
_EXACT = 1 << 53


def read_workbook(path: Path, source: Source, limits: Limits) -> list[SourceTable]:
    """Read the table of each sheet that is asked for; blank rows are left out.

    Numbers are spelled with the decimal sign of the mapping, dates by ISO 8601; a cell with an
    error reads as that error, and one whose formula was never computed says so, so that neither
    passes for a blank. Raises Invalid for a sheet or header row that is not there, TooLarge beyond
    the limits.
    """
    check_workbook(path, limits)
    tables: list[SourceTable] = []
    cells = 0
    try:
        with CalamineWorkbook.from_path(str(path)) as workbook:
            for wanted in source.sheets:
                sheet = _sheet(workbook, wanted, path.name)
                rows = sheet.to_python(skip_empty_area=False)
                for (row, column), said in uncomputed(path, sheet.name, limits).items():
                    if row < len(rows) and column < len(rows[row]):
                        rows[row][column] = said
                several = len(source.sheets) > 1
                file = f"{path.name}#{sheet.name}" if several else path.name
                table = _table(rows, source, file, limits)
                cells += table.texts.num_rows * table.texts.num_columns
                if cells > limits.cells:
                    raise limits.refuse("cells", path.name, f"{cells:,} cells or more")
                place = sheet.name if several else None
                tables.append(replace(table, sheet=sheet.name, place=place))
    except CalamineError as error:
        raise _invalid(path.name, f"the workbook cannot be read: {error}") from error
    return tables


def _table(rows: list[list[Any]], source: Source, file: str, limits: Limits) -> SourceTable:
    last = source.header_rows[-1]
    if len(rows) < last:
        message = f"the sheet has {len(rows)} rows, none where the header should stand ({last})"
        raise _invalid(file, message)
    headers = [[plain(spell(cell, ".")) for cell in rows[row - 1]] for row in source.header_rows]
    headers = [*map(fill_right, headers[:-1]), headers[-1]]
    numbers = array("q")
    body: list[list[Any]] = []
    for number, row in _body(rows, source):
        numbers.append(number)
        body.append(row)
    if len(headers[-1]) > limits.columns:
        raise limits.refuse("columns", file, f"more than {limits.columns:,} columns")
    columns = zip(*body, strict=True) if body else ([] for _ in headers[-1])
    texts = [pa.array([spell(c, source.decimal) for c in one], pa.string()) for one in columns]
    return SourceTable(
        file=file,
        headers=tuple(map(tuple, headers)),
        header_line=last,
        texts=pa.table(
            [trimmed(pa.chunked_array([column])) for column in texts],
            names=[str(place) for place in range(len(texts))],
        ),
        line=numbers.__getitem__,
    )


def _sheet(workbook: CalamineWorkbook, wanted: str | int, file: str) -> CalamineSheet:
    names = workbook.sheet_names
    if isinstance(wanted, int):
        if not 1 <= wanted <= len(names):
            message = f"there is no sheet {wanted}, but {len(names)}: {', '.join(names)}"
            raise _invalid(file, message)
        return workbook.get_sheet_by_index(wanted - 1)
    if wanted not in names:
        message = f"there is no sheet '{wanted}'{suggest(wanted, names)}"
        raise _invalid(file, f"{message} There are: {', '.join(names)}")
    return workbook.get_sheet_by_name(wanted)


def _body(rows: list[list[Any]], source: Source) -> Iterator[tuple[int, list[Any]]]:
    """The rows of the table, with their number from 1."""
    stop = source.stop_texts
    for number, row in enumerate(rows[source.header_rows[-1] :], start=source.header_rows[-1] + 1):
        first = next((cell for cell in row if not _is_blank(cell)), None)
        if first is None and source.blank_ends:
            return
        if first is None:
            continue
        if stop and isinstance(first, str) and first.strip().startswith(stop):
            return
        yield number, row


def _is_blank(cell: Any) -> bool:
    return isinstance(cell, str) and not cell.strip()


def spell(cell: Any, decimal: str) -> str:
    """A value of a cell as text: numbers with the decimal sign given, dates by ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) <= _EXACT
        return str(int(cell)) if whole else repr(cell).replace(".", decimal)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def _invalid(file: str, message: str) -> Invalid:
    return Invalid(f"{file}: {message}", [Finding(rule="map-source", message=message, file=file)])
