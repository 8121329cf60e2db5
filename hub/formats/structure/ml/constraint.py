"""The tables of data constraints in SDMX-ML; 2.1 calls them content constraints."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from hub.formats.structure import availability as wire
from hub.formats.structure.fault import Fault
from hub.formats.structure.form import Model
from hub.formats.structure.ml.dialect import Dialect
from hub.formats.structure.ml.fields import (
    BOOLEAN,
    Attribute,
    Choice,
    Element,
    Field,
    Found,
    Many,
    Whole,
    Wrapper,
    always,
)
from hub.formats.structure.ml.parts import LINK, maintainable, notes
from hub.formats.structure.ml.references import read_reference, write_reference
from hub.formats.structure.ml.scribe import Scribe
from hub.model import ArtefactClass, CubeRegion, DataConstraint, KeyValues

#: Where the data are to be had says nothing about what they may be.
_SOURCES = frozenset({"str:QueryableDataSource", "str:SimpleDataSource"})


def data_constraint(dialect: Dialect) -> Element:
    """A data constraint; sets of keys and release calendars are not known."""
    contents: list[Field] = [
        Wrapper("str:ConstraintAttachment", [Targets(dialect)], ignored=_SOURCES),
        Many("regions", (_region(dialect), always)),
    ]
    if dialect.model is Model.V21:
        contents.append(ReferencePeriod())
        contents.append(Choice("role", "type", wire.ROLES, default=wire.ACTUAL))
    elif dialect.model is Model.V30:
        contents.append(Choice("role", "role", wire.ROLES, default=wire.ALLOWED))
    return Element(
        "str:ContentConstraint" if dialect.is_21 else "str:DataConstraint",
        DataConstraint,
        maintainable(dialect, ArtefactClass.DATA_CONSTRAINT, contents),
        ignored={LINK},
        to_wire=wire.with_metrics if dialect.is_21 else wire.to_wire,
        from_wire=wire.without_metrics if dialect.is_21 else wire.from_wire,
    )


def availability_constraint(dialect: Dialect) -> Element:
    """The answer to an availability query in 3.1, which is no maintainable artefact."""
    return Element(
        "str:AvailabilityConstraint",
        wire.availability,
        [
            Whole("series_count", "seriesCount"),
            Whole("obs_count", "obsCount"),
            notes(dialect),
            Wrapper("str:ConstraintAttachment", [Targets(dialect)]),
            Many("regions", (_region(dialect), always)),
        ],
        to_wire=lambda constraint: wire.with_coverage(wire.sendable(constraint)),
        from_wire=wire.without_coverage,
        has_stubs=False,
    )


class Targets(Field):
    """The artefacts a constraint is attached to; other attachments are not known."""

    def __init__(self, dialect: Dialect) -> None:
        self.is_21 = dialect.is_21
        self.classes = {f"str:{cls.class_name}": cls for cls in wire.TARGETS}
        self.tags = tuple(self.classes)

    def is_present(self, value: Any) -> bool:
        return bool(value.targets)

    def write(self, value: Any, scribe: Scribe) -> None:
        for target in value.targets:
            tag = f"str:{target.artefact_class.class_name}"
            write_reference(tag, target, scribe, is_21=self.is_21)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        cls = self.classes[dialect.names[child.tag]]
        target = read_reference(child, (cls,), is_item=False)
        found.setdefault("targets", []).append(target)


class ReferencePeriod(Field):
    """From when to when there are data, in 2.1; it is written where both are known."""

    tags = ("str:ReferencePeriod",)

    def is_present(self, value: Any) -> bool:
        return wire.reference_period(value) is not None

    def write(self, value: Any, scribe: Scribe) -> None:
        period = wire.reference_period(value)
        if period is not None:
            attributes = (("startTime", period[0]), ("endTime", period[1]))
            scribe.leaf(self.tags[0], attributes=attributes)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        found["start"], found["end"] = child.get("startTime"), child.get("endTime")


def _region(dialect: Dialect) -> Element:
    """A region; in 2.1 its parts are in the common namespace."""
    prefix = "com" if dialect.is_21 else "str"
    attribute = "com:Attribute" if dialect.is_21 else "str:Component"
    keys = _key_values(f"{prefix}:KeyValue", has_validity=not dialect.is_21)
    attributes = _key_values(attribute, has_validity=False)
    return Element(
        "str:CubeRegion",
        CubeRegion,
        [
            Choice("include", "include", BOOLEAN, default="true"),
            Many("keys", (keys, always)),
            Many("attributes", (attributes, always)),
        ],
        ignored={"com:Annotations"},
    )


def _key_values(tag: str, *, has_validity: bool) -> Element:
    prefix = tag.partition(":")[0]
    fields: list[Field] = [
        Attribute("component", "id", required=True),
        Choice("include", "include", BOOLEAN, default="true", implied=True),
        Unsupported("removePrefix"),
        Values(f"{prefix}:Value"),
        TimeRange(prefix),
    ]
    if not has_validity:
        return Element(tag, KeyValues, fields)
    fields += [Validity("valid_from", "validFrom"), Validity("valid_to", "validTo")]
    return Element(tag, wire.CoveredKeyValues, fields)


class Validity(Attribute):
    """The time from or to which key values hold; only covered key values have it."""

    def attributes(self, value: Any) -> Iterator[tuple[str, str]]:
        text = getattr(value, self.name, None)
        if text is not None:
            yield self.xml, text


class Unsupported(Field):
    """An XML attribute that changes the meaning in a way the node does not know."""

    def __init__(self, xml: str) -> None:
        self.xml = xml

    def read_attributes(self, element: etree._Element, found: Found) -> None:
        if element.get(self.xml, "false") not in ("false", "0"):
            value = element.get(self.xml)
            raise Fault(f"{self.xml}='{value}' is not known here", element, is_unknown=True)


class Values(Field):
    """The values of a component; values that hold for a time only, or cascade, are not known."""

    def __init__(self, tag: str) -> None:
        self.tag, self.tags = tag, (tag,)
        self.unsupported = tuple(map(Unsupported, ("cascadeValues", "validFrom", "validTo")))

    def write(self, value: Any, scribe: Scribe) -> None:
        for text in value.values:
            scribe.leaf(self.tag, text)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        for attribute in self.unsupported:
            attribute.read_attributes(child, found)
        found.setdefault("values", []).append((child.text or "").strip())


class TimeRange(Field):
    """A range of time whose bounds belong to it."""

    def __init__(self, prefix: str) -> None:
        self.tag = f"{prefix}:TimeRange"
        self.tags = (self.tag,)
        self.prefix = prefix
        self.bounds = {
            f"{prefix}:StartPeriod": "start",
            f"{prefix}:AfterPeriod": "start",
            f"{prefix}:EndPeriod": "end",
            f"{prefix}:BeforePeriod": "end",
        }

    def is_present(self, value: Any) -> bool:
        return value.start is not None or value.end is not None

    def write(self, value: Any, scribe: Scribe) -> None:
        if not self.is_present(value):
            return
        scribe.open(self.tag)
        both = value.start is not None and value.end is not None
        inclusive = (("isInclusive", "true"),)
        if value.start is not None:
            name = "StartPeriod" if both else "AfterPeriod"
            scribe.leaf(f"{self.prefix}:{name}", value.start, inclusive)
        if value.end is not None:
            name = "EndPeriod" if both else "BeforePeriod"
            scribe.leaf(f"{self.prefix}:{name}", value.end, inclusive)
        scribe.close(self.tag)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        for part in child:
            tag = dialect.names[part.tag]
            if tag not in self.bounds:
                raise Fault(f"{tag} is not known here", part, is_unknown=True)
            if part.get("isInclusive", "true") not in ("true", "1"):
                raise Fault(
                    "ranges of time without their bounds are not known here",
                    part,
                    is_unknown=True,
                )
            found[self.bounds[tag]] = (part.text or "").strip()
