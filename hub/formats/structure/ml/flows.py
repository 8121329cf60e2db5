"""The tables of dataflows, provision agreements and representation maps in SDMX-ML."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from typing import Any

from lxml import etree

from hub.formats.structure.fault import Fault
from hub.formats.structure.ml.dialect import Dialect
from hub.formats.structure.ml.fields import Element, Field, Found
from hub.formats.structure.ml.parts import LINK, maintainable
from hub.formats.structure.ml.references import Refers, read_reference, write_reference
from hub.formats.structure.ml.schemes import LISTS
from hub.formats.structure.ml.scribe import Scribe
from hub.formats.structure.onetoone import with_promise, without_promise
from hub.model import ArtefactClass, Dataflow, ProvisionAgreement, RepresentationMap


def dataflow(dialect: Dialect) -> Element:
    """A dataflow with its structure."""
    cls = ArtefactClass.DATAFLOW
    structure = Refers(
        dialect, "structure", "str:Structure", ArtefactClass.DATA_STRUCTURE, required=True
    )
    fields = maintainable(dialect, cls, [structure])
    return Element("str:Dataflow", Dataflow, fields, ignored={LINK})


def provision_agreement(dialect: Dialect) -> Element:
    """A provision agreement; its two references are in stubs too, for the schemas want them."""
    usage = "str:StructureUsage" if dialect.is_21 else "str:Dataflow"
    flow = Refers(dialect, "dataflow", usage, ArtefactClass.DATAFLOW, required=True, in_stubs=True)
    provider = Refers(
        dialect,
        "provider",
        "str:DataProvider",
        ArtefactClass.DATA_PROVIDER_SCHEME,
        to_item=True,
        required=True,
        in_stubs=True,
    )
    fields = maintainable(dialect, ArtefactClass.PROVISION_AGREEMENT, [flow, provider])
    return Element("str:ProvisionAgreement", ProvisionAgreement, fields, ignored={LINK})


def representation_map(dialect: Dialect) -> Element:
    """A map from one list to another (3.x)."""
    contents = [MappedList("source", "Source"), MappedList("target", "Target"), Mappings()]
    return Element(
        "str:RepresentationMap",
        RepresentationMap,
        maintainable(dialect, ArtefactClass.REPRESENTATION_MAP, contents),
        ignored={LINK},
        to_wire=with_promise,
        from_wire=without_promise,
    )


class MappedList(Field):
    """One side of a map: a list, or plain strings."""

    in_stubs = True

    def __init__(self, name: str, side: str) -> None:
        self.name = name
        self.codelist, self.data_type = f"str:{side}Codelist", f"str:{side}DataType"
        self.tags = (self.codelist, self.data_type)

    def write(self, value: Any, scribe: Scribe) -> None:
        reference = getattr(value, self.name)
        if reference is None:
            scribe.leaf(self.data_type, "String")
        else:
            write_reference(self.codelist, reference, scribe, is_21=False)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        if self.name in found:
            raise Fault("maps of several columns are not known here", child, is_unknown=True)
        is_list = dialect.names[child.tag] == self.codelist
        found[self.name] = read_reference(child, LISTS, is_item=False) if is_list else None


class Mappings(Field):
    """The pairs of a map; patterns, substrings and validity are not known."""

    tags = ("str:RepresentationMapping",)

    def is_present(self, value: Any) -> bool:
        return bool(value.mappings)

    def write(self, value: Any, scribe: Scribe) -> None:
        for source, target in value.mappings:
            scribe.open(self.tags[0])
            scribe.leaf("str:SourceValue", source)
            scribe.leaf("str:TargetValue", target)
            scribe.close(self.tags[0])

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        sides = [part for part in child if dialect.names[part.tag] != "com:Annotations"]
        tags = [dialect.names[part.tag] for part in sides]
        attributes = set(child.keys()).union(*(part.keys() for part in sides))
        if tags != ["str:SourceValue", "str:TargetValue"] or attributes - {"isRegEx"}:
            raise Fault(
                "only mappings of one value to one value are known here", child, is_unknown=True
            )
        if sides[0].get("isRegEx") in ("true", "1"):
            raise Fault("mappings by pattern are not known here", child, is_unknown=True)
        pair = (sides[0].text or "", sides[1].text or "")
        found.setdefault("mappings", []).append(pair)
