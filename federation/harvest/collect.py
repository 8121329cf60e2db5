"""What one partner has: its offers, then one flow after another, each in an attempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import pyarrow as pa

from connectors.http import Client, FetchRequest
from connectors.registry import service_of
from connectors.service import Answer, Held, Offer, Service
from federation.harvest.attempt import Ledger, OpenAttempt, closing
from federation.harvest.ports import Received
from federation.harvest.report import FlowOutcome, Progress, Skipped, Stage
from federation.harvest.rights import check_rights
from federation.partners import HOLDS, NODE_DOCUMENT, Attempt, FinishReason, Partner
from hub.errors import Conflict, PartnerInvalid
from hub.formats.message import RawData
from hub.model import Schema, Structures


@dataclass(frozen=True, slots=True)
class Visit:
    """A partner whose offers were read."""

    partner: Partner
    client: Client
    service: Service
    offers: Sequence[Offer]


def visit(
    partner: Partner, client: Client, ledger: Ledger, structures: Structures
) -> tuple[Visit | None, FlowOutcome]:
    """Read what a partner offers, in an attempt of its own.

    Raises Conflict while another harvest is at it, NotFound for a profile there is none of.
    """
    service = service_of(partner.profile, partner.url, partner.id)
    attempt = ledger.open(partner, NODE_DOCUMENT)
    found: Visit | None = None
    with closing(attempt):
        offers = service.offers(client, structures, attempt.keep)
        found = Visit(partner, client, service, offers)
        attempt.finish(FinishReason.UNCHANGED, "the node document was read")
    return found, _outcome(attempt)


def _outcome(attempt: OpenAttempt) -> FlowOutcome:
    if attempt.outcome is None:  # pragma: no cover - `closing` leaves none open
        raise AssertionError("an attempt was left open")
    return attempt.outcome


@dataclass(frozen=True, slots=True)
class Pending:
    """An attempt whose data waits for the door."""

    attempt: OpenAttempt
    received: Received


def collect(
    visited: Visit,
    offer: Offer,
    schema: Schema,
    ledger: Ledger,
    structures: Structures,
    full: bool,
) -> Pending | FlowOutcome | Skipped:
    """Ask a partner for one flow; what it sent is archived, read and checked for rights.

    The request is conditional on what was taken last, unless `full`.
    """
    try:
        attempt = ledger.open(visited.partner, offer.flow)
    except Conflict as error:
        return Skipped(visited.partner.id, offer.flow, error.message)
    with closing(attempt):
        attempt.facts["partner_release"] = offer.release
        held = None if full else _held(ledger.log.last(visited.partner.id, offer.flow, HOLDS))
        request = visited.service.request(offer, held)
        fetched = visited.client.fetch(request, keep=partial(attempt.keep, request))
        if fetched.status == 304:
            return _not_modified(attempt, request)
        limit = visited.client.limits.unpacked_bytes
        answer = visited.service.read(offer, held, fetched, structures, limit)
        if answer.data is None:
            return _nothing(attempt, visited, offer, schema, answer)
        return _pending(attempt, visited, offer, schema, answer)
    return _outcome(attempt)


def _pending(
    attempt: OpenAttempt, visited: Visit, offer: Offer, schema: Schema, answer: Answer
) -> Pending:
    """What was read, checked for rights, on its way to the door."""
    data = answer.data
    if data is None:  # pragma: no cover - asked before
        raise AssertionError("there is nothing to hand in")
    attempt.facts["rows"] = data.table.num_rows
    check_rights(data, schema, visited.partner)
    attempt.ledger.tell(Progress(visited.partner.id, offer.flow, Stage.RECEIVED))
    received = Received(
        partner=visited.partner,
        flow=schema.context,
        attempt=attempt.number,
        data=data,
        raw=attempt.raw,
        partner_release=offer.release,
        url=attempt.url,
        findings=answer.findings,
    )
    return Pending(attempt, received)


def _held(attempt: Attempt | None) -> Held | None:
    """What is known of the last answer this node holds."""
    url = attempt.facts.get("url") if attempt is not None else None
    if attempt is None or not isinstance(url, str):
        return None
    etag, modified = attempt.facts.get("etag"), attempt.facts.get("last_modified")
    return Held(
        url=url,
        etag=etag if isinstance(etag, str) else None,
        last_modified=modified if isinstance(modified, str) else None,
    )


def _not_modified(attempt: OpenAttempt, request: FetchRequest) -> FlowOutcome:
    if not request.is_conditional:
        raise PartnerInvalid(f"{request.url} answered 304 to a request without conditions")
    return attempt.finish(FinishReason.NOT_MODIFIED)


def _nothing(
    attempt: OpenAttempt, visited: Visit, offer: Offer, schema: Schema, answer: Answer
) -> FlowOutcome | Pending:
    """An empty flow: nothing new where it always was; where it was not, the door is to see it."""
    held = attempt.ledger.log.last(attempt.partner.id, attempt.flow, HOLDS)
    if held is not None and held.facts.get("rows"):
        columns = {column.id: pa.array([], pa.string()) for column in schema.columns}
        empty = RawData(source=f"{attempt.partner.id}, nothing", table=pa.table(columns))
        return _pending(attempt, visited, offer, schema, replace(answer, data=empty))
    attempt.facts["rows"] = 0
    return attempt.finish(FinishReason.UNCHANGED, "the partner has nothing in this flow")
