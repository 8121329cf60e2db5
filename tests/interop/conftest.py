"""The node every client reads, and its rows as the plain CSV says them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any
from urllib.request import Request, urlopen

import pytest

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
