"""What is special in the maps of SDMX-JSON 2.x: columns, and pairs of components."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from typing import Any

from hub.formats.structure.facets import parse_text_type
from hub.formats.structure.fault import Fault
from hub.formats.structure.json.fields import Context, Found, Json, Member, array, under, wanted
from hub.formats.structure.languages import Languages
from hub.formats.structure.references import parse_reference_urn, urn_of
from hub.model import ArtefactClass, MappedColumn, Reference


class Columns(Member):
    """One side of a map of values: for each column a list, or a type."""

    def __init__(self, name: str, side: str, *lists: ArtefactClass) -> None:
        self.name, self.key, self.keys, self.lists = name, side, (side,), lists

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        into[self.key] = [
            {"dataType": column.text_type.value}
            if column.values is None
            else {"codelist": urn_of(column.values)}
            for column in getattr(value, self.name)
        ]

    def read(self, given: Json, found: Found, context: Context) -> None:
        columns = found.setdefault(self.name, [])
        for index, column in enumerate(array(given, self.key)):
            with under(self.key, index):
                columns.append(self._parse(wanted(column, dict, "an object")))

    def _parse(self, column: Json) -> MappedColumn:
        if column.get("codelist") is None:
            return MappedColumn(text_type=parse_text_type(column.get("dataType")))
        with under("codelist"):
            urn = wanted(column["codelist"], str, "a URN")
            reference = parse_reference_urn(urn, self.lists, is_item=False)
        return MappedColumn(values=reference if isinstance(reference, Reference) else None)


class Pairs(Member):
    """Pairs of components."""

    keys = ("mappedComponents",)

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        into[self.keys[0]] = [
            {"source": source, "target": target} for source, target in getattr(value, self.name)
        ]

    def read(self, given: Json, found: Found, context: Context) -> None:
        pairs = found.setdefault(self.name, [])
        for index, pair in enumerate(array(given, self.keys[0])):
            with under(self.keys[0], index):
                wanted(pair, dict, "an object")
                sides = [wanted(pair.get(key), str, "an id", key) for key in ("source", "target")]
                pairs.append(tuple(sides))
        if not pairs:
            raise Fault(f"{self.keys[0]} is missing or empty")
