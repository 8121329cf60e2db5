"""Reading Parquet files, and Arrow streams and files, into columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hub.errors import BadRequest, Finding, Invalid, Severity
from hub.formats.bounds import within
from hub.formats.bulk.collected import Collected
from hub.formats.bulk.fault import refuse
from hub.formats.bulk.footer import read_footer
from hub.formats.bulk.pages import check_pages
from hub.formats.bulk.sheet import PREFIX
from hub.formats.bulk.stream import check_stream, start_of
from hub.formats.components import CONTEXTS, OBS_VALUE
from hub.formats.csv.identity import actions_of_rows, structure_of_rows
from hub.formats.kinds import without_columns
from hub.formats.limits import Limits
from hub.formats.message import Action, RawData
from hub.model import Reference, Structures, parse_urn

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
        check_pages(file, footer, path.name, limits)
    # Texts as codes: one that a million rows share is not written out a million times.
    codes = [chunk.column for group in footer.groups[:1] for chunk in group.chunks]
    with _refusing_damage(path.name), _opened(path, codes) as parquet:
        schema = parquet.schema_arrow
        collected = Collected(schema, path.name, limits, _measures(schema))
        try:
            collected.take(parquet.iter_batches(batch_size=_ROWS))
        except (pa.ArrowException, OSError) as error:
            column = _damaged_column(parquet, schema.names)
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
            measures = _measures(stream.schema)
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


@contextmanager
def _opened(path: Path, codes: Sequence[str]) -> Iterator[pq.ParquetFile]:
    """Open a file whose texts are read as codes; nothing of it is read ahead."""
    with pq.ParquetFile(
        path,
        read_dictionary=codes,
        pre_buffer=False,
        buffer_size=1 << 20,
        arrow_extensions_enabled=False,
    ) as parquet:
        yield parquet


def _damaged_column(parquet: pq.ParquetFile, names: Sequence[str]) -> str | None:
    """The first column that cannot be read by itself."""
    for name in names:
        try:
            for _ in parquet.iter_batches(batch_size=_ROWS, columns=[name]):
                pass
        except (pa.ArrowException, OSError):
            return name
    return None


def _raw(file: str, schema: pa.Schema, collected: Collected) -> RawData:
    columns = collected.columns()
    of_message = {name: columns.pop(name) for name in _IDENTITY if name in columns}
    ignored = [name for name in _IGNORED if columns.pop(name, None) is not None]
    table = without_columns(collected.rows)
    for name, column in columns.items():
        table = table.append_column(name, column)
    structure = _structure(schema, of_message, file, collected.rows)
    findings = [] if structure is not None else [_of_nothing(file)]
    actions = _actions(schema, of_message.get("ACTION"), file, collected.rows)
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


def _measures(schema: pa.Schema) -> set[str]:
    """The columns that are measures: by their metadata, else by the standard's own name."""
    role = (PREFIX + "role").encode()
    told = {field.name for field in schema if (field.metadata or {}).get(role) == b"measure"}
    return told or {OBS_VALUE}


def _fact(schema: pa.Schema, name: str) -> str:
    told: bytes = (schema.metadata or {}).get((PREFIX + name).encode(), b"")
    return told.decode("utf-8", "replace")


def _structure(
    schema: pa.Schema, columns: Mapping[str, pa.ChunkedArray], file: str, rows: int
) -> Reference | None:
    """What the file says it is data of."""
    urn = _fact(schema, "context")
    if urn:
        try:
            found = parse_urn(urn)
        except BadRequest as error:
            raise refuse(file, f"the metadata {PREFIX}context: {error.message}") from None
        if isinstance(found, Reference) and found.artefact_class in CONTEXTS:
            return found
        message = f"the metadata {PREFIX}context is '{urn[:200]}', which has no data"
        raise refuse(file, message)
    for column, types in (("STRUCTURE_ID", columns.get("STRUCTURE")), ("DATAFLOW", None)):
        if column in columns and rows:
            return structure_of_rows(column, columns[column], types, file, _no_line)
    return None


def _actions(
    schema: pa.Schema, letters: pa.ChunkedArray | None, file: str, rows: int
) -> pa.ChunkedArray | None:
    """The action of every row: its own, else that of the file."""
    if letters is not None:
        actions, findings = actions_of_rows(letters, file, _no_line)
        if findings:
            raise Invalid(f"{file}, column ACTION: {findings[0].message}", findings)
        return actions
    word = _fact(schema, "action")
    if not word:
        return None
    if word not in list(Action):
        message = f"the metadata {PREFIX}action is '{word[:80]}'; there are {', '.join(Action)}"
        raise refuse(file, message)
    index = pa.repeat(pa.scalar(0, pa.int32()), rows)
    return pa.chunked_array([pa.DictionaryArray.from_arrays(index, pa.array([word]))])


def _no_line(_row: int) -> None:
    return None


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
