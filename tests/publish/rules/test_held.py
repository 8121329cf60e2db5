"""Series go on from what the same source has published."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from hub.publish import Report
from hub.store import Store
from tests.publish.stock import Row, SettableClock, raw, submit, year

STEADY = [1000, 1040, 1060, 1110, 1130, 1170, 1200, 1260]


def steady(**more: str) -> list[Row]:
    return [year(2010 + number, value, **more) for number, value in enumerate(STEADY)]


def told(report: Report) -> list[tuple[str, int | None]]:
    return [(finding.rule, finding.line) for finding in report.findings]


@pytest.fixture
def held(store: Store, clock: SettableClock) -> Store:
    """Eight years of one origin from two sources, and one of another."""
    submit(store, raw(*steady(), *steady(COUNTERPART_AREA="FIN")))
    submit(store, raw(*(year(2010 + n, 90_000) for n in range(8))), "UNDESA")
    clock.time += timedelta(days=1)
    return store


def test_a_new_year_is_compared_with_those_before(held: Store) -> None:
    assert told(submit(held, raw(year(2018, 13_000)), dry_run=True)) == [("jump", 2)]
    (finding,) = submit(held, raw(year(2018, 13_000)), dry_run=True).findings
    assert finding.message.startswith("1,260 in 2017, then 13,000: ")
    assert told(submit(held, raw(year(2018, 1300)), dry_run=True)) == []


def test_with_those_of_the_same_source_and_series(held: Store) -> None:
    new = raw(year(2018, 90_000))
    assert told(submit(held, new, "UNDESA", dry_run=True)) == []
    assert told(submit(held, new, dry_run=True)) == [("jump", 2)]
    assert told(submit(held, raw(year(2018, 9000, SEX="F")), dry_run=True)) == []
    both = raw(year(2018, 13_000), year(2018, 1300, COUNTERPART_AREA="FIN"))
    assert told(submit(held, both, dry_run=True)) == [("jump", 2)]


def test_a_figure_that_is_replaced_counts_no_more(held: Store) -> None:
    """A slip in the last year was published, and is mended."""
    submit(held, raw(year(2017, 12)))
    assert told(submit(held, raw(year(2017, 1260)), dry_run=True)) == []


def test_a_revision_is_compared_with_the_years_on_both_sides(held: Store) -> None:
    assert told(submit(held, raw(year(2014, 11_100)), dry_run=True)) == [("jump", 2)]


def test_a_change_of_source_is_seen(held: Store) -> None:
    new = year(2018, 13_000, SOURCE_TYPE="LFS")
    (finding,) = submit(held, raw(new), dry_run=True).findings
    assert finding.rule == "unmarked-break"
    assert finding.message.startswith("SOURCE_TYPE changed since 2017, and the figure jumped ")
    marked = {**new, "OBS_STATUS": "B"}
    assert told(submit(held, raw(marked), dry_run=True)) == []
    same = year(2018, 1300, OBS_STATUS="B")
    assert told(submit(held, raw(same), dry_run=True)) == [("unexplained-break", 2)]


def test_multipliers_are_brought_to_one(held: Store) -> None:
    thousands = year(2018, 1, UNIT_MULT="3")
    rows = [{**row, "UNIT_MULT": "3", "OBS_VALUE": "1"} for row in steady()]
    assert told(submit(held, raw(thousands), dry_run=True)) == []
    submit(held, raw(*rows))
    assert told(submit(held, raw(year(2018, 13)), dry_run=True)) == [("jump", 2)]


def test_a_slice_that_is_given_whole_has_nothing_before_it(held: Store) -> None:
    new = raw(year(2018, 13_000))
    assert told(submit(held, new, replaces=True, dry_run=True)) == []


def test_a_file_that_is_lost_is_told_of_as_ever(held: Store) -> None:
    """Not as a fault of the rules: releasing needs it too."""
    from hub.errors import NotFound

    for file in Path(held.lake.root).rglob("*.parquet"):
        file.unlink()
    with pytest.raises(NotFound, match="restore it from a backup"):
        submit(held, raw(year(2018, 13_000)))
