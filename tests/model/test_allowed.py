"""What constraints leave to a component."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.model import (
    CubeRegion,
    DataConstraint,
    KeyValues,
    Schema,
    allowed_values,
    allowed_years,
)
from tests.formats.schema.structures import TEXT, attribute, region, schema

PLAIN = schema(attributes=[attribute("NOTE", TEXT)])


def constrained(*constraints: tuple[CubeRegion, ...], role: str = "Allowed") -> Schema:
    made = tuple(
        DataConstraint(agency="T", id=f"C{number}", role=role, regions=regions)
        for number, regions in enumerate(constraints)
    )
    return replace(PLAIN, constraints=made)


def test_without_constraints_all_is_allowed() -> None:
    assert allowed_values(PLAIN, "AREA") is None
    assert allowed_values(PLAIN, "NOTE") is None


def test_only_what_is_allowed_counts() -> None:
    assert allowed_values(constrained((region(AREA="A"),), role="Actual"), "AREA") is None


@pytest.mark.parametrize(
    ("constraints", "left"),
    [
        ([(region(AREA="AB"),)], {"A", "B"}),
        ([(region(AREA="A"), region(AREA="B"))], {"A", "B"}),
        ([(region(AREA="A"), region(FREQ="A"))], None),
        ([(region(AREA="AB"),), (region(AREA="BC"),)], {"B"}),
        ([(region(AREA="AX"),)], {"A"}),
        ([(region(AREA="ABC"),)], None),
        ([(region(False, AREA="A"),)], {"B", "C"}),
        ([(region(False, AREA="A", FREQ="A"),)], None),
        ([(region(AREA="AB"), region(False, AREA="A"))], {"B"}),
        ([(region(AREA="A"),), (region(AREA="B"),)], set()),
    ],
)
def test_codes(constraints, left) -> None:
    assert allowed_values(constrained(*constraints), "AREA") == left


def test_values_that_a_region_leaves_out() -> None:
    keys = (KeyValues(component="AREA", values=("A",), include=False),)
    assert allowed_values(constrained((CubeRegion(keys=keys),)), "AREA") == {"B", "C"}


@pytest.mark.parametrize(
    ("constraints", "left"),
    [
        ([(region(NOTE=["x", "y"]),)], {"x", "y"}),
        ([(region(NOTE=["x", "y"]),), (region(NOTE=["y", "z"]),)], {"y"}),
        ([(region(NOTE=["x"]), region(AREA="A"))], None),
        ([(region(False, NOTE=["x"]),)], None),
        ([(region(NOTE=["x", "y"]), region(False, NOTE=["y"]))], {"x"}),
    ],
)
def test_values_of_a_component_without_a_list(constraints, left) -> None:
    assert allowed_values(constrained(*constraints), "NOTE") == left


def between(start: str | None, end: str | None) -> CubeRegion:
    return CubeRegion(keys=(KeyValues(component="TIME_PERIOD", start=start, end=end),))


@pytest.mark.parametrize(
    ("constraints", "years"),
    [
        ([], (None, None)),
        ([(between("2004", "2008-12-31T00:00:00"),)], (2004, 2008)),
        ([(between("2004-Q3", None),)], (2004, None)),
        ([(between("2004", "2008"), between("2010", "2012"))], (2004, 2012)),
        ([(between("2004", None), region(AREA="A"))], (None, None)),
        ([(between("2004", "2010"),), (between("2006", None),)], (2006, 2010)),
    ],
)
def test_years(constraints, years) -> None:
    assert allowed_years(constrained(*constraints)) == years


def test_a_reporting_year_may_reach_into_the_next() -> None:
    held = schema(attributes=[attribute("REPORTING_YEAR_START_DAY", TEXT)])
    made = DataConstraint(agency="T", id="C", regions=(between("2004", "2008"),))
    assert allowed_years(replace(held, constraints=(made,))) == (2003, 2009)
