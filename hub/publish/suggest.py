"""The nearest valid code for an unknown one, so that a clerk can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from rapidfuzz import fuzz, process

from hub.model import Enumeration

_SCHEMES = {"ISO2": "ISO 3166-1 alpha-2", "ESTAT": "Eurostat", "OECD": "OECD", "M49": "UN M49"}
#: Similarity, in per cent, from which a word is worth suggesting.
_SIMILAR = 60
#: Suggestions from one list; a column of nonsense would only make them slow.
_MOST_SUGGESTIONS = 200


class Suggestions:
    """What unknown codes of one list may have meant.

    Spellings of other schemes are known from the annotations of the codes.
    """

    def __init__(self, list_: Enumeration) -> None:
        self._list = list_
        self._given = 0
        #: The codes that values asked about may have meant.
        self.codes: dict[str, str] = {}

    def of(self, value: str) -> str:
        """A hint for an unknown code: in which scheme it is one, or what it resembles.

        "" where nothing comes near, and after many hints have been given.
        """
        if self._given >= _MOST_SUGGESTIONS:
            return ""
        self._given += 1
        found = self._foreign.get(value) or self._foreign.get(value.upper())
        if found is not None:
            code, scheme = found
            self.codes[value] = code
            return f"'{value}' is the {scheme} spelling of {code}: write {code}, or map the column"
        named = self._names.get(value.casefold())
        if named is not None:
            self.codes[value] = named
            return f"'{value}' is the name of {named}: write the code"
        word = nearest(value, [*self._list.by_id, *self._names])
        if word is None:
            return ""
        meant = self._list.by_id.get(word) or self._list.by_id[self._names[word]]
        self.codes[value] = meant.id
        return f"did you mean {meant.id} ({meant.name.best()})?"

    @cached_property
    def _foreign(self) -> dict[str, tuple[str, str]]:
        """Spellings of other schemes, with the code and the name of the scheme."""
        found: dict[str, tuple[str, str]] = {}
        for code in self._list.items:
            for note in code.annotations:
                if note.title and note.title != code.id and note.type in _SCHEMES:
                    found.setdefault(note.title, (code.id, _SCHEMES[note.type]))
        return found

    @cached_property
    def _names(self) -> dict[str, str]:
        """Names in every language, case-folded, with the code."""
        found: dict[str, str] = {}
        for code in self._list.items:
            for _, name in code.name.texts:
                found.setdefault(name.casefold(), code.id)
        return found


def nearest(value: str, known: Sequence[str]) -> str | None:
    """The most similar of some words, whatever their case; None where none is similar."""
    match = process.extractOne(
        value, known, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=_SIMILAR
    )
    return match[0] if match is not None else None
