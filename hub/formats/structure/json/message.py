"""Structure messages in SDMX-JSON as a whole: meta, sections, artefacts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC
from functools import cache
from typing import Any

import msgspec

from hub.errors import Finding
from hub.formats.memo import derived
from hub.formats.message import Header
from hub.formats.structure.fault import Fault, external
from hub.formats.structure.form import JSON_21, Model, StructureForm
from hub.formats.structure.json.datastructure import data_structure
from hub.formats.structure.json.document import SCHEMAS, form_of_document
from hub.formats.structure.json.fields import Context, Json, Member, wanted
from hub.formats.structure.json.nesting import Object
from hub.formats.structure.json.shaped import artefact_object, object_of
from hub.formats.structure.languages import Languages
from hub.formats.structure.selection import accepts_in, is_actual, of_class
from hub.formats.structure.shapes import SHAPES
from hub.formats.structure.shapes.constraints import AVAILABILITY
from hub.formats.structure.stub import Stub
from hub.model import ArtefactClass, Maintainable

_Accepts = Callable[[Maintainable], bool]
_NAMED = frozenset({"description", "annotations"})


@cache
def sections(form: StructureForm) -> dict[str, tuple[Object, _Accepts]]:
    """The arrays of a message's data, with the table of their objects."""
    structures = (data_structure(form), of_class(ArtefactClass.DATA_STRUCTURE))
    tables: dict[str, tuple[Object, _Accepts]] = {"dataStructures": structures}
    for shape in SHAPES:
        if form in shape.forms:
            table = artefact_object(shape, form)
            tables[shape.array_in(form)] = (table, accepts_in(shape, form))
    if form == JSON_21:
        answer = object_of(AVAILABILITY, form)
        answer.has_stubs = False
        tables["availabilityConstraints"] = (answer, is_actual)
    return tables


def write_json(
    header: Header,
    artefacts: Sequence[Maintainable],
    form: StructureForm,
    languages: Languages,
    stub: Callable[[Maintainable], Stub | None],
) -> bytes:
    """Write a structure message of one version of SDMX-JSON, in UTF-8."""
    data: Json = {}
    placed = [(_sections_of(artefact, form), artefact) for artefact in artefacts]
    for key, (table, _) in sections(form).items():
        for places, artefact in placed:
            if key in places:
                reduced = stub(artefact) if table.has_stubs else None
                written = table.write(artefact, languages, _only(reduced))
                if reduced is not None:
                    written["isExternalReference"] = True
                if form == JSON_21 and table.has_stubs and languages.leaves_out(artefact.name):
                    written["isPartialLanguage"] = True
                data.setdefault(key, []).append(written)
    message: Json = {"$schema": SCHEMAS[form]} if form == JSON_21 else {}
    spoken = list(languages.written) or list(header.languages)
    message["meta"] = message_meta(header, form, spoken, "" if form == JSON_21 else SCHEMAS[form])
    message["data"] = data
    return msgspec.json.encode(message)


def _sections_of(artefact: Maintainable, form: StructureForm) -> frozenset[str]:
    """The arrays an artefact belongs in."""

    def look() -> frozenset[str]:
        return frozenset(key for key, (_, accepts) in sections(form).items() if accepts(artefact))

    return derived(artefact, ("sections", form), look)


def message_meta(header: Header, form: StructureForm, languages: list[str], schema: str) -> Json:
    """The meta object of a message; `schema` is named in it unless it is ""."""
    prepared = header.prepared.astimezone(UTC).replace(tzinfo=None)
    sender: Json = {"id": header.sender}
    if header.sender_name:
        sender["name"] = header.sender_name
    if form.model is not Model.V31:
        # the pattern of language tags in the older schemas knows small letters only
        languages = list(dict.fromkeys(language.lower() for language in languages))
    meta: Json = {"schema": schema} if schema else {}
    return meta | {
        "id": header.id,
        "test": header.is_test,
        "prepared": prepared.isoformat(timespec="seconds") + "Z",
        "contentLanguages": languages or ["en"],
        "sender": sender,
    }


def _only(stub: Stub | None) -> Callable[[Member], bool] | None:
    if stub is None:
        return None
    if stub is Stub.NAMED:
        return lambda member: member.in_stubs
    return lambda member: member.in_stubs or bool(_NAMED.intersection(member.keys))


def read_json(document: Any) -> tuple[list[Maintainable], list[Finding], list[Finding]]:
    """Read the artefacts of a message.

    Returns them, what is malformed, and what was left out because the node does not know it or
    because it is an external reference. Raises Invalid for what is no structure message.
    """
    tables = sections(form_of_document(document))
    context = Context(language=_main_language(document["meta"]))
    artefacts: list[Maintainable] = []
    malformed: list[Finding] = []
    left_out: list[Finding] = []
    for key, given in document["data"].items():
        if key.startswith("x-"):
            continue
        for index, each in enumerate(given if isinstance(given, list) else [given]):
            try:
                if isinstance(each, dict) and each.get("isExternalReference") is True:
                    left_out.append(external(_identity(key, each)))
                    continue
                if key not in tables:
                    raise Fault(f"artefacts in {key} are not known here", is_unknown=True)
                artefacts.append(tables[key][0].read(wanted(each, dict, "an object"), context))
            except Fault as fault:
                finding = fault.under("data", key, index).finding()
                (left_out if fault.is_unknown else malformed).append(finding)
    return artefacts, malformed, left_out


def _main_language(meta: Json) -> str:
    languages = meta.get("contentLanguages")
    return str(languages[0]) if isinstance(languages, list) and languages else "en"


def _identity(key: str, given: Json) -> str:
    agency, id_, version = (given.get(name, "") for name in ("agencyID", "id", "version"))
    return f"{agency}:{id_}({version}) in {key}"
