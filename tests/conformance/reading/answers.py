"""Answers to data queries as rows, read by nothing of the node: one reader for each family."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.conformance.agency.plan import Part, Row, Shape
from tests.conformance.reading.comma_separated import read_csv
from tests.conformance.reading.data_sets import DataSet
from tests.conformance.reading.json_data import read_json
from tests.conformance.reading.xml_data import read_xml

_READERS: dict[str, Callable[[bytes], list[DataSet]]] = {
    "json": read_json,
    "xml": read_xml,
    "csv": read_csv,
}


def read(body: bytes, content_type: str) -> list[DataSet]:
    """The data sets of a message."""
    family = content_type.partition(";")[0].rpartition("+")[2]
    return _READERS[family](body)


def canonical(rows: list[Row], shape: Shape, names: list[str]) -> list[tuple[Any, ...]]:
    """Rows with the components named, spelt so that equal ones are equal; absent is None."""
    return [tuple(_canonical(row.get(name), shape.part(name)) for name in names) for row in rows]


def _canonical(value: Any, part: Part) -> Any:
    if value is None or value == "" or value == []:
        return None
    if part.many:
        return tuple(value if isinstance(value, list) else [value])
    if part.languages:
        return tuple(sorted(value.items()))
    if part.kind == "double":
        return repr(float(value))
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
