"""The node under test, made once; and the clause of each case, for the table at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.node import Node


@pytest.fixture(scope="session")
def agency_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node with the test agency published on it."""
    from tests.conformance.agency.publishing import publish_agency

    home = tmp_path_factory.mktemp("conformance") / "home"
    publish_agency(home)
    return home


@pytest.fixture(scope="session")
def node(agency_home: Path) -> Iterator[Node]:
    """The node, asked in process."""
    from hub.rest.serving import build_app
    from hub.store import open_store
    from tests.conformance.agency.publishing import clock, without_indexes
    from tests.conformance.asgi import Client

    stores = open_store(agency_home, clock), without_indexes(agency_home)
    indexed, plain = (Client(build_app(store)) for store in stores)
    yield Node(indexed, plain)
    for client in (indexed, plain):
        client.close()
    for store in stores:
        store.close()


@pytest.fixture(autouse=True)
def _clause(request: pytest.FixtureRequest) -> None:
    """Say in the report which clause a case is about."""
    case = getattr(request.node, "callspec", None) and request.node.callspec.params.get("case")
    marked = request.node.get_closest_marker("clause")
    clause = getattr(case, "clause", None) or (marked.args[0] if marked else None)
    if clause is not None:
        request.node.user_properties.append(("clause", clause))
