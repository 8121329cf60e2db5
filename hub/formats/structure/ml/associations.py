"""What is special in the structure sets of SDMX-ML 2.1: components and codes by their place."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from typing import Any

from lxml import etree

from hub.formats.structure.associations import package_of
from hub.formats.structure.fault import Fault
from hub.formats.structure.ml.dialect import Dialect
from hub.formats.structure.ml.fields import Field, Found
from hub.formats.structure.ml.scribe import Scribe


class ComponentSide(Field):
    """A component of the source or of the target, with its class and the list it is in."""

    def __init__(self, side: str) -> None:
        self.side, self.tag = side, f"str:{side.title()}"
        self.tags = (self.tag,)

    def write(self, value: Any, scribe: Scribe) -> None:
        kind = getattr(value, f"{self.side}_class")
        scribe.open(self.tag)
        scribe.leaf(
            "Ref",
            attributes=(
                ("id", getattr(value, self.side)),
                ("containerID", getattr(value, f"{self.side}_container")),
                ("package", package_of(kind)),
                ("class", kind),
            ),
        )
        scribe.close(self.tag)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        ref = child.find("Ref")
        given = {} if ref is None else {key: ref.get(key) for key in ("id", "containerID", "class")}
        if not all(given.values()) or not given:
            raise Fault("a Ref needs id, containerID and class", child)
        found[self.side] = given["id"]
        found[f"{self.side}_container"] = given["containerID"]
        found[f"{self.side}_class"] = given["class"]

    def finish(self, element: etree._Element, found: Found) -> None:
        if self.side not in found:
            raise Fault(f"{self.side.title()} is missing", element)


class CodeSide(Field):
    """A code of a list, or of a hierarchy, whose id then comes before its own."""

    def __init__(self, side: str) -> None:
        self.side, self.tag = side, f"str:{side.title()}"
        self.tags = (self.tag,)

    def write(self, value: Any, scribe: Scribe) -> None:
        container, dot, id_ = getattr(value, self.side).partition(".")
        held = (("id", id_), ("containerID", container)) if dot else (("id", container),)
        scribe.open(self.tag)
        scribe.leaf("Ref", attributes=held)
        scribe.close(self.tag)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        ref = child.find("Ref")
        id_ = None if ref is None else ref.get("id")
        if ref is None or not id_:
            raise Fault("a Ref with an id is missing", child)
        container = ref.get("containerID")
        found[self.side] = f"{container}.{id_}" if container else id_

    def finish(self, element: etree._Element, found: Found) -> None:
        if self.side not in found:
            raise Fault(f"{self.side.title()} is missing", element)
