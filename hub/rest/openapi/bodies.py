"""Bodies of requests as the document describes them, with a message of each form as example.

The messages are written by the writers of the node, so that they are what its readers take.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hub.formats.message import Header
from hub.formats.registry import FORMS as REGISTRY_FORMS
from hub.formats.registry import RegistryForm
from hub.formats.structure import FORMS as STRUCTURE_FORMS
from hub.formats.structure import Family, write
from hub.model import Code, Codelist, InternationalString
from hub.rest.declared import JSON
from hub.rest.openapi.components import schema

#: What the messages say of themselves.
_PREPARED = datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)
_REGISTRATION = """<?xml version="1.0" encoding="UTF-8"?>
<mes:RegistryInterface xmlns:mes="{mes}" xmlns:reg="{reg}">
  <mes:Header>
    <mes:ID>R1</mes:ID>
    <mes:Test>false</mes:Test>
    <mes:Prepared>2026-01-31T12:00:00Z</mes:Prepared>
    <mes:Sender id="{node}"/>
    <mes:Receiver id="{node}"/>
  </mes:Header>
  <mes:SubmitRegistrationsRequest>
    <reg:RegistrationRequest action="Append">
      <reg:Registration>
        <reg:ProvisionAgreement>{agreement}</reg:ProvisionAgreement>
        <reg:Datasource>
          <reg:SimpleDataSource>https://sdmx.example.org/stocks.xml</reg:SimpleDataSource>
        </reg:Datasource>
      </reg:Registration>
    </reg:RegistrationRequest>
  </mes:SubmitRegistrationsRequest>
</mes:RegistryInterface>
"""


def reasons(agency: str) -> Codelist:
    """A small code list that may still change, of the node's own agency."""
    return Codelist(
        agency=agency,
        id="CL_REASON",
        version="0.1.0",
        name=InternationalString.of("Reasons for migration"),
        items=(
            Code(id="WORK", name=InternationalString.of("Work")),
            Code(id="STUDY", name=InternationalString.of("Study")),
        ),
    )


def structures(node: str, agency: str, media_types: tuple[str, ...]) -> JSON:
    """The body of a change of structures, as each type of `media_types`."""
    header = Header(id="M1", prepared=_PREPARED, sender=node)
    written = {form: write(header, (reasons(agency),), form).decode() for form in STRUCTURE_FORMS}
    known = {form.media_type: form for form in STRUCTURE_FORMS}
    families = {"application/json": Family.JSON}
    newest = {
        family: next(form for form in STRUCTURE_FORMS if form.family is family) for family in Family
    }
    told: dict[str, JSON] = {}
    for name in media_types:
        form = known.get(name) or newest[families.get(name, Family.ML)]
        if form.family is Family.JSON:
            example = json.loads(written[form])
            told[name] = {"schema": schema("SubmittedStructures"), "example": example}
        else:
            told[name] = {"example": written[form]}
    return {"required": True, "content": told}


def registrations(node: str, agreement: str, media_types: tuple[str, ...]) -> JSON:
    """The body of a change of registrations, as each type of `media_types`."""
    known = {form.media_type: form for form in REGISTRY_FORMS}
    told = {
        name: {"example": _registration(node, agreement, known.get(name, REGISTRY_FORMS[0]))}
        for name in media_types
    }
    return {"required": True, "content": told}


def _registration(node: str, agreement: str, form: RegistryForm) -> str:
    spaces = form.namespaces
    return _REGISTRATION.format(
        mes=spaces["mes"], reg=spaces["reg"], node=node, agreement=agreement
    )
