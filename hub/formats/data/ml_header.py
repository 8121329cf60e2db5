"""The frame of SDMX-ML data messages: namespaces, header, the start of a data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from hub.formats.data.form import DataForm, Family
from hub.formats.data.layout import at_observation
from hub.formats.message import DataSet, Header, instant
from hub.model import ArtefactClass, Reference, Schema

_BASE = "http://www.sdmx.org/resources/sdmxml/schemas"
_ELEMENT = {
    ArtefactClass.DATAFLOW: "StructureUsage",
    ArtefactClass.DATA_STRUCTURE: "Structure",
    ArtefactClass.PROVISION_AGREEMENT: "ProvisionAgreement",
}


@dataclass(frozen=True, slots=True)
class Payload:
    """One structure the header declares: what data is of, and what is at observation level.

    `flow` is the dataflow of a provision agreement that is the context, None for other contexts.
    """

    number: int
    context: Reference
    at_observation: str
    flow: Reference | None = None

    @property
    def id(self) -> str:
        """The id by which data sets refer to it (an NCName, whatever the artefact is called)."""
        return f"STR{self.number}"

    @property
    def prefix(self) -> str:
        """The prefix of its namespace."""
        return f"ns{self.number}"

    def namespace(self, form: DataForm) -> str:
        """The namespace of its structure-specific schema.

        In 2.1 that of the dataflow where the context is an agreement: API 1.x asks for data by
        flow, whoever provides it, and its clients know the answer by the flow.
        """
        described = self.flow if form.is_simple and self.flow is not None else self.context
        return namespace(described, self.at_observation)


def namespace(context: Reference, at_observation: str) -> str:
    """The namespace of a structure-specific schema (SDMX-ML, "Data-Structure-Specific Schema")."""
    return f"{context.urn}:ObsLevelDim:{at_observation}"


def payloads(datasets: Sequence[DataSet]) -> list[Payload]:
    """The structure of each data set; data sets of the same structure share one."""
    found: dict[tuple[Reference, str], Payload] = {}
    given = []
    for dataset in datasets:
        context, at = dataset.schema.context, at_observation(dataset)
        payload = Payload(len(found) + 1, context, at, _flow(dataset.schema))
        given.append(found.setdefault((context, at), payload))
    return given


def _flow(schema: Schema) -> Reference | None:
    is_agreement = schema.context.artefact_class is ArtefactClass.PROVISION_AGREEMENT
    return schema.dataflow.reference if is_agreement and schema.dataflow is not None else None


def root_name(form: DataForm) -> str:
    """The local name of the message's root element."""
    kind = "Generic" if form.family is Family.GENERIC else "StructureSpecific"
    return f"{kind}{'TimeSeries' if form.is_time_series else ''}Data"


def open_message(header: Header, form: DataForm, structures: Sequence[Payload]) -> str:
    """The message up to its first data set."""
    version = {"2.1": "v2_1", "3.0": "v3_0", "3.1": "v3_1"}[form.model]
    is_generic = form.family is Family.GENERIC
    data = ("generic", "generic") if is_generic else ("ss", "structurespecific")
    names = {
        "message": f"{_BASE}/{version}/message",
        "common": f"{_BASE}/{version}/common",
        data[0]: f"{_BASE}/{version}/data/{data[1]}",
        "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    }
    distinct = list(dict.fromkeys(structures))
    if not is_generic:
        names |= {payload.prefix: payload.namespace(form) for payload in distinct}
    spaces = "".join(f' xmlns:{prefix}="{escape(uri)}"' for prefix, uri in names.items())
    declared = "".join(_structure(payload, form) for payload in distinct)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<message:{root_name(form)}{spaces}>\n'
        f"<message:Header><message:ID>{escape(header.id)}</message:ID>"
        f"<message:Test>{str(header.is_test).lower()}</message:Test>"
        f"<message:Prepared>{instant(header.prepared)}</message:Prepared>"
        f"{_sender(header)}{declared}</message:Header>\n"
    )


def close_message(form: DataForm) -> str:
    """The end of the message."""
    return f"</message:{root_name(form)}>\n"


def open_data_set(dataset: DataSet, form: DataForm, payload: Payload) -> str:
    """The start tag of a data set, without its closing bracket."""
    specific = form.family is Family.STRUCTURE_SPECIFIC
    prefix = "ss:" if specific else ""
    facts = {"structureRef": payload.id, "action": form.action_word(dataset.action)}
    if dataset.valid_from is not None:
        facts["validFromDate"] = instant(dataset.valid_from)
    if dataset.valid_to is not None:
        facts["validToDate"] = instant(dataset.valid_to)
    if specific and form.is_simple:
        facts["dataScope"] = payload.context.artefact_class.class_name
    kind = f' xsi:type="{payload.prefix}:DataSetType"' if specific else ""
    return f"<message:DataSet{kind}" + "".join(
        f' {prefix}{name}="{value}"' for name, value in facts.items()
    )


def _sender(header: Header) -> str:
    sender = f'<message:Sender id="{escape(header.sender)}"'
    if not header.sender_name:
        return f"{sender}/>"
    name = escape(header.sender_name, quote=False)
    language = escape(header.languages[0] if header.languages else "en")
    return f'{sender}><common:Name xml:lang="{language}">{name}</common:Name></message:Sender>'


def _structure(payload: Payload, form: DataForm) -> str:
    element = _ELEMENT[payload.context.artefact_class]
    target = escape(payload.context.urn)
    if form.is_simple:
        element = element.replace("Agreement", "Agrement")  # so spelt in the schema of 2.1
        target = _ref(payload.context)
    specific = form.family is Family.STRUCTURE_SPECIFIC
    namespace = f' namespace="{escape(payload.namespace(form))}"' if specific else ""
    return (
        f'<message:Structure structureID="{payload.id}"{namespace} '
        f'dimensionAtObservation="{payload.at_observation}">'
        f"<common:{element}>{target}</common:{element}></message:Structure>"
    )


def _ref(context: Reference) -> str:
    cls = context.artefact_class
    return (
        f'<Ref agencyID="{context.agency}" id="{escape(context.id)}" version="{context.version}" '
        f'package="{cls.package}" class="{cls.class_name}"/>'
    )
