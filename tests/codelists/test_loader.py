"""Lists become artefacts with everything the tables say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import codelists
from codelists import load_all, load_codelist
from hub.errors import Invalid, NotFound
from hub.model import ArtefactClass

Spoil = Callable[[str, str, str], None]


def test_an_area_keeps_languages_parent_and_annotations() -> None:
    greece = load_codelist("CL_AREA_MIG").by_id["GRC"]
    assert greece.parent == "M49_039"
    assert greece.name.best(["fr"]) == "Grèce"
    assert greece.name.best(["zh"]) == "希腊"
    assert {note.type: note.title for note in greece.annotations} == {
        "KIND": "country",
        "M49": "300",
        "ISO2": "GR",
        "ESTAT": "EL",
        "OECD": "GRC",
    }


def test_a_list_says_who_maintains_it() -> None:
    sex = load_codelist("CL_SEX")
    assert sex.artefact_class is ArtefactClass.CODELIST
    assert sex.urn.endswith("Codelist=SDMX:CL_SEX(2.1)")
    assert sex.name.best() == "Sex"


def test_all_lists_load_in_the_order_of_the_catalogue() -> None:
    ids = [codelist.id for codelist in load_all()]
    assert ids[0] == "CL_AREA_MIG"
    assert len(ids) == len(set(ids)) == 49


def test_an_unknown_list_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="CL_AREA_MIG"):
        load_codelist("CL_AREA")


def test_a_bad_file_is_refused_with_place_and_remedy(folder: Path, spoil: Spoil) -> None:
    spoil("lists/CL_SEX.csv", "M,,Male", "F,,Male")
    with pytest.raises(Invalid, match=r"CL_SEX\.csv:3.*already on line 2; remove") as caught:
        load_codelist("CL_SEX", folder)
    assert len(caught.value.findings) == 1
    assert load_codelist("CL_FREQ", folder).by_id["A"]


def test_a_file_with_a_short_line_is_refused(folder: Path, spoil: Spoil) -> None:
    spoil("lists/CL_SEX.csv", "M,,Male,", "M,,Male")
    with pytest.raises(Invalid, match="10 fields; write 11"):
        load_codelist("CL_SEX", folder)


def test_the_public_list_is_true() -> None:
    assert all(callable(getattr(codelists, name)) for name in codelists.__all__)
