"""Every hostile file through `check`, `publish` and a harvested partner, in a watched process.

A refusal is an error of a class, with a place; nothing is released, no other file or address is
touched, and it costs at most 64 MB more than a harmless file of the form and 5 s of a processor.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hub.model import ArtefactClass, Reference
from hub.store import open_store
from tests.connectors.http.server import PartnerServer
from tests.hostile import (
    bulk_files,
    csv_files,
    json_files,
    ml_files,
    sound,
    structure_files,
    tables,
)
from tests.hostile.bait import laid
from tests.hostile.case import Hostile, plainly
from tests.hostile.partners import PARTNERS, Rude
from tests.hostile.scene import make_scene
from tests.hostile.stage import Outcome, Stage, check_watched
from tests.hostile.watched import Ran


def _sane(content: bytes, **more: Any) -> Hostile:
    return Hostile(name="harmless", make=plainly(content), **more)


FORMS: dict[str, tuple[list[Hostile], Hostile]] = {
    "csv": (csv_files.FILES, _sane(sound.csv_2(), is_sdmx_csv=True)),
    "ml": (ml_files.FILES, _sane(sound.specific().encode())),
    "json": (json_files.FILES, _sane(sound.dumped(sound.json_2()))),
    "bulk": (bulk_files.FILES, _sane(sound.parquet(sound.table()))),
    "tables": (tables.FILES, _sane(sound.workbook(), mapping=sound.MAPPING)),
    "structures": (
        structure_files.STRUCTURES,
        _sane(
            structure_files.codelist(structure_files.code("A")).encode(),
            command=structure_files.LOAD,
        ),
    ),
    "metadata": (
        structure_files.METADATA_FILES,
        _sane(structure_files.METADATA.encode(), command=structure_files.LOAD_METADATA),
    ),
}
CASES = [(form, case) for form, (cases, _) in FORMS.items() for case in cases]
FLOW = Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_STOCK_BIRTH", "1.0.0")


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("hostile")
    with PartnerServer() as server, laid(folder, server) as (bait, watch):
        yield Stage(make_scene(folder / "scene", server), bait, watch)


@pytest.mark.parametrize(("form", "case"), CASES, ids=[f"{f}: {c.name}" for f, c in CASES])
def test_a_hostile_file(stage: Stage, form: str, case: Hostile) -> None:
    outcome = stage.outcome(form, case.name, *FORMS[form])
    for way, ran in outcome.ran.items():
        check_watched(stage.scene, ran, outcome.harmless[way])
        if way == "harvest":
            _check_harvest(ran, case)
        elif case.is_taken and (way == "load") == bool(case.command):
            assert ran.exit == 0, ran.said
        else:
            _check_refused(ran, case, is_its_own=(way == "load") == bool(case.command))
    if case.reads is not None and "publish" in outcome.ran:
        _check_reading(outcome, *case.reads)


@pytest.mark.parametrize("rude", PARTNERS, ids=[rude.name for rude in PARTNERS])
def test_a_hostile_partner(stage: Stage, rude: Rude) -> None:
    ran = stage.harvest(rude)
    assert stage.scene.strange(ran) == []
    assert ran.exit == 3, ran.said
    assert "Traceback" not in ran.said
    assert ran.seconds <= 5
    last = ran.json["outcomes"][-1]
    assert last["reason"] in ("FAILED", "REFUSED")
    assert rude.said in ran.said


def test_there_are_enough_of_them() -> None:
    taken = sum(case.is_taken for _, case in CASES)
    total = len(CASES) + len(PARTNERS)
    print(f"{total} hostile files: {total - taken} are refused, {taken} are read without harm")
    assert total >= 120
    for form, (cases, _) in FORMS.items():
        names = [case.name for case in cases]
        assert len(names) == len(set(names)), form


def _check_refused(ran: Ran, case: Hostile, *, is_its_own: bool) -> None:
    assert ran.exit == 1, ran.said
    answer = ran.json
    if not is_its_own:
        return
    assert case.told is not None
    assert case.told in ran.out
    if case.kind:
        assert answer["error"]["kind"] == case.kind
    if not case.command:
        assert "given." in ran.out


#: What is wrong with rows that the partner's document does not count, whatever else is.
_MORE_THAN_TOLD = "but the partner's document says it has 1 observations"


def _check_harvest(ran: Ran, case: Hostile) -> None:
    last = ran.json["outcomes"][-1]
    if case.is_sdmx_csv and case.is_taken:
        assert (ran.exit, last["reason"]) == (0, "RELEASED")
    elif last["reason"] == "HELD":
        assert (ran.exit, case.name) == (0, "a header only")
    else:
        assert ran.exit == 3
        assert last["reason"] in ("FAILED", "REFUSED")
        assert last["note"]
        told = (case.told or "") in ran.out or _MORE_THAN_TOLD in last["note"]
        assert told or not case.is_sdmx_csv


def _check_reading(outcome: Outcome, column: str, value: str) -> None:
    """What readers get of it now is one observation of 2020 that says this."""
    store = open_store(outcome.scene.home)
    try:
        release = store.release(FLOW)
        assert release is not None
        rows = store.read(release, store.schema(FLOW)).read_all().to_pylist()
        (found,) = [row for row in rows if row["TIME_PERIOD"] == "2020"]
        read = found[column]
        if column == "OBS_VALUE":
            assert read == (float(value) if value else None)
        else:
            assert read == value
    finally:
        store.close()
