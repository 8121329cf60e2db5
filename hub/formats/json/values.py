"""The values of one component in many observations, as a column.

A component with a list of values is given by index into that list, any other by value. Several
values are arrays, texts in several languages objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.kinds import LANGUAGE, LIST, TEXTS

_TEXT = pa.string()
_INDEX = pa.int32()


class ValueFault(Exception):
    """A value that cannot be taken: which one (from 0), and why."""

    def __init__(self, row: int, message: str) -> None:
        super().__init__(message)
        self.row = row
        self.message = message


@dataclass(frozen=True, slots=True)
class Described:
    """A component as a message describes it.

    `values` are what indices refer to: texts (as codes), lists or texts in languages; None where
    values stand in the data themselves. `default` holds where the data gives none.
    """

    id: str
    values: Any = None
    default: str | None = None

    def column(self, given: Sequence[Any]) -> pa.Array:
        """The values of some rows. Raises ValueFault."""
        if self.values is not None:
            return self._by_index(given)
        return spelt(given)

    def by_number(self, numbers: pa.Array) -> pa.Array:
        """The values at some places of the list. Raises ValueFault for a place beyond it."""
        if self.values is None:
            raise ValueFault(0, f"{self.id} has no list of values for the index to refer to")
        wrong = pc.or_(pc.less(numbers, 0), pc.greater_equal(numbers, len(self.values)))
        row = pc.index(wrong, True).as_py()
        if row >= 0:
            message = (
                f"index {numbers[row].as_py()} of {self.id}, which has {len(self.values)} values"
            )
            raise ValueFault(row, message)
        if not pa.types.is_dictionary(self.values.type):
            return self.values.take(numbers)
        codes = self.values.indices.take(numbers)
        return pa.DictionaryArray.from_arrays(codes, self.values.dictionary)

    def _by_index(self, given: Sequence[Any]) -> pa.Array:
        kinds = set(map(type, given)) - {type(None)}
        if kinds <= {int}:
            return self.by_number(_numbers(given))
        if not kinds <= {int, list}:
            row = next(i for i, v in enumerate(given) if type(v) not in (int, list, type(None)))
            shown = _show(given[row])
            raise ValueFault(row, f"{self.id} lists its values: an index belongs here, not {shown}")
        if not pa.types.is_dictionary(self.values.type):
            row = next(i for i, value in enumerate(given) if isinstance(value, list))
            raise ValueFault(row, f"{self.id} has several values, each of several")
        return self._lists_by_index(given)

    def _lists_by_index(self, given: Sequence[Any]) -> pa.Array:
        lists = [_several(value) for value in given]
        rows = [row for row, items in enumerate(lists) for _ in items or ()]
        flat = [item for items in lists for item in items or ()]
        wrong = next((place for place, item in enumerate(flat) if type(item) is not int), None)
        if wrong is not None:
            raise ValueFault(rows[wrong], f"an index of {self.id} is {_show(flat[wrong])}")
        try:
            values = self.by_number(_numbers(flat)).cast(_TEXT)
        except ValueFault as fault:
            raise ValueFault(rows[fault.row], fault.message) from None
        offsets = [0]
        for items in lists:
            offsets.append(offsets[-1] + len(items or ()))
        absent = pa.array([items is None for items in lists])
        return pa.ListArray.from_arrays(pa.array(offsets, _INDEX), values, mask=absent).cast(LIST)


def _numbers(given: Sequence[Any]) -> pa.Array:
    try:
        return pa.array(given, _INDEX)
    except (pa.ArrowInvalid, OverflowError):
        row = next(i for i, v in enumerate(given) if v is not None and abs(v) >= 1 << 31)
        raise ValueFault(row, f"{_show(given[row])} is no index") from None


def spelt(given: Sequence[Any]) -> pa.Array:
    """Values that stand in the data, as texts; numbers in the spelling of the message."""
    kinds = set(map(type, given)) - {type(None)}
    if tuple in kinds or (list in kinds and any(_has_objects(value) for value in given)):
        return pa.array([_languages(row, value) for row, value in enumerate(given)], TEXTS)
    if list in kinds:
        return pa.array([_texts(row, value) for row, value in enumerate(given)], LIST)
    if kinds <= {str}:
        texts = pa.array(given, _TEXT)
    elif kinds == {int}:
        texts = pa.array([None if value is None else str(value) for value in given], _TEXT)
    else:
        texts = pa.array([None if value is None else spell(value) for value in given], _TEXT)
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, _TEXT), texts)


def spell(value: Any) -> str:
    """The lexical form of one value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _several(value: Any) -> list[Any] | None:
    """What an index or an array of them stands for; None for nothing."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if item is not None] or None


def _texts(row: int, value: Any) -> list[str] | None:
    items = _several(value) or []
    if any(isinstance(item, list) for item in items):
        raise ValueFault(row, "several values, each of several, which this node does not store")
    return [text for item in items if (text := spell(item))] or None


def _languages(row: int, value: Any) -> list[tuple[str, str]] | None:
    if isinstance(value, list):
        if len(value) > 1:
            message = "several values in several languages, which this node does not store"
            raise ValueFault(row, message)
        value = value[0] if value else None
    if value is None:
        return None
    if not isinstance(value, tuple):
        value = ((LANGUAGE, spell(value)),)
    if len(dict(value)) != len(value):
        raise ValueFault(row, "two texts in one language")
    if not all(isinstance(text, str) for _, text in value):
        raise ValueFault(row, "an object that is no texts by language")
    return [pair for pair in value if pair[1]] or None


def _has_objects(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, tuple) for item in value)


def _show(value: Any) -> str:
    return repr(value)[:60]
