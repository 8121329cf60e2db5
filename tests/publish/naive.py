"""A naive door: a dictionary for each source, one observation after another, no cleverness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Key = tuple[str | None, ...]
Values = dict[str, Any]
State = dict[Key, Values]
#: Actions that give nothing; of "Clear" the values are the components whose values are deleted.
GONE = ("Delete", "Clear")


@dataclass(frozen=True)
class NaiveStructure:
    """Dimensions in order, other components, and to which dimensions upper attributes attach."""

    dimensions: Sequence[str]
    values: Sequence[str]
    slice_by: str
    upper: Mapping[str, Sequence[str]]

    def slice_of(self, key: Key) -> str | None:
        return key[list(self.dimensions).index(self.slice_by)]

    def group_of(self, attribute: str, key: Key) -> Key:
        """What has one value of an attribute: a slice never reaches into another."""
        group = (key[list(self.dimensions).index(name)] for name in self.upper[attribute])
        return (self.slice_of(key), *group)


@dataclass(frozen=True)
class NaiveSubmission:
    """Rows as (action, key, values); slices that are complete."""

    rows: Sequence[tuple[str, Key, Values]]
    replaces: bool = False
    covers: Sequence[str] = field(default=())


def state_after(structure: NaiveStructure, before: State, given: NaiveSubmission) -> State:
    """The observations of one source after a submission."""
    complete = set(given.covers)
    if given.replaces:
        complete |= {structure.slice_of(key) for action, key, _ in given.rows if action not in GONE}
    remaining = {k: v for k, v in before.items() if structure.slice_of(k) not in complete}
    for action, pattern, _ in given.rows:
        if action == "Delete":
            for key in list(remaining):
                if all(p is None or p == k for p, k in zip(pattern, key, strict=True)):
                    del remaining[key]
    remaining = _cleared(structure, remaining, given)
    after = {key: dict(values) for key, values in remaining.items()}
    for action, key, values in given.rows:
        if action in ("Merge", "Append"):
            held = remaining.get(key, {})
            after[key] = {
                name: held.get(name) if values.get(name) is None else values.get(name)
                for name in structure.values
            }
        elif action not in GONE:
            after[key] = {name: values.get(name) for name in structure.values}
    _share(structure, remaining, given, after)
    return after


def _cleared(structure: NaiveStructure, remaining: State, given: NaiveSubmission) -> State:
    """Without single values that are deleted: of an upper attribute all of its group loses it."""
    cleared = {key: dict(values) for key, values in remaining.items()}
    for action, pattern, marks in given.rows:
        if action != "Clear":
            continue
        named = dict(zip(structure.dimensions, pattern, strict=True))
        for key, values in cleared.items():
            of = dict(zip(structure.dimensions, key, strict=True))
            for name in marks:
                over = structure.upper.get(name, structure.dimensions)
                over = [*over, *([structure.slice_by] if name in structure.upper else [])]
                if all(named[one] in (None, of[one]) for one in over):
                    values[name] = None
    return cleared


def _share(
    structure: NaiveStructure, remaining: State, given: NaiveSubmission, after: State
) -> None:
    """One value of an attribute for its group: what is given, else what was there."""
    for attribute in structure.upper:
        shared: dict[Key, Any] = {}
        for key, values in remaining.items():
            if values[attribute] is not None:
                shared[structure.group_of(attribute, key)] = values[attribute]
        for action, key, values in given.rows:
            if action not in GONE and values.get(attribute) is not None:
                shared[structure.group_of(attribute, key)] = values[attribute]
        for key, values in after.items():
            group = structure.group_of(attribute, key)
            if group in shared:
                values[attribute] = shared[group]


def difference(before: State, after: State) -> dict[Key, tuple[str, Values]]:
    """What changed: each key with how, and its new values (the last ones, if withdrawn)."""
    changes: dict[Key, tuple[str, Values]] = {}
    for key in before.keys() | after.keys():
        if key not in before:
            changes[key] = "added", after[key]
        elif key not in after:
            changes[key] = "withdrawn", before[key]
        elif before[key] != after[key]:
            changes[key] = "revised", after[key]
    return changes
