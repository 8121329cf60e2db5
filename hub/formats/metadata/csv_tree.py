"""From the columns of a row to a tree of attributes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.formats.metadata.csv_columns import AttributeColumn
from hub.model import InternationalString, ReportedAttribute


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands under a column: a text, texts by language, or lists of them, one in another."""

    column: AttributeColumn
    content: object


def tree(entries: Sequence[Entry], depth: int = 0) -> tuple[ReportedAttribute, ...]:
    """The attributes that some columns hold, in the order of the columns."""
    ids = dict.fromkeys(entry.column.path[depth] for entry in entries)
    return tuple(
        attribute
        for id_ in ids
        for attribute in _occurrences(
            id_, [entry for entry in entries if entry.column.path[depth] == id_], depth
        )
    )


def _occurrences(id_: str, entries: Sequence[Entry], depth: int) -> Iterable[ReportedAttribute]:
    """The occurrences of one attribute: as many as the longest of its columns has."""
    lists = [e.content if e.column.many[depth] else [e.content] for e in entries]
    contents = [one if isinstance(one, list) else [one] for one in lists]
    for number in range(max((len(content) for content in contents), default=0)):
        inner = [
            Entry(entry.column, content[number])
            for entry, content in zip(entries, contents, strict=True)
            if number < len(content) and content[number] not in ("", [], InternationalString())
        ]
        own = [entry.content for entry in inner if len(entry.column.path) == depth + 1]
        below = [entry for entry in inner if len(entry.column.path) > depth + 1]
        attribute = ReportedAttribute(
            id=id_,
            value=next((text for text in own if isinstance(text, str)), None),
            texts=next((t for t in own if isinstance(t, InternationalString)), _NONE),
            attributes=tree(below, depth + 1),
        )
        if attribute.has_value or attribute.attributes:
            yield attribute


_NONE = InternationalString()
