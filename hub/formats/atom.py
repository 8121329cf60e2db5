"""Atom feeds (RFC 4287): entries with a text, a table, and links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from hub.formats.message import instant

MEDIA_TYPE = "application/atom+xml"
_ATOM, _XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
#: Names without a prefix; the annotations of lxml know no such namespace.
_PLAIN_ATOM: Any = {None: _ATOM}
_PLAIN_XHTML: Any = {None: _XHTML}
#: What XML 1.0 has no place for.
_UNFIT: dict[int, str] = {
    code: "\ufffd" for code in (*range(32), 0xFFFE, 0xFFFF) if code not in (9, 10, 13)
}


@dataclass(frozen=True, slots=True)
class Link:
    """A link (RFC 4287, 4.2.7)."""

    relation: str
    address: str
    media_type: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: `paragraphs` and the rows of a table, the first of them its head, are its content.

    `id` is an IRI that never changes; instants are UTC.
    """

    id: str
    title: str
    updated: datetime
    category: str
    links: Sequence[Link]
    paragraphs: Sequence[str]
    table: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed, its entries in the order in which they are written."""

    id: str
    title: str
    updated: datetime
    author: str
    links: Sequence[Link]
    entries: Sequence[Entry]
    rights: str = ""
    software: str = ""


def write_feed(feed: Feed) -> bytes:
    """The document of a feed."""
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap=_PLAIN_ATOM)
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "updated", instant(feed.updated))
    _text(_child(root, "author"), "name", feed.author)
    if feed.rights:
        _text(root, "rights", feed.rights)
    if feed.software:
        _child(root, "generator", version=feed.software).text = "Corridor"
    _links(root, feed.links)
    for entry in feed.entries:
        _entry(root, entry)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return document


def _entry(root: etree._Element, entry: Entry) -> None:
    element = _child(root, "entry")
    _text(element, "id", entry.id)
    _text(element, "title", entry.title)
    _text(element, "published", instant(entry.updated))
    _text(element, "updated", instant(entry.updated))
    _child(element, "category", term=entry.category)
    _links(element, entry.links)
    content = _child(element, "content", type="xhtml")
    body = etree.SubElement(content, f"{{{_XHTML}}}div", nsmap=_PLAIN_XHTML)
    for paragraph in entry.paragraphs:
        etree.SubElement(body, f"{{{_XHTML}}}p").text = _clean(paragraph)
    if entry.table:
        table = etree.SubElement(body, f"{{{_XHTML}}}table")
        for number, cells in enumerate(entry.table):
            row = etree.SubElement(table, f"{{{_XHTML}}}tr")
            for cell in cells:
                name = "td" if number else "th"
                etree.SubElement(row, f"{{{_XHTML}}}{name}").text = _clean(cell)


def _links(parent: etree._Element, links: Sequence[Link]) -> None:
    for link in links:
        attributes = {"rel": link.relation, "href": _clean(link.address)}
        more = {"type": link.media_type, "title": link.title}
        _child(parent, "link", **attributes, **{name: text for name, text in more.items() if text})


def _child(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    clean = {key: _clean(value) for key, value in attributes.items()}
    return etree.SubElement(parent, f"{{{_ATOM}}}{name}", clean)


def _text(parent: etree._Element, name: str, text: str) -> None:
    _child(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    return text.translate(_UNFIT)
