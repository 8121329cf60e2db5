"""Representation maps: order, patterns, parts of values, dates, and codes that are not there."""

from __future__ import annotations

import time
from datetime import date

from connectors.sdmx.lookup import Lookup
from dsd import shared_structures
from dsd.map_building import DROPPED, OTHERS
from hub.model import (
    Annotation,
    InternationalString,
    MappedColumn,
    MappedValue,
    Reference,
    RepresentationMap,
    ValueMapping,
)

STRUCTURES = shared_structures()


def _lookup(*rows: ValueMapping, others: str = "drop", coded: Reference | None = None) -> Lookup:
    mapping = RepresentationMap(
        agency="X",
        id="RM",
        annotations=(Annotation(type=OTHERS, title=others),),
        targets=(MappedColumn(values=coded),),
        mappings=rows,
    )
    return Lookup(mapping, STRUCTURES)


def _pattern(pattern: str, target: str) -> ValueMapping:
    return ValueMapping(sources=(MappedValue(value=pattern, is_pattern=True),), targets=(target,))


def _targets(lookup: Lookup, *values: str) -> list[str | None]:
    return [found.targets[0] if found.targets else None for found in lookup.find([values])]


def test_named_values_come_before_patterns_and_patterns_in_order() -> None:
    lookup = _lookup(_pattern("A.*", "1"), _pattern("AB+", "2"), ValueMapping.of("ABB", "3"))
    assert _targets(lookup, "ABB", "AB", "A", "BA") == ["3", "1", "1", None]


def test_patterns_are_for_all_of_a_value_and_give_their_groups() -> None:
    lookup = _lookup(_pattern(r"Y(\d+)-(\d+)", r"Y\1T\2"))
    assert _targets(lookup, "Y5-9", "XY5-9", "Y5-9X", "Y5-9\n") == ["Y5T9", None, None, None]


def test_parts_of_values() -> None:
    part = MappedValue(value="B", start=1, end=2)
    lookup = _lookup(ValueMapping(sources=(part,), targets=("x",)))
    assert _targets(lookup, "ABC", "BBB", "AXB", "éB") == ["x", "x", None, "x"]


def test_a_row_with_dates_holds_between_them() -> None:
    rows = (
        ValueMapping(sources=(MappedValue(value="p"),), targets=("old",), valid_to="2023-12-31"),
        ValueMapping(sources=(MappedValue(value="p"),), targets=("new",), valid_from="2024-01-01"),
    )
    lookup = _lookup(*rows)
    assert lookup.is_dated
    starts = [date(2023, 12, 31), date(2024, 1, 1), None]
    found = lookup.find([["p", "p", "p"]], starts)
    assert [each.targets for each in found] == [("old",), ("new",), None]


def test_a_code_that_is_not_in_the_list_has_no_place() -> None:
    sex = next(one for one in STRUCTURES if one.id == "CL_SEX").reference
    lookup = _lookup(_pattern("(.*)", r"\1"), coded=sex)
    known, unknown = lookup.find([["F", "Q"]])
    assert known.targets == ("F",)
    assert unknown.reason is not None
    assert unknown.reason.because == "there is no code Q in CL_SEX"
    assert not unknown.reason.is_error


def test_what_is_dropped_says_why_and_what_is_not_named_is_refused() -> None:
    note = Annotation(type=DROPPED, text=InternationalString.of("a region"))
    dropped = ValueMapping(sources=(MappedValue(value="EU"),), annotations=(note,))
    region, other = _lookup(dropped, others="refuse").find([["EU", "XX"]])
    assert region.reason is not None
    assert other.reason is not None
    assert (region.reason.because, region.reason.is_error) == ("a region", False)
    assert other.reason.is_error


def test_no_pattern_takes_long() -> None:
    lookup = _lookup(_pattern("(a+)+b", "x"))
    before = time.process_time()
    assert _targets(lookup, "a" * 50_000) == [None]
    assert time.process_time() - before < 5
