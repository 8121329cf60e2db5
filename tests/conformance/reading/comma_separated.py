"""SDMX-CSV 1.0, 2.0 and 2.1 with the csv module."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from tests.conformance.reading.data_sets import DataSet

_CLASSES = {"dataprovision": "provisionagreement"}
_LEAD = ("DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "ACTION")


def read_csv(body: bytes) -> list[DataSet]:
    """Rows under the same structure and action are a data set."""
    found: dict[tuple[str, str | None], DataSet] = {}
    reader = csv.reader(io.StringIO(body.decode("utf-8"), newline=""), strict=True)
    heading = next(reader)
    separator = (re.search(r"\[(.)\]$", heading[0]) or ["", ""])[1]
    names = [re.sub(r"\[.*\]$", "", title) for title in heading]
    for cells in reader:
        assert len(cells) == len(names), cells
        cell = dict(zip(names, cells, strict=True))
        about = f"dataflow {cell['DATAFLOW']}" if "DATAFLOW" in cell else _about(cell)
        action = cell.get("ACTION")
        held = found.setdefault((about, action), DataSet(about, action))
        held.rows.append(
            {
                name: _value(text, title, separator)
                for name, title, text in zip(names, heading, cells, strict=True)
                if name not in _LEAD and text
            }
        )
    return list(found.values())


def _about(cell: dict[str, str]) -> str:
    kind = cell["STRUCTURE"]
    return f"{_CLASSES.get(kind, kind)} {cell['STRUCTURE_ID']}"


def _value(text: str, title: str, separator: str) -> Any:
    """A cell with the values its heading says it has; quotes protect within a cell too."""
    found = re.search(r"\[(.*)\]$", title)
    if found is None or title.startswith("STRUCTURE"):
        return text
    parts = next(csv.reader([text], delimiter=separator, strict=True))
    if not found[1]:
        return parts
    pairs = dict(part.split(":", 1) for part in parts)
    assert set(pairs) <= set(found[1].split(separator)), f"{title} has {set(pairs)}"
    return pairs
