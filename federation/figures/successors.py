"""What became of former states: which areas share out a stock reported under the old name."""

from __future__ import annotations

from functools import cache
from importlib import resources

import pyarrow as pa
import pyarrow.csv

_TYPES = {
    "former": pa.string(),
    "dissolved": pa.date32(),
    "successor": pa.string(),
    "valid_from": pa.date32(),
    "valid_to": pa.date32(),
    "population": pa.float64(),
    "population_year": pa.int64(),
}


@cache
def load_successors() -> pa.Table:
    """Return the successors of each former state, with dates.

    Columns `former`, `dissolved` (the first day without it), `successor`, `valid_from` and
    `valid_to` (the days between which it is a successor; null: still), `population` (the fixed key
    where a destination reports no successor) and `population_year`.
    """
    source = resources.files(__package__).joinpath("successors.csv")
    with source.open("rb") as file:
        options = pa.csv.ConvertOptions(column_types=_TYPES)
        return pa.csv.read_csv(file, convert_options=options)
