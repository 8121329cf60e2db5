"""`/provenance`: PROV-JSON over HTTP, of what readers see and of nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.formats.reading import read_data
from hub.model import ArtefactClass, Origin, Reference
from hub.publish import Submission, publish
from hub.rest.serving import build_app
from hub.store import init_home, open_store
from tests.rest.client import Client

POLES = "/provenance/MIGX:DF_EMIGRANTS/A.POL._T.STK_BIRTH.VAL.RCV.RPT._T._T.PS.2020"
FLOW = Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_STOCK_BIRTH", "1.0.0")
_IN_RELATIONS = {"entity", "generatedEntity", "usedEntity", "collection", "plan"}


def _document(demonstration: Any, path: str = POLES) -> Any:
    answer = httpx.get(f"{demonstration.url}{path}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def test_everything_that_is_referred_to_is_there(demonstration: Any) -> None:
    document = _document(demonstration)
    known = {kind: set(document[kind]) for kind in ("entity", "activity", "agent")}
    relations = set(document) - {"prefix", *known}
    assert relations == {
        "wasDerivedFrom", "wasGeneratedBy", "used", "hadMember", "wasAttributedTo",
        "wasAssociatedWith",
    }  # fmt: skip
    for relation in relations:
        for told in document[relation].values():
            for role, id_ in told.items():
                name = role.removeprefix("prov:")
                kind = "entity" if name in _IN_RELATIONS else name
                if role.startswith("prov:") and name != "type":
                    assert id_ in known[kind], (relation, role, id_)
    prefixes = {id_.partition(":")[0] for ids in known.values() for id_ in ids}
    assert prefixes <= set(document["prefix"])


def test_a_figure_is_followed_to_the_bytes(demonstration: Any) -> None:
    document = _document(demonstration)
    derived = list(document["wasDerivedFrom"].values())

    def before(entity: str) -> set[str]:
        return {one["prov:usedEntity"] for one in derived if one["prov:generatedEntity"] == entity}

    (subject,) = [id_ for id_ in document["entity"] if "DF_EMIGRANTS" in id_]
    inputs = before(subject)
    assert len(inputs) == 7
    members = {
        one["prov:entity"]: one["prov:collection"]
        for one in document["hadMember"].values()
        if one["prov:collection"].startswith("slice:")
    }
    raw = {one for entity in inputs for one in before(members[entity])}
    assert len(raw) == 7
    store = demonstration.observatory
    assert all(store.lake.raw_path(id_.removeprefix("raw:")).is_file() for id_ in raw)
    releases = {one for entity in raw for one in before(entity)}
    theirs = {
        f"release:{node.release(FLOW).id}"
        for area, node in demonstration.exchange.nodes.items()
        if area not in ("OBSERVATORY", "POL")
    }
    assert releases == theirs


def test_a_foreign_reader_of_prov_takes_it(demonstration: Any) -> None:
    model = pytest.importorskip("prov.model")
    answer = httpx.get(f"{demonstration.url}{POLES}")
    document = model.ProvDocument.deserialize(content=answer.text, format="json")
    assert len(list(document.get_records(model.ProvDerivation))) >= 14


def test_what_a_client_has_is_not_sent_again(demonstration: Any) -> None:
    first = httpx.get(f"{demonstration.url}{POLES}")
    again = httpx.get(
        f"{demonstration.url}{POLES}", headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status_code == 304
    head = httpx.head(f"{demonstration.url}{POLES}")
    assert (head.status_code, head.content) == (200, b"")
    with_version = POLES.replace("EMIGRANTS", "EMIGRANTS(1.0.0)")
    assert httpx.get(f"{demonstration.url}{with_version}").json() == first.json()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/provenance", 400),
        ("/provenance/MIGX:DF_EMIGRANTS", 400),
        ("/provenance/EMIGRANTS/A", 400),
        ("/provenance/MIGX:DF_EMIGRANTS/A.POL", 422),
        (POLES.replace("_T.STK", "*.STK"), 400),
        (POLES.replace("POL", "%FF"), 400),
        (POLES.replace("POL", "P'L"), 404),
        (POLES.replace("POL", "XXX"), 404),
        (POLES.replace("EMIGRANTS", "NOTHING"), 404),
    ],
)
def test_what_is_not_there_is_told_in_the_manner_of_the_node(
    demonstration: Any, path: str, status: int
) -> None:
    answer = httpx.get(f"{demonstration.url}{path}")
    assert answer.status_code == status, answer.text
    assert answer.json()["errors"][0]["code"] == status


def test_another_form_is_not_to_be_had(demonstration: Any) -> None:
    assert Client(build_app(demonstration.observatory)).get(POLES, "text/csv").status_code == 406
    assert httpx.post(f"{demonstration.url}{POLES}").status_code == 405


def test_what_is_held_back_is_not_told(stock_table: Any, tmp_path: Path) -> None:
    init_home(tmp_path / "home", {"node": "SWE", "areas": ["SWE"]})
    store = open_store(tmp_path / "home")
    later = datetime.now(UTC) + timedelta(days=1)
    for year, until in (("2019", None), ("2020", later)):
        file = stock_table.write(tmp_path / f"{year}.csv", {"TIME_PERIOD": year})
        raw = read_data(file, store.structures)
        origin = Origin(kind="submission", name="SWE")
        publish(store, FLOW, Submission(raw=raw, source="SWE", origin=origin), visible_from=until)
    client = Client(build_app(store))
    found = [
        client.get(f"/provenance/MIGX:DF_STOCK_BIRTH/A.SWE.FB.BIRTH.POL._T._T.PS.{year}")
        for year in ("2019", "2020")
    ]
    store.close()
    assert [one.status_code for one in found] == [200, 404]
    assert later.date().isoformat() not in found[0].text
