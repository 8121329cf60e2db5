"""Reading an SDMX-CSV data message, version 1.0, 2.0 or 2.1, into columns."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hub.errors import BadRequest, Finding, Invalid, Severity
from hub.formats.csv.cells import take_apart
from hub.formats.csv.header import CsvColumn, CsvHeader, parse_header
from hub.formats.csv.lines import RecordLines
from hub.formats.csv.places import locate
from hub.formats.csv.rows import read_rows
from hub.formats.csv.text import GuardedText
from hub.formats.limits import Limits
from hub.formats.message import Action, RawData
from hub.formats.sniff import HEAD, Kind, sniff
from hub.model import ArtefactClass, Reference, Role, Schema, Structures, parse_reference, resolve

_ACTIONS = {
    "I": Action.INFORMATION,
    "A": Action.APPEND,
    "M": Action.MERGE,
    "R": Action.REPLACE,
    "D": Action.DELETE,
}
_STRUCTURES = {
    "dataflow": ArtefactClass.DATAFLOW,
    "datastructure": ArtefactClass.DATA_STRUCTURE,
    "dataprovision": ArtefactClass.PROVISION_AGREEMENT,
}
_OTHER_SEPARATOR = re.compile(
    rb'(?:\xef\xbb\xbf)?\s*"?(?:STRUCTURE(?:\[.\])?+|DATAFLOW)[^",;\t|]{0,200}+"?([;\t|])'
)
#: The standard's measure where there is one; nearly every value is different.
_MEASURE = "OBS_VALUE"
_Line = Callable[[int], int]


def read_csv(
    path: Path, structures: Structures | None = None, *, limits: Limits | None = None
) -> RawData:
    """Read an SDMX-CSV message of one structure.

    `structures` are only asked which columns are coded, where cells read `code: name`; without
    them, it is guessed from the cells. A file with a header only is a message without
    observations; a finding of severity information says so.

    Raises Invalid with every finding, each with its line; TooLarge beyond the limits.
    """
    limits = limits or Limits()
    refuse_unreadable(path, limits)
    line = RecordLines(partial(GuardedText, path, limits))
    with GuardedText(path, limits) as text:
        header = parse_header(text.read_record(), path.name, text.record_line, limits)
        plain = [column.index for column in header.columns if column.id == _MEASURE]
        table = read_rows(text, header.width, plain=plain, line=line)
    structure = _structure(table, header, path.name, line)
    schema = _schema(structure, structures)
    actions, findings = _actions(table, header, path.name, line)
    components = table.select([])  # keeps the number of rows even where there is no component
    for column in header.columns:
        cells = table[str(column.index)]
        values, wrong = take_apart(cells, column, header.separator, _is_coded(column, schema))
        components = components.append_column(column.id, values)
        findings += locate(
            cells, wrong, rule="csv-languages", file=path.name, column=column.id, line=line
        )
    if findings:
        raise Invalid(f"{path.name}: {findings[0].message}", findings)
    return RawData(
        source=path.name,
        table=components,
        structure=structure,
        actions=actions,
        line=line,
        ignored=header.ignored,
        findings=_notes(table, path.name),
    )


def refuse_unreadable(path: Path, limits: Limits) -> None:
    """Refuse what is no comma-separated text, by its first bytes: Invalid, or TooLarge by size."""
    limits.check_size(path)
    kind = sniff(path)
    if kind not in (Kind.SDMX_CSV, Kind.CSV):
        message = f"this is {kind.title}, not an SDMX-CSV file; {kind.remedy}"
        raise _invalid("csv-kind", message, path.name)
    with path.open("rb") as file:
        other = _OTHER_SEPARATOR.match(file.read(HEAD))
    if other is not None:
        sign = {b"\t": "tabs"}.get(other[1], f"'{other[1].decode()}'")
        message = (
            f"the columns are separated by {sign}, not by commas; save it with commas and decimal "
            "points, or describe it in a mapping file with its separator (--map)"
        )
        raise _invalid("csv-separator", message, path.name, 1)


def _invalid(rule: str, message: str, file: str, line: int | None = None) -> Invalid:
    finding = Finding(rule=rule, message=message, file=file, line=line)
    return Invalid(f"{file}: {message}", [finding])


def _structure(table: pa.Table, header: CsvHeader, file: str, line: _Line) -> Reference | None:
    """What the message says it is data of; None where it has no rows."""
    if not table.num_rows:
        return None
    class_ = ArtefactClass.DATAFLOW
    if header.structure_type is not None:
        word = _the_only(table, header.structure_type, "STRUCTURE", file, line)
        if word.lower() not in _STRUCTURES:
            message = f"STRUCTURE is '{word[:80]}': write {', '.join(_STRUCTURES)}"
            raise _invalid("csv-structure", message, file, line(0))
        class_ = _STRUCTURES[word.lower()]
    column = "DATAFLOW" if header.structure_type is None else "STRUCTURE_ID"
    named = _the_only(table, header.structure, column, file, line).partition(": ")[0]
    try:
        # An unversioned artefact is named without a version: the newest there is.
        return parse_reference(named, class_, default_version="~")
    except BadRequest as error:
        raise _invalid("csv-structure", f"{column}: {error.message}", file, line(0)) from error


def _the_only(table: pa.Table, index: int, column: str, file: str, line: _Line) -> str:
    """The value that all rows have in a column; Invalid where they differ or have none."""
    values = table[str(index)]
    if values.null_count:
        row = pc.index(pc.is_null(values), True).as_py()
        message = f"{column} is empty; every row must say what structure it is data of"
        raise _invalid("csv-structure", message, file, line(row))
    different = values.unique().to_pylist()
    if len(different) > 1:
        message = f"the file has data of {len(different)} structures; a file holds those of one"
        findings = locate(
            values,
            {value: f"data of {value}" for value in different},
            rule="csv-structure",
            file=file,
            column=column,
            line=line,
        )
        listed = ", ".join(different[:10]) + (", …" if len(different) > 10 else "")
        raise Invalid(f"{file}: {message}: {listed}", findings)
    only: str = different[0]
    return only


def _schema(structure: Reference | None, structures: Structures | None) -> Schema | None:
    if structure is None or structures is None or structure not in structures:
        return None
    return resolve(structure, structures)


def _is_coded(column: CsvColumn, schema: Schema | None) -> bool | None:
    known = schema.by_id.get(column.id) if schema is not None else None
    # Periods are written `2014-01: 2014-01` by some, and never hold ": " themselves.
    return None if known is None else known.is_coded or known.role is Role.TIME


def _actions(
    table: pa.Table, header: CsvHeader, file: str, line: _Line
) -> tuple[pa.ChunkedArray | None, list[Finding]]:
    """The action of every row, by name."""
    if header.action is None:
        return None, []
    letters = table[str(header.action)]
    given = letters.chunk(0).dictionary if letters.num_chunks else pa.array([], pa.string())
    names = pa.array([_ACTIONS.get(letter) for letter in given.to_pylist()], pa.string())
    expected = "write I (information), A (append), M (merge), R (replace) or D (delete)"
    unknown = [letter for letter in given.to_pylist() if letter not in _ACTIONS]
    messages = {letter: f"not an action: {expected}" for letter in unknown}
    findings = locate(letters, messages, rule="csv-action", file=file, column="ACTION", line=line)
    chunks = [pa.DictionaryArray.from_arrays(c.indices, names) for c in letters.chunks]
    return pa.chunked_array(chunks, pa.dictionary(pa.int32(), pa.string())), findings


def _notes(table: pa.Table, file: str) -> tuple[Finding, ...]:
    if table.num_rows:
        return ()
    message = "the file has a header and no rows: no observations"
    return (Finding(rule="csv-no-rows", message=message, severity=Severity.INFORMATION, file=file),)
