"""Going back to an earlier release, with several slices and sources, and with what is held back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from hub.errors import Conflict
from hub.model import Release
from hub.publish import Outcome, Report, Statement, roll_back
from hub.store import Store
from hub.store.vintages import release_before, vintages
from tests.publish.stock import (
    FLOW,
    SettableClock,
    by_year,
    counts,
    deletion,
    figures,
    raw,
    submit,
    year,
)

pytestmark = pytest.mark.usefixtures("layout")


def now(store: Store) -> Release:
    release = store.release(FLOW)
    assert release is not None
    return release


def back(store: Store, target: Release, **more: bool) -> Report:
    return roll_back(store, store.schema(FLOW), target, statement=Statement(note="Back"), **more)


def by_area(store: Store) -> Mapping[object, object]:
    return figures(store, names=("REF_AREA", "TIME_PERIOD"))


def test_slices_that_came_go_and_those_that_went_come(store: Store, clock: SettableClock) -> None:
    submit(store, raw(year(2020, 1), year(2020, 2, REF_AREA="NOR")))
    first, before = now(store), by_area(store)
    clock.pass_(hours=1)
    rows = [year(2020, 9), deletion(REF_AREA="NOR"), year(2020, 3, REF_AREA="DNK")]
    submit(store, raw(*rows, actions=["Replace", "Delete", "Replace"]))
    clock.pass_(hours=1)
    report = back(store, first)
    assert counts(report) == (1, 1, 1)
    assert by_area(store) == before
    assert report.release == now(store).id == first.id
    assert counts(back(store, first)) == (0, 0, 0)
    origins = {version.slice: version.origin for version in now(store).slices}
    assert {origin.kind for origin in origins.values()} == {"submission"}
    assert dict(origins["SWE"].detail)["rolled_back_to"] == first.id


def test_only_what_differs_is_made_anew(store: Store, clock: SettableClock) -> None:
    submit(store, raw(year(2020, 1), year(2020, 2, REF_AREA="NOR")))
    first = now(store)
    clock.pass_(hours=1)
    submit(store, raw(year(2020, 9)))
    clock.pass_(hours=1)
    back(store, first)
    assert sorted(version.slice for version in store.history(FLOW)) == ["NOR", *["SWE"] * 3]


def test_readers_are_told_of_it_as_of_any_release(store: Store, clock: SettableClock) -> None:
    submit(store, raw(year(2020, 1)))
    first = now(store)
    clock.pass_(hours=1)
    submit(store, raw(year(2020, 2)))
    since = clock.time
    clock.pass_(hours=1)
    report = back(store, first)
    (step,) = store.change_log(now(store), since).steps
    assert step.is_delta
    assert step.at == report.visible_from
    assert by_year(store, since) == {"2020": 2}
    assert [one.id for one in vintages(store, FLOW)] == [
        first.id,
        vintages(store, FLOW)[1].id,
        first.id,
    ]
    before = release_before(store, now(store))
    assert before is not None
    assert before.id == vintages(store, FLOW)[1].id


def test_what_is_held_back_stays_so_and_comes_on_top(store: Store, clock: SettableClock) -> None:
    submit(store, raw(year(2019, 1), year(2020, 1)))
    first = now(store)
    clock.pass_(hours=1)
    submit(store, raw(year(2019, 2)))
    until = clock.time + timedelta(days=1)
    submit(store, raw(year(2020, 5)), visible_from=until)
    clock.pass_(hours=1)
    assert back(store, first).held == (until,)
    assert by_year(store) == {"2019": 1, "2020": 1}
    clock.time = until
    assert by_year(store) == {"2019": 1, "2020": 5}


def test_another_source_gives_way_to_the_one_that_was_read_then(
    store: Store, clock: SettableClock
) -> None:
    submit(store, raw(year(2020, 1)), source="COMPILED")
    first = now(store)
    clock.pass_(hours=1)
    submit(store, raw(year(2020, 2)), source="SWE", kind="harvest")
    assert by_year(store) == {"2020": 2}
    clock.pass_(hours=1)
    back(store, first)
    assert by_year(store) == {"2020": 1}
    assert now(store).id == first.id


def test_where_the_other_source_would_stay_active_nothing_is_done(
    store: Store, clock: SettableClock
) -> None:
    """Of two sources of a kind the one that changed last counts, and that cannot be undone."""
    submit(store, raw(year(2019, 1)), source="ONE")
    submit(store, raw(year(2020, 1)), source="TWO")
    first = now(store)
    clock.pass_(hours=1)
    submit(store, raw(year(2019, 3)), source="ONE")
    assert by_year(store) == {"2019": 3}
    with pytest.raises(Conflict, match="publish the figures of TWO again"):
        back(store, first)
    assert by_year(store) == {"2019": 3}


def test_a_dry_run_only_tells(store: Store, clock: SettableClock) -> None:
    submit(store, raw(year(2020, 1)))
    first = now(store)
    clock.pass_(hours=1)
    submit(store, raw(year(2020, 2)))
    report = back(store, first, dry_run=True)
    assert (report.outcome, counts(report)) == (Outcome.DRY_RUN, (0, 1, 0))
    assert by_year(store) == {"2020": 2}
