"""The table of a metadata set in SDMX-JSON 2.0 and 2.1."""

# ruff: noqa: D102 - what an overridden method does is said in the base class
from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from hub.formats.structure.fault import Fault
from hub.formats.structure.form import StructureForm
from hub.formats.structure.json.fields import (
    Context,
    Found,
    Json,
    Member,
    Plain,
    Refers,
    Words,
    array,
    under,
    wanted,
)
from hub.formats.structure.json.nesting import Object
from hub.formats.structure.json.parts import STATUS, maintainable, notes
from hub.formats.structure.languages import Languages
from hub.model import (
    ArtefactClass,
    InternationalString,
    MetadataSet,
    ReportedAttribute,
    TextType,
)
from hub.model.metadata_schema import AttributePath, MetadataSchema
from hub.model.representation import INTEGERS
from hub.model.urn import ARTEFACT_ID

_ID = re.compile(ARTEFACT_ID)
_SEMANTIC = re.compile(r"\d+\.\d+\.\d+(-.+)?")
#: Types whose values are bare numbers with a fraction; those of Decimal are texts.
_NUMBERS = frozenset({TextType.NUMERIC, TextType.FLOAT, TextType.DOUBLE})
_KNOWN = frozenset({"id", "value", "format", "annotations", "attributes"})


def set_object(form: StructureForm, schema: MetadataSchema | None = None) -> Object:
    """The object of a metadata set; `schema` tells, to write it, what its values look like."""
    contents = [
        Refers(
            "agreement", "metadataProvisionAgreement", ArtefactClass.METADATA_PROVISION_AGREEMENT
        ),
        Refers("metadataflow", "metadataflow", ArtefactClass.METADATAFLOW),
        Words("targets", "targets"),
        Attributes(form, schema),
        Plain("reporting_begin", "reportingBegin"),
        Plain("reporting_end", "reportingEnd"),
        Plain("publication_year", "publicationYear"),
        Plain("publication_period", "publicationPeriod"),
    ]
    members = maintainable(form, ArtefactClass.METADATA_SET, contents)
    # the schemas know no URN of a metadata set: there is no link to itself
    kept = [_version(member) for member in members if member.keys != ("links",)]
    return Object(MetadataSet, kept, ignored={*STATUS, "action"})


def _version(member: Member) -> Member:
    """The version as the schema has it: only a semantic one is written."""
    return _Version() if "version" in member.keys else member


class _Version(Plain):
    def __init__(self) -> None:
        super().__init__("version", "version", default="1.0", in_stubs=True)

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        if _SEMANTIC.fullmatch(value.version):
            into[self.key] = value.version


class Attributes(Member):
    """The reported attributes, each with those below it."""

    keys = ("attributes",)

    def __init__(self, form: StructureForm, schema: MetadataSchema | None) -> None:
        self.notes, self.schema = notes(form), schema

    def write(self, value: Any, into: Json, languages: Languages) -> None:
        written = [self._write(each, languages, ()) for each in value.attributes]
        if written:
            into["attributes"] = written

    def _write(self, given: ReportedAttribute, languages: Languages, above: AttributePath) -> Json:
        path = (*above, given.id)
        into: Json = {"id": given.id}
        if given.value is not None:
            into["value"] = self._typed(given.value, path)
        elif given.has_value:
            into["value"] = dict((given.texts or given.markup).texts)
        self.notes.write(given, into, languages)
        if given.attributes:
            into["attributes"] = [self._write(each, languages, path) for each in given.attributes]
        return into

    def _typed(self, value: str, path: AttributePath) -> Any:
        """A value as JSON has it: a number or boolean where one holds it exactly."""
        representation = self.schema.representations.get(path) if self.schema else None
        if representation is None or representation.enumeration is not None:
            return value
        kind = representation.text_type
        if kind is TextType.BOOLEAN and value in ("true", "false"):
            return value == "true"
        if kind in INTEGERS and str(_whole(value)) == value:
            return int(value)
        if kind in _NUMBERS and _is_spelt(value):
            return float(value)
        return value

    def read(self, given: Json, found: Found, context: Context) -> None:
        attributes = self._read_all(given, context)
        if attributes:
            found["attributes"] = attributes

    def _read_all(self, given: Json, context: Context) -> list[ReportedAttribute]:
        read = []
        for index, each in enumerate(array(given, "attributes")):
            with under("attributes", index):
                read.append(self._read(wanted(each, dict, "an object"), context))
        return read

    def _read(self, given: Json, context: Context) -> ReportedAttribute:
        for key in given:
            if key not in _KNOWN and not key.startswith("x-"):
                raise Fault(f"{key} is not known here", is_unknown=True).under(key)
        id_ = wanted(given.get("id"), str, "text", "id")
        if not _ID.fullmatch(id_):
            raise Fault(f"'{id_[:40]}' does not match {_ID.pattern}").under("id")
        found: Found = {}
        self.notes.read(given, found, context)
        with under("value"):
            value, texts = _value(given.get("value"))
        return ReportedAttribute(
            id=id_,
            value=value,
            texts=texts,
            attributes=tuple(self._read_all(given, context)),
            annotations=tuple(found.get("annotations", ())),
        )


def _value(given: Any) -> tuple[str | None, InternationalString]:
    nothing = InternationalString()
    if given is None or isinstance(given, str):
        return given, nothing
    if isinstance(given, bool):
        return ("true" if given else "false"), nothing
    if isinstance(given, int | float):
        return str(given), nothing
    texts = wanted(given, dict, "text, a number, true, false, or texts by language")
    for language, words in texts.items():
        wanted(words, str, "text", language)
    return None, InternationalString(tuple((tag, text) for tag, text in texts.items() if text))


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _is_spelt(text: str) -> bool:
    """True for a number that is written in JSON as it is spelt here, to the last sign."""
    try:
        return msgspec.json.encode(float(text)) == text.encode()
    except ValueError:
        return False


def stub_attributes(attributes: Iterable[ReportedAttribute]) -> list[Json]:
    """What of the attributes is in a stub: the ids at the top, each once.

    The schema wants attributes in every set; a stub names them and says nothing of them.
    """
    return [{"id": id_} for id_ in dict.fromkeys(attribute.id for attribute in attributes)]
