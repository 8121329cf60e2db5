"""What is special in the constraints of SDMX-ML: targets, values, ranges of time."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from collections.abc import Collection
from typing import Any

from lxml import etree

from hub.formats.structure.availability import reference_period
from hub.formats.structure.cascade import CASCADES, SPELT, details_of
from hub.formats.structure.fault import Fault
from hub.formats.structure.ml.dialect import Dialect
from hub.formats.structure.ml.fields import BOOLEAN, LANG, Field, Found
from hub.formats.structure.ml.references import (
    RefersToAny,
    read_any_reference,
    read_reference,
    write_reference,
)
from hub.formats.structure.ml.scribe import Scribe
from hub.model import ArtefactClass, ValueDetail


class Targets(Field):
    """The artefacts a constraint is attached to."""

    def __init__(self, dialect: Dialect, classes: Collection[ArtefactClass]) -> None:
        self.is_21 = dialect.is_21
        self.classes = {f"str:{cls.class_name}": cls for cls in classes}
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


class Objects(RefersToAny):
    """The objects a key of metadata names, in 2.1."""

    def is_present(self, value: Any) -> bool:
        return bool(value.objects)

    def write(self, value: Any, scribe: Scribe) -> None:
        for reference in value.objects:
            write_reference(self.tag, reference, scribe, is_21=True)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        found.setdefault("objects", []).append(read_any_reference(child))


class ReferencePeriod(Field):
    """From when to when there are data, in 2.1; it is written where both are known."""

    tags = ("str:ReferencePeriod",)

    def is_present(self, value: Any) -> bool:
        return reference_period(value) is not None

    def write(self, value: Any, scribe: Scribe) -> None:
        period = reference_period(value)
        if period is not None:
            attributes = (("startTime", period[0]), ("endTime", period[1]))
            scribe.leaf(self.tags[0], attributes=attributes)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        found["start"], found["end"] = child.get("startTime"), child.get("endTime")


class Values(Field):
    """The values of a component, each with what more is said of it."""

    def __init__(self, prefix: str) -> None:
        self.tag = f"{prefix}:Value"
        self.tags = (self.tag,)

    def write(self, value: Any, scribe: Scribe) -> None:
        details = details_of(value)
        for text in value.values:
            scribe.leaf(self.tag, text, _attributes(details[text]) if text in details else ())

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        text = (child.text or "").strip()
        found.setdefault("values", []).append(text)
        cascade = child.get("cascadeValues", "false")
        if cascade not in CASCADES:
            raise Fault(f"cascadeValues='{cascade}' is not one of {', '.join(CASCADES)}", child)
        detail = ValueDetail(
            value=text,
            cascade=CASCADES[cascade],
            language=child.get(LANG),
            valid_from=child.get("validFrom"),
            valid_to=child.get("validTo"),
        )
        if detail != ValueDetail(value=text):
            found.setdefault("details", []).append(detail)


def _attributes(detail: ValueDetail) -> tuple[tuple[str, str], ...]:
    pairs = (
        ("cascadeValues", SPELT.get(detail.cascade)),
        ("xml:lang", detail.language),
        ("validFrom", detail.valid_from),
        ("validTo", detail.valid_to),
    )
    return tuple((name, text) for name, text in pairs if text is not None)


class TimeRange(Field):
    """A range of time; its bounds belong to it, unless it says otherwise."""

    def __init__(self, prefix: str) -> None:
        self.prefix, self.tag = prefix, f"{prefix}:TimeRange"
        self.tags = (self.tag,)
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
        if value.start is not None:
            name = "StartPeriod" if both else "AfterPeriod"
            self._bound(name, value.start, value.excludes_start, scribe)
        if value.end is not None:
            name = "EndPeriod" if both else "BeforePeriod"
            self._bound(name, value.end, value.excludes_end, scribe)
        scribe.close(self.tag)

    def _bound(self, name: str, period: str, is_excluded: bool, scribe: Scribe) -> None:
        inclusive = (("isInclusive", "false" if is_excluded else "true"),)
        scribe.leaf(f"{self.prefix}:{name}", period, inclusive)

    def read(self, child: etree._Element, found: Found, dialect: Dialect) -> None:
        if child.get("validFrom") or child.get("validTo"):
            raise Fault(
                "ranges that hold for a time only are not known here", child, is_unknown=True
            )
        for part in child:
            tag = dialect.names[part.tag]
            if tag not in self.bounds:
                raise Fault(f"{tag} is not known here", part, is_unknown=True)
            name = self.bounds[tag]
            found[name] = (part.text or "").strip()
            if not BOOLEAN.get(part.get("isInclusive", "true"), True):
                found[f"excludes_{name}"] = True
