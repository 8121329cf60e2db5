"""What the observatory of the demonstration serves, against sums made naively from the tables."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pandas as pd
import pytest

NORDIC = ("SWE", "NOR", "DNK", "FIN")
CSV = {"Accept": "application/vnd.sdmx.data+csv;version=2.0.0"}


def _data(url: str, flow: str) -> pd.DataFrame:
    response = httpx.get(f"{url}/sdmx/v2/data/dataflow/MIGX/{flow}/1.0.0/*", headers=CSV)
    assert response.status_code == 200
    table = pd.read_csv(io.StringIO(response.text), dtype=str, keep_default_na=False)
    return table.assign(OBS_VALUE=pd.to_numeric(table.OBS_VALUE))


@pytest.fixture(scope="module")
def emigrants(demonstration: Any) -> pd.DataFrame:
    return _data(demonstration.url, "DF_EMIGRANTS")


@pytest.fixture(scope="module")
def pairs(demonstration: Any) -> pd.DataFrame:
    """DF_ASYMMETRY with one row a pair and year: E, I, SRD, class."""
    table = _data(demonstration.url, "DF_ASYMMETRY")
    key = ["ORIG_AREA", "DEST_AREA", "TIME_PERIOD"]
    cut = {
        "sent": (table.MIRROR_STAT == "VAL") & (table.REPORTED_BY == "SND"),
        "received": (table.MIRROR_STAT == "VAL") & (table.REPORTED_BY == "RCV"),
        "srd": table.MIRROR_STAT == "SRD",
    }
    columns = {name: table[rows].set_index(key).OBS_VALUE for name, rows in cut.items()}
    classes = table[cut["received"]].set_index(key).ASYM_CLASS
    return pd.DataFrame({**columns, "cls": classes})


def _total(table: pd.DataFrame, **key: str) -> pd.DataFrame:
    wanted = {"DEST_AREA": "_T", "MIRROR_ITEM": "STK_BIRTH", "ORIGIN_TREAT": "RPT", **key}
    for column, value in wanted.items():
        table = table[table[column] == value]
    return table


def test_emigrants_of_poland_are_the_sum_of_the_seven_partners(
    emigrants: pd.DataFrame, stocks: pd.DataFrame, shared: Path
) -> None:
    (row,) = _total(emigrants, ORIG_AREA="POL", SEX="_T", TIME_PERIOD="2020").to_dict("records")
    published = pd.read_csv(shared / "figures" / "stocks_2010_2024.csv")
    of_poland = published.query("origin == 'POL' and year == 2020 and sex == '_T'")
    assert row["OBS_VALUE"] == of_poland.persons.sum() == 2_165_063
    assert of_poland.destination.nunique() == int(row["N_PARTNERS"]) == 7
    assert int(row["N_PARTNERS_EXP"]) == 232  # all areas of the world but Poland itself
    assert 0.05 < float(row["COVERAGE_W"]) < 0.15
    ours = stocks.query("born_in == 'POL' and year == '2020' and sex == '_T'")
    assert ours.persons.sum() == of_poland.persons.sum()


def test_every_sum_is_that_of_the_tables(emigrants: pd.DataFrame, stocks: pd.DataFrame) -> None:
    totals = _total(emigrants).set_index(["ORIG_AREA", "SEX", "TIME_PERIOD"])
    named = stocks[stocks.born_in != "_T"]
    naive = named.groupby(["born_in", "sex", "year"]).persons.agg(["sum", "count"])
    assert len(totals) == len(naive) == 8 * 3 * 4  # origins, sexes, years
    assert (totals.OBS_VALUE.sort_index().to_numpy() == naive["sum"].sort_index().to_numpy()).all()
    counted = totals.N_PARTNERS.astype(int).sort_index().to_numpy()
    assert (counted == naive["count"].sort_index().to_numpy()).all()


def test_coverage_says_which_stock_cells_are_not_in_the_figures(
    emigrants: pd.DataFrame, stocks: pd.DataFrame
) -> None:
    of_2020 = _total(emigrants, SEX="_T", TIME_PERIOD="2020")
    missing = 7 * 8 - of_2020.N_PARTNERS.astype(int).sum()
    assert missing == 13
    assert missing == 56 - len(stocks.query("year == '2020' and sex == '_T' and born_in != '_T'"))


def test_the_tables_are_the_published_figures(
    stocks: pd.DataFrame, flows: pd.DataFrame, shared: Path
) -> None:
    published = pd.read_csv(shared / "figures" / "stocks_2010_2024.csv", dtype={"year": str})
    key = ["destination", "origin", "sex", "year"]
    ours = stocks.rename(columns={"country": "destination", "born_in": "origin"})[[*key, "persons"]]
    pd.testing.assert_frame_equal(
        ours.sort_values(key, ignore_index=True),
        published[[*key, "persons"]].sort_values(key, ignore_index=True),
    )
    published = pd.read_csv(shared / "figures" / "flows_2004_2008.csv", dtype={"year": str})
    published.columns = pd.Index(flows.columns)
    key = ["origin", "destination", "year"]
    pd.testing.assert_frame_equal(
        flows.sort_values(key, ignore_index=True),
        published.sort_values(key, ignore_index=True),
        check_dtype=False,
    )


def test_poland_and_germany_disagree(pairs: pd.DataFrame) -> None:
    row = pairs.loc["POL", "DEU", "2008"]
    assert (row.sent, row.received, row.cls) == (17_951, 131_308, "E")
    assert row.srd == pytest.approx(100 * (131_308 - 17_951) / ((131_308 + 17_951) / 2))


def test_the_nordic_registers_agree(pairs: pd.DataFrame) -> None:
    rows = [
        pairs.loc[origin, destination, str(year)]
        for origin in NORDIC
        for destination in NORDIC
        for year in range(2004, 2008)
        if origin != destination
    ]
    assert len(rows) == 48
    assert all(abs(row.srd) <= 10 and row.cls in ("A", "B") for row in rows)


def test_every_pair_has_both_sides(pairs: pd.DataFrame, flows: pd.DataFrame) -> None:
    assert len(pairs) == 56 * 5
    naive = flows.set_index(["origin", "destination", "year"]).sort_index()
    found = pairs.sort_index()
    assert list(found.index) == list(naive.index)
    assert (found[["sent", "received"]].to_numpy() == naive[["sent", "received"]].to_numpy()).all()
    both = naive.sent + naive.received
    srd = (200 * (naive.received - naive.sent) / both).where(both > 0)
    np.testing.assert_allclose(found.srd.to_numpy(), srd.to_numpy(), atol=0.05)
