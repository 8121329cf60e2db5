"""The columns of SDMX-CSV that say what each row is data of, and what to do with it."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from hub.errors import BadRequest, Finding, Invalid
from hub.formats.csv.places import locate
from hub.formats.message import Action
from hub.model import ArtefactClass, Reference, parse_reference

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
_Line = Callable[[int], int | None]


def structure_of_rows(
    column: str, named: pa.ChunkedArray, types: pa.ChunkedArray | None, file: str, line: _Line
) -> Reference:
    """What rows, of which there is one at least, say they are data of.

    `named` is the column of identifications, called `column`; `types` says what they identify, a
    dataflow where there is no such column. Raises Invalid where they are not of one structure.
    """
    class_ = ArtefactClass.DATAFLOW
    if types is not None:
        word = _the_only(types, "STRUCTURE", file, line)
        if word.lower() not in _STRUCTURES:
            message = f"STRUCTURE is '{word[:80]}': write {', '.join(_STRUCTURES)}"
            raise _invalid(message, file, line(0))
        class_ = _STRUCTURES[word.lower()]
    text = _the_only(named, column, file, line).partition(": ")[0]
    try:
        # An unversioned artefact is named without a version: the newest there is.
        return parse_reference(text, class_, default_version="~")
    except BadRequest as error:
        raise _invalid(f"{column}: {error.message}", file, line(0)) from error


def actions_of_rows(
    letters: pa.ChunkedArray, file: str, line: _Line
) -> tuple[pa.ChunkedArray, list[Finding]]:
    """The action of every row, by name, from a column of codes; and which letters are none."""
    given = letters.chunk(0).dictionary if letters.num_chunks else pa.array([], pa.string())
    names = pa.array([_ACTIONS.get(letter) for letter in given.to_pylist()], pa.string())
    expected = "write I (information), A (append), M (merge), R (replace) or D (delete)"
    unknown = [letter for letter in given.to_pylist() if letter not in _ACTIONS]
    messages = {letter: f"not an action: {expected}" for letter in unknown}
    findings = locate(letters, messages, rule="csv-action", file=file, column="ACTION", line=line)
    chunks = [pa.DictionaryArray.from_arrays(c.indices, names) for c in letters.chunks]
    return pa.chunked_array(chunks, letters.type), findings


def _the_only(values: pa.ChunkedArray, column: str, file: str, line: _Line) -> str:
    """The value that all rows have in a column; Invalid where they differ or have none."""
    if values.null_count:
        row = pc.index(pc.is_null(values), True).as_py()
        message = f"{column} is empty; every row must say what structure it is data of"
        raise _invalid(message, file, line(row))
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


def _invalid(message: str, file: str, line: int | None) -> Invalid:
    finding = Finding(rule="csv-structure", message=message, file=file, line=line)
    return Invalid(f"{file}: {message}", [finding])
