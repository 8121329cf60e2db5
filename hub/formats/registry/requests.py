"""Reads what is asked of a registry: registrations to add, replace and delete."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from hub.errors import BadRequest, Finding, Invalid, NotSupported
from hub.formats import xml
from hub.formats.message import Action, Limits
from hub.formats.registry.form import FORMS, RegistryForm
from hub.formats.structure.fault import line_of
from hub.model import ArtefactClass, Reference, parse_urn
from hub.model.registration import INDEXES, DataSource, QueryableSource, Registration
from hub.model.urn import ARTEFACT_ID

_REQUEST = "SubmitRegistrationsRequest"
_ID = re.compile(ARTEFACT_ID)
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_FINDINGS_TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationRequest:
    """A registration, and what is to be done with it."""

    action: Action
    registration: Registration


def read_registration_requests(source: bytes, limits: Limits) -> tuple[RegistrationRequest, ...]:
    """Read the SubmitRegistrationsRequest in a RegistryInterface (SDMX-ML 3.0, 3.1).

    It may also stand alone, as the maintenance guide of SDMX REST allows. Raises Invalid, with a
    finding for each registration that is malformed, TooLarge beyond the limits, and NotSupported
    for what else a registry may be asked.
    """
    root = xml.parse(source, limits)
    form = _form_of(root)
    spaces = form.namespaces
    requests: list[RegistrationRequest] = []
    findings: list[Finding] = []
    for element in _submission(root, form).iterfind("reg:RegistrationRequest", spaces):
        try:
            requests.append(_request(element, spaces))
        except BadRequest as error:
            line = line_of(element)
            findings.append(Finding(rule="registry-malformed", message=error.message, line=line))
    if findings:
        told = "; ".join(f"line {found.line}: {found.message}" for found in findings[:3])
        more = f"; and {len(findings) - 3} more" if len(findings) > _FINDINGS_TOLD else ""
        raise Invalid(f"the registrations cannot be read: {told}{more}", findings)
    if not requests:
        raise Invalid(f"the {_REQUEST} holds no RegistrationRequest")
    return tuple(requests)


def _form_of(root: etree._Element) -> RegistryForm:
    namespace = etree.QName(root).namespace
    for form in FORMS:
        if form.namespaces["mes"] == namespace:
            return form
    known = ", ".join(str(form) for form in FORMS)
    raise Invalid(
        f"the root element {etree.QName(root).localname} in the namespace '{namespace or ''}' is "
        f"not a registry message of {known}"
    )


def _submission(root: etree._Element, form: RegistryForm) -> etree._Element:
    """The request in a message, which may have a frame of its own name."""
    name = etree.QName(root).localname
    wanted = f"{{{form.namespaces['mes']}}}{_REQUEST}"
    for element in root.iter(wanted):
        inner: etree._Element | None = element.find(f"mes:{_REQUEST}", form.namespaces)
        return element if inner is None else inner
    content = [etree.QName(child).localname for child in root if not child.tag.endswith("}Header")]
    told = ", ".join((name, *content))
    if "QueryRegistrationRequest" in content:
        raise NotSupported("registrations are queried with GET /registration, not with a message")
    raise NotSupported(f"this node takes a {_REQUEST} here; the message holds {told}")


def _request(element: etree._Element, spaces: dict[str, str]) -> RegistrationRequest:
    action = element.get("action", "")
    if action not in (Action.APPEND, Action.MERGE, Action.REPLACE, Action.DELETE):
        raise BadRequest(f"action '{action}' has no meaning here: use Append, Replace or Delete")
    registration = _only(element, "reg:Registration", spaces)
    return RegistrationRequest(
        action=Action(action), registration=_registration(registration, spaces)
    )


def _registration(element: etree._Element, spaces: dict[str, str]) -> Registration:
    id_ = element.get("id")
    if id_ is not None and not _ID.fullmatch(id_):
        raise BadRequest(f"'{id_[:80]}' is not the id of a registration")
    return Registration(
        id=id_,
        agreement=_agreement(_text(_only(element, "reg:ProvisionAgreement", spaces))),
        source=_source(_only(element, "reg:Datasource", spaces), spaces),
        valid_from=_instant(element, "validFrom"),
        valid_to=_instant(element, "validTo"),
        indexed=tuple(name for name in INDEXES if _boolean(element, name, default=False)),
    )


def _agreement(urn: str) -> Reference:
    reference = parse_urn(urn)
    if (
        not isinstance(reference, Reference)
        or reference.artefact_class is not ArtefactClass.PROVISION_AGREEMENT
    ):
        raise BadRequest(f"'{urn[:200]}' is not the URN of a provision agreement")
    return reference


def _source(element: etree._Element, spaces: dict[str, str]) -> DataSource:
    simple = element.findall("reg:SimpleDataSource", spaces)
    queryable = element.findall("reg:QueryableDataSource", spaces)
    if len(simple) > 1 or len(queryable) > 1 or not (simple or queryable):
        raise BadRequest("Datasource holds one SimpleDataSource, one QueryableDataSource, or both")
    return DataSource(
        simple=_text(simple[0]) if simple else None,
        queryable=_queryable(queryable[0], spaces) if queryable else None,
    )


def _queryable(element: etree._Element, spaces: dict[str, str]) -> QueryableSource:
    return QueryableSource(
        url=_text(_only(element, "com:DataURL", spaces)),
        wsdl=_optional(element, "com:WSDLURL", spaces),
        wadl=_optional(element, "com:WADLURL", spaces),
        is_rest=_boolean(element, "isRESTDatasource"),
        is_web_service=_boolean(element, "isWebServiceDatasource"),
    )


def _only(element: etree._Element, tag: str, spaces: dict[str, str]) -> etree._Element:
    found = element.findall(tag, spaces)
    if len(found) != 1:
        name, holder = tag.partition(":")[2], etree.QName(element).localname
        raise BadRequest(f"{holder} needs one {name}, it has {len(found)}")
    return found[0]


def _optional(element: etree._Element, tag: str, spaces: dict[str, str]) -> str | None:
    found = element.find(tag, spaces)
    return None if found is None else _text(found)


def _text(element: etree._Element) -> str:
    text = (element.text or "").strip()
    if not text or len(element):
        raise BadRequest(f"{etree.QName(element).localname} holds text, and nothing else")
    return text


def _boolean(element: etree._Element, name: str, default: bool | None = None) -> bool:
    text = element.get(name)
    if text is None and default is not None:
        return default
    if text is None or text.strip() not in _BOOLEANS:
        raise BadRequest(f"{etree.QName(element).localname} needs {name}, which is true or false")
    return _BOOLEANS[text.strip()]


def _instant(element: etree._Element, name: str) -> datetime | None:
    """An xs:dateTime, in UTC unless it says otherwise."""
    text = element.get(name)
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text.strip())
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise BadRequest(f"{name}='{text[:40]}': write it like 2026-01-31T12:00:00Z") from error
