"""Partners break figures down differently; what is derived from them is released all the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def test_some_partners_tell_men_from_women_and_others_do_not(
    corridor: Any, stock_table: Any, tmp_path: Path
) -> None:
    home = tmp_path / "hub"
    assert corridor("init", home, "--node", "HUB", "--role", "hub", "--areas", "*").exit == 0
    whole = {"REF_AREA": "DEU", "SEX": "_T", "OBS_VALUE": "100"}
    parts = [{"REF_AREA": "DEU", "SEX": s, "OBS_VALUE": v} for s, v in (("F", "60"), ("M", "40"))]
    others = [{"REF_AREA": area, "SEX": "_T", "OBS_VALUE": "7"} for area in ("FRA", "NOR")]
    file = stock_table.write(tmp_path / "stocks.csv", whole, *parts, *others)
    assert corridor("--home", home, "publish", "MIGX:DF_STOCK_BIRTH", file).exit == 0
    derived = corridor("--home", home, "derive")
    assert derived.exit == 0, derived.err
    assert "DF_EMIGRANTS" in derived.out
