"""A node of Sweden with figures, a registration and a key, as the examples have it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from hub.formats.message import Action
from hub.formats.metadata import read as read_metadata
from hub.model import ArtefactClass, Origin, Reference
from hub.model.registration import DataSource, Registration
from hub.publish import Outcome, Submission, publish
from hub.publish.metadata import load
from hub.rest.openapi import document
from hub.rest.serving import StoreBackend, build_app
from hub.store import Store, init_home, open_store
from hub.store.keys import Right, create_key
from hub.store.partners import add_partner
from hub.store.registrations import register
from tests.conformance.openapi.figures import figures

METADATA = Path(__file__).parents[2] / "publish" / "metadata" / "samples" / "good.xml"
#: The examples ask for the state of June; it was published in March, and it is September.
PUBLISHED = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
ASKED = datetime(2026, 9, 1, 12, 0, 0, tzinfo=UTC)
FLOW = Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_STOCK_BIRTH", "1.0.0")
AGREEMENT = Reference(ArtefactClass.PROVISION_AGREEMENT, "MIGX.SWE", "PA_DF_STOCK_BIRTH", "1.0.0")


@dataclass(frozen=True)
class Described:
    """A node, the document it tells of itself, a key to it, and what was registered there."""

    store: Store
    app: FastAPI
    document: dict[str, Any]
    token: str
    registration: str


@pytest.fixture(scope="session")
def home_of_sweden(tmp_path_factory: pytest.TempPathFactory, stock_table: Any) -> Path:
    """The home of the node, with figures."""
    home = tmp_path_factory.mktemp("openapi") / "home"
    about = {"node": "SWE", "name": "Statistics Sweden", "areas": ["SWE"]}
    init_home(home, about, lambda: PUBLISHED)
    store = open_store(home, lambda: PUBLISHED)
    submission = Submission(
        raw=figures(stock_table.plain),
        source="SWE",
        origin=Origin(kind="submission", name="stock"),
    )
    report = publish(store, FLOW, submission)
    assert report.outcome is Outcome.RELEASED, report.findings
    load(store, read_metadata(METADATA))
    store.close()
    return home


@pytest.fixture(scope="session")
def described(home_of_sweden: Path) -> Iterator[Described]:
    """The node; what changes it must leave the figures and the registration alone."""
    store = open_store(home_of_sweden, lambda: ASKED)
    _, token = create_key(store.catalogue, "tests", list(Right), partners=["*"])
    about = {"name": "", "areas": ["SWE"], "agencies": [], "flows": [], "added": PUBLISHED}
    add_partner(store.catalogue, {"id": "SWE", "url": "https://sdmx.example.se", **about})
    source = DataSource(simple="https://sdmx.example.se/stocks.xml")
    wanted = [(Action.APPEND, Registration(agreement=AGREEMENT, source=source))]
    (registered,) = register(store, wanted, by="tests")
    assert registered.registration.id is not None, registered.error
    yield Described(
        store=store,
        app=build_app(store),
        document=document(StoreBackend(store).node()),
        token=token,
        registration=registered.registration.id,
    )
    store.close()


@pytest.fixture
def address(described: Described, served: Callable[..., Any]) -> Iterator[str]:
    """Where the node is served while a test runs."""
    with served(described.store) as (found,):
        yield found
