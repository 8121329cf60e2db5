"""The maps as artefacts: what they refer to, that messages keep them, how a node serves them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dsd import shared_structures
from dsd.map_building import OTHERS, SOURCE_KEY
from hub.formats.message import Header
from hub.formats.structure import FORMS, Model, StructureForm, read, write
from hub.model import ArtefactClass, Codelist, RepresentationMap, StructureMap
from hub.rest import create_app
from tests.rest.client import Client
from tests.rest.memory import MemoryBackend

STRUCTURES = shared_structures()
MAPS = STRUCTURES.of_type(StructureMap)
VALUES = STRUCTURES.of_type(RepresentationMap)
HEADER = Header(id="1", prepared=datetime(2026, 11, 28, tzinfo=UTC), sender="X")


def test_every_target_is_here_and_no_source_is() -> None:
    assert len(MAPS) == 16
    for one in MAPS:
        assert one.target in STRUCTURES
        assert one.source not in STRUCTURES
        assert one.source.artefact_class is ArtefactClass.DATAFLOW
        missing = [each for each in one.references() if each not in STRUCTURES]
        assert missing == [one.source]


def test_every_code_that_is_named_is_in_its_list() -> None:
    for one in VALUES:
        assert one.annotation(OTHERS) in ("refuse", "drop")
        for row in one.mappings:
            assert len(row.targets) in (0, len(one.targets))
            if row.sources[0].is_pattern:
                continue
            for column, code in zip(one.targets, row.targets, strict=False):
                if column.values is not None:
                    assert code in STRUCTURES.get(column.values, Codelist).by_id


def test_the_dimensions_of_the_source_are_those_the_map_reads() -> None:
    for one in MAPS:
        key = (one.annotation(SOURCE_KEY) or "").split(".")
        fixed = {each.source for each in one.fixed if each.source}
        assert fixed <= set(key)
        read_ = {source for each in one.components for source in each.sources}
        attributes = {name for name in read_ - set(key) if name.isupper()}
        assert read_ - set(key) == attributes


@pytest.mark.parametrize("form", [f for f in FORMS if f.model is not Model.V21], ids=str)
def test_messages_keep_the_maps(form: StructureForm) -> None:
    given = [*VALUES, *MAPS]
    found = read(write(HEADER, given, form))
    assert {one.reference: one for one in found} == {one.reference: one for one in given}


def test_a_node_serves_them() -> None:
    backend = MemoryBackend()
    backend.structures = STRUCTURES
    client = Client(create_app(backend))
    target = "/sdmx/v2/structure/structuremap/MIGX/SM_ESTAT_MIGR_EIRFS?references=children"
    answer = client.get(target, "application/vnd.sdmx.structure+json;version=2.0.0")
    assert answer.status_code == 200
    data = answer.json()["data"]
    assert [one["id"] for one in data["structureMaps"]] == ["SM_ESTAT_MIGR_EIRFS"]
    assert "RM_ESTAT_GEO" in {one["id"] for one in data["representationMaps"]}
    assert [one["id"] for one in data["dataflows"]] == ["DF_ADMIN_BORDER"]
