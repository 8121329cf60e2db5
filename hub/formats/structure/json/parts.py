"""The tables of what all artefacts share in SDMX-JSON."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.formats.structure.facets import (
    FACETS,
    UNBOUNDED,
    facets_of,
    has_format,
    json_number,
    parse_facets,
    parse_maximum,
    parse_text_type,
    text_type_in,
)
from hub.formats.structure.fault import Fault
from hub.formats.structure.form import JSON_20, Model, StructureForm
from hub.formats.structure.json.fields import (
    Computed,
    Context,
    Found,
    Json,
    Many,
    Member,
    Object,
    Plain,
    Texts,
    array,
    under,
    wanted,
)
from hub.formats.structure.languages import Languages
from hub.formats.structure.references import (
    ORGANISATION_SCHEMES,
    ORGANISATION_VERSION,
    parse_reference_urn,
    urn_of,
)
from hub.model import Annotation, ArtefactClass, Maintainable, Representation, TextType
from hub.model.urn import AGENCY_ID, ARTEFACT_ID, VERSION

#: Properties of any artefact that carry nothing the node keeps.
STATUS = frozenset({"isExternalReference", "isPartialLanguage", "isFinal"})


class Link(Member):
    """The URL of an annotation, which is its link to itself."""

    keys = ("links",)

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        if value.url is not None:
            into["links"] = [{"rel": "self", "href": value.url}]

    def read(self, given: Json, found: Found, context: Context) -> None:
        links = [link for link in array(given, "links") if isinstance(link, dict)]
        urls = [link["href"] for link in links if isinstance(link.get("href"), str)]
        if urls:
            found["url"] = urls[0]


def notes(form: StructureForm) -> Many:
    """The annotations of anything; SDMX 2.1 has no value of its own in them."""
    members = [
        Plain("id", "id"),
        Plain("title", "title"),
        Plain("type", "type"),
        Texts("text", "text"),
        Link(),
    ]
    if form.model is not Model.V21:
        members.insert(3, Plain("value", "value"))
    return Many("annotations", "annotations", Object(Annotation, members))


def names(form: StructureForm, *, needs_name: bool = True, in_stubs: bool = False) -> list[Member]:
    """Name, description and annotations; a missing name is made of the id."""
    fallback = (lambda value: str(value.id)) if needs_name else None
    return [
        Texts("name", "name", in_stubs=in_stubs, fallback=fallback),
        Texts("description", "description"),
        notes(form),
    ]


class Instant(Plain):
    """A date and time; a date alone is written as its first moment in UTC."""

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        text = getattr(value, self.name)
        if text is not None:
            into[self.key] = text if "T" in text else f"{text}T00:00:00Z"


def maintainable(
    form: StructureForm,
    cls: ArtefactClass,
    contents: Sequence[Member],
    *,
    has_partial: bool = False,
) -> list[Member]:
    """The members of a maintainable artefact around those of its kind."""
    members: list[Member] = [
        Plain("id", "id", required=True, in_stubs=True, pattern=ARTEFACT_ID),
        Plain("agency", "agencyID", required=True, in_stubs=True, pattern=AGENCY_ID),
    ]
    if cls in ORGANISATION_SCHEMES:
        members.append(Computed("version", lambda _: ORGANISATION_VERSION))
    else:
        default = ORGANISATION_VERSION
        members.append(Plain("version", "version", default=default, in_stubs=True, pattern=VERSION))
    members += [
        Instant("valid_from", "validFrom", in_stubs=True),
        Instant("valid_to", "validTo", in_stubs=True),
    ]
    if (form, cls) != (JSON_20, ArtefactClass.VALUE_LIST):  # its schema misspells that class
        is_21 = form.model is Model.V21
        members.append(Computed("links", lambda value: _self_link(value, is_model_21=is_21)))
    if has_partial:
        members.append(Plain("is_partial", "isPartial", bool, implied=False, in_stubs=True))
    return [*members, *names(form, in_stubs=True), *contents]


def _self_link(value: Maintainable, *, is_model_21: bool) -> list[Json]:
    return [{"rel": "self", "urn": urn_of(value.reference, is_model_21=is_model_21)}]


def item_scheme(
    form: StructureForm,
    make: type[Maintainable],
    key: str,
    item: Object,
    *,
    has_partial: bool = True,
) -> Object:
    """An item scheme with its items."""
    cls = make.artefact_class
    contents = [Many("items", key, item)]
    members = maintainable(form, cls, contents, has_partial=has_partial)
    if cls in ORGANISATION_SCHEMES:
        return Object(
            lambda **given: make(version=ORGANISATION_VERSION, **given), members, ignored=STATUS
        )
    return Object(make, members, ignored=STATUS)


class Represented(Member):
    """A representation: an enumeration, or a format with its facets.

    `occurs` tells whether the place takes numbers of occurrences, `multilingual` whether a format
    here says so, `is_time` that it is a time dimension's, which cannot do without.
    """

    def __init__(
        self,
        form: StructureForm,
        key: str,
        *lists: ArtefactClass,
        occurs: bool = False,
        multilingual: bool = False,
        is_time: bool = False,
    ) -> None:
        self.key, self.keys, self.lists = key, (key,), lists
        self.is_21 = form.model is Model.V21
        self.format = "textFormat" if self.is_21 else "format"
        self.type = "textType" if self.is_21 else "dataType"
        self.occurs = occurs and not self.is_21
        self.multilingual, self.is_time = multilingual, is_time

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        representation: Representation | None = value.representation
        if representation is None and self.is_time:
            representation = Representation(text_type=TextType.OBSERVATIONAL_TIME_PERIOD)
        if representation is not None:
            into[self.key] = self._spell(representation)

    def _spell(self, representation: Representation) -> Json:
        spelt: Json = {}
        if representation.enumeration is None:
            spelt[self.format] = self._facets(representation)
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
        if self.is_time:
            return spelt
        for name, value in facets_of(representation).items():
            spelt[name] = json_number(value) if isinstance(value, str) else value
        if representation.pattern is not None:
            spelt["pattern"] = representation.pattern
        if self.multilingual and representation.is_multilingual:
            spelt["isMultiLingual"] = True
        return spelt

    def read(self, given: Json, found: Found, context: Context) -> None:
        if given.get(self.key) is not None:
            with under(self.key):
                found["representation"] = self._parse(wanted(given[self.key], dict, "an object"))

    def _parse(self, given: Json) -> Representation:
        made: Found = {}
        if given.get("enumeration") is not None:
            with under("enumeration"):
                urn = wanted(given["enumeration"], str, "a URN")
                made["enumeration"] = parse_reference_urn(urn, self.lists, is_item=False)
        for key in (self.format, "enumerationFormat"):
            if given.get(key) is not None:
                with under(key):
                    made |= self._parse_format(wanted(given[key], dict, "an object"))
        with under("minOccurs"):
            made["min_occurs"] = wanted(given.get("minOccurs", 1), int, "a whole number")
        maximum = given.get("maxOccurs", 1)
        with under("maxOccurs"):
            if maximum != UNBOUNDED:
                wanted(maximum, int, "a whole number")
            made["max_occurs"] = parse_maximum(maximum)
        return Representation(**made)

    def _parse_format(self, given: Json) -> Found:
        default = TextType.OBSERVATIONAL_TIME_PERIOD if self.is_time else TextType.STRING
        kind = given.get(self.type, default.value)
        with under(self.type):
            text_type = parse_text_type(kind)
        try:
            made = parse_facets({facet.name: given.get(facet.name) for facet in FACETS})
        except (ValueError, TypeError) as error:
            raise Fault(f"a facet is no number: {error}") from None
        pattern = given.get("pattern")
        if pattern is not None:
            with under("pattern"):
                made["pattern"] = wanted(pattern, str, "text")
        if given.get("isMultiLingual") is True:
            made["is_multilingual"] = True
        return {"text_type": text_type, **made}
