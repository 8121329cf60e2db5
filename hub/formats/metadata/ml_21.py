"""Metadata messages in SDMX-ML 2.1: reports of a metadata structure, generic or specific to it.

SDMX 2.1 has no metadata sets with an identity: the set of a message has an id and a provider. Its
agency and version are told, and read, in an annotation of type MetadataSet whose title is the URN
of the set. A set about several objects is as many reports with the same attributes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hub.errors import NotAcceptable
from hub.formats.message import Header
from hub.formats.metadata.form import MetadataFamily, MetadataForm
from hub.formats.metadata.ml_fields import write_value
from hub.formats.metadata.ml_frame import open_message, schemas_of, structure_ids
from hub.formats.metadata.report import Sets, Shown
from hub.formats.metadata.targets_21 import ReportTarget, report_targets
from hub.formats.structure.form import ML_21
from hub.formats.structure.languages import Languages
from hub.formats.structure.ml.dialect import DIALECTS
from hub.formats.structure.ml.parts import notes
from hub.formats.structure.ml.scribe import Scribe
from hub.model import Annotation, ReportedAttribute
from hub.model.metadata_schema import MetadataSchema

#: The type of the annotation that says which set it is.
IDENTITY = "MetadataSet"
_GENERIC = "mes:GenericMetadata"
_SPECIFIC = "mes:StructureSpecificMetadata"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def namespaces_21(form: MetadataForm) -> dict[str, str]:
    """The namespaces of a message by prefix, without those of structure-specific schemas."""
    found = dict(DIALECTS[ML_21].namespaces)
    base = found.pop("str").removesuffix("structure")
    if form.family is MetadataFamily.GENERIC:
        return {**found, "gen": f"{base}metadata/generic"}
    return {**found, "md": f"{base}metadata/structurespecific", "xsi": _XSI}


def write_21(
    header: Header, sets: Sets, form: MetadataForm, languages: Languages, *, as_stubs: bool
) -> Iterator[bytes]:
    """Write a metadata message, a piece for each set.

    Raises NotAcceptable for stubs, which SDMX 2.1 has none of, and for a set whose targets are
    none of its structure's.
    """
    if as_stubs:
        raise NotAcceptable(f"{form} has no stubs of metadata sets; ask for SDMX-JSON or SDMX-ML 3")
    is_generic = form.family is MetadataFamily.GENERIC
    schemas = schemas_of(sets)
    ids = structure_ids(schemas)
    declared = {schema.flow.urn: namespace(schema) for schema in schemas}
    own = {f"ns{number + 1}": uri for number, uri in enumerate(dict.fromkeys(declared.values()))}
    prefixes = {uri: prefix for prefix, uri in own.items()}
    root = _GENERIC if is_generic else _SPECIFIC
    every = namespaces_21(form) | ({} if is_generic else own)
    targets = {shown.metadata_set.reference: report_targets(shown) for shown in sets()}
    yield open_message(root, header, sets, every, languages, None if is_generic else declared)
    for shown in sets():
        scribe = Scribe(languages)
        writer: _Reports = _Generic(scribe)
        if not is_generic:
            writer = _Specific(scribe, prefixes[declared[shown.schema.flow.urn]])
        reports = targets[shown.metadata_set.reference]
        writer.write(shown, reports, ids[shown.schema.flow.urn])
        yield scribe.text().encode()
    yield f"</{root}>".encode()


def namespace(schema: MetadataSchema) -> str:
    """The namespace of the schema that is specific to a structure."""
    return schema.structure.urn


class _Reports:
    """What both forms have in common: the set around its reports."""

    def __init__(self, scribe: Scribe) -> None:
        self.scribe = scribe
        self.notes = notes(DIALECTS[ML_21])

    def write(self, shown: Shown, reports: tuple[ReportTarget, ...], structure: str) -> None:
        """Write a set."""
        one, scribe = shown.metadata_set, self.scribe
        scribe.open("mes:MetadataSet", self.set_attributes(one.id, structure))
        identity = Annotation(type=IDENTITY, title=one.urn)
        self.notes.write(replace(one, annotations=(identity, *one.annotations)), scribe)
        for language, text in scribe.languages.choose(one.name):
            scribe.leaf("com:Name", text, (("xml:lang", language),))
        for report in reports:
            self.report(report, one.attributes)
        scribe.close("mes:MetadataSet")

    def set_attributes(self, id_: str, structure: str) -> list[tuple[str, str]]:
        """The attributes of a set."""
        raise NotImplementedError

    def report(self, report: ReportTarget, attributes: tuple[ReportedAttribute, ...]) -> None:
        """Write a report."""
        raise NotImplementedError

    def reference(self, tag: str, prefix: str, text: str, *, is_period: bool) -> None:
        """Write what identifies an object, or the period of the report."""
        if is_period:
            self.scribe.leaf(f"{prefix}ReportPeriod", text)
        else:
            self.scribe.open(f"{prefix}ObjectReference")
            self.scribe.leaf("URN", text)
            self.scribe.close(f"{prefix}ObjectReference")
        self.scribe.close(tag)


class _Generic(_Reports):
    def set_attributes(self, id_: str, structure: str) -> list[tuple[str, str]]:
        return [("structureRef", structure), ("setID", id_)]

    def report(self, report: ReportTarget, attributes: tuple[ReportedAttribute, ...]) -> None:
        scribe = self.scribe
        scribe.open("gen:Report", (("id", report.report),))
        scribe.open("gen:Target", (("id", report.target),))
        for id_, text, is_period in report.references:
            scribe.open("gen:ReferenceValue", (("id", id_),))
            self.reference("gen:ReferenceValue", "gen:", text, is_period=is_period)
        scribe.close("gen:Target")
        self._attributes(attributes)
        scribe.close("gen:Report")

    def _attributes(self, attributes: tuple[ReportedAttribute, ...]) -> None:
        scribe = self.scribe
        scribe.open("gen:AttributeSet")
        for attribute in attributes:
            value = () if attribute.value is None else (("value", attribute.value),)
            scribe.open("gen:ReportedAttribute", (("id", attribute.id), *value))
            self.notes.write(attribute, scribe)
            write_value(attribute, scribe, "")
            if attribute.attributes:
                self._attributes(attribute.attributes)
            scribe.close("gen:ReportedAttribute")
        scribe.close("gen:AttributeSet")


class _Specific(_Reports):
    """Elements within the set have no namespace; their types have that of the structure."""

    def __init__(self, scribe: Scribe, prefix: str) -> None:
        super().__init__(scribe)
        self.prefix = prefix

    def type(self, name: str) -> tuple[str, str]:
        """The attribute that tells the type of an element."""
        return ("xsi:type", f"{self.prefix}:{name}")

    def set_attributes(self, id_: str, structure: str) -> list[tuple[str, str]]:
        return [("md:structureRef", structure), ("md:setID", id_), self.type("MetadataSetType")]

    def report(self, report: ReportTarget, attributes: tuple[ReportedAttribute, ...]) -> None:
        scribe = self.scribe
        scribe.open("Report", (self.type(report.report), ("id", report.report)))
        target = (self.type(f"{report.report}.{report.target}"), ("id", report.target))
        scribe.open("Target", target)
        for id_, text, is_period in report.references:
            kind = self.type(f"{report.target}.{id_}")
            scribe.open("ReferenceValue", (kind, ("id", id_)))
            self.reference("ReferenceValue", "", text, is_period=is_period)
        scribe.close("Target")
        self._attributes(attributes)
        scribe.close("Report")

    def _attributes(self, attributes: tuple[ReportedAttribute, ...]) -> None:
        scribe = self.scribe
        scribe.open("AttributeSet")
        for attribute in attributes:
            value = () if attribute.value is None else (("value", attribute.value),)
            scribe.open(attribute.id, value)
            self.notes.write(attribute, scribe)
            write_value(attribute, scribe, "")
            if attribute.attributes:
                self._attributes(attribute.attributes)
            scribe.close(attribute.id)
        scribe.close("AttributeSet")
