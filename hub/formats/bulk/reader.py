"""Reading Parquet files, and Arrow streams and files, into columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hub.errors import Finding, Severity
from hub.formats.bounds import within
from hub.formats.bulk.collected import Collected
from hub.formats.bulk.facts import actions_of_sheet, measures_of_sheet, structure_of_sheet
from hub.formats.bulk.fault import refuse
from hub.formats.bulk.footer import read_footer
from hub.formats.bulk.pages import check_pages
from hub.formats.bulk.sheet import PREFIX
from hub.formats.bulk.stream import check_stream, start_of
from hub.formats.kinds import CODES, without_columns
from hub.formats.limits import Limits
from hub.formats.message import RawData
from hub.model import Structures

#: Rows taken at a time: a row group as this node writes it, with room to spare.
_ROWS = 1 << 17
#: Columns of SDMX-CSV that a table made from such a file keeps.
_IDENTITY = ("DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "ACTION")
_IGNORED = ("STRUCTURE_NAME", "SERIES_KEY", "OBS_KEY")


def read_parquet(
    path: Path, structures: Structures | None = None, *, limits: Limits | None = None
) -> RawData:
    """Read a Parquet file whose columns are named as components.

    What it is data of and what to do with it stands in its metadata, as this node writes them, or
    in columns of SDMX-CSV (STRUCTURE and STRUCTURE_ID or DATAFLOW; ACTION). A file that says
    neither is data of whatever it is handed in for; a finding says so. Numbers, dates and Booleans
    are spelt as in XML Schema. `structures` are not asked.

    Raises Invalid with the column and, for a value, the row; TooLarge beyond the limits, before
    anything is unpacked.
    """
    limits = limits or Limits()
    limits.check_size(path)
    with path.open("rb") as file:
        footer = read_footer(file, path.name, limits)
        codes = check_pages(file, footer, path.name, limits)
    with _refusing_damage(path.name), _Files(path) as files:
        schema = files.of(frozenset()).schema_arrow
        collected = Collected(schema, path.name, limits, measures_of_sheet(schema))
        for number, columns in enumerate(codes):
            # Texts as codes: one that many rows share is not written out for each.
            parquet = files.of(columns)
            try:
                collected.take(parquet.iter_batches(batch_size=_ROWS, row_groups=[number]))
            except (pa.ArrowException, OSError) as error:
                column = _damaged_column(parquet, number, schema.names)
                raise refuse(path.name, f"it is damaged: {_told(error)}", column) from None
    return within(_raw(path.name, schema, collected), limits)


def read_arrow(
    path: Path, structures: Structures | None = None, *, limits: Limits | None = None
) -> RawData:
    """Read an Arrow stream or file, see `read_parquet`."""
    limits = limits or Limits()
    limits.check_size(path)
    with path.open("rb") as file:
        check_stream(file, path.name, limits)
        start = start_of(file)
    with _refusing_damage(path.name), pa.OSFile(str(path)) as source:
        source.seek(start)
        with pa.ipc.open_stream(source) as stream:
            measures = measures_of_sheet(stream.schema)
            collected = Collected(stream.schema, path.name, limits, measures)
            collected.take(stream)
            return within(_raw(path.name, stream.schema, collected), limits)


@contextmanager
def _refusing_damage(file: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise refuse(file, f"it is damaged: {_told(error)}") from None


def _told(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]


class _Files(ExitStack):
    """A file opened once for each set of columns whose texts are wanted as codes."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._opened: dict[frozenset[str], pq.ParquetFile] = {}

    def of(self, codes: frozenset[str]) -> pq.ParquetFile:
        """The file; nothing of it is read ahead."""
        if codes not in self._opened:
            self._opened[codes] = self.enter_context(
                pq.ParquetFile(
                    self._path,
                    read_dictionary=sorted(codes),
                    pre_buffer=False,
                    buffer_size=1 << 20,
                    page_checksum_verification=True,
                    arrow_extensions_enabled=False,
                )
            )
        return self._opened[codes]


def _damaged_column(parquet: pq.ParquetFile, group: int, names: Sequence[str]) -> str | None:
    """The first column of a row group that cannot be read by itself."""
    for name in names:
        try:
            for _ in parquet.iter_batches(row_groups=[group], columns=[name]):
                pass
        except (pa.ArrowException, OSError):
            return name
    return None


def _raw(file: str, schema: pa.Schema, collected: Collected) -> RawData:
    columns = collected.columns()
    of_message = {name: columns.pop(name) for name in _IDENTITY if name in columns}
    for name, column in of_message.items():
        if column.type != CODES:
            raise refuse(file, "it must be text, as in SDMX-CSV", name)
    ignored = [name for name in _IGNORED if columns.pop(name, None) is not None]
    table = without_columns(collected.rows)
    for name, column in columns.items():
        table = table.append_column(name, column)
    structure = structure_of_sheet(schema, of_message, file, collected.rows)
    findings = [] if structure is not None else [_of_nothing(file)]
    actions = actions_of_sheet(schema, of_message.get("ACTION"), file, collected.rows)
    if not collected.rows:
        findings.append(_no_rows(file))
    return RawData(
        source=file,
        table=table,
        structure=structure,
        actions=actions,
        place=lambda row: f"row={row + 1}",  # as in RFC 7111
        ignored=(*collected.ignored, *ignored),
        findings=tuple(findings),
    )


def _of_nothing(file: str) -> Finding:
    message = (
        "the file does not say what it is data of: it was taken for data of what it is handed in "
        f"for (metadata {PREFIX}context, or columns STRUCTURE and STRUCTURE_ID, say it)"
    )
    return _note("bulk-structure", message, file)


def _no_rows(file: str) -> Finding:
    return _note("bulk-no-rows", "the file has columns and no rows: no observations", file)


def _note(rule: str, message: str, file: str) -> Finding:
    return Finding(rule=rule, message=message, severity=Severity.INFORMATION, file=file)
