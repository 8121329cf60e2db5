"""Structure maintenance over HTTP: every status the standard names, and answers in SDMX-ML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from hub.formats.message import instant
from hub.formats.structure import (
    ML_31,
)
from hub.model import Codelist
from hub.rest.serving import build_app
from hub.store import Store, init_home, open_store
from hub.store.keys import Right, create_key
from hub.store.tables import former_artefacts
from tests.rest.client import Client
from tests.rest.registry import (
    JSON_20,
    STRUCTURE,
    Keyed,
    body,
    codes,
    error_of,
    names,
    path_of,
    results,
    root_of,
)
from tests.store import drafts
from tests.store.drafts import (
    AGREEMENT,
    AREAS,
    ARTEFACTS,
    CONCEPTS,
    FLOW,
    PROVIDERS,
    codelist,
    renamed,
)


def test_one_that_is_created_has_a_location(keyed: Keyed) -> None:
    response = keyed.post(AREAS, type_="codelist")
    assert response.status_code == 201
    assert response.headers["location"] == f"https://sdmx.example.org{path_of(AREAS)}"
    assert keyed.client.get(path_of(AREAS), JSON_20).status_code == 200
    again = keyed.post(AREAS, type_="codelist")
    assert again.status_code == 200
    assert "location" not in again.headers
    assert results(again) == [("Success", "200", f"{AREAS.urn} is there already, and is unchanged")]


def test_a_structure_is_replaced(whole: Keyed) -> None:
    response = whole.put(renamed(AREAS))
    assert response.status_code == 200
    assert results(response) == [("Success", "200", f"{AREAS.urn} was replaced")]
    (action,) = [e.get("action") for e in root_of(response).iter("{*}SubmittedStructure")]
    assert action == "Replace"
    assert names(whole.client, "codelist/TEST") == {"CL_AREA": "Other"}
    assert whole.post(renamed(AREAS, "Third")).status_code == 200, "POST replaces as well"
    assert names(whole.client, "codelist/TEST") == {"CL_AREA": "Third"}
    assert whole.post(renamed(AREAS, "Fourth"), codelist("CL_NEW", "A")).status_code == 201


def test_what_is_not_there_is_not_replaced(keyed: Keyed) -> None:
    response = keyed.put(AREAS)
    assert response.status_code == 404
    assert codes(response) == ["404"]
    assert names(keyed.client, "codelist/TEST") == {}


@pytest.mark.parametrize(
    "target",
    [
        f"{STRUCTURE}/codelist/TEST/CL_OTHER/1.0.0-draft",
        f"{STRUCTURE}/codelist/OTHER/CL_AREA/1.0.0-draft",
        f"{STRUCTURE}/codelist/TEST/CL_AREA/1.0.0",
        f"{STRUCTURE}/dataflow/TEST/CL_AREA/1.0.0-draft",
    ],
)
def test_the_path_and_the_message_name_the_same(whole: Keyed, target: str) -> None:
    response = whole.send("PUT", target, body(renamed(AREAS)))
    assert response.status_code == 422
    ((word, code, text),) = results(response)
    assert (word, code) == ("Failure", "422")
    assert AREAS.urn in text
    assert names(whole.client, "codelist/TEST") == {"CL_AREA": "CL_AREA"}


def test_put_is_about_one_artefact(whole: Keyed) -> None:
    response = whole.send("PUT", path_of(AREAS), body(renamed(AREAS), renamed(CONCEPTS)))
    assert response.status_code == 422
    assert codes(response) == ["422", "422"]
    assert names(whole.client, "codelist/TEST") == {"CL_AREA": "CL_AREA"}


def test_a_type_in_the_path_takes_that_type_alone(keyed: Keyed) -> None:
    response = keyed.post(AREAS, CONCEPTS, type_="codelist")
    assert response.status_code == 422
    assert codes(response) == ["422", "422"]
    assert list(keyed.store.structures.of_type(Codelist)) == [
        one for one in keyed.store.structures.of_type(Codelist) if one.agency != "TEST"
    ]
    assert keyed.post(AREAS, type_="codelist").status_code == 201
    assert keyed.post(AREAS, CONCEPTS, type_="*").status_code == 201


def test_what_a_structure_was_can_still_be_asked_for(whole: Keyed) -> None:
    target = path_of(AREAS).removeprefix(f"{STRUCTURE}/")
    instants = []
    for name in ("Second", "Third"):
        instants.append(quote(instant(whole.store.present())))
        whole.put(renamed(AREAS, name))
    instants.append(quote(instant(whole.store.present())))
    whole.put(AREAS)
    found = [names(whole.client, f"{target}?asOf={at}")["CL_AREA"] for at in instants]
    assert found == ["CL_AREA", "Second", "Third"]
    before = quote(instant(whole.store.present()))
    whole.delete(AGREEMENT)
    agreement = path_of(AGREEMENT).removeprefix(f"{STRUCTURE}/")
    assert names(whole.client, f"{agreement}?asOf={before}") == {"PA": "Agreement"}
    assert whole.client.get(path_of(AGREEMENT)).status_code == 404


def test_some_succeed_and_some_fail(keyed: Keyed) -> None:
    """The flow lacks its structure; the list is taken all the same, and each result tells."""
    response = keyed.post(AREAS, FLOW)
    assert response.status_code == 207
    by_urn = {
        result.findtext(".//{*}MaintainableObject"): result.find(".//{*}MessageText").get("code")
        for result in root_of(response).iter("{*}SubmissionResult")
    }
    assert by_urn == {AREAS.urn: "201", FLOW.urn: "409"}
    assert names(keyed.client, "codelist/TEST") == {"CL_AREA": "CL_AREA"}
    assert names(keyed.client, "dataflow/TEST") == {}


def test_all_that_fail_alike_give_their_status(keyed: Keyed) -> None:
    response = keyed.post(FLOW, AGREEMENT)
    assert response.status_code == 409
    assert codes(response) == ["409", "409"]
    partial = replace(AREAS, is_partial=True)
    assert keyed.post(FLOW, partial).status_code == 207, "409 and 404"


def test_versions_and_references_are_kept(whole: Keyed) -> None:
    stable = codelist("CL_STABLE", "A", version="1.0.0")
    assert whole.post(stable).status_code == 201
    for response in (
        whole.put(renamed(stable)),
        whole.post(renamed(stable)),
        whole.delete(stable),
        whole.delete(AREAS),  # the data structure refers to it
        whole.put(replace(CONCEPTS, items=CONCEPTS.items[1:])),
        whole.post(replace(AGREEMENT, provider=PROVIDERS.reference.item("NOBODY"))),
    ):
        assert response.status_code == 409, response.text
        assert codes(response) == ["409"]


def test_the_shared_structures_stay_as_they_are(keyed: Keyed) -> None:
    shared = next(iter(keyed.store.structures.of_type(Codelist)))
    for response in (keyed.put(renamed(shared)), keyed.post(renamed(shared)), keyed.delete(shared)):
        assert response.status_code == 409
        assert "comes with the program" in results(response)[0][2]
    served = body(shared, form=ML_31)
    assert keyed.send("POST", STRUCTURE, served).status_code == 200, "as it is, it is there"


def test_a_structure_is_deleted(whole: Keyed) -> None:
    response = whole.delete(AGREEMENT)
    assert response.status_code == 200
    assert results(response) == [("Success", "200", f"{AGREEMENT.urn} was deleted")]
    assert names(whole.client, "provisionagreement/TEST") == {}
    again = whole.delete(AGREEMENT)
    assert again.status_code == 404
    assert codes(again) == ["404"]
    (action,) = [e.get("action") for e in root_of(again).iter("{*}SubmittedStructure")]
    assert action == "Delete"


def test_an_item_is_deleted(whole: Keyed) -> None:
    assert whole.delete(AREAS, "DNK").status_code == 200
    found = whole.store.structures.get(AREAS.reference, Codelist)
    assert [code.id for code in found.items] == ["NOR", "SWE"]
    assert whole.delete(AREAS, "DNK").status_code == 404
    assert whole.delete(CONCEPTS, "AREA").status_code == 409
    assert whole.delete(FLOW, "X").status_code == 422


def test_published_figures_keep_their_dataflow(whole: Keyed) -> None:
    drafts.publish_values(whole.store, SWE=1)
    assert whole.delete(AGREEMENT).status_code == 200
    assert whole.delete(FLOW).status_code == 409
    assert whole.put(replace(AREAS, items=AREAS.items[:2])).status_code == 409
    data = f"/sdmx/v2/data/dataflow/TEST/DF/{FLOW.version}/*"
    labelled = "application/vnd.sdmx.data+csv;version=2.0.0;labels=both"
    before = whole.client.get(data, labelled)
    assert "The SWE" in before.text
    items = (*AREAS.items[:2], replace(AREAS.items[2], name=drafts.TEXT("Sverige")))
    assert whole.put(replace(AREAS, items=items)).status_code == 200
    after = whole.client.get(data, labelled)
    assert "Sverige" in after.text
    assert after.headers["etag"] != before.headers["etag"]


def test_a_partial_scheme_updates_items(whole: Keyed) -> None:
    some = codelist("CL_AREA", "SWE", "FIN")
    partial = replace(
        some, items=(replace(some.items[0], name=drafts.TEXT("Sverige")), some.items[1])
    )
    response = whole.put(replace(partial, is_partial=True))
    assert response.status_code == 200
    found = whole.store.structures.get(AREAS.reference, Codelist)
    assert [(code.id, str(code.name)) for code in found.items] == [
        ("DNK", "The DNK"),
        ("NOR", "The NOR"),
        ("SWE", "Sverige"),
        ("FIN", "The FIN"),
    ]
    assert not found.is_partial
    missing = replace(codelist("CL_NOPE", "A"), is_partial=True)
    assert whole.post(missing).status_code == 404
    assert whole.put(missing).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "", 405),
        ("DELETE", "", 405),
        ("PUT", "/codelist", 405),
        ("DELETE", "/codelist/TEST", 405),
        ("POST", "/codelist/TEST/CL_AREA/1.0.0-draft", 405),
        ("PUT", "/codelist/TEST/CL_AREA/1.0.0-draft/NOR", 405),
        ("DELETE", "/codelist/TEST/CL_AREA/1.0.0-draft/NOR/X", 405),
        ("PATCH", "/codelist/TEST/CL_AREA/1.0.0-draft", 405),
        ("POST", "/nosuchtype", 400),
        ("DELETE", "/nosuchtype/TEST/CL_AREA/1.0.0-draft", 400),
        ("DELETE", "/*/TEST/CL_AREA/1.0.0-draft", 400),
        ("DELETE", "/codelist/*/CL_AREA/1.0.0-draft", 400),
        ("DELETE", "/codelist/TEST,OTHER/CL_AREA/1.0.0-draft", 400),
        ("DELETE", "/codelist/TEST/*/1.0.0-draft", 400),
        ("DELETE", "/codelist/TEST/CL_AREA/~", 400),
        ("DELETE", "/codelist/TEST/CL_AREA/1.0%2B.0", 400),
        ("DELETE", "/codelist/TEST/CL_AREA/1.0.0-draft,1.0", 400),
        ("DELETE", "/codelist/TE%00ST/CL_AREA/1.0.0-draft", 400),
        ("PUT", "/codelist/TEST/CL_AREA/latest", 400),
    ],
)
def test_paths_that_name_nothing_to_change(
    whole: Keyed, method: str, path: str, status: int
) -> None:
    content = body(AREAS) if method != "DELETE" else None
    response = whole.send(method, STRUCTURE + path, content)
    assert response.status_code == status, response.text
    assert error_of(response)[0] == str(status)
    if status == 405:
        assert method not in response.headers["allow"].split(", ")
        assert "OPTIONS" in response.headers["allow"]
    assert AREAS.reference in whole.store.structures


def test_trailing_slashes_make_no_difference(keyed: Keyed) -> None:
    assert keyed.send("POST", f"{STRUCTURE}/", body(AREAS)).status_code == 201
    assert keyed.send("POST", f"{STRUCTURE}/codelist/", body(AREAS)).status_code == 200
    assert keyed.send("DELETE", f"{path_of(AREAS)}/").status_code == 200


def test_version_1_takes_no_changes(whole: Keyed) -> None:
    for method in ("POST", "PUT", "DELETE"):
        response = whole.send(method, "/sdmx/v1/codelist/TEST/CL_AREA/1.0", body(AREAS))
        assert response.status_code == 405
        assert response.headers["allow"] == "GET, HEAD, OPTIONS"


def test_pages_may_ask_which_methods_there_are(keyed: Keyed) -> None:
    for path, methods in (
        (STRUCTURE, "GET, HEAD, POST, OPTIONS"),
        (path_of(AREAS), "GET, HEAD, PUT, DELETE, OPTIONS"),
        ("/sdmx/v2/registration", "GET, HEAD, POST, OPTIONS"),
        ("/sdmx/v2/data/dataflow/A/B", "GET, HEAD, OPTIONS"),
        ("/sdmx/v1/codelist/A/B/1.0", "GET, HEAD, OPTIONS"),
    ):
        response = keyed.client.request("OPTIONS", path)
        assert response.status_code == 204
        assert response.headers["allow"] == methods
        assert response.headers["access-control-allow-methods"] == methods
        assert "Authorization" in response.headers["access-control-allow-headers"]
    response = keyed.post(AREAS)
    assert response.headers["access-control-allow-origin"] == "*"
    assert "Location" in response.headers["access-control-expose-headers"]


def test_other_answers_change_at_once_in_every_process(home: Path, keyed: Keyed) -> None:
    """Another worker has the structures set aside, and remembers answers it gave."""
    keyed.store.load_structures(ARTEFACTS)
    other = open_store(home)
    try:
        client = Client(build_app(other))
        target = f"{STRUCTURE}/codelist/TEST/CL_AREA/~"
        first = client.get(target, JSON_20)
        etag = {"if-none-match": first.headers["etag"]}
        assert client.get(target, JSON_20, etag).status_code == 304
        for name in ("Second", "Third"):
            assert keyed.put(renamed(AREAS, name)).status_code == 200
            changed = client.get(target, JSON_20, etag)
            assert changed.status_code == 200
            assert changed.json()["data"]["codelists"][0]["name"] == name
            assert client.get(target, JSON_20, etag).status_code == 200
            etag = {"if-none-match": changed.headers["etag"]}
            assert client.get(target, JSON_20, etag).status_code == 304
        keyed.put(AREAS)
        again = client.get(target, JSON_20, etag)
        assert again.json()["data"]["codelists"][0]["name"] == "CL_AREA"
        assert keyed.delete(AGREEMENT).status_code == 200
        gone = client.get(f"{STRUCTURE}/provisionagreement/TEST/PA/~", JSON_20)
        assert gone.status_code == 404
    finally:
        other.close()


def test_a_key_without_the_right_changes_nothing(whole: Keyed) -> None:
    _, token = create_key(whole.store.catalogue, "other", [Right.REGISTRATIONS])
    bearer = f"Bearer {token}"
    for method, target, content in (
        ("POST", STRUCTURE, body(renamed(AREAS))),
        ("PUT", path_of(AREAS), body(renamed(AREAS))),
        ("DELETE", path_of(AGREEMENT), None),
    ):
        response = whole.send(method, target, content, authorization=bearer)
        assert response.status_code == 403
        assert error_of(response)[0] == "403"
        assert response.headers["www-authenticate"] == (
            'Bearer realm="SDMX", error="insufficient_scope", scope="structures"'
        )
    assert AREAS == whole.store.structures.find(AREAS.reference)
    assert AGREEMENT.reference in whole.store.structures


def test_nothing_half_is_left_by_a_failure(whole: Keyed, monkeypatch: pytest.MonkeyPatch) -> None:
    """The third write of a request fails: none of it is there."""
    from hub.store import maintenance

    written: list[object] = []
    real = maintenance.replace_artefact

    def failing(*arguments: object) -> None:
        written.append(arguments)
        if len(written) == 3:
            raise OSError("the disk is full: /secret/path")
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(maintenance, "replace_artefact", failing)
    response = whole.post(renamed(AREAS), renamed(CONCEPTS), renamed(FLOW))
    assert response.status_code == 500
    assert "secret" not in response.text
    assert error_of(response)[0] == "500"
    for artefact in (AREAS, CONCEPTS, FLOW):
        assert whole.store.structures.find(artefact.reference) == artefact
    with whole.store.catalogue.reading() as connection:
        assert connection.execute(former_artefacts.select()).all() == []


def test_stores_over_other_databases(catalogue_url: str, tmp_path: Path) -> None:
    init_home(tmp_path / "node", {"node": "SWE", "areas": ["SWE"], "catalogue": catalogue_url})
    store: Store = open_store(tmp_path / "node")
    try:
        keyed = Keyed(store)
        assert keyed.post(*ARTEFACTS).status_code == 201
        before = keyed.client.get(f"{STRUCTURE}/codelist/TEST", JSON_20).headers["etag"]
        assert keyed.put(renamed(AREAS)).status_code == 200
        after = keyed.client.get(f"{STRUCTURE}/codelist/TEST", JSON_20)
        assert after.headers["etag"] != before
        assert keyed.delete(AGREEMENT).status_code == 200
        assert keyed.delete(AREAS).status_code == 409
    finally:
        store.close()
