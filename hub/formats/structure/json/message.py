"""Structure messages in SDMX-JSON as a whole: meta, sections, artefacts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC
from functools import cache
from typing import Any

import msgspec

from hub.errors import Finding
from hub.formats.message import Header
from hub.formats.structure.fault import Fault, external
from hub.formats.structure.form import JSON_21, Model, StructureForm
from hub.formats.structure.json import constraint, datastructure, flows, schemes
from hub.formats.structure.json.document import SCHEMAS, form_of_document
from hub.formats.structure.json.fields import Context, Json, Member, Object, wanted
from hub.formats.structure.languages import Languages
from hub.formats.structure.selection import is_actual, is_allowed, of_class
from hub.formats.structure.stub import Stub
from hub.model import ArtefactClass, Maintainable

_Accepts = Callable[[Maintainable], bool]
_NAMED = frozenset({"description", "annotations"})


@cache
def sections(form: StructureForm) -> dict[str, tuple[Object, _Accepts]]:
    """The arrays of a message's data, with the table of their objects."""
    is_21, is_31 = form.model is Model.V21, form.model is Model.V31
    found = {
        "dataStructures": (datastructure.data_structure, ArtefactClass.DATA_STRUCTURE),
        "conceptSchemes": (schemes.concept_scheme, ArtefactClass.CONCEPT_SCHEME),
        "codelists": (schemes.codelist, ArtefactClass.CODELIST),
        "agencySchemes": (schemes.agency_scheme, ArtefactClass.AGENCY_SCHEME),
        "dataProviderSchemes": (schemes.data_provider_scheme, ArtefactClass.DATA_PROVIDER_SCHEME),
        "dataflows": (flows.dataflow, ArtefactClass.DATAFLOW),
        "provisionAgreements": (flows.provision_agreement, ArtefactClass.PROVISION_AGREEMENT),
    }
    if not is_21:
        found["valueLists"] = (schemes.value_list, ArtefactClass.VALUE_LIST)
        found["representationMaps"] = (flows.representation_map, ArtefactClass.REPRESENTATION_MAP)
    tables: dict[str, tuple[Object, _Accepts]] = {
        key: (table(form), of_class(cls)) for key, (table, cls) in found.items()
    }
    constraints = "contentConstraints" if is_21 else "dataConstraints"
    accepts = is_allowed if is_31 else of_class(ArtefactClass.DATA_CONSTRAINT)
    tables[constraints] = (constraint.data_constraint(form), accepts)
    if is_31:
        available = constraint.availability_constraint(form)
        tables["availabilityConstraints"] = (available, is_actual)
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
    for key, (table, accepts) in sections(form).items():
        for artefact in artefacts:
            if accepts(artefact):
                reduced = stub(artefact) if table.has_stubs else None
                written = table.write(artefact, languages, _only(reduced))
                if reduced is not None:
                    written["isExternalReference"] = True
                if form == JSON_21 and table.has_stubs and languages.leaves_out(artefact.name):
                    written["isPartialLanguage"] = True
                data.setdefault(key, []).append(written)
    message: Json = {"$schema": SCHEMAS[form]} if form == JSON_21 else {}
    message["meta"] = _meta(header, form, list(languages.written) or list(header.languages))
    message["data"] = data
    return msgspec.json.encode(message)


def _meta(header: Header, form: StructureForm, languages: list[str]) -> Json:
    prepared = header.prepared.astimezone(UTC).replace(tzinfo=None)
    sender: Json = {"id": header.sender}
    if header.sender_name:
        sender["name"] = header.sender_name
    if form.model is not Model.V31:
        # the pattern of language tags in the older schemas knows small letters only
        languages = list(dict.fromkeys(language.lower() for language in languages))
    meta: Json = {} if form == JSON_21 else {"schema": SCHEMAS[form]}
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
