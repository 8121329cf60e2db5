"""pysdmx as a client of reference metadata, against a server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pysdmx")

from pysdmx.api.fmr import RegistryClient

from hub.formats.metadata import read
from hub.publish.metadata import load
from hub.rest.serving import build_app
from hub.store import init_home, open_store
from tests.rest.server import serving

GOOD = Path(__file__).parents[1] / "publish" / "metadata" / "samples" / "good.xml"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryClient]:
    home = tmp_path_factory.mktemp("interop") / "home"
    init_home(home, {"node": "SWE", "areas": ["SWE"]})
    store = open_store(home)
    load(store, read(GOOD))
    with serving(build_app(store)) as port:
        yield RegistryClient(f"http://127.0.0.1:{port}/sdmx/v2")
    store.close()


def test_a_report_is_read(registry: RegistryClient) -> None:
    report = registry.get_report("MIGX.SWE", "META_STOCK", "1.0.0")
    assert (report.agency, report.id, report.version) == ("MIGX.SWE", "META_STOCK", "1.0.0")
    assert report.metadataflow.endswith("Metadataflow=MIGX:MDF_MIG(1.0.0)")
    assert len(report.targets) == 3
    contact, rules = _below(report)["CONTACT"], _below(report)["MIG_RULES"]
    mails = _below(contact)["CONTACT_EMAIL"]
    assert mails.value == ("population@example.org", "press@example.org")
    assert _below(contact)["CONTACT_ORGANISATION"].value["sv"] == "Statistikmyndigheten SCB"
    duration = _below(rules)["DURATION_RULE"]
    assert duration.value == "M12"
    assert "twelve months" in _below(duration)["DURATION_RULE_NOTE"].value["en"]


def _below(report: Any) -> dict[str, Any]:
    return {attribute.id: attribute for attribute in report.attributes}


def test_reports_are_found_by_what_they_are_about(registry: RegistryClient) -> None:
    for flow in ("DF_STOCK_BIRTH", "DF_STOCK_CTZ"):
        (report,) = registry.get_reports("dataflow", "MIGX", flow, "1.0.0")
        assert report.id == "META_STOCK"
