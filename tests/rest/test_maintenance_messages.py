"""Structure maintenance over HTTP: the messages that go in, and those that come back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pysdmx.io import read_sdmx

from hub.formats.structure import (
    FORMS,
    JSON_21,
    ML_21,
    ML_30,
    ML_31,
    Family,
    Model,
    StructureForm,
)
from hub.model import ArtefactClass, Reference
from hub.settings import load_settings
from hub.store import init_home, open_store
from tests.rest.registry import (
    JSON_20,
    REGISTRY,
    STRUCTURE,
    Keyed,
    body,
    error_of,
    names,
    path_of,
    results,
)
from tests.store.drafts import (
    AREAS,
    ARTEFACTS,
    CONCEPTS,
    FLOW,
    renamed,
)


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_structures_are_created_from_every_form(keyed: Keyed, form: StructureForm) -> None:
    older = form.model is Model.V21
    given = [replace(a, version="1.0") for a in (AREAS, CONCEPTS)] if older else list(ARTEFACTS)
    message = body(*given, form=form)
    response = keyed.send("POST", STRUCTURE, message, content_type=form.media_type)
    assert response.status_code == 201, response.text
    assert set(results(response)) == {
        ("Success", "201", f"{artefact.urn} was created") for artefact in given
    }
    assert response.headers["content-type"] == f"{REGISTRY}3.1.0"
    assert "location" not in response.headers
    for artefact in given:
        assert keyed.store.structures.find(artefact.reference) == artefact
        assert names(keyed.client, path_of(artefact).removeprefix(f"{STRUCTURE}/"))


def test_answers_come_in_the_version_asked_for(keyed: Keyed) -> None:
    message = body(AREAS)
    for accept, version in (
        (None, "3.1.0"),
        ("*/*", "3.1.0"),
        ("application/xml", "3.1.0"),
        (f"{REGISTRY}3.0.0", "3.0.0"),
        (f"{REGISTRY}3.0.0;q=0.5, {REGISTRY}3.1.0;q=0.4", "3.0.0"),
        (f"{REGISTRY}2.1", "2.1"),
        (JSON_20, "3.1.0"),  # not offered: the default, for what was done is told in any case
        ("application/xml;q=2", "3.1.0"),
    ):
        response = keyed.send("POST", STRUCTURE, message, accept)
        assert response.headers["content-type"] == REGISTRY + version
        assert results(response)[0][0] == "Success"


def test_pysdmx_reads_what_became_of_structures(whole: Keyed) -> None:
    message = body(renamed(AREAS), replace(FLOW, structure=FLOW.structure.at("9.0.0")))
    response = whole.send("POST", STRUCTURE, message, f"{REGISTRY}2.1")
    found = read_sdmx(response.text, validate=True).submission
    assert found is not None
    assert {(one.short_urn, one.action, one.status) for one in found} == {
        ("Codelist=TEST:CL_AREA(1.0.0-draft)", "Replace", "Success"),
        ("Dataflow=TEST:DF(1.0.0-draft)", "Replace", "Failure"),
    }


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (b"", "400", "empty"),
        (b"hello", "400", ""),
        (b"<a>", "400", "well-formed"),
        (b"<a/>", "400", "root element a"),
        (b"{", "400", ""),
        (b"[]", "400", ""),
        (b"<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "400", "document type"),
        (body(AREAS).replace(b'id="NOR"', b""), "400", "id"),
        (body(AREAS)[:-10], "400", "well-formed"),
        (body(), "422", "no artefact"),
        (body(AREAS).replace(b"str:Codelist>", b"str:Whatever>"), "400", ""),
    ],
)
def test_messages_that_cannot_be_read(keyed: Keyed, content: bytes, code: str, says: str) -> None:
    response = keyed.send("POST", STRUCTURE, content)
    assert response.status_code == int(code), response.text
    told, text = error_of(response)
    assert told == code
    assert says in text
    assert names(keyed.client, "codelist/TEST") == {}


def test_stubs_have_no_content_to_keep(keyed: Keyed) -> None:
    stub = body(AREAS).replace(b'id="CL_AREA"', b'id="CL_AREA" isExternalReference="true"')
    response = keyed.send("POST", STRUCTURE, stub)
    assert response.status_code == 422
    assert "external reference" in error_of(response)[1]


@pytest.mark.parametrize(
    ("content_type", "taken"),
    [
        ("application/xml", True),
        ("text/xml; charset=utf-8", True),
        ("Application/Vnd.SDMX.Structure+XML; version=3.0.0", True),
        ("application/vnd.sdmx.structure+xml;version=3.1.0", True),
        ("application/vnd.sdmx.structure+xml", True),
        ("application/vnd.sdmx.structure+xml;version=4.0.0", False),
        ("application/vnd.sdmx.data+xml;version=3.0.0", False),
        ("application/x-www-form-urlencoded", False),
        ("multipart/form-data", False),
        ("text/plain", False),
        ("", False),
    ],
)
def test_what_a_body_may_be_declared_as(keyed: Keyed, content_type: str, taken: bool) -> None:
    response = keyed.send("POST", STRUCTURE, body(AREAS), content_type=content_type)
    assert response.status_code == (201 if taken else 415), response.text
    if not taken:
        code, text = error_of(response)
        assert code == "415"
        assert "application/vnd.sdmx.structure+json;version=2.1.0" in text


def test_packed_bodies_are_not_taken(keyed: Keyed) -> None:
    response = keyed.send("POST", STRUCTURE, body(AREAS), content_encoding="gzip")
    assert response.status_code == 415
    same = keyed.send("POST", STRUCTURE, body(AREAS), content_encoding="identity")
    assert same.status_code == 201


def test_a_body_beyond_the_limit_is_refused(home: Path) -> None:
    settings = home / "corridor.toml"
    message = body(AREAS)
    settings.write_text(settings.read_text("utf-8") + f"max_body_bytes = {len(message)}\n", "utf-8")
    assert load_settings(home).max_body_bytes == len(message)
    store = open_store(home)
    try:
        keyed = Keyed(store)
        assert keyed.send("POST", STRUCTURE, message).status_code == 201
        longer = message + b" "
        for headers in ({}, {"content_length": "5"}, {"content_length": "x"}):
            refused = keyed.send("POST", STRUCTURE, longer, **headers)
            assert refused.status_code == 413
            assert "max_body_bytes" in error_of(refused)[1]
    finally:
        store.close()


def test_what_was_served_can_be_handed_in_elsewhere(whole: Keyed, tmp_path: Path) -> None:
    """A node's structures go to another node as they came: GET here, POST there."""
    init_home(tmp_path / "other", {"node": "NOR", "areas": ["NOR"]})
    store = open_store(tmp_path / "other")
    try:
        other = Keyed(store)
        for form in (ML_31, ML_30, JSON_21):
            target = f"{STRUCTURE}/provisionagreement/TEST/PA/~?references=descendants"
            message = whole.client.get(target, form.media_type).content
            response = other.send("POST", STRUCTURE, message, content_type=form.media_type)
            assert response.status_code in (200, 201), response.text
        for artefact in ARTEFACTS:
            assert store.structures.find(artefact.reference) == artefact
    finally:
        store.close()


def test_a_page_of_errors_is_never_html(keyed: Keyed) -> None:
    answer = keyed.send("POST", STRUCTURE, b"<a>", JSON_20)
    assert answer.status_code == 400
    assert json.loads(answer.text)["errors"][0]["code"] == 400


def test_an_artefact_that_21_names_otherwise(keyed: Keyed) -> None:
    older = replace(AREAS, version="1.0")
    message = body(older, form=ML_21)
    assert ML_21.family is Family.ML
    assert keyed.send("POST", STRUCTURE, message).status_code == 201
    reference = Reference(ArtefactClass.CODELIST, "TEST", "CL_AREA", "1.0")
    assert reference in keyed.store.structures
