"""Two tables as the United Nations publish them, against the same figures from elsewhere."""

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import dsd
from connectors.national import parse_mapping, read_table

DATA = Path(__file__).parents[4] / "shared" / "data"
STOCK = DATA / "raw" / "undesa_pd_2020_ims_stock_by_sex_and_destination.xlsx"
FLOWS = DATA / "raw" / "un_migflow_2015rev_migration_residence_semicolon.csv"

STOCK_MAP = """
dataflow = "MIGX:DF_STOCK_BIRTH(1.0.0)"

[source]
sheet = "Table 1"
header = [8, 11]

[rows]
need = ["Type of data"]     # aggregates have none

[columns]
REF_AREA = "Location code"

[unpivot]
components = ["SEX", "TIME_PERIOD"]
columns = ["19??", "20??"]

[codes.REF_AREA]
scheme = "M49"

[codes.SEX]
"International migrant stock at mid-year, both sexes combined" = "_T"
"International migrant stock at mid-year, males" = "M"
"International migrant stock at mid-year, females" = "F"

[missing]
".." = "drop"
"-" = "drop"
"""

FLOW_MAP = """
dataflow = "MIGX:DF_FLOW_RES"

[source]
separator = ";"

[rows.keep]
country = ["Germany", "Switzerland"]
OdName = ["Poland", "Turkey", "Reunion", "Réunion"]
criterion = ["Residence"]
Coverage = ["Both"]

[columns]
REF_AREA = "country"
COUNTERPART_AREA = "OdName"
FLOW_TYPE = "Type"
COUNTERPART_BASIS = "Type"

[unpivot]
components = ["TIME_PERIOD"]
columns = ["19??", "20??"]

[codes]
REF_AREA = { Germany = "DEU", Switzerland = "CHE" }
COUNTERPART_AREA = { Poland = "POL", Turkey = "TUR", "Réunion" = "REU" }
FLOW_TYPE = { Immigrants = "IMM", Emigrants = "EMI" }
COUNTERPART_BASIS = { Immigrants = "PREV_RES", Emigrants = "NEXT_RES" }

[missing]
".." = "drop"
"""


def present(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"no {path.name} in ../shared/data")
    return path


def test_the_stock_workbook_of_the_united_nations() -> None:
    path = present(STOCK)
    mapping = parse_mapping(STOCK_MAP, "stock.toml")
    table = read_table(path, mapping, dsd.shared_structures()).table
    names = ("REF_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE")
    read = set(zip(*(table[name].to_pylist() for name in names), strict=True))
    known = pq.read_table(present(DATA / "real" / "stock_undesa_2020_dest_age_sex.parquet"))
    known = known.filter(pc.field("AGE") == "_T").drop_null()
    columns = ("DEST", "SEX", "TIME_PERIOD", "OBS_VALUE")
    expected = {
        (area, sex, str(year), str(value))
        for area, sex, year, value in zip(*(known[c].to_pylist() for c in columns), strict=True)
    }
    # Of Bonaire, this sheet has both sexes together only; the sexes are on others.
    expected -= {row for row in expected if row[0] == "BES" and row[1] != "_T"}
    areas = {row[0] for row in expected}
    assert len(areas) > 200
    assert {row for row in read if row[0] in areas} == expected


def test_the_flow_table_of_the_united_nations() -> None:
    path = present(FLOWS)
    mapping = parse_mapping(FLOW_MAP, "flows.toml")
    table = read_table(path, mapping, dsd.shared_structures()).table
    names = ("REF_AREA", "COUNTERPART_AREA", "FLOW_TYPE", "TIME_PERIOD", "OBS_VALUE")
    read = set(zip(*(table[name].to_pylist() for name in names), strict=True))
    known = pq.read_table(present(DATA / "real" / "flow_undesa_2015rev_reported.parquet"))
    known = known.filter(
        pc.field("REPORTER").isin(["DEU", "CHE"])
        & pc.field("PARTNER").isin(["POL", "TUR", "REU"])
        & (pc.field("CRITERION") == "RES")
        & (pc.field("COVERAGE") == "ALL")
    )
    columns = ("REPORTER", "PARTNER", "DIRECTION", "TIME_PERIOD", "OBS_VALUE")
    expected = {
        (*row[:3], str(row[3]), str(row[4]))
        for row in zip(*(known[c].to_pylist() for c in columns), strict=True)
    }
    assert len(expected) > 100
    assert read == expected
