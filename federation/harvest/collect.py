"""What one partner has: its offers, then one flow after another, each in an attempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.http import Client
from connectors.registry import service_of
from connectors.service import Answer, Known, Offer, Service
from federation.harvest.asking import Errand, ask
from federation.harvest.attempt import OpenAttempt, closing
from federation.harvest.means import Means
from federation.harvest.past import Past
from federation.harvest.ports import Received
from federation.harvest.report import FlowOutcome, Progress, Skipped, Stage
from federation.harvest.rights import check_rights
from federation.harvest.way import Way, asked_name, way_of
from federation.partners import NODE_DOCUMENT, FinishReason, Partner
from hub.errors import Conflict
from hub.model import Schema


@dataclass(frozen=True, slots=True)
class Visit:
    """A partner whose offers were read; `clock` is what its own said then (ISO 8601)."""

    partner: Partner
    client: Client
    service: Service
    offers: Sequence[Offer]
    clock: str | None = None


def visit(
    partner: Partner, client: Client, means: Means, full: bool
) -> tuple[Visit | None, FlowOutcome]:
    """Read what a partner offers, in an attempt of its own.

    It is asked for on condition that it changed, unless that is long ago, or `full`. Raises
    Conflict while another harvest is at it, NotFound for a profile there is none of.
    """
    ledger = means.ledger
    service = service_of(partner.profile, partner.url, partner.id, partner.areas)
    attempt = ledger.open(partner, NODE_DOCUMENT)
    found: Visit | None = None
    with closing(attempt):
        now = ledger.clock()
        is_due = means.habits.is_due(attempt.past, now)
        known = None if full or is_due else _known(attempt.past, means)
        offers = service.offers(client, means.structures, attempt.keep, known)
        clock = attempt.facts.get("clock")
        found = Visit(partner, client, service, offers, clock if isinstance(clock, str) else None)
        if attempt.facts.get("status") == 304:
            attempt.finish(FinishReason.NOT_MODIFIED, "the node document is the one held")
        else:
            attempt.facts["full_at"] = now.isoformat()
            note = "the node document was read" if attempt.requests else "its profile knows them"
            attempt.finish(FinishReason.UNCHANGED, note)
    return found, _outcome(attempt)


def _known(past: Past, means: Means) -> Known | None:
    """The last list of offers, where its bytes are still in the archive."""
    held, raw = past.validators, past.raw
    kept = means.ledger.archive.find(raw) if raw is not None else None
    if held is None or kept is None:
        return None
    return Known(held=held, body=kept)


def _outcome(attempt: OpenAttempt) -> FlowOutcome:
    if attempt.outcome is None:  # pragma: no cover - `closing` leaves none open
        raise AssertionError("an attempt was left open")
    return attempt.outcome


@dataclass(frozen=True, slots=True)
class Pending:
    """An attempt whose data waits for the door.

    Where it is a part of a flow, `others` are the names of the other parts.
    """

    attempt: OpenAttempt
    received: Received
    others: tuple[str, ...] = ()


def collect(
    visited: Visit, offer: Offer, schema: Schema, means: Means, full: bool
) -> Pending | FlowOutcome | Skipped:
    """Ask a partner for one flow; what it sent is archived, read and checked for rights.

    With `full`, everything is asked for without conditions.
    """
    ledger = means.ledger
    try:
        attempt = ledger.open(visited.partner, offer.name)
    except Conflict as error:
        return Skipped(visited.partner.id, offer.name, error.message)
    with closing(attempt):
        now = ledger.clock()
        way, held = way_of(attempt.past, offer, visited.service, means.habits, now, full)
        attempt.facts |= {
            "asked": asked_name(offer),
            "partner_release": offer.release,
            "partner_updated": offer.updated.isoformat() if offer.updated else None,
        }
        if offer.map:
            attempt.facts["map"] = offer.map
        if visited.clock is not None:
            attempt.facts["clock"] = visited.clock
        if way is Way.NOTHING:  # another process took it in the meantime
            return attempt.finish(FinishReason.NOT_MODIFIED, AS_HELD)
        errand = Errand(
            attempt=attempt,
            client=visited.client,
            service=visited.service,
            structures=means.structures,
            offer=offer,
            weigh=lambda answer: means.door.rows_after(_received(attempt, offer, schema, answer)),
        )
        answer = ask(errand, way, held)
        if answer is None or (answer.is_increment and answer.data is None):
            return attempt.finish(FinishReason.NOT_MODIFIED)
        taken = _taken_in(attempt, errand.offer, schema, answer, now)
        if isinstance(taken, Pending) and offer.part:
            return replace(taken, others=_others(visited, offer))
        return taken
    return _outcome(attempt)


def _others(visited: Visit, offer: Offer) -> tuple[str, ...]:
    """The names of the other parts of the flow that an offer is a part of."""
    names = (each.name for each in visited.offers if each.flow == offer.flow)
    return tuple(dict.fromkeys(name for name in names if name != offer.name))


AS_HELD = "the node document names the release that is held"


def _taken_in(
    attempt: OpenAttempt, offer: Offer, schema: Schema, answer: Answer, now: datetime
) -> Pending | FlowOutcome:
    """Note what came, and send it on its way to the door."""
    past = attempt.past
    if answer.is_increment and not offer.part:  # of a part, all there is came
        attempt.facts |= {
            "increments": past.increments + 1,
            "full_at": (past.full_at or now).isoformat(),
            "chain": ",".join((*past.chain, attempt.raw)),
        }
    else:
        attempt.facts |= {"full_at": now.isoformat(), "increments": 0}
    if answer.data is None:
        return _nothing(attempt)
    rows = answer.data.table.num_rows
    attempt.facts["received"] = rows
    attempt.facts.setdefault("rows", rows)
    check_rights(answer.data, schema, attempt.partner)
    attempt.ledger.tell(Progress(attempt.partner.id, offer.name, Stage.RECEIVED))
    return Pending(attempt, _received(attempt, offer, schema, answer))


def _received(attempt: OpenAttempt, offer: Offer, schema: Schema, answer: Answer) -> Received:
    if answer.data is None:  # pragma: no cover - asked before
        raise AssertionError("there is nothing to hand in")
    return Received(
        partner=attempt.partner,
        flow=schema.context,
        attempt=attempt.number,
        data=answer.data,
        raw=attempt.raw,
        partner_release=offer.release,
        url=attempt.url,
        is_increment=answer.is_increment,
        raw_before=attempt.past.chain if answer.is_increment else (),
        findings=answer.findings,
    )


def _nothing(attempt: OpenAttempt) -> FlowOutcome:
    """An empty flow: nothing new where it always was, for a person to see where it was not."""
    if attempt.past.rows:
        return attempt.finish(
            FinishReason.HELD,
            "the partner has nothing in this flow any more; "
            f"{attempt.past.rows} observations came last time",
        )
    attempt.facts["rows"] = 0
    return attempt.finish(FinishReason.UNCHANGED, "the partner has nothing in this flow")
