r"""A representation map over the values there are: each different value is looked up once.

Rows that name a value count before those with patterns or parts of values, and within each kind
the first that fits. A pattern is for all of a value, in the syntax of RE2 (which takes time in
proportion to the text, whatever the pattern), and targets may name its groups (`\1`). Positions of
parts count from 0, the end is not included. A row with dates holds for periods that begin between
them (SDMX 3.0, information model, "RepresentationMap").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from dsd.map_building import DROPPED, OTHERS
from hub.errors import Internal
from hub.model import Codelist, MappedValue, RepresentationMap, Structures, ValueList, ValueMapping

#: What becomes of values that a map does not name, where its annotation says nothing.
REFUSE, DROP = "refuse", "drop"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why values have no target; `is_error` where data that has them cannot be taken.

    `is_unnamed` where the map does not say so: nobody thought of the value.
    """

    map: str
    because: str
    is_error: bool = False
    is_unnamed: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What values mean: a code for each target, or the reason why there is none."""

    targets: tuple[str, ...] | None
    reason: Reason | None = None


@dataclass(slots=True)
class Lookup:
    """A representation map made ready, with the codes its targets may have."""

    mapping: RepresentationMap
    structures: Structures
    _named: dict[tuple[str, ...], list[ValueMapping]] = field(default_factory=dict)
    _fitted: list[ValueMapping] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Sort the rows into those that name values and those that describe them."""
        for row in self.mapping.mappings:
            if all(_is_named(source) for source in row.sources):
                self._named.setdefault(tuple(one.value for one in row.sources), []).append(row)
            else:
                self._fitted.append(row)

    @property
    def is_dated(self) -> bool:
        """True where a row holds for a time only."""
        return any(row.valid_from or row.valid_to for row in self.mapping.mappings)

    def find(
        self, columns: Sequence[Sequence[str]], starts: Sequence[date | None] | None = None
    ) -> list[Found]:
        """What each combination of values means; `columns` has a sequence for each source.

        `starts` is the first day of the period of each combination, where the map is dated.
        """
        count = len(columns[0])
        arrays = [pa.array(column, pa.string()) for column in columns]
        days = starts or [None] * count
        found: list[Found | None] = [None] * count
        for place in range(count):
            for row in self._named.get(tuple(column[place] for column in columns), ()):
                if found[place] is None and _holds(row, days[place]):
                    found[place] = self._of(row, row.targets)
        for row in self._fitted:
            for place, targets in self._fits(row, arrays):
                if found[place] is None and _holds(row, days[place]):
                    found[place] = self._of(row, targets)
        return [one or self._unnamed() for one in found]

    def _fits(
        self, row: ValueMapping, arrays: Sequence[pa.Array]
    ) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The places of combinations that a row describes, with the targets they have there."""
        fits = pa.array([True] * len(arrays[0]))
        for source, array in zip(row.sources, arrays, strict=True):
            fits = pc.and_(fits, _matching(source, array))
        places = pc.indices_nonzero(fits).to_pylist()
        pattern = next((one for one in enumerate(row.sources) if one[1].is_pattern), None)
        if pattern is None:
            yield from ((place, row.targets) for place in places)
            return
        texts = arrays[pattern[0]].take(pa.array(places, pa.int64()))
        whole = _whole(pattern[1].value)
        made = [pc.replace_substring_regex(texts, whole, target) for target in row.targets]
        for number, place in enumerate(places):
            yield place, tuple(column[number].as_py() for column in made)

    def _of(self, row: ValueMapping, targets: tuple[str, ...]) -> Found:
        if not row.targets:
            note = next((one.text.best() for one in row.annotations if one.type == DROPPED), "")
            return Found(None, self._reason(note or "the map gives it no target"))
        for column, code in zip(self.mapping.targets, targets, strict=True):
            known = None if column.values is None else self.structures.find(column.values)
            if column.values is None:
                continue
            if not isinstance(known, Codelist | ValueList):
                raise Internal(f"{self.mapping.reference} maps to {column.values}, not a list here")
            if code not in known.by_id:
                return Found(None, self._reason(f"there is no code {code} in {known.id}", True))
        return Found(targets)

    def _unnamed(self) -> Found:
        return Found(None, self._reason("the map does not name it", True))

    def _reason(self, because: str, is_unnamed: bool = False) -> Reason:
        refuses = (self.mapping.annotation(OTHERS) or REFUSE) == REFUSE
        return Reason(str(self.mapping.reference), because, is_unnamed and refuses, is_unnamed)


def _is_named(value: MappedValue) -> bool:
    return not value.is_pattern and value.start is None and value.end is None


def _holds(row: ValueMapping, start: date | None) -> bool:
    if start is None:
        return not (row.valid_from or row.valid_to)
    after = not row.valid_from or date.fromisoformat(row.valid_from[:10]) <= start
    return after and (not row.valid_to or start <= date.fromisoformat(row.valid_to[:10]))


def _matching(value: MappedValue, array: pa.Array) -> pa.Array:
    if value.start is not None or value.end is not None:
        array = pc.utf8_slice_codeunits(array, start=value.start or 0, stop=value.end)
    if value.is_pattern:
        return pc.match_substring_regex(array, _whole(value.value))
    return pc.equal(array, value.value)


def _whole(pattern: str) -> str:
    return rf"^(?:{pattern})$"
