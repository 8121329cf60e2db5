"""What actions make of what was there: replaced, merged, deleted, withdrawn."""

from __future__ import annotations

import pytest

from hub.errors import Invalid
from hub.store import Store
from tests.publish.stock import FLOW, by_year, counts, deletion, figures, key, raw, submit, year


def test_a_complete_slice_withdraws_what_is_absent(store: Store) -> None:
    norway = {"REF_AREA": "NOR", "DATA_PROVIDER": "SSB"}
    submit(store, raw(year(2019), year(2020), year(2019, **norway), year(2020, **norway)))
    report = submit(store, raw(year(2020, 5)), replaces=True)
    assert counts(report) == (0, 1, 1)
    assert figures(store, names=("REF_AREA", "TIME_PERIOD")) == {
        ("SWE", "2020"): 5,
        ("NOR", "2019"): 100,
        ("NOR", "2020"): 100,
    }


def test_a_covered_slice_without_rows_is_withdrawn(store: Store) -> None:
    submit(store, raw(year(2019), year(2019, REF_AREA="NOR", DATA_PROVIDER="SSB")))
    report = submit(store, raw(year(2019)), replaces=True, covers=("NOR",))
    assert counts(report) == (0, 0, 1)
    assert figures(store, names=("REF_AREA",)) == {"SWE": 100}
    release = store.release(FLOW)
    assert release is not None
    assert [version.slice for version in release.slices] == ["SWE"]


def test_a_slice_that_was_withdrawn_comes_again(store: Store) -> None:
    submit(store, raw(year(2019), year(2020)))
    submit(store, raw(), replaces=True, covers=("SWE",))
    report = submit(store, raw(year(2020, 5)))
    assert counts(report) == (1, 0, 0)
    assert by_year(store) == {"2020": 5}
    version, *_ = store.history(FLOW)
    assert version.delta is not None
    assert store.lake.table(version.delta).column("_CHANGE").to_pylist() == ["added"]


def test_a_file_of_deletions_makes_no_slice_complete(store: Store) -> None:
    submit(store, raw(year(2019), year(2020)))
    report = submit(store, raw(key(), actions=["Delete"]), replaces=True)
    assert counts(report) == (0, 0, 1)
    assert by_year(store) == {"2019": 100}


@pytest.mark.parametrize("action", ["Information", "Replace"])
def test_a_row_replaces_the_whole_observation(store: Store, action: str) -> None:
    submit(store, raw(year(2020, 1, COMMENT_OBS="break in the series")))
    report = submit(store, raw(year(2020, 2), actions=[action]))
    assert counts(report) == (0, 1, 0)
    assert by_year(store) == {"2020": 2}
    assert by_year(store, value="COMMENT_OBS") == {"2020": None}


@pytest.mark.parametrize("action", ["Merge", "Append"])
def test_a_row_to_merge_keeps_what_it_leaves_empty(store: Store, action: str) -> None:
    """What SDMX 3.1 says of an append; before, it took nothing away, either."""
    submit(store, raw(year(2020, 1, COMMENT_OBS="provisional")))
    report = submit(store, raw(key(OBS_VALUE="5"), actions=[action]))
    assert counts(report) == (0, 1, 0)
    assert by_year(store) == {"2020": 5}
    assert by_year(store, value="COMMENT_OBS") == {"2020": "provisional"}
    assert by_year(store, value="OBS_STATUS") == {"2020": "A"}


def test_a_row_to_merge_that_stays_incomplete_is_refused(store: Store) -> None:
    submit(store, raw(year(2020, 1)))
    rows = [year(2020, 2, OBS_STATUS=None), year(2021, 2, OBS_STATUS=None, CONF_STATUS=None)]
    with pytest.raises(Invalid) as caught:
        submit(store, raw(*rows, actions=["Merge", "Merge"]))
    found = [(finding.rule, finding.line, finding.column) for finding in caught.value.findings]
    assert found == [("incomplete-merge", 3, "CONF_STATUS"), ("incomplete-merge", 3, "OBS_STATUS")]
    assert by_year(store) == {"2020": 1}


def test_in_a_complete_slice_there_is_nothing_to_merge_with(store: Store) -> None:
    submit(store, raw(year(2020, 1)))
    with pytest.raises(Invalid) as caught:
        submit(store, raw(year(2020, 2, OBS_STATUS=None), actions=["Merge"]), replaces=True)
    assert [finding.rule for finding in caught.value.findings] == ["missing-attribute"]


def test_a_whole_key_deletes_one_observation(store: Store) -> None:
    submit(store, raw(year(2019), year(2020)))
    report = submit(store, raw(key(TIME_PERIOD="2019"), actions=["Delete"]))
    assert counts(report) == (0, 0, 1)
    assert by_year(store) == {"2020": 100}


def test_a_deletion_may_repeat_the_observation(store: Store) -> None:
    submit(store, raw(year(2019), year(2020)))
    submit(store, raw(year(2019), actions=["Delete"]))
    assert by_year(store) == {"2020": 100}


def test_an_empty_dimension_of_a_deletion_means_any(store: Store) -> None:
    both = [{"COUNTERPART_AREA": area} for area in ("POL", "FIN")]
    submit(store, raw(*(year(y, **area) for y in (2019, 2020) for area in both)))
    row = deletion(REF_AREA="SWE", TIME_PERIOD="2019")
    report = submit(store, raw(row, actions=["Delete"]))
    assert counts(report) == (0, 0, 2)
    assert set(figures(store)) == {("SWE", "POL", "2020"), ("SWE", "FIN", "2020")}


def test_a_deletion_without_area_reaches_every_slice_of_the_source_and_no_other(
    store: Store,
) -> None:
    norway = {"REF_AREA": "NOR", "DATA_PROVIDER": "SSB"}
    submit(store, raw(year(2019), year(2020), year(2019, **norway)))
    submit(store, raw(year(2019, REF_AREA="DNK", DATA_PROVIDER="DST")), source="OTHER")
    report = submit(store, raw(deletion(TIME_PERIOD="2019"), actions=["Delete"]))
    assert counts(report) == (0, 0, 2)
    assert figures(store, names=("REF_AREA", "TIME_PERIOD")) == {
        ("SWE", "2020"): 100,
        ("DNK", "2019"): 100,
    }


def test_deletions_come_before_what_is_given(store: Store) -> None:
    submit(store, raw(year(2019, 1), year(2020, 1)))
    rows = [year(2020, 9), deletion(REF_AREA="SWE")]
    report = submit(store, raw(*rows, actions=["Replace", "Delete"]))
    assert counts(report) == (0, 1, 1)
    assert by_year(store) == {"2020": 9}


def test_single_values_can_be_deleted(store: Store) -> None:
    rows = [year(one, 1, COMMENT_OBS="so", REF_DATE="2019-12-31") for one in (2019, 2020)]
    submit(store, raw(*rows))
    row = {**deletion(REF_AREA="SWE", TIME_PERIOD="2020"), "COMMENT_OBS": "-"}
    report = submit(store, raw(year(2021), row, actions=["Replace", "Delete"]))
    assert counts(report) == (1, 1, 0)
    assert by_year(store, value="COMMENT_OBS") == {"2019": "so", "2020": None, "2021": None}
    assert by_year(store, value="REF_DATE") == {
        "2019": "2019-12-31",
        "2020": "2019-12-31",
        "2021": None,
    }
    everywhere = {**deletion(), "REF_DATE": "-", "COMMENT_OBS": "x"}
    report = submit(store, raw(everywhere, actions=["Delete"]))
    assert counts(report) == (0, 2, 0)
    assert set(by_year(store, value="REF_DATE").values()) == {None}
    assert set(by_year(store, value="COMMENT_OBS").values()) == {None}
    again = submit(store, raw(everywhere, actions=["Delete"]))
    assert counts(again) == (0, 0, 0)


def test_an_attribute_of_a_series_is_deleted_from_all_of_it(store: Store) -> None:
    titled = [year(one, 1, TITLE="Born in Poland") for one in (2019, 2020)]
    submit(store, raw(*titled, year(2019, 1, COUNTERPART_AREA="NOR", TITLE="Born in Norway")))
    row = {**key(TIME_PERIOD="2020"), "TITLE": "-"}
    report = submit(store, raw(row, actions=["Delete"]))
    assert counts(report) == (0, 2, 0)
    titles = figures(store, value="TITLE")
    assert titles == {
        ("SWE", "NOR", "2019"): "Born in Norway",
        ("SWE", "POL", "2019"): None,
        ("SWE", "POL", "2020"): None,
    }


def test_what_is_mandatory_cannot_be_deleted_by_itself(store: Store) -> None:
    submit(store, raw(year(2020, 1)))
    row = {**key(), "OBS_STATUS": "-", "UNIT_MULT": "-"}
    with pytest.raises(Invalid) as caught:
        submit(store, raw(year(2021), row, actions=["Replace", "Delete"]))
    found = {(f.rule, f.line, f.column) for f in caught.value.findings}
    assert found == {("mandatory-delete", 3, "OBS_STATUS"), ("mandatory-delete", 3, "UNIT_MULT")}
    assert by_year(store) == {"2020": 1}


def test_an_attribute_of_a_group_has_one_value_in_a_release(store: Store) -> None:
    submit(store, raw(year(2019, TITLE="Born in Poland"), year(2020, TITLE="Born in Poland")))
    report = submit(store, raw(year(2020, LICENCE="CC0")))
    assert counts(report) == (0, 2, 0)
    assert by_year(store, value="LICENCE") == {"2019": "CC0", "2020": "CC0"}
    assert set(by_year(store, value="TITLE").values()) == {"Born in Poland"}
