"""The nearest valid code for an unknown one, so that a clerk can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from hub.model import Code, Codelist, ValueList

_SCHEMES = {"ISO2": "ISO 3166-1 alpha-2", "ESTAT": "Eurostat", "OECD": "OECD", "M49": "UN M49"}


def suggest_code(list_: Codelist | ValueList, value: str) -> str:
    """A hint for an unknown code: in which scheme it is one, or what it resembles; "" if nothing.

    Spellings of other schemes are known from the annotations of the codes.
    """
    foreign, names = _spellings(list_)
    found = foreign.get(value) or foreign.get(value.upper())
    if found is not None:
        code, scheme = found
        label = _SCHEMES.get(scheme, scheme)
        return f"'{value}' is the {label} spelling of {code}: write {code}, or map the column"
    code_by_name = names.get(value.casefold())
    if code_by_name is not None:
        return f"'{value}' is the name of {code_by_name}: write the code"
    near = nearest(value, list(list_.by_id)) or names.get(
        nearest(value.casefold(), list(names)) or ""
    )
    return f"did you mean {near} ({list_.by_id[near].name.best()})?" if near else ""


def nearest(value: str, known: Sequence[str]) -> str | None:
    """The most similar of some words, None where none is similar."""
    match = process.extractOne(value.upper(), known, scorer=fuzz.ratio, processor=str.upper)
    return match[0] if match is not None and match[1] >= 60 else None


@lru_cache(maxsize=64)
def _spellings_of(items: tuple[Code, ...]) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    foreign: dict[str, tuple[str, str]] = {}
    names: dict[str, str] = {}
    for code in items:
        for note in code.annotations:
            if note.title and note.type in _SCHEMES:
                foreign.setdefault(note.title, (code.id, note.type))
        for _, name in code.name.texts:
            names.setdefault(name.casefold(), code.id)
    return foreign, names


def _spellings(
    list_: Codelist | ValueList,
) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    return _spellings_of(list_.items)
