"""The figures of the demonstration, read naively from the files its nodes publish."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

_SEX = {"total": "_T", "women": "F", "men": "M"}


@pytest.fixture(scope="session")
def stocks(root: Path) -> pd.DataFrame:
    """All stock tables: country, born_in, sex, year, persons."""
    files = sorted(root.glob("hub/demo/submissions/*/stocks.csv"))
    table = pd.concat([pd.read_csv(file) for file in files], ignore_index=True)
    return table.assign(sex=table.sex.map(_SEX), year=table.year.astype(str))


@pytest.fixture(scope="session")
def flows(root: Path) -> pd.DataFrame:
    """Both figures of every flow: origin, destination, year, sent, received."""
    files = sorted(root.glob("hub/demo/submissions/*/flows.csv"))
    table = pd.concat([pd.read_csv(file) for file in files], ignore_index=True)
    table = table.assign(year=table.year.astype(str))
    arrivals = table[table.direction == "arrivals"]
    departures = table[table.direction == "departures"]
    received = arrivals.rename(
        columns={"partner": "origin", "country": "destination", "persons": "received"}
    )
    sent = departures.rename(
        columns={"country": "origin", "partner": "destination", "persons": "sent"}
    )
    key = ["origin", "destination", "year"]
    return sent[[*key, "sent"]].merge(received[[*key, "received"]], on=key, how="outer")
