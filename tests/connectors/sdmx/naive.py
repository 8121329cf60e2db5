"""Recorded messages read row by row with the csv module, and mapped by rules written again here.

Countries are those of the United Nations' list (M49) that lies beside the messages; nothing of the
program's maps, lists or readers is used. A rule that leaves a row out says so by its reason.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from tests.formats.samples.table import MESSAGES

M49 = MESSAGES.parent / "codelists" / "m49_countries_6lang.csv"
Row = dict[str, str]
Key = tuple[str, ...]


@dataclass
class Expected:
    """Value and flag by key, and how many rows are left out by reason."""

    cells: dict[Key, tuple[float, str]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)

    def take(self, key: Key, value: str, status: str) -> None:
        """Note a cell; none is there twice."""
        assert key not in self.cells
        self.cells[key] = (float(value), status)


def rows(name: str) -> Iterator[Row]:
    """The rows of a message; where it has names beside codes, the names are further columns."""
    with (MESSAGES / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


@cache
def countries(column: str) -> dict[str, str]:
    """Alpha-3 of the United Nations' list by another of its columns."""
    with M49.open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    return {row[column]: row["iso3"] for row in read if row[column] and row["iso3"]}


def asylum() -> Expected:
    """MIGR_ASYAPPCTZA by area, citizenship and year."""
    found = Expected()
    for row in rows("estat_MIGR_ASYAPPCTZA.csv"):
        assert (row["sex"], row["age"], row["asyl_app"]) == ("T", "TOTAL", "ASY_APP")
        citizen = {"TOTAL": "_T", "UA": "UKR"}[row["citizen"]]
        found.take((_eurostat(row["geo"]), citizen, row["TIME_PERIOD"]), row["OBS_VALUE"], "A")
    return found


def protection() -> Expected:
    """MIGR_ASYTPSM by area and month."""
    found = Expected()
    for row in rows("estat_MIGR_ASYTPSM.csv"):
        assert row["citizen"] == "UA"
        if not row["OBS_VALUE"]:
            found.left_out["no value"] += 1
            continue
        status = row["OBS_FLAG"].upper() or "A"
        found.take((_eurostat(row["geo"]), row["TIME_PERIOD"]), row["OBS_VALUE"], status)
    return found


def refusals() -> Expected:
    """MIGR_EIRFS, which has names in place of codes, by area and year."""
    known = countries("name_en") | {"Netherlands": "NLD", "United Kingdom": "GBR"}
    found = Expected()
    for row in rows("estat_MIGR_EIRFS.csv"):
        if row["geo"].startswith("European Union"):
            found.left_out["aggregate"] += 1
            continue
        status = row["OBS_FLAG"].upper() or "A"
        found.take((known[row["geo"]], row["TIME_PERIOD"]), row["OBS_VALUE"], status)
    return found


def inflows() -> Expected:
    """OECD B11 by citizenship, group, sex and year."""
    special = {"W": ("_T", "FOR"), "W_X": ("_U", "_T"), "STLS": ("STLS", "_T")}
    special |= {f"{old}_F": (old, "_T") for old in ("CSK", "SUN", "YUG", "SCG")}
    alpha3 = set(countries("iso2").values())
    found = Expected()
    for row in rows("oecd_DF_MIG_ITA_B11.csv"):
        code = row["CITIZENSHIP"]
        if code not in special and code not in alpha3:
            assert code in ("EEA", "A4")
            found.left_out["aggregate"] += 1
        elif not row["TIME_PERIOD"] or not row["OBS_VALUE"]:
            found.left_out["no value"] += 1
        else:
            place = special.get(code, (code, "_T"))
            found.take((*place, row["SEX"], row["TIME_PERIOD"]), row["OBS_VALUE"], "A")
    return found


def registrations() -> Expected:
    """Istat DF_DCIS_MIGRAZIONI_2 by citizenship, group, sex, age and year."""
    special = {
        "TOTAL": ("_T", "_T"),
        "FOR": ("_T", "FOR"),
        "IT": ("_T", "NAT"),
        "999": ("STLS", "_T"),
        "X95": ("XKX", "_T"),
        "XSD_S": ("SSD", "_T"),
        "UK": ("GBR", "_T"),
        "TW": ("TWN", "_T"),
    }
    alpha2, ages = countries("iso2"), {"TOTAL": "_T", "Y_UN17": "Y0T17", "Y_GE65": "Y_GE65"}
    found = Expected()
    for row in rows("istat_DF_DCIS_MIGRAZIONI_2.csv"):
        code, age = row["CITIZENSHIP"], row["AGE"]
        if code not in special and code not in alpha2:
            found.left_out["aggregate"] += 1
        elif age not in ages:
            found.left_out["age"] += 1
        elif row["OBS_STATUS"] == "p":
            assert row["TIME_PERIOD"] == "2023"
            found.left_out["provisional"] += 1
        else:
            sex = {"1": "M", "2": "F", "9": "_T"}[row["SEX"]]
            place = special.get(code) or (alpha2[code], "_T")
            found.take((*place, sex, ages[age], row["TIME_PERIOD"]), row["OBS_VALUE"], "A")
    return found


def _eurostat(geo: str) -> str:
    return {"EL": "GRC", "UK": "GBR"}.get(geo) or countries("iso2")[geo]
