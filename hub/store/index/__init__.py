"""Indexes: what answers quickly, made from the Parquet files of a release and lost without harm.

An index is a folder under a name that changes with the release, its structure, the version of
DuckDB and the layout:

    obs.duckdb     the observations sorted by series key and time, codes as ENUM: any condition
    rows.arrow     the same rows, without the columns that all of them share: read where they lie
    series.arrow   the directory: one row for each series, with the number of its observations
    upper.arrow    the different values of the attributes above the series
    fixed.json     the columns that have one value, or none, in the whole release

It is written aside and renamed, so it is whole or absent; nobody writes to it afterwards. While it
is being made, the Parquet files answer.
"""

from hub.store.index.files import TABLE
from hub.store.index.opened import OpenIndex
from hub.store.index.opening import Indexes

__all__ = ["TABLE", "Indexes", "OpenIndex"]
