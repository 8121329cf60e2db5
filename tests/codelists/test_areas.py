"""The list of areas: ISO 3166-1, six languages, one tree, former states with their dates."""

from __future__ import annotations

from datetime import date

import pytest

from codelists import load_codelist, reporting_areas
from codelists.table import LANGUAGES
from hub.model import Code

AREAS = load_codelist("CL_AREA_MIG")
FORMER = {
    "SUN": "ARM AZE BLR EST GEO KAZ KGZ LTU LVA MDA RUS TJK TKM UKR UZB",
    "YUG": "BIH HRV MKD MNE SRB SVN XKX",
    "SCG": "MNE SRB XKX",
    "CSK": "CZE SVK",
    "DDR": "DEU",
    "YMD": "YEM",
    "ANT": "ABW BES CUW SXM",
    "SDN_F": "SDN SSD",
}


def _kind(kind: str) -> list[Code]:
    return [code for code in AREAS.items if code.annotation("KIND") == kind]


def _regions(code: str) -> list[str]:
    way = []
    parent = AREAS.by_id[code].parent
    while parent:
        way.append(parent)
        parent = AREAS.by_id[parent].parent
    return way


def test_countries_are_those_of_iso_3166_1_and_kosovo() -> None:
    pycountry = pytest.importorskip("pycountry", reason="pycountry is in the extra maintain")
    iso = {country.alpha_3: country for country in pycountry.countries}
    countries = {code.id: code for code in _kind("country")}
    assert len(iso) == 249
    assert set(countries) == {*iso, "XKX"}
    for alpha_3, country in iso.items():
        assert countries[alpha_3].annotation("ISO2") == country.alpha_2
        assert countries[alpha_3].annotation("M49") == country.numeric


def test_every_area_has_its_name_in_six_languages() -> None:
    for code in AREAS.items:
        assert tuple(language for language, _ in code.name.texts) == LANGUAGES


def test_every_country_area_and_former_state_reaches_the_world() -> None:
    for code in reporting_areas():
        assert _regions(code)[-1] == "M49_001"


def test_generic_codes_stand_outside_the_tree() -> None:
    assert {code.id for code in _kind("generic")} == {"_T", "_U", "_O", "STLS", "RNC"}
    assert all(code.parent is None for code in _kind("generic"))
    assert not {code.parent for code in AREAS.items} & {"_T", "_U", "_O", "STLS", "RNC"}


def test_aggregates_are_the_parents_and_carry_their_m49_number() -> None:
    aggregates = {code.id for code in _kind("aggregate")}
    assert {code.parent for code in AREAS.items} - {None} == aggregates
    for code in _kind("aggregate"):
        assert code.id == f"M49_{code.annotation('M49')}"


def test_a_former_state_stands_in_the_smallest_region_that_holds_its_successors() -> None:
    assert {code.id for code in _kind("former")} == set(FORMER)
    for former, successors in FORMER.items():
        shared = set.intersection(*(set(_regions(code)) for code in successors.split()))
        smallest = max(shared, key=lambda region: len(_regions(region)))
        assert AREAS.by_id[former].parent == smallest


@pytest.mark.parametrize(
    ("code", "last_day"),
    [
        ("SUN", "1991-12-26"),
        ("YUG", "1992-04-26"),
        ("SCG", "2006-06-02"),
        ("CSK", "1992-12-31"),
        ("DDR", "1990-10-02"),
        ("YMD", "1990-05-21"),
        ("ANT", "2010-10-09"),
        ("SDN_F", "2011-07-08"),
    ],
)
def test_former_states_have_their_days(code: str, last_day: str) -> None:
    area = AREAS.by_id[code]
    assert area.annotation("VALID_TO") == last_day
    first_day = area.annotation("VALID_FROM")
    assert first_day is not None
    assert date.fromisoformat(first_day) < date.fromisoformat(last_day)


def test_only_former_states_have_ended() -> None:
    ended = {code.id for code in AREAS.items if code.annotation("VALID_TO")}
    assert ended == set(FORMER)


def test_reporting_areas_leave_out_aggregates_and_generic_codes() -> None:
    areas = set(reporting_areas())
    assert {"SWE", "XKX", "CHI", "SCG"} <= areas
    assert not areas & {"M49_001", "M49_150", "_T", "_U", "_O", "STLS", "RNC"}
    assert len(areas) == 250 + 1 + 8
