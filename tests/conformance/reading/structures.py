"""Structure messages as plain values: which artefacts, with which items; constraints in full."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from tests.conformance.reading.data_sets import about_urn

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: Names that the formats give to classes, besides those of the information model.
_CLASSES = {"constraint": "dataconstraint", "contentconstraint": "dataconstraint"}


@dataclass
class Artefact:
    """A maintainable artefact as a message has it; `items` are ids, nested ones dotted."""

    cls: str
    agency: str
    id: str
    version: str
    items: list[str] = field(default_factory=list)
    is_partial: bool = False
    is_stub: bool = False
    has_description: bool = False
    names: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.cls} {self.agency}:{self.id}({self.version})"


@dataclass
class Constraint:
    """An actual constraint: what it is about, the values of each dimension, and the counts."""

    about: str
    values: dict[str, list[str]]
    series: int
    observations: int
    start: str | None = None
    end: str | None = None


def artefacts(body: bytes, content_type: str) -> list[Artefact]:
    """The artefacts of a message, without the constraints that answers to availability are."""
    return [*(_json if "json" in content_type else _xml)(body)]


def constraints(body: bytes, content_type: str) -> list[Constraint]:
    """The actual constraints of an answer to an availability query."""
    return [*(_json_constraints if "json" in content_type else _xml_constraints)(body)]


def _json(body: bytes) -> Iterator[Artefact]:
    data = json.loads(body)["data"]
    groups = [(kind, held) for kind, held in data.items() if isinstance(held, list)]
    for kind, group in groups:
        cls = kind.removesuffix("s").lower()
        if cls == "availabilityconstraint":
            continue
        for one in group:
            listed = _items(one)
            yield Artefact(
                cls=_CLASSES.get(cls, cls),
                agency=one["agencyID"],
                id=one["id"],
                version=one["version"],
                items=listed,
                is_partial=one.get("isPartial", False),
                is_stub=one.get("isExternalReference", False),
                has_description="description" in one,
                names=one.get("names", {}),
            )


def _items(artefact: dict[str, Any]) -> list[str]:
    for name in ("codes", "concepts", "agencies", "dataProviders", "valueItems", "items"):
        if name in artefact:
            return [item["id"] for item in artefact[name]]
    return []


_ITEMS = ("Code", "Concept", "Agency", "DataProvider", "ValueItem")


def _xml(body: bytes) -> Iterator[Artefact]:
    structures = etree.fromstring(body).find("{*}Structures")
    assert structures is not None
    for one in structures.iterfind("{*}*/{*}*[@agencyID]"):
        yield _artefact(one)
    for one in structures.iterfind("{*}OrganisationSchemes/{*}*"):
        if one.get("agencyID") is None:
            yield _artefact(one)


def _artefact(one: etree._Element) -> Artefact:
    cls = etree.QName(one).localname.lower()
    return Artefact(
        cls=_CLASSES.get(cls, cls),
        agency=one.get("agencyID", ""),
        id=one.get("id", ""),
        version=one.get("version", "1.0"),
        items=[child.get("id", "") for child in one.iterchildren() if _is_item(child)],
        is_partial=one.get("isPartial") == "true",
        is_stub=one.get("isExternalReference") == "true",
        has_description=one.find("{*}Description") is not None,
        names={n.get(_XML_LANG, "en"): n.text or "" for n in one.findall("{*}Name")},
    )


def _is_item(child: etree._Element) -> bool:
    """A reference to a provider has the name of an item too, and no id."""
    return etree.QName(child).localname in _ITEMS and "id" in child.attrib


def _json_constraints(body: bytes) -> Iterator[Constraint]:
    data = json.loads(body)["data"]
    for one in data.get("availabilityConstraints", []):
        ((_, urn),) = one["constraintAttachment"].items()
        values = one["cubeRegion"]["keyValues"]
        yield Constraint(
            about_urn(urn if isinstance(urn, str) else urn[0]),
            {held["id"]: [value["value"] for value in held["values"]] for held in values},
            one["seriesCount"],
            one["obsCount"],
            values[0].get("validFrom"),
            values[0].get("validTo"),
        )
    for one in [*data.get("dataConstraints", []), *data.get("contentConstraints", [])]:
        if one.get("role", one.get("type")) != "Actual":
            continue
        ((_, urns),) = one["constraintAttachment"].items()
        (region,) = one["cubeRegions"]
        metrics = {note["id"]: int(note["title"]) for note in one["annotations"]}
        period = one.get("referencePeriod", {})
        first = region["keyValues"][0]
        yield Constraint(
            about_urn(urns[0]),
            {
                held["id"]: [v if isinstance(v, str) else v["value"] for v in held["values"]]
                for held in region["keyValues"]
            },
            metrics["series_count"],
            metrics["obs_count"],
            period.get("startTime", first.get("validFrom")),
            period.get("endTime", first.get("validTo")),
        )


def _xml_constraints(body: bytes) -> Iterator[Constraint]:
    root = etree.fromstring(body)
    newest = "{*}Structures/{*}AvailabilityConstraints/{*}AvailabilityConstraint"
    older = "{*}Structures/{*}*/{*}*[@type='Actual']", "{*}Structures/{*}*/{*}*[@role='Actual']"
    for path in (newest, *older):
        for one in root.iterfind(path):
            yield _xml_constraint(one)


def _xml_constraint(one: etree._Element) -> Constraint:
    (target,) = one.find("{*}ConstraintAttachment")  # type: ignore[misc]
    (region,) = one.findall("{*}CubeRegion")
    metrics = {
        note.get("id"): note.findtext("{*}AnnotationTitle")
        for note in one.iterfind("{*}Annotations/{*}Annotation")
    }
    period = one.find("{*}ReferencePeriod")
    first = region[0]
    return Constraint(
        _target(target),
        {key.get("id", ""): [value.text or "" for value in key] for key in region},
        int(one.get("seriesCount") or metrics["series_count"] or ""),
        int(one.get("obsCount") or metrics["obs_count"] or ""),
        first.get("validFrom") if period is None else period.get("startTime"),
        first.get("validTo") if period is None else period.get("endTime"),
    )


def _target(target: etree._Element) -> str:
    named = target.find("Ref")
    if named is None:
        return about_urn(target.text or "")
    name = f"{named.get('agencyID')}:{named.get('id')}({named.get('version')})"
    return f"{(named.get('class') or '').lower()} {name}"
