"""A table as it stands in a file: texts, the names over its columns, and the row of every line."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from connectors.national.mapping import suggest
from hub.errors import Finding

_SPACES = re.compile(r"\s+")
#: Between the names of a column that stand in several header rows.
JOINED = " | "


def plain(text: str) -> str:
    """A name without line ends, doubled spaces and spaces around it."""
    return _SPACES.sub(" ", text).strip()


@dataclass(frozen=True)
class SourceTable:
    """A table of a file.

    `headers` are the header rows from the top, each with a name for every column ("" for none);
    `texts` has the columns "0", "1" …, of trimmed text or null; `line` tells the line (in a
    workbook or the result of a query: the row) of a row of it; `header_line` is that of the lowest
    header row, None where there is none. `sheet` is the name of the sheet of a workbook, and
    `place` tells it where the table is one of several; `file` names it then too.
    """

    file: str
    headers: tuple[tuple[str, ...], ...]
    header_line: int | None
    texts: pa.Table
    line: Callable[[int], int]
    sheet: str | None = None
    place: str | None = None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The lowest name of every column: that of the last header row which has one."""
        columns = zip(*self.headers, strict=True)
        return tuple(next((name for name in reversed(one) if name), "") for one in columns)

    @cached_property
    def full_names(self) -> tuple[str, ...]:
        """All names of every column, from the top, with ` | ` between them."""
        columns = zip(*self.headers, strict=True)
        return tuple(JOINED.join(name for name in one if name) for one in columns)

    def find(self, name: str, key: str) -> int | Finding:
        """The place of a column, or what is wrong with its name; `key` is where it is asked for."""
        wanted = plain(name)
        for names in (self.names, self.full_names):
            places = [place for place, known in enumerate(names) if known == wanted]
            if len(places) == 1:
                return places[0]
        if wanted in self.names or wanted in self.full_names:
            full = [f"'{self.full_names[i]}'" for i, n in enumerate(self.names) if n == wanted]
            message = f"{key}: several columns are named '{wanted}': {', '.join(full)}"
        else:
            near = suggest(wanted, filter(None, self.names))
            message = f"{key}: there is no column '{wanted}'{near}"
        return Finding(
            rule="map-column",
            message=message,
            file=self.file,
            line=self.header_line,
            column=wanted,
        )

    def matching(self, patterns: Sequence[str]) -> list[int]:
        """The places of the columns whose lowest or full name is, or fits, one of some patterns."""
        return [
            place
            for place, names in enumerate(zip(self.names, self.full_names, strict=True))
            if any(name and fnmatchcase(name, plain(p)) for name in names for p in patterns)
        ]


def filled_down(table: SourceTable, names: Sequence[str]) -> tuple[SourceTable, list[Finding]]:
    """Give the blank cells of some columns the text above them, as merged cells are read."""
    texts, findings = table.texts, []
    for name in names:
        place = table.find(name, "[source] fill_down")
        if isinstance(place, Finding):
            findings.append(place)
            continue
        column = pc.fill_null_forward(texts[str(place)].cast(pa.string()))
        texts = texts.set_column(place, str(place), pc.dictionary_encode(column))
    return replace(table, texts=texts), findings


def fill_right(names: Sequence[str]) -> list[str]:
    """Give a name over several columns to each of them, as merged cells are read."""
    filled: list[str] = []
    for name in names:
        filled.append(name or (filled[-1] if filled else ""))
    return filled


def per_text(column: pa.ChunkedArray, change: Callable[[pa.Array], pa.Array]) -> pa.ChunkedArray:
    """Change every different text of a column once; dictionary-encoded."""
    encoded = pc.dictionary_encode(column) if pa.types.is_string(column.type) else column
    encoded = encoded.unify_dictionaries()
    if not encoded.num_chunks:
        return encoded
    texts = pc.dictionary_encode(change(encoded.chunk(0).dictionary))
    return pa.chunked_array([texts.take(chunk.indices) for chunk in encoded.chunks], texts.type)


def trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Trim the texts of a column, and make what is then empty null."""
    return per_text(column, _trim)


def _trim(texts: pa.Array) -> pa.Array:
    bare = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(bare, ""), None, bare)


def constant(value: str | None, length: int) -> pa.DictionaryArray:
    """A column with one value in all of its rows."""
    places = pa.repeat(pa.scalar(0, pa.int32()), length)
    return pa.DictionaryArray.from_arrays(places, pa.array([value], pa.string()))
