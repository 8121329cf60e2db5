"""What is special in the constraints of SDMX-JSON: targets, values, ranges of time."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

import msgspec

from hub.formats.structure.availability import reference_period
from hub.formats.structure.cascade import details_of
from hub.formats.structure.fault import Fault
from hub.formats.structure.form import JSON_21, Model, StructureForm
from hub.formats.structure.json.fields import (
    Context,
    Found,
    Json,
    Member,
    RefersToAny,
    array,
    under,
    wanted,
)
from hub.formats.structure.json.selection import cascade_from_json, cascade_to_json
from hub.formats.structure.languages import Languages
from hub.formats.structure.references import parse_any_urn, parse_reference_urn, urn_of
from hub.model import ArtefactClass, Cascade, ValueDetail

#: Longer lists are not kept spelt.
_MANY = 2_000
_KEYS = {
    ArtefactClass.DATA_STRUCTURE: "dataStructure",
    ArtefactClass.METADATA_STRUCTURE: "metadataStructure",
    ArtefactClass.DATAFLOW: "dataflow",
    ArtefactClass.METADATAFLOW: "metadataflow",
    ArtefactClass.PROVISION_AGREEMENT: "provisionAgreement",
    ArtefactClass.METADATA_PROVISION_AGREEMENT: "metadataProvisionAgreement",
    ArtefactClass.METADATA_SET: "metadataSet",
}


class Targets(Member):
    """The artefacts a constraint is attached to: lists of URNs, or in 3.1 availability one URN."""

    def __init__(self, classes: Collection[ArtefactClass], *, many: bool = True) -> None:
        self.many = many
        self.by_key = {f"{_KEYS[cls]}s" if many else _KEYS[cls]: cls for cls in classes}
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
        period = reference_period(value)
        if period is not None:
            into[self.keys[0]] = {"startTime": period[0], "endTime": period[1]}

    def read(self, given: Json, found: Found, context: Context) -> None:
        period = given.get(self.keys[0])
        if period is not None:
            with under(self.keys[0]):
                wanted(period, dict, "an object")
                found["start"] = wanted(period.get("startTime"), str, "startTime")
                found["end"] = wanted(period.get("endTime"), str, "endTime")


class OneOrMany(Member):
    """A tuple that a property holds as an array, or, in 1.0, as its only element."""

    def __init__(self, inner: Member, *, is_single: bool) -> None:
        self.inner, self.keys, self.is_single = inner, inner.keys, is_single

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        self.inner.write(value, into, languages)
        key = self.keys[0]
        if self.is_single and into.get(key):
            into[key] = into[key][0]

    def read(self, given: Json, found: Found, context: Context) -> None:
        key = self.keys[0]
        if self.is_single and given.get(key) is not None:
            given = {**given, key: [given[key]]}
        self.inner.read(given, found, context)


class Objects(RefersToAny):
    """The objects a key or a region of metadata names, in 1.0."""

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        if value.objects:
            into[self.key] = [urn_of(each, is_model_21=True) for each in value.objects]

    def read(self, given: Json, found: Found, context: Context) -> None:
        for index, urn in enumerate(array(given, self.key)):
            with under(self.key, index):
                found.setdefault("objects", []).append(parse_any_urn(wanted(urn, str, "a URN")))


class Values(Member):
    """The values of a component: texts, or objects with what more is said of the value.

    The schemas of 2.x take either; objects are written there, for pysdmx reads nothing else. 1.0
    lists the values that cascade once more.
    """

    keys = ("values", "cascadeValues")

    def __init__(self, form: StructureForm) -> None:
        self.as_objects = form.model is not Model.V21

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        details = details_of(value)
        if value.values and self.as_objects and not details and len(value.values) <= _MANY:
            into["values"] = _spelt(value.values)
        elif value.values and self.as_objects:
            into["values"] = [_spell(text, details.get(text)) for text in value.values]
        elif value.values:
            into["values"] = list(value.values)
            cascading = [each.value for each in value.details if each.cascade is not Cascade.NO]
            if cascading:
                into["cascadeValues"] = cascading

    def read(self, given: Json, found: Found, context: Context) -> None:
        values = found.setdefault("values", [])
        details = found.setdefault("details", [])
        for index, value in enumerate(array(given, "values")):
            with under("values", index):
                detail = _parse(value)
                values.append(detail.value)
                if detail != ValueDetail(value=detail.value):
                    details.append(detail)
        for index, text in enumerate(array(given, "cascadeValues")):
            value = wanted(text, str, "text", "cascadeValues", index)
            details.append(ValueDetail(value=value, cascade=Cascade.YES))


@lru_cache(maxsize=256)
def _spelt(values: tuple[str, ...]) -> msgspec.Raw:
    """Values of which no more is said. The same ones are available in one answer after another."""
    return msgspec.Raw(msgspec.json.encode([_spell(text, None) for text in values]))


def _spell(text: str, detail: ValueDetail | None) -> Json:
    spelt: Json = {"value": text}
    if detail is not None:
        if detail.cascade is not Cascade.NO:
            spelt["cascadeValues"] = cascade_to_json(detail.cascade)
        for key, more in (
            ("lang", detail.language),
            ("validFrom", detail.valid_from),
            ("validTo", detail.valid_to),
        ):
            if more is not None:
                spelt[key] = more
    return spelt


def _parse(value: Any) -> ValueDetail:
    if not isinstance(value, dict):
        return ValueDetail(value=wanted(value, str, "text"))
    more = {
        name: wanted(value[key], str, "text", key)
        for key, name in (
            ("lang", "language"),
            ("validFrom", "valid_from"),
            ("validTo", "valid_to"),
        )
        if value.get(key) is not None
    }
    cascade = cascade_from_json(value.get("cascadeValues"))
    return ValueDetail(value=wanted(value.get("value"), str, "text"), cascade=cascade, **more)


class KeyValue(Member):
    """The value of a key: one, or since 2.1 several."""

    keys = ("value", "values")

    def __init__(self, form: StructureForm) -> None:
        self.takes_many = form == JSON_21

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        if len(value.values) == 1:
            into["value"] = value.values[0]
        elif value.values and self.takes_many:
            into["values"] = list(value.values)

    def read(self, given: Json, found: Found, context: Context) -> None:
        if given.get("value") is not None:
            found["values"] = [wanted(given["value"], str, "text", "value")]
            return
        texts = array(given, "values")
        found["values"] = [wanted(text, str, "text", "values") for text in texts]


class TimeRange(Member):
    """A range of time; its bounds belong to it, unless it says otherwise."""

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
            spelt[key] = {"period": value.start, "isInclusive": not value.excludes_start}
        if value.end is not None:
            key = "endPeriod" if both else "beforePeriod"
            spelt[key] = {"period": value.end, "isInclusive": not value.excludes_end}
        if spelt:
            into[self.keys[0]] = spelt

    def read(self, given: Json, found: Found, context: Context) -> None:
        if given.get(self.keys[0]) is None:
            return
        with under(self.keys[0]):
            spelt = wanted(given[self.keys[0]], dict, "an object")
            if spelt.get("validFrom") or spelt.get("validTo"):
                raise Fault("ranges that hold for a time only are not known here", is_unknown=True)
            for key, name in self.bounds.items():
                if spelt.get(key) is not None:
                    with under(key):
                        bound = wanted(spelt[key], dict, "an object")
                        found[name] = wanted(bound.get("period"), str, "a period")
                        if bound.get("isInclusive", True) is not True:
                            found[f"excludes_{name}"] = True
