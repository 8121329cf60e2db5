"""Writes XML text: elements, attributes and the escaping of both."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from hub.formats.structure.languages import Languages

# characters with a meaning, carriage returns (a parser would turn them into line feeds), and
# those that XML 1.0 cannot hold at all
_MARKED = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKED_IN_ATTRIBUTE = re.compile('[&<>"\t\n\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')
_REFERENCES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\t": "&#9;",
    "\n": "&#10;",
    "\r": "&#13;",
}


def _reference(match: re.Match[str]) -> str:
    return _REFERENCES.get(match[0], "\ufffd")


def escape(text: str) -> str:
    """Escape text between tags; what XML cannot hold becomes the replacement character."""
    return _MARKED.sub(_reference, text)


def quote(text: str) -> str:
    """Escape and quote the value of an attribute."""
    return f'"{_MARKED_IN_ATTRIBUTE.sub(_reference, text)}"'


class Scribe:
    """Collects the text of one message."""

    def __init__(self, languages: Languages) -> None:
        self.languages = languages
        self._parts: list[str] = []

    def open(self, tag: str, attributes: Iterable[tuple[str, str]] = ()) -> None:
        """Write a start tag."""
        self._parts.append(f"<{tag}{_spell(attributes)}>")

    def close(self, tag: str) -> None:
        """Write an end tag."""
        self._parts.append(f"</{tag}>")

    def leaf(self, tag: str, text: str = "", attributes: Collection[tuple[str, str]] = ()) -> None:
        """Write an element with nothing but text in it."""
        spelt = _spell(attributes) if attributes else ""
        if text:
            self._parts.append(f"<{tag}{spelt}>{escape(text)}</{tag}>")
        else:
            self._parts.append(f"<{tag}{spelt}/>")

    def words(self, text: str) -> None:
        """Write text between tags."""
        self._parts.append(escape(text))

    def markup(self, text: str) -> None:
        """Write markup as it is: XHTML that was spelt here."""
        self._parts.append(text)

    def text(self) -> str:
        """Return what was written so far."""
        return "".join(self._parts)


def _spell(attributes: Iterable[tuple[str, str]]) -> str:
    return "".join(f" {name}={quote(value)}" for name, value in attributes)
