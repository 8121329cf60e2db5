"""A file of persons instead of figures is recognised and refused; a node takes aggregates only.

It is told by the names of its columns, by columns of identifiers, or by counts that are all one.
What it holds is repeated nowhere: findings name columns, never values.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files

import pyarrow as pa
import pyarrow.compute as pc

from connectors.national.table import SourceTable
from hub.errors import Finding, Invalid

#: From so many rows on, a count of one in each of them is a list of persons.
LEAST_ONES = 30
#: From so many rows on, a column in which every value is different may be one of identifiers.
LEAST_IDS = 20
#: "1", "1.0", "1.00" and a blank cell: beyond so many texts, some are other figures.
_SPELLINGS_OF_ONE = 16
_REMEDY = (
    "a node takes figures only. Nothing of the file was kept: count the persons in the office, "
    "and hand in the counts"
)
#: E-mail addresses, and what letters and digits of one length make an identifier.
_MAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_ID = r"^[A-Za-z]{0,4}[0-9][0-9A-Za-z+/-]{7,}$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def refuse_persons(table: SourceTable, taken: Iterable[int]) -> None:
    """Raise Invalid for a table that has columns of what identifies persons.

    `taken` are the columns whose cells are figures: large numbers there are no identifiers.
    """
    figures = set(taken)
    findings = [
        Finding(
            rule="person-level",
            message=f"the column '{table.full_names[place]}' holds {what}: {_REMEDY}",
            file=table.file,
            line=table.header_line,
            column=table.full_names[place],
        )
        for place, what in _columns(table, figures)
    ]
    if findings:
        raise Invalid(f"{table.file}: {findings[0].message}", findings)


def refuse_ones(file: str, values: pa.ChunkedArray) -> None:
    """Raise Invalid where every figure of a table is one."""
    if len(values) < LEAST_ONES:
        return
    if _different(values) > _SPELLINGS_OF_ONE:
        return
    found = pc.unique(values.cast(pa.string())).to_pylist()
    if {text.rstrip("0").rstrip(".") if text and "." in text else text for text in found} != {"1"}:
        return
    message = f"each of the {len(values):,} figures is 1, so each row is a person: {_REMEDY}"
    finding = Finding(rule="person-level", message=message, file=file)
    raise Invalid(f"{file}: {message}", [finding])


def _columns(table: SourceTable, figures: set[int]) -> Iterator[tuple[int, str]]:
    """The columns that identify persons, and what they hold."""
    for place, names in enumerate(zip(table.names, table.full_names, strict=True)):
        texts = table.texts[str(place)]
        if not len(texts) - texts.null_count:
            continue
        if any(_bare(name) in _words() for name in names):
            yield place, "what identifies a person"
        elif place not in figures and _identifies(texts):
            yield place, "an identifier of its own in each row"


def _different(values: pa.ChunkedArray) -> int:
    """How many different texts a column has, blank cells being one of them."""
    if pa.types.is_dictionary(values.type):  # which may have texts that no row has any more
        values = values.unify_dictionaries()
    return len(pc.unique(values))


def _identifies(texts: pa.ChunkedArray) -> bool:
    """True for a column in which each value is another one and looks like an identifier."""
    rows = len(texts) - texts.null_count
    if rows < LEAST_IDS or _different(texts) < rows:
        return False
    texts = texts.cast(pa.string()).drop_null()
    if pc.all(pc.match_substring_regex(texts, _MAIL)).as_py():
        return True
    lengths = pc.min_max(pc.utf8_length(texts)).as_py()
    is_id = pc.all(pc.match_substring_regex(texts, _ID)).as_py()
    is_day = pc.all(pc.match_substring_regex(texts, _DAY)).as_py()
    return bool(lengths["min"] == lengths["max"] and is_id and not is_day)


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    """The names of columns that identify persons, in the languages of `persons.toml`."""
    text = files("connectors.national").joinpath("persons.toml").read_text("utf-8")
    return frozenset(_bare(name) for names in tomllib.loads(text).values() for name in names)


def _bare(name: str) -> str:
    """A name without accents, signs, spaces and the case of its letters."""
    marked = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in marked if sign.isalnum())
