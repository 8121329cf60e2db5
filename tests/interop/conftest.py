"""The node every client reads, and its rows as the plain CSV says them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.tck import agency
from tests.tck.write import write_agency

CSV = "application/vnd.sdmx.data+csv;version=1.0.0"
#: Columns of the message itself, which are no components.
MESSAGE = ("DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "ACTION")

Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def url(demonstration: Any) -> str:
    """Where the observatory of the demonstration is."""
    address: str = demonstration.url
    return address


@pytest.fixture(scope="session")
def plain(url: str) -> Callable[..., Rows]:
    """The rows of a dataflow as `urllib` and `csv` read them; empty cells are left out."""

    def read(flow: str, key: str = "*") -> Rows:
        address = f"{url}/sdmx/v2/data/dataflow/MIGX/{flow}/1.0.0/{key}"
        with urlopen(Request(address, headers={"Accept": CSV})) as answer:  # noqa: S310
            text = answer.read().decode("utf-8-sig")
        return [
            {name: cell for name, cell in row.items() if cell and name not in MESSAGE}
            for row in csv.DictReader(io.StringIO(text))
        ]

    return read


@pytest.fixture(scope="session")
def alike() -> Callable[..., list[tuple[str, ...]]]:
    """Rows in an order of their own, numbers by their value, in some columns."""

    def comparable(rows: Rows, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
        return sorted(tuple(_text(row.get(name)) for name in columns) for row in rows)

    return comparable


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    try:
        return repr(float(value))
    except ValueError:
        return str(value)


@pytest.fixture(scope="session")
def agency_url(tmp_path_factory: pytest.TempPathFactory, served: Any) -> Iterator[str]:
    """Where a node is that has the agency with an artefact of every type, and its figures."""
    from hub.main import main
    from hub.store import open_store

    folder = tmp_path_factory.mktemp("agency")
    home = folder / "home"
    old, new, *figures = write_agency(folder / "files")
    commands = [["init", str(home), "--node", "SWE", "--role", "hub"]]
    commands += [["--home", str(home), "structures", "load", str(path)] for path in (old, new)]
    for provider, path in zip(agency.PROVIDERS, figures, strict=True):
        flow = str(agency.FLOW.reference)
        commands.append(["--home", str(home), "publish", flow, str(path), "--source", provider])
    for command in commands:
        with pytest.raises(SystemExit) as ended:
            main(command)
        assert not ended.value.code
    store = open_store(home)
    with served(store) as (address,):
        yield address
    store.close()
