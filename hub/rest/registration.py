"""The registration resource: where data is to be had, told by those who provide it."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.responses import Response

from hub.errors import BadRequest, Invalid, NotFound, NotSupported
from hub.formats.limits import Limits
from hub.formats.registry import (
    FORMS,
    read_registration_requests,
    write_registration_results,
    write_registrations,
)
from hub.model import ArtefactClass, ContextQuery, Dataflow, ProvisionAgreement, Structures
from hub.model.registration import Registration
from hub.rest.answers import Answer, Message
from hub.rest.call import Call
from hub.rest.conditional import Validators, digest
from hub.rest.matching import matching
from hub.rest.negotiation import choose
from hub.rest.offers import registry_offers
from hub.rest.receiving import Change
from hub.rest.registration_query import (
    ProviderQuery,
    RegistrationQuery,
    parse_registration_query,
)
from hub.rest.results import chosen_form, header_of, overall, status_told, told
from hub.rest.service import Service
from hub.store.registrations import find_registrations, register

#: What a body may be declared as.
MEDIA_TYPES = (*(form.media_type for form in FORMS), "application/xml", "text/xml")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CONTEXTS = (
    ArtefactClass.PROVISION_AGREEMENT,
    ArtefactClass.DATAFLOW,
    ArtefactClass.DATA_STRUCTURE,
)


def answer_registrations(service: Service, call: Call) -> Answer | None:
    """Answer a registration query; None where nothing is registered for what is there.

    Raises NotFound where a registration, or an artefact, is named that does not exist.
    """
    if service.store is None:
        raise NotSupported("registrations are not served by this node")
    choice = choose(registry_offers(), call.accept, call.parameters)
    query = parse_registration_query(call.path, call.parameters)
    found = find_registrations(
        service.store,
        id_=query.id,
        agreements=_agreements(query, service.backend.structures),
        updated_after=query.updated_after,
        updated_before=query.updated_before,
    )
    if not found:
        if query.id is not None:
            raise NotFound(f"there is no registration {query.id} on this node")
        return None
    identity = digest(found, choice.content_type, service.identity)
    prepared = max(registration.updated or _EPOCH for registration in found)

    def write() -> Message:
        header = service.header(identity, prepared, call)
        written = write_registrations(header, found, choice.offer.form)
        return Message(iter((written,)), is_short=True)

    # One that ends or is deleted leaves no trace in the others: there is no last change to tell,
    # and the state of the node does not say whether the answer is still the same.
    return Answer(choice.content_type, Validators(identity), write, is_kept=False)


def change_registrations(service: Service, change: Change) -> Response:
    """Add, replace and delete registrations; each has a status of its own, in order.

    Raises BadRequest for a message that cannot be read.
    """
    try:
        requests = read_registration_requests(change.body, Limits(bytes=service.limits.body_bytes))
    except Invalid as error:
        raise BadRequest(error.message) from error
    wanted = [(request.action, request.registration) for request in requests]
    done = register(change.store, wanted, by=change.key.id)
    results = [
        (one.registration, status_told(one.outcome, one.error, _name(one.registration)))
        for one in done
    ]
    form = chosen_form(registry_offers(), change.call)
    body = write_registration_results(header_of(service, change.call), results, form)
    return told(overall([status for _, status in results]), body, form)


def _name(registration: Registration) -> str:
    return f"registration {registration.id}" if registration.id else "the registration"


def _agreements(query: RegistrationQuery, structures: Structures) -> frozenset[str] | None:
    """The agreements whose registrations a query means, None for any."""
    agreements = structures.of_type(ProvisionAgreement)
    if query.provider is not None:
        return _of_provider(query.provider, agreements)
    if query.context is not None:
        return _of_context(query.context, agreements, structures)
    return None


def _of_provider(
    query: ProviderQuery, agreements: tuple[ProvisionAgreement, ...]
) -> frozenset[str] | None:
    if not query.agencies and not query.ids:
        return None
    fitting = [
        agreement
        for agreement in agreements
        if (not query.agencies or agreement.provider.scheme.agency in query.agencies)
        and (not query.ids or agreement.provider.item in query.ids)
    ]
    if not fitting and query.agencies and query.ids:
        named = f"{','.join(query.agencies)}:{','.join(query.ids)}"
        raise NotFound(f"no data provider {named} has a provision agreement on this node")
    return frozenset(str(agreement.reference) for agreement in fitting)


def _of_context(
    query: ContextQuery, agreements: tuple[ProvisionAgreement, ...], structures: Structures
) -> frozenset[str]:
    """The agreements that fit, or whose dataflow does, or its structure."""
    classes = _CONTEXTS if query.context is None else (query.context,)
    matched = matching(structures, classes, query.agencies, query.ids, query.versions)
    wanted = {artefact.reference for artefact in matched}
    if not wanted and query.agencies and query.ids:
        kind = query.context.rest_name if query.context else "agreement, dataflow or structure"
        versions = ",".join(pattern.text for pattern in query.versions.patterns)
        name = f"{','.join(query.agencies)}:{','.join(query.ids)}({versions})"
        raise NotFound(f"there is no {kind} {name} on this node")
    found = set()
    for agreement in agreements:
        flow = structures.find(agreement.dataflow)
        structure = structures.find(flow.structure) if isinstance(flow, Dataflow) else None
        if wanted & {one.reference for one in (agreement, flow, structure) if one is not None}:
            found.add(str(agreement.reference))
    return frozenset(found)
