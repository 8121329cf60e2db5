"""The small tables of published figures."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from codelists import load_codelist
from federation.figures import immigrant_totals, load_successors, published_years

BILATERAL = (
    Path(__file__).parents[4] / "shared" / "data" / "real" / "stock_undesa_2024_od_sex.parquet"
)


def total(area: str, year: int) -> float:
    rows = immigrant_totals([year]).to_pylist()
    return next(row["total"] for row in rows if row["area"] == area)


def test_world_total_is_the_published_one() -> None:
    """UN DESA (2024): 304 million international migrants worldwide in mid-2024."""
    assert pc.sum(immigrant_totals([2024])["total"]).as_py() == 304021813


def test_figures_are_those_of_the_source() -> None:
    if not BILATERAL.exists():
        pytest.skip(f"no {BILATERAL}")
    frame = pq.read_table(BILATERAL).to_pandas()
    frame = frame[frame["SEX"] == "_T"]
    source = frame.groupby(["DEST", "TIME_PERIOD"])["OBS_VALUE"].sum()
    found = immigrant_totals(published_years()).to_pandas().set_index(["area", "year"])["total"]
    shared = found.loc[source.index]
    assert (shared == source.astype(float)).all()


def test_between_publications_it_is_linear_and_after_the_last_it_stays() -> None:
    start, end = total("CHI", 2015), total("CHI", 2020)
    assert total("CHI", 2017) == pytest.approx(start + (end - start) * 2 / 5)
    assert total("CHI", 2031) == total("CHI", 2024)


def test_before_the_first_publication_nothing_is_known() -> None:
    assert immigrant_totals([1989]).num_rows == 0
    assert "VAT" not in immigrant_totals([1990])["area"].to_pylist()


def test_areas_are_codes_of_the_shared_list() -> None:
    codes = load_codelist("CL_AREA_MIG").by_id
    assert set(immigrant_totals([2024])["area"].to_pylist()) <= codes.keys()
    successors = load_successors()
    assert set(successors["former"].to_pylist()) <= codes.keys()
    assert set(successors["successor"].to_pylist()) <= codes.keys()


def test_every_former_state_of_the_shared_list_has_successors() -> None:
    areas = load_codelist("CL_AREA_MIG")
    former = {
        code.id
        for code in areas.items
        if any(note.type == "KIND" and note.title == "former" for note in code.annotations)
    }
    assert former == set(load_successors()["former"].to_pylist())


def test_at_any_time_a_successor_stands_once_under_a_former_state() -> None:
    rows = load_successors().to_pylist()
    for one in rows:
        for other in rows:
            same = (one["former"], one["successor"]) == (other["former"], other["successor"])
            if same and one is not other and one["valid_from"] <= other["valid_from"]:
                assert one["valid_to"] is not None
                assert one["valid_to"] < other["valid_from"]
