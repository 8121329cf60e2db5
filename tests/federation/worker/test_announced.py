"""From an announcement to the figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from federation.harvest.catalogued import CataloguedAttempts
from federation.harvest.node import add_partner_to
from federation.worker import Event, Worker
from hub.rest.serving import build_app
from hub.store import Store
from hub.store.keys import Right, create_key
from hub.store.schedule import set_every
from tests.rest.client import Client

FLOW = "MIGX:DF_STOCK_BIRTH"


def test_an_announcement_of_what_is_not_so_costs_a_conditional_request_and_changes_nothing(
    node: Callable[..., Store],
    corridor: Any,
    stock_table: Any,
    served: Any,
    tmp_path: Path,
) -> None:
    """From the announcement to the figures: a worker, woken by the row, asks the partner itself."""
    swe, hub = node("SWE"), node("EUROBS", role="observatory")
    file = stock_table.write(tmp_path / "swe.csv", {})
    publish = ("--home", swe.settings.home, "publish", FLOW, file)
    assert corridor(*publish).exit == 0
    told: list[Event] = []
    worker = Worker(store=hub, tell=told.append, derives=False)
    _, token = create_key(hub.catalogue, "SWE", [Right.NOTIFY], partners=["SWE"])
    client = Client(build_app(hub))
    given = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    def announce() -> list[str]:
        content = json.dumps({"node": "SWE", "release": "of-nothing"}).encode()
        assert client.request("POST", "/notify", None, given, content).status_code == 202
        told.clear()
        worker.run(once=True)
        return [event.reason for event in told if event.flow == FLOW]

    with served(swe) as (url,):
        add_partner_to(hub, url, ["SWE"])
        set_every(hub.catalogue, "SWE", timedelta(hours=6))
        worker.run(once=True)
        assert announce() == ["NOT_MODIFIED"]
        assert announce() == ["NOT_MODIFIED"]
        stock_table.write(file, {"OBS_VALUE": "93723"})
        assert corridor(*publish).exit == 0
        assert announce() == ["RELEASED"]
    attempts = CataloguedAttempts(hub.catalogue).list(flow=FLOW)
    assert [one.reason for one in attempts][::-1] == [
        "RELEASED",
        "NOT_MODIFIED",
        "NOT_MODIFIED",
        "RELEASED",
    ]
