"""The workbook of the United Nations is published through a mapping file alone.

Its figures are compared with the same ones as published elsewhere: the stock by age and sex, and
the population, from which the shares in its third table follow.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

FLOW = "MIGX:DF_STOCK_BIRTH"
BOOK = "undesa_pd_2020_ims_stock_by_sex_and_destination.xlsx"


@pytest.fixture(scope="module")
def published(
    shared: Path, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[pd.DataFrame, Path]:
    """What readers get afterwards, and the home of the hub."""
    from hub.main import main
    from hub.model import ArtefactClass, parse_reference
    from hub.store import open_store

    book = shared / "raw" / BOOK
    if not book.is_file():
        pytest.skip(f"{BOOK} is not beside the project")
    home = tmp_path_factory.mktemp("undesa") / "H"
    mapping = root / "docs" / "mappings" / "undesa_stock_2020.toml"
    for command in (
        ["init", home, "--node", "HUB", "--role", "hub"],
        ["--home", home, "publish", FLOW, book, "--map", mapping, "--source", "UNDESA"],
    ):
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in command])
        assert not ended.value.code
    store = open_store(home)
    flow = parse_reference(f"{FLOW}(1.0.0)", ArtefactClass.DATAFLOW)
    release = store.release(flow)
    assert release is not None
    table = store.read(release, store.schema(flow)).read_all().to_pandas()
    store.close()
    return table.assign(TIME_PERIOD=table.TIME_PERIOD.astype(int)), home


def _persons(shared: Path) -> pd.DataFrame:
    known = pd.read_parquet(shared / "real" / "stock_undesa_2020_dest_age_sex.parquet")
    known = known[(known.AGE == "_T") & known.OBS_VALUE.notna()]
    # Of Bonaire, this workbook has both sexes together only.
    return known[(known.DEST != "BES") | (known.SEX == "_T")]


def test_every_cell_is_that_of_the_other_publication(published: Any, shared: Path) -> None:
    table, _ = published
    keys = ["REF_AREA", "SEX", "TIME_PERIOD"]
    read = table[table.UNIT_MEASURE == "PS"].set_index(keys).OBS_VALUE
    known = _persons(shared).rename(columns={"DEST": "REF_AREA"}).set_index(keys).OBS_VALUE
    both = read.index.intersection(known.index)
    assert len(both) == len(known) > 4_500
    assert (read[both] == known[both]).all()
    assert read.groupby(["TIME_PERIOD", "SEX"]).sum().min() > 0
    sums, others = (s[both].groupby(["TIME_PERIOD", "SEX"]).sum() for s in (read, known))
    assert len(sums) == 21
    assert (sums == others).all()


def test_the_world_is_the_sum_of_its_areas(published: Any) -> None:
    """280,598,105 migrants in 2020, the first row of the table, which is not published itself."""
    table, _ = published
    world = table[(table.UNIT_MEASURE == "PS") & (table.SEX == "_T") & (table.TIME_PERIOD == 2020)]
    assert world.OBS_VALUE.sum() == 280_598_105
    assert world.REF_AREA.nunique() == len(world) == 232


def test_the_shares_follow_from_the_population(published: Any, shared: Path) -> None:
    table, _ = published
    keys = ["REF_AREA", "SEX", "TIME_PERIOD"]
    units = {
        unit: rows.set_index(keys).OBS_VALUE
        for unit, rows in table.groupby("UNIT_MEASURE", observed=True)
    }
    people = pd.read_parquet(shared / "real" / "population_undesa_ims2020_sex.parquet")
    people = people[people.REF_AREA.isin(table.REF_AREA)].set_index(keys).OBS_VALUE
    shares = (100 * units["PS"] / people).dropna()
    both = shares.index.intersection(units["PT_POP"].index)
    assert len(both) > 4_000
    assert (abs(shares[both] - units["PT_POP"][both]) < 1e-6).all()


def test_what_the_workbook_says_of_its_figures_is_kept(published: Any, corridor: Any) -> None:
    table, home = published
    notes = table.groupby("REF_AREA", observed=True).COMMENT_OBS.first()
    assert notes["MDG"] == "Estimated from figures on foreign citizens; refugees added."
    assert notes["TUV"] == "Estimated from figures on foreign citizens."
    status = table[table.REF_AREA == "TUV"]
    assert set(status.OBS_STATUS) == {"D"}
    shown = corridor("--home", home, "release", "show", FLOW, "--json").json
    assert {one["source"] for one in shown["slices"]} == {"UNDESA"}
