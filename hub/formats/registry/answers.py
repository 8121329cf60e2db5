"""Writes what a registry answers: to submitted structures and registrations, and to queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from hub.formats.message import Action, Header, instant
from hub.formats.registry.form import REGISTRY_21, RegistryForm
from hub.formats.structure.languages import Languages
from hub.formats.structure.ml.header import write_header
from hub.formats.structure.ml.scribe import Scribe
from hub.model import ArtefactClass, Reference
from hub.model.registration import DataSource, QueryableSource, Registration

#: Whom answers are for: requests do not have to say who sends them.
_RECEIVER = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What became of one thing that was handed in: an HTTP status, and a sentence in English."""

    code: int
    text: str

    @property
    def word(self) -> str:
        """The word of the standard for it."""
        return "Success" if self.code < 400 else "Failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureResult:
    """What became of a structure that was handed in."""

    reference: Reference
    action: Action
    status: Status


def write_structure_results(
    header: Header, results: Sequence[StructureResult], form: RegistryForm
) -> bytes:
    """Write a SubmitStructureResponse; there has to be a result."""

    def write(scribe: Scribe) -> None:
        for result in results:
            scribe.open("reg:SubmissionResult")
            scribe.open("reg:SubmittedStructure", [("action", result.action.value)])
            _write_object(result.reference, scribe, form)
            scribe.close("reg:SubmittedStructure")
            _write_status(result.status, scribe)
            scribe.close("reg:SubmissionResult")

    return _message("SubmitStructureResponse", header, form, write)


def write_registration_results(
    header: Header, results: Sequence[tuple[Registration, Status]], form: RegistryForm
) -> bytes:
    """Write a SubmitRegistrationsResponse; there has to be a result."""

    def write(scribe: Scribe) -> None:
        for registration, status in results:
            scribe.open("reg:RegistrationStatus")
            _write_registration(registration, scribe)
            _write_status(status, scribe)
            scribe.close("reg:RegistrationStatus")

    return _message("SubmitRegistrationsResponse", header, form, write)


def write_registrations(header: Header, found: Iterable[Registration], form: RegistryForm) -> bytes:
    """Write registrations as a QueryRegistrationResponse."""

    def write(scribe: Scribe) -> None:
        scribe.leaf("reg:StatusMessage", attributes=(("status", "Success"),))
        for registration in found:
            # no key was asked for, so none was found to match
            scribe.open("reg:QueryResult", [("timeSeriesMatch", "false")])
            scribe.open("reg:DataResult")
            _write_registration(registration, scribe)
            scribe.close("reg:DataResult")
            scribe.close("reg:QueryResult")

    return _message("QueryRegistrationResponse", header, form, write)


def _message(
    kind: str, header: Header, form: RegistryForm, write: Callable[[Scribe], None]
) -> bytes:
    scribe = Scribe(Languages(None))
    spaces = [(f"xmlns:{prefix}", uri) for prefix, uri in form.namespaces.items()]
    scribe.open("mes:RegistryInterface", spaces)
    write_header(header, scribe, _RECEIVER)
    scribe.open(f"mes:{kind}")
    write(scribe)
    scribe.close(f"mes:{kind}")
    scribe.close("mes:RegistryInterface")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + scribe.text().encode()


def _write_object(reference: Reference, scribe: Scribe, form: RegistryForm) -> None:
    if form != REGISTRY_21:
        scribe.leaf("reg:MaintainableObject", reference.urn)
        return
    urn = reference.urn
    if reference.artefact_class is ArtefactClass.DATA_CONSTRAINT:
        urn = urn.replace(".DataConstraint=", ".ContentConstraint=")
    scribe.open("reg:MaintainableObject")
    scribe.leaf("URN", urn)
    scribe.close("reg:MaintainableObject")


def _write_status(status: Status, scribe: Scribe) -> None:
    scribe.open("reg:StatusMessage", [("status", status.word)])
    scribe.open("reg:MessageText", [("code", str(status.code))])
    scribe.leaf("com:Text", status.text, (("xml:lang", "en"),))
    scribe.close("reg:MessageText")
    scribe.close("reg:StatusMessage")


def _write_registration(registration: Registration, scribe: Scribe) -> None:
    about: list[tuple[str, str]] = []
    if registration.id is not None:
        about.append(("id", registration.id))
    for name, at in (
        ("validFrom", registration.valid_from),
        ("validTo", registration.valid_to),
        ("lastUpdated", registration.updated),
    ):
        if at is not None:
            about.append((name, instant(at)))
    about += [(name, "true") for name in registration.indexed]
    scribe.open("reg:Registration", about)
    scribe.leaf("reg:ProvisionAgreement", registration.agreement.urn)
    _write_source(registration.source, scribe)
    scribe.close("reg:Registration")


def _write_source(source: DataSource, scribe: Scribe) -> None:
    scribe.open("reg:Datasource")
    if source.simple is not None:
        scribe.leaf("reg:SimpleDataSource", source.simple)
    if source.queryable is not None:
        _write_queryable(source.queryable, scribe)
    scribe.close("reg:Datasource")


def _write_queryable(source: QueryableSource, scribe: Scribe) -> None:
    protocols = [
        ("isRESTDatasource", str(source.is_rest).lower()),
        ("isWebServiceDatasource", str(source.is_web_service).lower()),
    ]
    scribe.open("reg:QueryableDataSource", protocols)
    scribe.leaf("com:DataURL", source.url)
    for tag, url in (("com:WSDLURL", source.wsdl), ("com:WADLURL", source.wadl)):
        if url is not None:
            scribe.leaf(tag, url)
    scribe.close("reg:QueryableDataSource")
