"""Representations in SDMX-JSON: an enumeration, or a format with its facets."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from typing import Any

from hub.formats.structure.facets import (
    FACETS,
    OF_TIME,
    UNBOUNDED,
    facets_of,
    has_format,
    json_facet,
    parse_facets,
    parse_maximum,
    parse_text_type,
    text_type_in,
)
from hub.formats.structure.fault import Fault
from hub.formats.structure.form import Model, StructureForm
from hub.formats.structure.json.fields import (
    Context,
    Found,
    Json,
    Member,
    Plain,
    Texts,
    array,
    under,
    wanted,
)
from hub.formats.structure.json.nesting import Object
from hub.formats.structure.languages import Languages
from hub.formats.structure.references import parse_reference_urn, urn_of
from hub.model import ArtefactClass, Representation, Sentinel, TextType


class Represented(Member):
    """A representation.

    `occurs` tells whether the place takes numbers of occurrences, `multilingual` whether a format
    here says so, `is_time` that it is a time dimension's, which cannot do without; `facets` are
    those the place takes, if not all.
    """

    def __init__(
        self,
        form: StructureForm,
        key: str,
        *lists: ArtefactClass,
        name: str = "representation",
        occurs: bool = False,
        multilingual: bool = False,
        is_time: bool = False,
        facets: frozenset[str] | None = None,
    ) -> None:
        self.name, self.key, self.keys, self.lists = name, key, (key,), lists
        self.is_21 = form.model is Model.V21
        self.format = "textFormat" if self.is_21 else "format"
        self.type = "textType" if self.is_21 else "dataType"
        self.occurs = occurs and not self.is_21
        self.multilingual, self.is_time = multilingual, is_time
        self.allowed = OF_TIME if is_time else facets

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        representation: Representation | None = getattr(value, self.name)
        if representation is None and self.is_time:
            representation = Representation(text_type=TextType.OBSERVATIONAL_TIME_PERIOD)
        if representation is not None:
            into[self.key] = self._spell(representation, languages)

    def _spell(self, representation: Representation, languages: Languages) -> Json:
        spelt: Json = {}
        if representation.enumeration is None:
            spelt[self.format] = self._facets(representation) | self._sentinels(
                representation, languages
            )
        else:
            spelt["enumeration"] = urn_of(representation.enumeration)
            if has_format(representation):
                spelt["enumerationFormat"] = self._facets(representation)
        if self.occurs and representation.min_occurs != 1:
            spelt["minOccurs"] = representation.min_occurs
        if self.occurs and representation.max_occurs != 1:
            spelt["maxOccurs"] = representation.max_occurs or UNBOUNDED
        return spelt

    def _facets(self, representation: Representation) -> Json:
        spelt: Json = {self.type: text_type_in(representation, self.is_21).value}
        for name, value in facets_of(representation, self.allowed).items():
            spelt[name] = json_facet(name, value)
        if self.multilingual and representation.is_multilingual:
            spelt["isMultiLingual"] = True
        return spelt

    def _sentinels(self, representation: Representation, languages: Languages) -> Json:
        written = [_SENTINEL.write(each, languages) for each in representation.sentinels]
        return {"sentinelValues": written} if written and not self.is_21 else {}

    def read(self, given: Json, found: Found, context: Context) -> None:
        if given.get(self.key) is not None:
            with under(self.key):
                spelt = wanted(given[self.key], dict, "an object")
                found[self.name] = self._parse(spelt, context)

    def _parse(self, given: Json, context: Context) -> Representation:
        made: Found = {}
        if given.get("enumeration") is not None:
            with under("enumeration"):
                urn = wanted(given["enumeration"], str, "a URN")
                made["enumeration"] = parse_reference_urn(urn, self.lists, is_item=False)
        for key in (self.format, "enumerationFormat"):
            if given.get(key) is not None:
                with under(key):
                    made |= self._parse_format(wanted(given[key], dict, "an object"), context)
        with under("minOccurs"):
            made["min_occurs"] = wanted(given.get("minOccurs", 1), int, "a whole number")
        maximum = given.get("maxOccurs", 1)
        with under("maxOccurs"):
            if maximum != UNBOUNDED:
                wanted(maximum, int, "a whole number")
            made["max_occurs"] = parse_maximum(maximum)
        return Representation(**made)

    def _parse_format(self, given: Json, context: Context) -> Found:
        default = TextType.OBSERVATIONAL_TIME_PERIOD if self.is_time else TextType.STRING
        kind = given.get(self.type, default.value)
        with under(self.type):
            text_type = parse_text_type(kind)
        try:
            made = parse_facets({facet.name: given.get(facet.name) for facet in FACETS})
        except (ValueError, TypeError) as error:
            raise Fault(f"a facet is not what it should be: {error}") from None
        if given.get("isMultiLingual") is True:
            made["is_multilingual"] = True
        sentinels = []
        for index, each in enumerate(array(given, "sentinelValues")):
            with under("sentinelValues", index):
                sentinels.append(_SENTINEL.read(each, context))
        return {"text_type": text_type, "sentinels": tuple(sentinels), **made}


class Coding(Represented):
    """How codes look, in one object without a list and without a level between."""

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        representation = getattr(value, self.name)
        if representation is not None:
            into[self.key] = self._facets(representation)

    def read(self, given: Json, found: Found, context: Context) -> None:
        if given.get(self.key) is not None:
            with under(self.key):
                spelt = wanted(given[self.key], dict, "an object")
                found[self.name] = Representation(**self._parse_format(spelt, context))


class _SentinelText(Plain):
    """The value of a sentinel, which may be a number."""

    def read(self, given: Json, found: Found, context: Context) -> None:
        value = given.get(self.key)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Fault("a text or a number is wanted here").under(self.key)
        found[self.name] = str(value)


_SENTINEL = Object(
    Sentinel,
    [
        _SentinelText("value", "value"),
        Texts("name", "name", fallback=lambda sentinel: str(sentinel.value)),
        Texts("description", "description"),
    ],
)
