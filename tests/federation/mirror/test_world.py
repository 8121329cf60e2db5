"""The whole world at once: UN DESA's bilateral table as one partner's compilation."""

from __future__ import annotations

import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from codelists import load_codelist
from federation.figures import immigrant_totals
from federation.mirror import MirrorOptions, derive_emigrants, regions_of, target_years

BILATERAL = (
    Path(__file__).parents[4] / "shared" / "data" / "real" / "stock_undesa_2020_od_sex.parquet"
)


@pytest.fixture(scope="module")
def bilateral() -> pa.Table:
    if not BILATERAL.exists():
        pytest.skip(f"no {BILATERAL}")
    return pq.read_table(BILATERAL)


@pytest.fixture(scope="module")
def world(bilateral: pa.Table) -> pa.Table:
    def constant(code: str) -> pa.Array:
        return pa.array([code] * bilateral.num_rows)

    origins = ["_O" if code == "OTH" else code for code in bilateral["ORIG"].to_pylist()]
    return pa.table(
        {
            "FREQ": constant("A"),
            "REF_AREA": bilateral["DEST"],
            "MIGRANT_STATUS": constant("FB"),
            "COUNTERPART_BASIS": constant("BIRTH"),
            "COUNTERPART_AREA": pa.array(origins).dictionary_encode(),
            "SEX": bilateral["SEX"],
            "AGE": constant("_T"),
            "UNIT_MEASURE": constant("PS"),
            "TIME_PERIOD": bilateral["TIME_PERIOD"].cast(pa.string()),
            "OBS_VALUE": bilateral["OBS_VALUE"].cast(pa.float64()),
        }
    )


def test_sums_equal_those_of_pandas_and_take_seconds(bilateral: pa.Table, world: pa.Table) -> None:
    years = target_years(world, None)
    assert years == (1990, 1995, 2000, 2005, 2010, 2015, 2020)
    started = time.monotonic()
    result = derive_emigrants(world, None, immigrant_totals(years))
    assert time.monotonic() - started < 20
    frame = bilateral.to_pandas()
    frame["ORIG"] = frame["ORIG"].replace("OTH", "_O")
    others = frame[frame["ORIG"] != frame["DEST"]]
    expected = others.groupby(["ORIG", "SEX", "TIME_PERIOD"])["OBS_VALUE"].sum()
    table = result.table.to_pandas()
    sums = table[table["DEST_AREA"] == "_T"]
    assert set(sums["ORIGIN_TREAT"]) == {"RPT"}
    found = {
        (row.ORIG_AREA, row.SEX, int(row.TIME_PERIOD)): row.OBS_VALUE for row in sums.itertuples()
    }
    assert found == {key: float(value) for key, value in expected.items()}
    assert len(others) == len(table) - len(sums)


def test_regions_of_the_world_add_up_to_the_total(world: pa.Table) -> None:
    regions = regions_of(load_codelist("CL_AREA_MIG"))
    continents = ("M49_002", "M49_019", "M49_142", "M49_150", "M49_009")
    only_2020 = world.filter(pa.compute.equal(world["TIME_PERIOD"], "2020"))
    options = MirrorOptions(regions=tuple(pair for pair in regions if pair[0] in continents))
    table = derive_emigrants(only_2020, None, immigrant_totals([2020]), options).table.to_pandas()
    sums = table[table["SEX"] == "_T"].pivot_table(
        index="ORIG_AREA", columns="DEST_AREA", values="OBS_VALUE", fill_value=0
    )
    assert (sums[list(continents)].sum(axis=1) == sums["_T"]).all()
