"""Cells of SDMX-CSV that hold several values, one in another (field guide, metadata message).

A level of values is separated by one character; a value that holds it, a double quote or a line
end is enclosed in double quotes, and quotes in it are doubled. A text in several languages is a
level whose values begin with the language and a colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from hub.errors import BadRequest

Pairs = tuple[tuple[str, str], ...]
_LANGUAGE = re.compile(r"([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*):(.*)", re.DOTALL)


def joined(values: Iterable[str], separator: str) -> str:
    """Several values as the text of one."""
    return separator.join(enclosed(value, separator) for value in values)


def enclosed(value: str, separator: str) -> str:
    """A value as it stands among others."""
    if any(mark in value for mark in (separator, '"', "\r", "\n")):
        return '"' + value.replace('"', '""') + '"'
    return value


def split(text: str, separator: str) -> list[str]:
    """The values of a level, as they were before `joined`; [] for no text.

    Raises BadRequest for a quote that is not closed.
    """
    return [released(token) for token in _tokens(text, separator)] if text else []


def released(token: str) -> str:
    """A value without what encloses it."""
    if len(token) > 1 and token.startswith('"') and token.endswith('"'):
        return token[1:-1].replace('""', '"')
    return token


def _tokens(text: str, separator: str) -> list[str]:
    tokens: list[str] = []
    start, is_quoted = 0, False
    for place, mark in enumerate(text):
        if mark == '"':
            is_quoted = not is_quoted  # a doubled quote closes and opens again
        elif mark == separator and not is_quoted:
            tokens.append(text[start:place])
            start = place + 1
    if is_quoted:
        raise BadRequest("a double quote is not closed: double those that belong to the text")
    return [*tokens, text[start:]]


def spelt_languages(pairs: Pairs, separator: str) -> str:
    """A text in several languages as a cell, or as a value of one."""
    return joined((f"{language}:{text}" for language, text in pairs), separator)


def languages_in(text: str, separator: str, known: Sequence[str]) -> Pairs:
    """A text in several languages; one that names no language is in the only one there is.

    The language may stand within the quotes or before them. Raises BadRequest for a value without
    a language, or for a language twice.
    """
    found: dict[str, str] = {}
    for token in _tokens(text, separator) if text else ():
        match = _LANGUAGE.fullmatch(released(token))
        if match is not None and match[1] in known:
            language, words = match[1], released(match[2])
        elif len(known) == 1:
            language, words = known[0], released(token)
        else:
            raise BadRequest(
                f"'{token[:40]}' does not begin with one of the languages {', '.join(known)}, as "
                f"in {known[0]}:text"
            )
        if language in found:
            raise BadRequest(f"there are two texts in the language {language}")
        found[language] = words
    return tuple(pair for pair in found.items() if pair[1])
