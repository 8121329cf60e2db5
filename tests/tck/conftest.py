"""A served node with the agency and its figures, loaded and published as a user would."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.tck import agency
from tests.tck.by_reference import Name, read
from tests.tck.write import write_agency


@pytest.fixture(scope="session")
def v1(tmp_path_factory: pytest.TempPathFactory, served: Any) -> Iterator[httpx.Client]:
    """A client of API 1.x of that node; it asks for nothing in particular, as `*/*`."""
    from hub.main import main
    from hub.store import open_store

    folder = tmp_path_factory.mktemp("tck")
    home = folder / "home"
    flow = str(agency.FLOW.reference)
    old, new, *figures = write_agency(folder / "files")
    commands: list[list[object]] = [
        ["init", home, "--node", "SWE", "--role", "hub"],
        ["--home", home, "structures", "load", old],
        ["--home", home, "structures", "load", new],
        *(
            ["--home", home, "publish", flow, path, "--source", provider]
            for provider, path in zip(agency.PROVIDERS, figures, strict=True)
        ),
    ]
    for command in commands:
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in command])
        assert not ended.value.code, command
    store = open_store(home)
    with served(store) as (url,), httpx.Client(base_url=f"{url}/sdmx/v1", timeout=60) as client:
        yield client
    store.close()


@pytest.fixture(scope="session")
def graph(v1: httpx.Client) -> dict[Name, set[Name]]:
    """What every artefact of the node refers to, of what is there, as its `Ref`s say."""
    known = read(v1.get("/structure/all/all/all").content)
    return {name: {*artefact.refers} & {*known} for name, artefact in known.items()}
