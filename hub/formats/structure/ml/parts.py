"""The tables of what all artefacts share in SDMX-ML: annotations, names, identification."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.formats.structure.ml.dialect import Dialect
from hub.formats.structure.ml.fields import BOOLEAN, Attribute, Choice, Field, Fixed, Text, Texts
from hub.formats.structure.ml.nesting import Element, Many, Wrapper, always
from hub.formats.structure.references import FIXED_SCHEMES, ONLY_VERSION, has_versions, urn_of
from hub.model import Annotation, ArtefactClass
from hub.model.urn import AGENCY_ID, ARTEFACT_ID, VERSION
from hub.model.version import is_stable

#: Children that carry nothing the node keeps.
LINK = "com:Link"


def notes(dialect: Dialect) -> Wrapper:
    """The annotations of anything; SDMX 2.1 has no AnnotationValue."""
    fields = [
        Attribute("id", "id"),
        Text("title", "com:AnnotationTitle"),
        Text("type", "com:AnnotationType"),
        Text("url", "com:AnnotationURL"),
        Texts("text", "com:AnnotationText"),
    ]
    if not dialect.is_21:
        fields.append(Text("value", "com:AnnotationValue"))
    annotation = Element("com:Annotation", Annotation, fields)
    return Wrapper("com:Annotations", [Many("annotations", (annotation, always))])


def names(dialect: Dialect, *, needs_name: bool = True, in_stubs: bool = False) -> list[Field]:
    """Annotations, name and description, in the order of the schemas.

    The schemas want a name; an artefact or item without one is written with its id as its name.
    """
    fallback = (lambda value: str(value.id)) if needs_name else None
    return [
        notes(dialect),
        Texts("name", "com:Name", in_stubs=in_stubs, fallback=fallback),
        Texts("description", "com:Description"),
    ]


class Instant(Attribute):
    """A date and time; a date alone is written as its first moment."""

    def spell(self, value: Any) -> str:
        return value if "T" in value else f"{value}T00:00:00"


class Day(Attribute):
    """A date without a time of the day."""

    def spell(self, value: Any) -> str:
        return str(value).partition("T")[0]


def maintainable(
    dialect: Dialect, cls: ArtefactClass, contents: Sequence[Field], *, has_partial: bool = False
) -> list[Field]:
    """The fields of a maintainable artefact around those of its kind.

    What has no versions is of version 1.0, which 2.1 says and 3.x does not.
    """
    fields: list[Field] = [
        Attribute("id", "id", required=True, pattern=ARTEFACT_ID),
        Attribute("agency", "agencyID", required=True, pattern=AGENCY_ID),
    ]
    if has_versions(cls, dialect.form):
        fields.append(Attribute("version", "version", default=ONLY_VERSION, pattern=VERSION))
    elif dialect.is_21:
        fields.append(Fixed("version", lambda _: ONLY_VERSION))
    if dialect.is_21 and cls not in FIXED_SCHEMES:
        fields.append(Fixed("isFinal", lambda value: "true" if is_stable(value.version) else None))
    fields += [
        Fixed("urn", lambda value: urn_of(value.reference, is_model_21=dialect.is_21)),
        Instant("valid_from", "validFrom"),
        Instant("valid_to", "validTo"),
    ]
    if has_partial:
        fields.append(Choice("is_partial", "isPartial", BOOLEAN, default="false", implied=False))
    return [*fields, *names(dialect, in_stubs=True), *contents]
