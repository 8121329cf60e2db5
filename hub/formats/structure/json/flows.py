"""The tables of dataflows, provision agreements and representation maps in SDMX-JSON."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from typing import Any

from hub.formats.structure.fault import Fault
from hub.formats.structure.form import Model, StructureForm
from hub.formats.structure.json.fields import (
    Context,
    Found,
    Json,
    Member,
    Object,
    Refers,
    array,
    under,
    wanted,
)
from hub.formats.structure.json.parts import STATUS, maintainable
from hub.formats.structure.json.schemes import LISTS
from hub.formats.structure.languages import Languages
from hub.formats.structure.onetoone import with_promise, without_promise
from hub.formats.structure.references import parse_reference_urn, urn_of
from hub.model import ArtefactClass, Dataflow, ProvisionAgreement, RepresentationMap


def dataflow(form: StructureForm) -> Object:
    """A dataflow with its structure."""
    structure = Refers("structure", "structure", ArtefactClass.DATA_STRUCTURE, required=True)
    members = maintainable(form, ArtefactClass.DATAFLOW, [structure])
    return Object(Dataflow, members, ignored=STATUS)


def provision_agreement(form: StructureForm) -> Object:
    """A provision agreement; its references are in stubs too, for the schema of 1.0 wants them."""
    usage = "structureUsage" if form.model is Model.V21 else "dataflow"
    flow = Refers("dataflow", usage, ArtefactClass.DATAFLOW, required=True, in_stubs=True)
    provider = Refers(
        "provider",
        "dataProvider",
        ArtefactClass.DATA_PROVIDER_SCHEME,
        to_item=True,
        required=True,
        in_stubs=True,
    )
    members = maintainable(form, ArtefactClass.PROVISION_AGREEMENT, [flow, provider])
    return Object(ProvisionAgreement, members, ignored=STATUS)


def representation_map(form: StructureForm) -> Object:
    """A map from one list to another (2.x)."""
    contents = [MappedList("source"), MappedList("target"), Mappings()]
    return Object(
        RepresentationMap,
        maintainable(form, ArtefactClass.REPRESENTATION_MAP, contents),
        ignored=STATUS,
        to_wire=with_promise,
        from_wire=without_promise,
    )


class MappedList(Member):
    """One side of a map: a list, or plain strings."""

    def __init__(self, side: str) -> None:
        self.name, self.keys = side, (side,)

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        reference = getattr(value, self.name)
        spelt = {"dataType": "String"} if reference is None else {"codelist": urn_of(reference)}
        into[self.name] = [spelt]

    def read(self, given: Json, found: Found, context: Context) -> None:
        sides = array(given, self.name)
        with under(self.name):
            if len(sides) > 1:
                raise Fault("maps of several columns are not known here", is_unknown=True)
            for side in sides:
                urn = wanted(side, dict, "an object").get("codelist")
                if urn is not None:
                    urn = wanted(urn, str, "a URN")
                    found[self.name] = parse_reference_urn(urn, LISTS, is_item=False)


class Mappings(Member):
    """The pairs of a map; patterns, substrings and validity are not known."""

    keys = ("representationMappings",)

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        if value.mappings:
            into[self.keys[0]] = [
                {"sourceValues": [{"value": source}], "targetValues": [target]}
                for source, target in value.mappings
            ]

    def read(self, given: Json, found: Found, context: Context) -> None:
        pairs = found.setdefault("mappings", [])
        for index, mapping in enumerate(array(given, self.keys[0])):
            with under(self.keys[0], index):
                pairs.append(self._pair(wanted(mapping, dict, "an object")))

    def _pair(self, mapping: Json) -> tuple[str, str]:
        sources, targets = array(mapping, "sourceValues"), array(mapping, "targetValues")
        if len(sources) != 1 or len(targets) != 1 or {"validFrom", "validTo"} & set(mapping):
            raise Fault("only mappings of one value to one value are known here", is_unknown=True)
        source = wanted(sources[0], dict, "an object")
        if source.get("isRegEx") or {"startIndex", "endIndex"} & set(source):
            raise Fault("mappings by pattern are not known here", is_unknown=True)
        return wanted(source.get("value"), str, "text"), wanted(targets[0], str, "text")
