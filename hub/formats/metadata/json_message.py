"""Metadata messages in SDMX-JSON 2.0 and 2.1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from hub.errors import Finding, Invalid
from hub.formats.message import Header
from hub.formats.metadata.actions import action_of
from hub.formats.metadata.form import MetadataForm
from hub.formats.metadata.json_fields import set_object, stub_attributes
from hub.formats.metadata.report import Received, Sets, Shown
from hub.formats.structure.fault import Fault, external
from hub.formats.structure.form import JSON_20, JSON_21, Model, StructureForm
from hub.formats.structure.json.fields import Context, Json, under, wanted
from hub.formats.structure.json.message import message_meta
from hub.formats.structure.languages import Languages
from hub.model.metadata_set import walk

SCHEMAS = {
    JSON_20: "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/metadata-message/"
    "tools/schemas/2.0.0/sdmx-json-metadata-schema.json",
    JSON_21: "https://json.sdmx.org/2.1/sdmx-json-metadata-schema.json",
}


def write_json(
    header: Header, sets: Sets, form: MetadataForm, languages: Languages, *, as_stubs: bool
) -> Iterator[bytes]:
    """Write a metadata message, a piece for each set.

    The languages of the content are told before it: those of all texts that will be written.
    """
    structure, schema = form.structure, SCHEMAS[form.structure]
    spoken = _languages(sets, languages) or list(header.languages)
    is_21 = form.model is Model.V31
    meta = message_meta(header, structure, spoken, "" if is_21 else schema)
    begin = f'"$schema":{msgspec.json.encode(schema).decode()},' if is_21 else ""
    yield b"{" + begin.encode() + b'"meta":' + msgspec.json.encode(meta)
    yield b',"data":{"metadataSets":['
    for number, shown in enumerate(sets()):
        written = _object(shown, structure, languages, as_stubs=as_stubs)
        if is_21 and languages.leaves_out(shown.metadata_set.name):
            written["isPartialLanguage"] = True
        yield (b"," if number else b"") + msgspec.json.encode(written)
    yield b"]}}"


def _object(shown: Shown, form: StructureForm, languages: Languages, *, as_stubs: bool) -> Json:
    table = set_object(form, shown.schema)
    if not as_stubs:
        return table.write(shown.metadata_set, languages)
    kept = {"name", "metadataflow", "metadataProvisionAgreement", "targets"}
    written = table.write(
        shown.metadata_set, languages, lambda m: m.in_stubs or bool(kept.intersection(m.keys))
    )
    written["isExternalReference"] = True
    written["attributes"] = stub_attributes(shown.metadata_set.attributes)
    return written


def _languages(sets: Sets, languages: Languages) -> list[str]:
    """The languages that names come in, and then those of reported texts."""
    names: dict[str, None] = {}
    reported: dict[str, None] = {}
    for shown in sets():
        names.update(dict.fromkeys(tag for tag, _ in languages.choose(shown.metadata_set.name)))
        for _, attribute in walk(shown.metadata_set.attributes):
            texts = (attribute.texts or attribute.markup).texts
            reported.update(dict.fromkeys(tag for tag, _ in texts))
    return list(names | reported)


def form_of_document(document: Any) -> StructureForm:
    """Recognise the version; raises Invalid for what is no metadata message."""
    data = document.get("data") if isinstance(document, dict) else None
    meta = document.get("meta") if isinstance(document, dict) else None
    if not isinstance(meta, dict) or not isinstance(data, dict) or "metadataSets" not in data:
        raise Invalid(
            "the JSON is not a metadata message: /meta and /data/metadataSets are wanted in it"
        )
    schema = str(document.get("$schema") or meta.get("schema") or "")
    return JSON_20 if "/2.0" in schema else JSON_21


def read_json(document: Any) -> tuple[list[Received], list[Finding], list[Finding]]:
    """Read the sets of a message: them, what is wrong, and what was left out."""
    table = set_object(form_of_document(document))
    spoken = document["meta"].get("contentLanguages")
    is_told = isinstance(spoken, list) and spoken and isinstance(spoken[0], str)
    context = Context(language=spoken[0] if is_told else "en")
    received: list[Received] = []
    faults: list[Finding] = []
    left_out: list[Finding] = []
    given = document["data"]["metadataSets"]
    if not isinstance(given, list):
        raise Invalid("an array is wanted, at /data/metadataSets")
    for index, each in enumerate(given):
        try:
            with under("data", "metadataSets", index):
                wanted(each, dict, "an object")
                if each.get("isExternalReference") is True:
                    left_out.append(external(f"MetadataSet {each.get('id')}"))
                    continue
                with under("action"):
                    action = action_of(each.get("action"))
                received.append(Received(metadata_set=table.read(each, context), action=action))
        except Fault as fault:
            faults.append(fault.finding())
    return received, faults, left_out
