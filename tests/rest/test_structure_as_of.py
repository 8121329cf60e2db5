"""Structures as they were at an instant."""

from __future__ import annotations

from hub.formats.message import instant
from hub.store import Store
from tests.rest.client import Client
from tests.store.vintages import Clock, hand_in, observation

ACCEPT = "application/vnd.sdmx.structure+json;version=2.0.0"
BASE = "/sdmx/v2/structure"


def test_artefacts_are_those_there_were(node: Client, store: Store, clock: Clock) -> None:
    """Versions never change, so what was loaded until then is what there was."""
    clock.pass_(days=1)
    before = instant(clock())
    clock.pass_(days=1)
    hand_in(store, [observation("SWE", "F", "2020", 1)], source="SWE")
    clock.pass_(days=1)

    def ids(target: str, kind: str) -> list[str]:
        response = node.get(f"{BASE}/{target}", ACCEPT)
        assert response.status_code == 200, response.text
        return [artefact["id"] for artefact in response.json()["data"][kind]]

    own = "provisionagreement/MIGX.SWE"
    assert len(ids(own, "provisionAgreements")) == 1
    assert node.get(f"{BASE}/{own}?asOf={before}", ACCEPT).status_code == 204
    assert ids(f"dataflow/TEST/*?asOf={before}", "dataflows") == ["DF"]
    assert node.get(f"{BASE}/dataflow/TEST/DF?asOf=2023-01-04", ACCEPT).status_code == 404
    assert node.get(f"{BASE}/dataflow?asOf=2000", ACCEPT).status_code == 204
    future = node.get(f"{BASE}/{own}?asOf=2099-01-01", ACCEPT)
    assert future.content == node.get(f"{BASE}/{own}", ACCEPT).content
    first = node.get(f"{BASE}/dataflow/TEST/DF?asOf={before}", ACCEPT)
    etag = {"if-none-match": first.headers["etag"]}
    hand_in(store, [observation("SWE", "F", "2021", 1)])
    assert node.get(f"{BASE}/dataflow/TEST/DF?asOf={before}", ACCEPT, etag).status_code == 304
