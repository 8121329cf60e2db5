"""Metadata sets over REST as they come and change: what was told before is not told again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hub.formats.message import Action
from hub.formats.metadata import FORMS, MetadataForm, Reading, Received, read
from hub.model import MetadataSet, ReportedAttribute
from hub.publish.metadata import load
from hub.rest.serving import build_app
from hub.store import Store, open_store
from tests.formats.metadata.sets import PLAIN, STRUCTURES
from tests.rest.client import Client

V2, V1 = "/sdmx/v2/metadata", "/sdmx/v1/metadata"
#: More than are written at once.
MANY = 120


@pytest.fixture
def known(home: Path) -> Iterator[Store]:
    """A node with the structures of the sets."""
    store = open_store(home)
    store.load_structures(STRUCTURES)
    yield store
    store.close()


def hand(store: Store, *sets: MetadataSet, action: Action | None = None) -> None:
    received = tuple(Received(metadata_set=one, action=action) for one in sets)
    load(store, Reading(source="f", received=received))


def counted(count: int, id_: str = "PLAIN") -> MetadataSet:
    return replace(PLAIN, id=id_, attributes=(ReportedAttribute(id="COUNT", value=str(count)),))


def test_an_answer_is_never_older_than_the_last_load(known: Store) -> None:
    client = Client(build_app(known))
    target = f"{V2}/metadataset/TEST/PLAIN"
    assert client.get(target).status_code == 404
    assert client.get(f"{V2}/metadataset").status_code == 204
    etags = []
    for count in (1, 2, 3):
        hand(known, counted(count))
        for _ in range(2):  # the second time from what is kept
            answer = client.get(target)
            assert f'"value":{count}' in answer.text
        etags.append(answer.headers["etag"])
        seen = [client.get(target, headers={"if-none-match": tag}).status_code for tag in etags]
        assert seen == [200] * (len(etags) - 1) + [304]
    hand(known, replace(PLAIN, attributes=(), targets=()), action=Action.DELETE)
    assert client.get(target).status_code == 404


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_many_sets_are_streamed(known: Store, form: MetadataForm) -> None:
    hand(known, *(counted(number, f"S{number}") for number in range(MANY)))
    client = Client(build_app(known))
    answer = client.get(f"{V2}/metadataset", form.media_type)
    assert "content-length" not in answer.headers
    found = {one.metadata_set.id: one.metadata_set for one in read(answer.content).received}
    assert found.keys() == {f"S{number}" for number in range(MANY)}
    assert all(one.attributes[0].value == id_[1:] for id_, one in found.items())


def test_what_a_form_cannot_say_is_told_before_anything_is_sent(known: Store) -> None:
    hand(known, counted(1))
    client = Client(build_app(known))
    stubs = client.get(
        f"{V2}/metadataset?detail=allstubs",
        "application/vnd.sdmx.genericmetadata+xml;version=2.1",
    )
    assert stubs.status_code == 406
    assert "no stubs" in stubs.text


def test_a_node_without_a_store_says_so(client: Client) -> None:
    for target in (f"{V2}/metadataset", f"{V1}/X"):
        answer = client.get(target)
        assert answer.status_code == 501
        assert "not served" in answer.text


def test_the_way_is_shown_where_there_is_none(known: Store) -> None:
    answer = Client(build_app(known)).get("/sdmx/v2/nothing")
    assert re.search(r"/sdmx/v2/metadata\b", answer.text)
