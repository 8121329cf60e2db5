"""The cells of a column taken apart: `code: name`, several values, several languages.

Every different text is taken apart once, whatever the number of rows that have it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.csv.header import CsvColumn

_CODES = pa.dictionary(pa.int32(), pa.string())
_LIST = pa.list_(pa.field("item", pa.string()))
_TEXTS = pa.map_(pa.string(), pa.string())
#: A code and the first ": "; what follows is its name, which may hold ": " too.
_LABELLED = r"(?s)^(.*?): .*$"
_LOOKS_CODED = r"(?s)^[A-Za-z0-9_@$-]+(?:: .*)?$"


def take_apart(
    values: pa.ChunkedArray, column: CsvColumn, separator: str, is_coded: bool | None
) -> tuple[pa.ChunkedArray, dict[str, str]]:
    """Turn the texts of a column into codes, lists or texts in languages.

    `is_coded` says whether a labelled column has codes; None where nobody knows. Returns the
    values, and what is wrong with the texts that cannot be taken apart (their rows are null).
    """
    if column.languages:
        return _per_text(values, _TEXTS, lambda texts: _texts(texts, column.languages, separator))
    if column.is_list:
        return _per_text(
            values, _LIST, lambda texts: (_lists(texts, separator, column, is_coded), {})
        )
    if column.is_labelled:
        return _per_text(values, _CODES, lambda texts: (strip_labels(texts, is_coded), {}))
    return values, {}


def strip_labels(texts: pa.Array, is_coded: bool | None) -> pa.Array:
    """Keep the code of every `code: name`.

    Where nobody knows whether the column is coded, all of it must look so: each text an id with or
    without a name, and never one id with two names.
    """
    codes = pc.replace_substring_regex(texts, _LABELLED, r"\1")
    if is_coded is None:
        look = pc.all(pc.match_substring_regex(texts, _LOOKS_CODED)).as_py()
        labels = texts.filter(pc.match_substring(texts, ": ")).unique()
        once = len(pc.replace_substring_regex(labels, _LABELLED, r"\1").unique()) == len(labels)
        is_coded = bool(look) and once
    return codes if is_coded else texts


_TakeApart = Callable[[pa.Array], tuple[pa.Array, dict[str, str]]]


def _per_text(
    values: pa.ChunkedArray, type_: pa.DataType, take: _TakeApart
) -> tuple[pa.ChunkedArray, dict[str, str]]:
    """Take apart the dictionary of a column, and lay the result out over its rows."""
    encoded = pc.dictionary_encode(values) if pa.types.is_string(values.type) else values
    encoded = encoded.unify_dictionaries()
    if not encoded.num_chunks:
        return pa.chunked_array([], type_), {}
    parts, wrong = take(encoded.chunk(0).dictionary)
    if pa.types.is_string(parts.type):
        parts = pc.dictionary_encode(parts)
    chunks = [parts.take(chunk.indices) for chunk in encoded.chunks]
    return pa.chunked_array(chunks, type_), wrong


def _lists(texts: pa.Array, separator: str, column: CsvColumn, is_coded: bool | None) -> pa.Array:
    if pc.any(pc.match_substring(texts, '"')).as_py():
        lists = pa.array([_quoted(text, separator) for text in texts.to_pylist()], _LIST)
    else:
        lists = pc.split_pattern(texts, separator)
    values = lists.flatten()
    if column.is_labelled:
        values = strip_labels(values, is_coded)
    kept = pc.not_equal(values, "")
    parents = pc.list_parent_indices(lists).filter(kept)
    return _gather(parents, values.filter(kept), len(texts))


def _gather(parents: pa.Array, values: pa.Array, length: int) -> pa.Array:
    """Make lists again of values that know whose they are, in order; who has none is null."""
    grouped: list[list[str] | None] = [None] * length
    for parent, value in zip(parents.to_pylist(), values.to_pylist(), strict=True):
        have = grouped[parent]
        if have is None:
            grouped[parent] = [value]
        else:
            have.append(value)
    return pa.array(grouped, _LIST)


def _quoted(text: str, separator: str) -> list[str]:
    """Split a cell in which values that hold the separator are enclosed in quotes.

    A line end is part of a value here, quoted or not.
    """
    mark = re.escape(separator)
    part = re.compile(rf'(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^{mark}]*))(?P<more>{mark}|\Z)')
    values: list[str] = []
    position, more = 0, True
    while more and (found := part.match(text, position)):
        quoted = found["quoted"]
        values.append(found["plain"] if quoted is None else quoted.replace('""', '"'))
        position, more = found.end(), bool(found["more"])
    return values


def _texts(
    texts: pa.Array, languages: tuple[str, ...], separator: str
) -> tuple[pa.Array, dict[str, str]]:
    tags = "|".join(re.escape(language) for language in languages)
    start = re.compile(rf"(?:\A|{re.escape(separator)})({tags}):")
    enclosed = re.compile(rf'(?:\A|{re.escape(separator)})"(?:{tags}):')
    parsed: list[list[tuple[str, str]] | None] = []
    wrong: dict[str, str] = {}
    for text in texts.to_pylist():
        if enclosed.search(text):  # every part stands by itself, and may hold anything
            split = [start.split(part, maxsplit=1) for part in _quoted(text, separator)]
        else:
            split = [start.split(text)]
        before = "".join(outside for outside, *_ in split)
        pieces = [piece for _, *found in split for piece in found]
        pairs = list(zip(pieces[::2], pieces[1::2], strict=True))
        if before or len(dict(pairs)) != len(pairs):
            wrong[text] = (
                f"not one text in each of the languages {', '.join(languages)}, as the header "
                f"announces; write {languages[0]}:text{separator}… "
            ).rstrip(" …")
        parsed.append([pair for pair in pairs if pair[1]] or None)
    return pa.array(parsed, _TEXTS), wrong
