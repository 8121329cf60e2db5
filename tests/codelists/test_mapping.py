"""Maps lead where they should, and the one-to-one ones lead back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from codelists import load_codelist, load_map, spelling_map
from hub.errors import Invalid, NotFound
from hub.model import MappedColumn

Spoil = Callable[[str, str, str], None]
COLUMN_MAPS = ("M49", "ISO2", "ESTAT", "OECD")


@pytest.mark.parametrize("name", COLUMN_MAPS)
def test_a_one_to_one_map_goes_there_and_back(name: str) -> None:
    areas = load_codelist("CL_AREA_MIG")
    there = load_map(name)
    back = spelling_map(name)
    assert there.is_one_to_one
    assert there.sources == (MappedColumn(values=areas.reference),)
    assert there.targets == (MappedColumn(),)
    for ours, foreign in there.pairs:
        assert areas.by_id[ours].annotation(name) == foreign
        assert back[foreign] == ours


@pytest.mark.parametrize(
    ("name", "ours", "foreign"),
    [
        ("M49", "SWE", "752"),
        ("M49", "AFG", "004"),
        ("M49", "YUG", "890"),
        ("M49", "SCG", "891"),
        ("ISO2", "GRC", "GR"),
        ("ESTAT", "GRC", "EL"),
        ("ESTAT", "GBR", "UK"),
        ("ESTAT", "XKX", "XK"),
        ("ESTAT", "SUN", "EX_SU"),
        ("ESTAT", "YUG", "EX_YU"),
        ("ESTAT", "CSK", "CZ_SK"),
        ("ESTAT", "SCG", "RS_ME"),
        ("ESTAT", "_T", "TOTAL"),
        ("ESTAT", "_U", "UNK"),
        ("ESTAT", "_O", "OTH"),
        ("OECD", "_T", "W"),
        ("OECD", "SUN", "SUN_F"),
        ("OECD", "XKX", "XKV"),
        ("OECD", "DEU", "DEU"),
    ],
)
def test_known_pairs(name: str, ours: str, foreign: str) -> None:
    assert (ours, foreign) in load_map(name).pairs


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("OTH", "_O"),
        ("UNK", "_U"),
        ("W", "_T"),
        ("XKV", "XKX"),
        ("KOS", "XKX"),
        ("ROM", "ROU"),
        ("ZAR", "COD"),
        ("TMP", "TLS"),
        ("XXA", "STLS"),
    ],
)
def test_spellings_met_in_data(spelling: str, code: str) -> None:
    assert spelling_map("SPELLINGS")[spelling] == code


def test_china_with_hong_kong_is_not_hong_kong() -> None:
    """The row's name says so; Austria gave 312 with and 31 for Hong Kong alone (1998)."""
    assert spelling_map("DESA_FLOW")["CHN_HKG"] == "CHN"


def test_the_map_of_spellings_leads_to_the_list_and_is_not_one_to_one() -> None:
    spellings = load_map("SPELLINGS")
    assert spellings.targets == (MappedColumn(values=load_codelist("CL_AREA_MIG").reference),)
    assert not spellings.is_one_to_one
    assert len(dict(spellings.pairs)) == len(spellings.pairs)


def test_eurostat_s_polynesia_is_not_poland() -> None:
    assert spelling_map("ESTAT")["PL"] == "POL"
    assert "POL" not in spelling_map("ESTAT")


def test_a_spelling_of_one_source_is_not_lent_to_another() -> None:
    assert "TIB" in spelling_map("UNHCR")
    assert "TIB" not in spelling_map("OECD")


def test_a_spelling_map_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        spelling_map("OECD")["W"] = "SWE"  # type: ignore[index]


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="ESTAT"):
        load_map("EUROSTAT")
    with pytest.raises(NotFound, match="UNHCR"):
        spelling_map("HCR")


def test_a_broken_map_is_refused_with_its_place(folder: Path, spoil: Spoil) -> None:
    spoil("lists/CL_AREA_MIG.csv", "826,GB,UK,GBR", "826,GB,EL,GBR")
    with pytest.raises(Invalid, match=r"CL_AREA_MIG\.csv") as caught:
        load_map("ESTAT", folder)
    assert [finding.column for finding in caught.value.findings] == ["estat"]
    assert load_map("OECD", folder).pairs
