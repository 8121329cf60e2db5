"""Releases: what is added, revised, withdrawn; what is refused; what a dry run does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest

from hub.errors import Conflict, Finding, Forbidden, Invalid, Severity
from hub.model import ArtefactClass, DeltaCounts, Reference
from hub.publish import Outcome, door
from hub.publish.delta import compute_changes
from hub.store import NewSlice, Store, facts_of_table, releases
from hub.store.parquet import read_plain
from hub.store.parts import state_of
from tests.publish.stock import (
    FLOW,
    SettableClock,
    by_year,
    counts,
    deletion,
    figures,
    lake_files,
    raw,
    submit,
    year,
)


def test_a_first_submission_is_released(store: Store, clock: SettableClock) -> None:
    report = submit(store, raw(year(2019, 1), year(2020, 2)))
    assert report.outcome is Outcome.RELEASED
    assert counts(report) == (2, 0, 0)
    assert report.counts["SWE"] == report.total
    assert report.committed == report.visible_from == clock.time
    release = store.release(FLOW)
    assert release is not None
    assert report.release == release.id
    assert by_year(store) == {"2019": 1, "2020": 2}


def test_the_same_again_makes_no_release(store: Store) -> None:
    first = submit(store, raw(year(2019, 1), year(2020, 2)))
    files = lake_files(store)
    again = submit(store, raw(year(2020, 2)))
    assert again.outcome is Outcome.UNCHANGED
    assert counts(again) == (0, 0, 0)
    assert again.release == first.release
    assert again.committed is None
    assert len(store.history(FLOW)) == 1
    assert lake_files(store) == files


def test_what_is_given_replaces_and_the_rest_is_kept(store: Store) -> None:
    submit(store, raw(year(2018, 1), year(2019, 1), year(2020, 1)))
    report = submit(store, raw(year(2019, 1), year(2020, 7), year(2021, 1)))
    assert counts(report) == (1, 1, 0)
    assert by_year(store) == {"2018": 1, "2019": 1, "2020": 7, "2021": 1}


def test_publishing_the_old_state_gives_the_old_release(store: Store) -> None:
    first = submit(store, raw(year(2020, 1)))
    second = submit(store, raw(year(2020, 2)))
    third = submit(store, raw(year(2020, 1)))
    assert second.release != first.release
    assert third.release == first.release
    assert [version.counts.revised for version in store.history(FLOW)] == [1, 1, 0]


def test_a_dry_run_says_the_same_and_writes_nothing(store: Store) -> None:
    before = submit(store, raw(year(2019, 1), year(2020, 1)))
    files, history = lake_files(store), store.history(FLOW)
    given = raw(year(2020, 2), year(2021, 1))
    dry = submit(store, given, dry_run=True)
    assert dry.outcome is Outcome.DRY_RUN
    assert dry.release == before.release
    assert dry.committed is None
    assert lake_files(store) == files
    assert store.history(FLOW) == history
    real = submit(store, given)
    assert real.counts == dry.counts
    assert real.findings == dry.findings


def test_all_findings_are_told_and_nothing_is_released(store: Store) -> None:
    before = submit(store, raw(year(2019, 1)))
    files = lake_files(store)
    wrong = raw(
        year(2020, "1,234"),
        year("20x1"),
        year(2022, REF_AREA="SWD"),
        year(2023, SEX=None),
        year(2024),
        year(2024),
    )
    with pytest.raises(Invalid) as caught:
        submit(store, wrong)
    found = {(finding.rule, finding.line) for finding in caught.value.findings}
    assert found == {
        ("not-of-type", 2),
        ("not-of-type", 3),
        ("unknown-code", 4),
        ("missing-dimension", 5),
        ("duplicate-key", 7),
    }
    release = store.release(FLOW)
    assert release is not None
    assert release.id == before.release
    assert lake_files(store) == files


def test_nothing_is_released_where_a_later_slice_cannot_be(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slices are looked at one by one here, and the file of the first is written by then."""
    monkeypatch.setattr(door, "compute_changes", partial(compute_changes, most_rows=1))
    before = submit(store, raw(year(2019, 1, REF_AREA="NOR"), year(2019, 1)))
    rows = [year(2020, 2, REF_AREA="NOR"), year(2020, 2, OBS_STATUS=None)]
    with pytest.raises(Invalid) as caught:
        submit(store, raw(*rows, actions=["Replace", "Merge"]))
    assert [(f.rule, f.line) for f in caught.value.findings] == [("incomplete-merge", 3)]
    assert len(store.history(FLOW)) == 2
    release = store.release(FLOW)
    assert release is not None
    assert release.id == before.release
    assert set(figures(store)) == {("NOR", "POL", "2019"), ("SWE", "POL", "2019")}


def test_areas_it_may_not_speak_for_are_forbidden(store: Store) -> None:
    given = raw(year(2020), year(2020, REF_AREA="NOR"), year(2020, REF_AREA="DNK"))
    with pytest.raises(Forbidden, match=r"SWE may not speak for REF_AREA DNK, NOR; .* SWE"):
        submit(store, given, areas=frozenset(["SWE"]))
    with pytest.raises(Forbidden, match="NOR"):
        submit(store, raw(year(2020)), areas=frozenset(["SWE"]), covers=("NOR",))
    row = deletion(REF_AREA="NOR")
    with pytest.raises(Forbidden, match="NOR"):
        submit(store, raw(row, actions=["Delete"]), areas=frozenset(["SWE"]))
    assert store.history(FLOW) == ()


def other(id_: str, version: str = "1.0.0", class_: ArtefactClass | None = None) -> Reference:
    return Reference(class_ or ArtefactClass.DATAFLOW, "MIGX", id_, version)


@pytest.mark.parametrize(
    "named",
    [
        other("DF_STOCK_CTZ"),
        other("DF_STOCK_BIRTH", "2.0.0"),
        other("MIG_FLOW", class_=ArtefactClass.DATA_STRUCTURE),
        Reference(ArtefactClass.DATAFLOW, "ESTAT", "DF_STOCK_BIRTH", "1.0.0"),
    ],
)
def test_data_of_another_flow_is_refused(store: Store, named: Reference) -> None:
    with pytest.raises(Invalid) as caught:
        submit(store, raw(year(2020), structure=named))
    (finding,) = caught.value.findings
    assert finding.rule == "structure"
    assert finding.value == str(named)
    assert str(FLOW) in finding.message


@pytest.mark.parametrize("version", ["1.0.0", "1.2.0", "~", "+", "1.0+.0", "*"])
def test_the_flow_may_be_named_in_any_version_of_its_major_one(store: Store, version: str) -> None:
    submit(store, raw(year(2020), structure=other("DF_STOCK_BIRTH", version)))
    named = other("MIG_STOCK", version, ArtefactClass.DATA_STRUCTURE)
    submit(store, raw(year(2021), structure=named))
    assert by_year(store) == {"2020": 100, "2021": 100}


def test_what_the_reader_noticed_is_reported(store: Store) -> None:
    note = Finding(rule="mapped", message="two spellings", severity=Severity.INFORMATION)
    report = submit(store, raw(year(2020), findings=(note,)))
    assert report.findings == (note,)


def test_of_several_sources_one_is_active(store: Store) -> None:
    submit(store, raw(year(2020, 1)), source="COMPILED")
    assert by_year(store) == {"2020": 1}
    submit(store, raw(year(2020, 2)), source="SWE", kind="harvest")
    assert by_year(store) == {"2020": 2}
    submit(store, raw(year(2020, 3)), source="COMPILED")
    assert by_year(store) == {"2020": 2}, "what the area's own node sent comes first"
    submit(store, raw(year(2020, 4)), source="NODE", kind="derivation")
    assert by_year(store) == {"2020": 4}
    newest = {version.source: version.rows for version in store.newest(FLOW)}
    assert newest == {"COMPILED": 1, "SWE": 1, "NODE": 1}


def test_of_two_sources_of_a_kind_the_later_one_is_active(store: Store) -> None:
    submit(store, raw(year(2020, 1)), source="ONE")
    submit(store, raw(year(2020, 2)), source="TWO")
    assert by_year(store) == {"2020": 2}
    submit(store, raw(year(2021, 1)), source="ONE")
    assert by_year(store) == {"2020": 1, "2021": 1}


def test_a_source_that_withdrew_everything_hides_no_other(store: Store) -> None:
    submit(store, raw(year(2020, 1)), source="COMPILED")
    submit(store, raw(year(2020, 2)), source="SWE", kind="harvest")
    submit(store, raw(), source="SWE", kind="harvest", replaces=True, covers=("SWE",))
    assert by_year(store) == {"2020": 1}


def test_withdrawing_everything_leaves_an_empty_release(store: Store, clock: SettableClock) -> None:
    submit(store, raw(year(2020)))
    clock.pass_(hours=1)
    submit(store, raw(), replaces=True, covers=("SWE",))
    release = store.release(FLOW)
    assert release is not None
    assert release.slices == ()
    assert release.visible_from == clock.time, "a withdrawal is a change too"
    assert by_year(store) == {}


def test_an_interference_is_met_by_computing_anew(
    store: Store, open_again: Callable[..., Store], clock: SettableClock
) -> None:
    submit(store, raw(year(2018, 1)))
    interfering = InterferingClock(clock, lambda: submit(store, raw(year(2001, 1))), times=1)
    submit(open_again(interfering), raw(year(2019, 1)))
    assert by_year(store) == {"2001": 1, "2018": 1, "2019": 1}


def test_a_flow_that_keeps_changing_is_a_conflict(
    store: Store, open_again: Callable[..., Store], clock: SettableClock
) -> None:
    submit(store, raw(year(2018, 1)))
    interfering = InterferingClock(clock, lambda: commit_again(store), times=1000)
    with pytest.raises(Conflict, match="kept changing"):
        submit(open_again(interfering), raw(year(2019, 1)))
    assert by_year(store) == {"2018": 1}


class InterferingClock:
    """Does something whenever somebody wants to know the time, but for a commit.

    A release asks twice: before it writes, and in the transaction that commits.
    """

    def __init__(self, clock: SettableClock, interfere: Callable[[], object], times: int) -> None:
        self._clock = clock
        self._interfere = interfere
        self._left = times
        self._calls = 0

    def __call__(self) -> datetime:
        self._calls += 1
        if self._left and self._calls % 2:
            self._left -= 1
            self._interfere()
        return self._clock()


def commit_again(store: Store) -> None:
    """Commit what is there once more, as a version of its own."""
    (version,) = store.newest(FLOW)
    schema = store.schema(FLOW)
    new = NewSlice(
        slice=version.slice,
        source=version.source,
        base=version.id,
        digest=version.digest,
        delta=None,
        rows=version.rows,
        counts=DeltaCounts(),
        file=version.file,
        cut_by=version.cut_by,
        facts=facts_of_table(schema, read_plain(state_of(store.lake, version))),
        origin=version.origin,
        structure=version.structure,
        structure_digest=version.structure_digest,
    )
    with store.catalogue.writing() as connection:
        at = store.catalogue.stamp(connection)
        releases.insert(connection, FLOW, [new], at, at)
