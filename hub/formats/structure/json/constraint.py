"""The tables of data constraints in SDMX-JSON; 1.0 calls them content constraints."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from typing import Any

from hub.formats.structure import availability as wire
from hub.formats.structure.fault import Fault
from hub.formats.structure.form import Model, StructureForm
from hub.formats.structure.json.fields import (
    Choice,
    Context,
    Found,
    Json,
    Many,
    Member,
    Nested,
    Object,
    Plain,
    Single,
    array,
    under,
    wanted,
)
from hub.formats.structure.json.parts import STATUS, maintainable, notes
from hub.formats.structure.languages import Languages
from hub.formats.structure.references import parse_reference_urn, urn_of
from hub.model import ArtefactClass, CubeRegion, DataConstraint, KeyValues

_KEYS = {
    ArtefactClass.DATA_STRUCTURE: "dataStructure",
    ArtefactClass.DATAFLOW: "dataflow",
    ArtefactClass.PROVISION_AGREEMENT: "provisionAgreement",
}


def data_constraint(form: StructureForm) -> Object:
    """A data constraint; sets of keys and release calendars are not known."""
    contents: list[Member] = [
        Nested(
            "constraintAttachment",
            [Targets(many=True)],
            ignored={"queryableDataSources", "simpleDataSources", "simpleDataSource"},
        ),
        Many("regions", "cubeRegions", _region(form)),
    ]
    if form.model is Model.V21:
        contents.append(ReferencePeriod())
        contents.append(Choice("role", "type", wire.ROLES, default=wire.ACTUAL))
    elif form.model is Model.V30:
        contents.append(Choice("role", "role", wire.ROLES, default=wire.ALLOWED))
    is_21 = form.model is Model.V21
    return Object(
        DataConstraint,
        maintainable(form, ArtefactClass.DATA_CONSTRAINT, contents),
        ignored=STATUS,
        to_wire=wire.with_metrics if is_21 else wire.to_wire,
        from_wire=wire.without_metrics if is_21 else wire.from_wire,
    )


def availability_constraint(form: StructureForm) -> Object:
    """The answer to an availability query in 2.1, which is no maintainable artefact."""
    return Object(
        wire.availability,
        [
            Nested("constraintAttachment", [Targets(many=False)]),
            Single("regions", "cubeRegion", _region(form)),
            Plain("series_count", "seriesCount", int),
            Plain("obs_count", "obsCount", int),
            notes(form),
        ],
        to_wire=lambda constraint: wire.with_coverage(wire.sendable(constraint)),
        from_wire=wire.without_coverage,
        has_stubs=False,
    )


class Targets(Member):
    """The artefacts a constraint is attached to: lists of URNs, or in 3.1 availability one URN."""

    def __init__(self, *, many: bool) -> None:
        self.many = many
        self.by_key = {f"{_KEYS[cls]}s" if many else _KEYS[cls]: cls for cls in wire.TARGETS}
        self.keys = tuple(self.by_key)

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        for key, cls in self.by_key.items():
            urns = [urn_of(target) for target in value.targets if target.artefact_class is cls]
            if urns:
                into[key] = urns if self.many else urns[0]

    def read(self, given: Json, found: Found, context: Context) -> None:
        for key, cls in self.by_key.items():
            if given.get(key) is None:
                continue
            urns = array(given, key) if self.many else [given[key]]
            with under(key):
                found.setdefault("targets", []).extend(
                    parse_reference_urn(wanted(urn, str, "a URN"), (cls,), is_item=False)
                    for urn in urns
                )


class ReferencePeriod(Member):
    """From when to when there are data, in 1.0; it is written where both are known."""

    keys = ("referencePeriod",)

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        period = wire.reference_period(value)
        if period is not None:
            into[self.keys[0]] = {"startTime": period[0], "endTime": period[1]}

    def read(self, given: Json, found: Found, context: Context) -> None:
        period = given.get(self.keys[0])
        if period is not None:
            with under(self.keys[0]):
                wanted(period, dict, "an object")
                found["start"] = wanted(period.get("startTime"), str, "startTime")
                found["end"] = wanted(period.get("endTime"), str, "endTime")


def _region(form: StructureForm) -> Object:
    is_21 = form.model is Model.V21
    keys = _key_values(form, has_validity=not is_21)
    attributes = _key_values(form, has_validity=False)
    return Object(
        CubeRegion,
        [
            Plain("include", "isIncluded" if is_21 else "include", bool, default=True),
            Many("keys", "keyValues", keys),
            Many("attributes", "attributes" if is_21 else "components", attributes),
        ],
        ignored={"annotations"},
    )


def _key_values(form: StructureForm, *, has_validity: bool) -> Object:
    members: list[Member] = [
        Plain("component", "id", required=True),
        Values(form),
        TimeRange(),
        Unsupported("removePrefix"),
        Unsupported("cascadeValues"),
    ]
    if form.model is not Model.V21:
        members.append(Plain("include", "include", bool, default=True, implied=True))
    if not has_validity:
        return Object(KeyValues, members)
    members += [Plain("valid_from", "validFrom"), Plain("valid_to", "validTo")]
    return Object(wire.CoveredKeyValues, members)


class Unsupported(Member):
    """A property that changes the meaning in a way the node does not know."""

    def __init__(self, key: str) -> None:
        self.key, self.keys = key, (key,)

    def read(self, given: Json, found: Found, context: Context) -> None:
        if given.get(self.key):
            raise Fault(f"{self.key} is not known here", is_unknown=True).under(self.key)


class Values(Member):
    """The values of a component: texts, or objects with a value; none may cascade.

    The schemas of 2.x take either. Objects are written there, for pysdmx reads nothing else.
    """

    keys = ("values",)

    def __init__(self, form: StructureForm) -> None:
        self.as_objects = form.model is not Model.V21

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        if value.values and self.as_objects:
            into["values"] = [{"value": text} for text in value.values]
        elif value.values:
            into["values"] = list(value.values)

    def read(self, given: Json, found: Found, context: Context) -> None:
        values = found.setdefault("values", [])
        for index, value in enumerate(array(given, "values")):
            with under("values", index):
                values.append(self._text(value))

    def _text(self, value: Any) -> str:
        if not isinstance(value, dict):
            return str(wanted(value, str, "text"))
        for key in ("cascadeValues", "validFrom", "validTo"):
            if value.get(key):
                raise Fault(f"{key} is not known here", is_unknown=True).under(key)
        return str(wanted(value.get("value"), str, "text"))


class TimeRange(Member):
    """A range of time whose bounds belong to it."""

    keys = ("timeRange",)
    bounds = {  # noqa: RUF012 - never changed
        "startPeriod": "start",
        "afterPeriod": "start",
        "endPeriod": "end",
        "beforePeriod": "end",
    }

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        both = value.start is not None and value.end is not None
        spelt: Json = {}
        if value.start is not None:
            key = "startPeriod" if both else "afterPeriod"
            spelt[key] = {"period": value.start, "isInclusive": True}
        if value.end is not None:
            key = "endPeriod" if both else "beforePeriod"
            spelt[key] = {"period": value.end, "isInclusive": True}
        if spelt:
            into[self.keys[0]] = spelt

    def read(self, given: Json, found: Found, context: Context) -> None:
        if given.get(self.keys[0]) is None:
            return
        with under(self.keys[0]):
            spelt = wanted(given[self.keys[0]], dict, "an object")
            for key, name in self.bounds.items():
                if spelt.get(key) is not None:
                    with under(key):
                        found[name] = self._period(wanted(spelt[key], dict, "an object"))

    def _period(self, bound: Json) -> str:
        if bound.get("isInclusive", True) is not True:
            raise Fault("ranges of time without their bounds are not known here", is_unknown=True)
        return str(wanted(bound.get("period"), str, "a period"))
