"""A hub takes a compilation for all areas of the world, and derives emigrants of every origin."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

DERIVE_SECONDS = 30
#: UN DESA, International Migrant Stock 2020, totals by origin, mid-2020, both sexes.
PUBLISHED = {"IND": 17_869_492, "MEX": 11_185_737}


@pytest.fixture(scope="module")
def figures(shared: Path) -> pd.DataFrame:
    """Destination, origin, sex, year, persons."""
    table = pd.read_parquet(shared / "real" / "stock_undesa_2020_od_sex.parquet")
    return table.assign(
        ORIG=table.ORIG.replace({"OTH": "_O"}), TIME_PERIOD=table.TIME_PERIOD.astype(str)
    )


@pytest.fixture(scope="module")
def hub(
    figures: pd.DataFrame, stock_table: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    from federation.derivation import derive
    from hub.main import main
    from hub.store import open_store

    folder = tmp_path_factory.mktemp("hub")
    home, file = folder / "H", folder / "undesa.csv"
    given = {
        "REF_AREA": figures.DEST,
        "COUNTERPART_AREA": figures.ORIG,
        "SEX": figures.SEX,
        "TIME_PERIOD": figures.TIME_PERIOD,
        "OBS_VALUE": figures.OBS_VALUE,
        "OBS_STATUS": "E",
        "DERIVATION": "EST",
    }
    rows = pd.DataFrame({**stock_table.plain, **given}, index=figures.index)
    rows.to_csv(file, index=False)
    flow = "MIGX:DF_STOCK_BIRTH(1.0.0)"
    for command in (
        ["init", str(home), "--node", "HUB", "--role", "hub"],
        ["--home", str(home), "publish", flow, str(file), "--source", "UNDESA"],
    ):
        with pytest.raises(SystemExit) as ended:
            main(command)
        assert not ended.value.code
    store = open_store(home)
    begun = time.process_time()
    derived = derive(store)
    yield store, derived, time.process_time() - begun
    store.close()


@pytest.fixture(scope="module")
def totals(hub: Any) -> pd.Series:
    """Emigrants of every origin, sex and year, from the release readers get."""
    from federation.derivation import EMIGRANTS

    store, _, _ = hub
    table = store.read(store.release(EMIGRANTS), store.schema(EMIGRANTS)).read_all().to_pandas()
    assert set(table.ORIGIN_TREAT) == {"RPT"}
    assert set(table.MIRROR_ITEM) == {"STK_BIRTH"}
    whole = table[table.DEST_AREA == "_T"]
    return whole.set_index(["ORIG_AREA", "SEX", "TIME_PERIOD"]).OBS_VALUE.sort_index()


def test_it_is_in_time(hub: Any) -> None:
    _, _, seconds = hub
    assert seconds < DERIVE_SECONDS


def test_emigrants_of_every_origin_and_year_are_the_sums_in_the_file(
    totals: pd.Series, figures: pd.DataFrame
) -> None:
    naive = figures.groupby(["ORIG", "SEX", "TIME_PERIOD"]).OBS_VALUE.sum().sort_index()
    assert list(totals.index) == list(naive.index)
    assert (totals.to_numpy() == naive.to_numpy()).all()
    assert totals.index.get_level_values(0).nunique() == 233
    assert totals.index.get_level_values(2).nunique() == 7
    assert "_O" in totals.index.get_level_values(0)


@pytest.mark.parametrize(("origin", "persons"), PUBLISHED.items())
def test_published_totals_come_out(totals: pd.Series, origin: str, persons: int) -> None:
    assert totals[origin, "_T", "2020"] == persons


def test_the_compilation_is_named_as_the_source(hub: Any, corridor: Any) -> None:
    store, _, _ = hub
    flow = "MIGX:DF_STOCK_BIRTH"
    shown = corridor("--home", store.settings.home, "release", "show", flow, "--json").json
    assert len(shown["slices"]) == 232
    assert {each["source"] for each in shown["slices"]} == {"UNDESA"}
    assert all(each["used"] for each in shown["slices"])
