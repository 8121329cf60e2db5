"""What is special in the maps of SDMX-ML 3.x: columns, and pairs of components."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from typing import Any

from lxml import etree

from hub.formats.structure.facets import parse_text_type
from hub.formats.structure.fault import Fault
from hub.formats.structure.ml.dialect import Dialect
from hub.formats.structure.ml.fields import Field, Found
from hub.formats.structure.ml.references import read_reference, write_reference
from hub.formats.structure.ml.scribe import Scribe
from hub.model import ArtefactClass, MappedColumn, Reference


class Columns(Field):
    """One side of a map of values: for each column a list, or a type."""

    def __init__(self, name: str, side: str, *lists: ArtefactClass) -> None:
        self.name, self.lists = name, lists
        self.tags = (f"str:{side}Codelist", f"str:{side}DataType")

    def write(self, value: Any, scribe: Scribe) -> None:
        by_list, by_type = self.tags
        for column in getattr(value, self.name):
            if column.values is None:
                scribe.leaf(by_type, column.text_type.value)
            else:
                write_reference(by_list, column.values, scribe, is_21=False)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        columns = found.setdefault(self.name, [])
        if dialect.names[child.tag] == self.tags[1]:
            try:
                text_type = parse_text_type((child.text or "").strip())
            except Fault as fault:
                fault.element = child
                raise
            columns.append(MappedColumn(text_type=text_type))
            return
        reference = read_reference(child, self.lists, is_item=False)
        if isinstance(reference, Reference):
            columns.append(MappedColumn(values=reference))


class Pairs(Field):
    """Pairs of components: a source and a target, one after the other."""

    tags = ("str:Source", "str:Target")

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, value: Any, scribe: Scribe) -> None:
        for pair in getattr(value, self.name):
            for tag, id_ in zip(self.tags, pair, strict=True):
                scribe.leaf(tag, id_)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        sides = found.setdefault(self.name, [])
        if dialect.names[child.tag] != self.tags[len(sides) % 2]:
            raise Fault("Source and Target take turns", child)
        sides.append((child.text or "").strip())

    def finish(self, element: etree._Element, found: Found) -> None:
        sides = found.get(self.name, [])
        if not sides or len(sides) % 2:
            raise Fault("a Target is missing", element)
        found[self.name] = list(zip(sides[::2], sides[1::2], strict=True))
