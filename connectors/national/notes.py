"""Marks of footnotes beside numbers and labels: taken off, and kept as attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from connectors.national.mapping import TableMap, Word
from connectors.national.table import per_text
from connectors.national.values import set_where
from hub.model import Schema

_TEXT = pa.string()
_DIGITS = "0123456789"
#: Longer texts are neither figures nor labels, and looking for marks in them takes long.
_LONGEST = 500
#: Figures without anything beside them, which are most.
_PLAIN = r"^[0-9]+(?:[.,][0-9]+)*$"


class Marks:
    """The marks a mapping declares, longest first, each with its place in the mapping."""

    def __init__(self, notes: Iterable[str]) -> None:
        marks = [(mark.strip(), place) for place, mark in enumerate(notes)]
        self._marks = sorted(marks, key=lambda one: -len(one[0]))
        self.after = {mark: _after(mark) for mark, _ in self._marks}
        self.before = {mark: _before(mark) for mark, _ in self._marks}

    def split(self, text: str) -> tuple[str, frozenset[int]]:
        """A text without the marks at its ends, and the places of these; a mark alone is none."""
        found: set[int] = set()
        again = len(text) <= _LONGEST
        while again:
            again = False
            for mark, place in self._marks:
                fits = self.after[mark].fullmatch(text) or self.before[mark].fullmatch(text)
                if fits and fits[1].strip():
                    text, again = fits[1].strip(" ,;"), True
                    found.add(place)
                    break
        return text, frozenset(found)


def _after(mark: str) -> re.Pattern[str]:
    """A mark that begins with a digit stands after a space: it would be a part of the number."""
    space = r"\s+" if mark[0] in _DIGITS else r"\s*"
    return re.compile(rf"(.*\S){space}{re.escape(mark)}", re.DOTALL)


def _before(mark: str) -> re.Pattern[str]:
    space = r"\s+" if mark[-1] in _DIGITS else r"\s*"
    return re.compile(rf"{re.escape(mark)}{space}(\S.*)", re.DOTALL)


def note_column(place: int) -> str:
    """The column that tells which rows have the mark at a place of the mapping."""
    return f" note {place}"


def take_notes(table: pa.Table, columns: Iterable[str], mapping: TableMap) -> pa.Table:
    """Take the marks off the texts of some columns; `note_column` of each mark has its rows."""
    if not mapping.notes:
        return table
    marks = Marks(mapping.notes)
    for name in columns:
        if name not in table.column_names:
            continue
        texts = table[name]
        marked = _marked(texts, marks)
        for place in sorted({place for _, places in marked.values() for place in places}):
            having = [text for text, (_, places) in marked.items() if place in places]
            rows = pc.is_in(texts.cast(_TEXT), pa.array(having, _TEXT))
            table = or_note(table, place, rows)
        if marked:
            bare = per_text(texts, partial(_bare, marked=marked))
            table = table.set_column(table.column_names.index(name), name, bare)
    return table


_Marked = dict[str, tuple[str, frozenset[int]]]


def _marked(texts: pa.ChunkedArray, marks: Marks) -> _Marked:
    """The different texts that have marks, each without them, and which."""
    different = pc.unique(texts.cast(_TEXT)).drop_null()
    beside = different.filter(pc.invert(pc.match_substring_regex(different, _PLAIN)))
    split = {text: marks.split(text) for text in beside.to_pylist()}
    return {text: found for text, found in split.items() if found[1]}


def _bare(texts: pa.Array, *, marked: _Marked) -> pa.Array:
    places = pc.index_in(texts, pa.array(list(marked), _TEXT))
    bare = pa.array([bare for bare, _ in marked.values()], _TEXT)
    return pc.coalesce(bare.take(places), texts)


def or_note(table: pa.Table, place: int, rows: pa.Array | pa.ChunkedArray) -> pa.Table:
    """Add rows to those that have a mark."""
    name = note_column(place)
    if name not in table.column_names:
        return table.append_column(name, rows)
    return table.set_column(table.column_names.index(name), name, pc.or_(table[name], rows))


def set_notes(table: pa.Table, mapping: TableMap, schema: Schema) -> pa.Table:
    """Turn the columns of the marks into attributes.

    A code is that of the first mark in the mapping, whatever a column or constant says; a text
    comes after what is there already.
    """
    for place, meaning in reversed([*enumerate(mapping.notes.values())]):
        for attribute, word in meaning.items():
            table = _set(table, place, attribute, word, is_coded=schema.by_id[attribute].is_coded)
    notes = [name for name in table.column_names if name.startswith(" note ")]
    return table.drop_columns(notes) if notes else table


def _set(table: pa.Table, place: int, attribute: str, word: Word, *, is_coded: bool) -> pa.Table:
    name = note_column(place)
    marked = table[name] if name in table.column_names else pa.repeat(False, table.num_rows)
    if is_coded:
        return set_where(table, attribute, marked, str(word))
    table = set_where(table, attribute, pa.repeat(False, table.num_rows), "")
    before = table[attribute].cast(_TEXT)
    joined = pc.binary_join_element_wise(str(word), before, " ", null_handling="skip")
    column = pc.dictionary_encode(pc.if_else(marked, joined, before))
    return table.set_column(table.column_names.index(attribute), attribute, column)
