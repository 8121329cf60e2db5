"""The lists agree with the standard, with M49, and with what partners publish."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from codelists import load_codelist, spelling_map

CROSS_DOMAIN = (
    "CL_SEX",
    "CL_FREQ",
    "CL_OBS_STATUS",
    "CL_CONF_STATUS",
    "CL_UNIT_MULT",
    "CL_DECIMALS",
    "CL_TIME_PER_COLLECT",
)
#: Where the name of the list departs from the copy: what the copy has wrong or leaves empty.
CORRECTED = {
    ("ALA", "ru"),
    ("ATA", "ru"),
    ("CCK", "ru"),
    ("CYM", "ru"),
    ("ATF", "ar"),
    ("IOT", "ar"),
    ("NLD", "ar"),
    ("UMI", "ar"),
    *(("TWN", language) for language in ("en", "fr", "es", "ru", "zh", "ar")),
}
SCHEMES = {
    "flow_undesa_2015rev_reported.parquet": ("DESA_FLOW", ("REPORTER", "PARTNER")),
    "flow_eurostat_imm5prv_intra_eu.parquet": ("SPELLINGS", ("DEST", "ORIG")),
    "stock_reported_eurostat_oecd_annual.parquet": ("SPELLINGS", ("DEST", "ORIG")),
    "stock_undesa_2020_od_sex.parquet": ("DESA_STOCK", ("DEST", "ORIG")),
    "stock_undesa_2024_od_sex.parquet": ("DESA_STOCK", ("DEST", "ORIG")),
    "stock_unhcr_refugees_od.parquet": ("UNHCR", ("ORIG", "ASYLUM")),
    "population_worldbank_annual.parquet": ("SPELLINGS", ("REF_AREA",)),
}


def _read(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        pytest.skip(f"no reference copy {path.name}")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("list_id", CROSS_DOMAIN)
def test_a_cross_domain_list_has_the_standard_s_codes_and_names(
    shared_data: Path, list_id: str
) -> None:
    standard = _read(shared_data / "codelists" / f"{list_id}.csv")
    assert [(code.id, code.name.best()) for code in load_codelist(list_id).items] == [
        (row["id"], row["name"]) for row in standard
    ]


def test_names_numbers_and_regions_are_those_of_m49(shared_data: Path) -> None:
    areas = load_codelist("CL_AREA_MIG").by_id
    differ = set()
    rows = _read(shared_data / "codelists" / "m49_countries_6lang.csv")
    for row in (row for row in rows if row["iso3"]):
        area = areas[row["iso3"]]
        assert area.annotation("M49") == row["m49"]
        assert area.annotation("ISO2") == row["iso2"]
        region = row["subregion"] if row["intermediate"] == "830" else row["intermediate"]
        region = region or row["subregion"] or row["region"]
        assert area.parent == f"M49_{region or '001'}"
        names = dict(area.name.texts)
        differ |= {
            (area.id, language)
            for language, name in names.items()
            if name != row[f"name_{language}"].strip()
        }
    assert differ == CORRECTED


def test_region_names_are_those_of_m49(shared_data: Path) -> None:
    areas = load_codelist("CL_AREA_MIG").by_id
    for row in _read(shared_data / "codelists" / "m49_countries_6lang.csv"):
        for level in ("region", "subregion", "intermediate"):
            if row[level] and row[level] != "830":
                assert areas[f"M49_{row[level]}"].name.best() == row[f"{level}_en"]


@pytest.mark.parametrize("file", SCHEMES)
def test_every_area_in_partners_data_is_known(shared_data: Path, file: str) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    scheme, columns = SCHEMES[file]
    path = shared_data / "real" / file
    if not path.is_file():
        pytest.skip(f"no reference copy {file}")
    known = {*load_codelist("CL_AREA_MIG").by_id, *spelling_map(scheme)}
    table = parquet.read_table(path, columns=list(columns))
    met = {code for column in columns for code in table[column].unique().to_pylist()}
    assert met - known == set()


def test_every_citizenship_in_oecd_s_message_is_known_or_an_aggregate(shared_data: Path) -> None:
    rows = _read(shared_data / "messages" / "oecd_DF_MIG_ITA_B11.csv")
    unknown = {row["CITIZENSHIP"] for row in rows} - set(spelling_map("OECD"))
    assert unknown == {"A4", "EEA", "W_X"}


def test_china_with_hong_kong_holds_hong_kong(shared_data: Path) -> None:
    """Where a reporter gives both, CHN_HKG is never below HKG: it is the larger territory."""
    duckdb = pytest.importorskip("duckdb")
    path = shared_data / "real" / "flow_undesa_2015rev_reported.parquet"
    if not path.is_file():
        pytest.skip(f"no reference copy {path.name}")
    pairs = duckdb.read_parquet(str(path)).query(
        "f",
        """select whole.OBS_VALUE, part.OBS_VALUE from f whole join f part
        using (REPORTER, DIRECTION, CRITERION, COVERAGE, TIME_PERIOD)
        where whole.PARTNER = 'CHN_HKG' and part.PARTNER = 'HKG'""",
    )
    both = pairs.fetchall()
    assert both
    assert all(whole >= part for whole, part in both)
