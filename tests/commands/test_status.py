"""`status`: what the node holds, and how the exchange with partners stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from federation.harvest.node import add_partner_to
from hub.store import Store

FLOW = "MIGX:DF_STOCK_BIRTH"


def test_it_tells_of_partners_what_came_and_what_to_look_at(
    node: Any,
    corridor: Any,
    stock_table: Any,
    served: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("connectors.http.client.backoff", lambda _tries: 0.0)
    swe: Store = node("SWE")
    hub: Store = node("EUROBS", role="observatory")

    def run(*arguments: object) -> Any:
        return corridor("--home", hub.settings.home, *arguments)

    assert run("status", "--json").json["partners"] == []
    assert "partners" not in run("status").out
    file = stock_table.write(tmp_path / "swe.csv", {})
    assert corridor("--home", swe.settings.home, "publish", FLOW, file).exit == 0
    with served(swe) as (url,):
        add_partner_to(hub, url, ["SWE"])
        shown = run("status").out
        assert "never" in shown
        assert "when a worker runs" in shown
        assert run("harvest").exit == 0
    told = run("status", "--json").json
    (partner,) = told["partners"]
    flows = {one["flow"]: one for one in partner["flows"]}
    assert flows[FLOW]["reason"] == "RELEASED"
    assert not flows[FLOW]["is_late"]
    assert not partner["is_late"]
    assert told["flows"]
    assert "to look at" not in run("status").out
    assert run("harvest").exit == 3  # nobody answers any more
    shown = run("status").out
    assert "to look at" in shown
    assert "FAILED" in shown
    assert "Connection refused" in shown
