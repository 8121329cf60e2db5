"""The tables of what all artefacts share in SDMX-JSON."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.formats.structure.availability import in_utc
from hub.formats.structure.form import JSON_20, Model, StructureForm
from hub.formats.structure.json.fields import (
    Computed,
    Context,
    Found,
    Json,
    Member,
    Plain,
    Texts,
    array,
)
from hub.formats.structure.json.nesting import Many, Object
from hub.formats.structure.languages import Languages
from hub.formats.structure.references import ONLY_VERSION, has_versions, urn_of
from hub.model import Annotation, ArtefactClass, Maintainable
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
    """A date and time; a date alone is written as its first moment.

    RFC 3339, which the schemas refer to, wants a zone: UTC where none is told.
    """

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        text = getattr(value, self.name)
        if text is not None:
            into[self.key] = in_utc(text if "T" in text else f"{text}T00:00:00")


class Day(Instant):
    """A date, which is spelt as an instant all the same."""

    def read(self, given: Json, found: Found, context: Context) -> None:
        super().read(given, found, context)
        if self.name in found:
            found[self.name] = found[self.name].partition("T")[0]


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
    if has_versions(cls, form):
        default = ONLY_VERSION
        members.append(Plain("version", "version", default=default, in_stubs=True, pattern=VERSION))
    else:
        members.append(Computed("version", lambda _: ONLY_VERSION))
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
