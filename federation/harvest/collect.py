"""What one partner has: its offers, then one flow after another, each in an attempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa

from connectors.http import Client
from connectors.registry import service_of
from connectors.service import Answer, Known, Offer, Service
from federation.choice import Share, only_of
from federation.harvest.asking import Asking, Errand, ask, ask_again
from federation.harvest.attempt import OpenAttempt, closing
from federation.harvest.means import Means
from federation.harvest.past import Past
from federation.harvest.ports import Received
from federation.harvest.report import FlowOutcome, Progress, Stage
from federation.harvest.rights import check_rights
from federation.harvest.way import Way, asked_name, way_of
from federation.partners import NODE_DOCUMENT, FinishReason, Partner
from hub.formats.message import RawData
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
    attempt: OpenAttempt, client: Client, means: Means, full: bool
) -> tuple[Visit | None, FlowOutcome]:
    """Read what a partner offers.

    It is asked for on condition that it changed, unless that is long ago, or `full`.
    """
    ledger, partner = means.ledger, attempt.partner
    ledger.tell(Progress(partner.id, attempt.flow, Stage.ASKING))
    found: Visit | None = None
    if ledger.stopping():
        return None, attempt.finish(FinishReason.ABORTED, STOPPED)
    with closing(attempt):
        means.grant(partner, NODE_DOCUMENT)
        service = service_of(partner.profile, partner.url, partner.id, partner.areas)
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
    """An attempt whose data waits for the door, and the errand it came of."""

    errand: Errand
    received: Received

    @property
    def attempt(self) -> OpenAttempt:
        """The attempt."""
        return self.errand.attempt


def collect(
    attempt: OpenAttempt, visited: Visit, share: Share, schema: Schema, means: Means, full: bool
) -> Asking[Pending | FlowOutcome]:
    """Ask a partner for its share of a flow; what it sent is archived, read, checked for rights.

    With `full`, everything is asked for without conditions. It pauses where what came can be read
    with what other partners sent.
    """
    ledger, offer = means.ledger, share.offer
    ledger.tell(Progress(attempt.partner.id, attempt.flow, Stage.ASKING))
    if ledger.stopping():
        return attempt.finish(FinishReason.ABORTED, STOPPED)
    with closing(attempt):
        attempt.partner = means.grant(attempt.partner, offer.flow)
        now = ledger.clock()
        is_full = full or share.is_new
        way, held = way_of(attempt.past, offer, visited.service, means.habits, now, is_full)
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
            share=share,
        )
        answer = yield from ask(errand, way, held)
        if answer is None or (answer.is_increment and answer.data is None):
            return attempt.finish(FinishReason.NOT_MODIFIED)
        taken = _taken_in(errand, schema, answer, now)
        if isinstance(taken, Pending) and offer.part:
            return replace(taken, received=_with_others(taken.received, visited, offer, means))
        return taken
    return _outcome(attempt)


def _with_others(received: Received, visited: Visit, offer: Offer, means: Means) -> Received:
    """What came of a part of a flow, with the bytes that the other parts are from as they are now.

    A part takes nothing from what it was before, as all of it came.
    """
    names = {each.name for each in visited.offers if each.flow == offer.flow} - {offer.name}
    pasts = means.ledger.log.pasts(sorted(names), visited.partner.id)
    raws = [past.raw for past in pasts.values() if past.raw is not None and past.rows]
    return replace(received, raw_before=tuple(raws))


def collect_again(pending: Pending, schema: Schema, means: Means) -> Asking[Pending | FlowOutcome]:
    """Ask for everything where the increment that came does not lead to what the partner has."""
    errand = pending.errand
    with closing(errand.attempt):
        answer = yield from ask_again(errand)
        return _taken_in(errand, schema, answer, means.ledger.clock())
    return _outcome(errand.attempt)


#: Why an attempt that was opened is given up before anything is asked.
STOPPED = "this node was told to stop"
AS_HELD = "the node document names the release that is held"


def _taken_in(
    errand: Errand, schema: Schema, answer: Answer, now: datetime
) -> Pending | FlowOutcome:
    """Note what came, and send it on its way to the door."""
    attempt, offer = errand.attempt, errand.offer
    past = attempt.past
    if answer.is_increment and not offer.part:
        attempt.facts |= {
            "increments": past.increments + 1,
            "full_at": (past.full_at or now).isoformat(),
            "chain": ",".join((*past.chain, attempt.raw)),
        }
    else:
        attempt.facts |= {"full_at": now.isoformat(), "increments": 0, "chain": attempt.raw}
    if answer.data is None and not offer.part:
        answer = replace(answer, data=_nothing(attempt, schema))
    if answer.data is None:
        attempt.facts["rows"] = 0
        return attempt.finish(FinishReason.UNCHANGED, "the partner has nothing in this flow")
    rows = answer.data.table.num_rows
    attempt.facts["received"] = rows
    if not answer.is_increment or offer.part:
        attempt.facts["rows"] = rows
    check_rights(answer.data, schema, attempt.partner)
    attempt.ledger.tell(Progress(attempt.partner.id, attempt.flow, Stage.RECEIVED))
    return Pending(errand, _received(errand, schema, answer))


def _received(errand: Errand, schema: Schema, answer: Answer) -> Received:
    if answer.data is None:  # pragma: no cover - asked before
        raise AssertionError("there is nothing to hand in")
    attempt, share = errand.attempt, errand.share
    data, left_out = only_of(answer.data, schema, share)
    return Received(
        partner=attempt.partner,
        flow=schema.context,
        attempt=attempt.number,
        data=data,
        raw=attempt.raw,
        partner_release=errand.offer.release,
        url=attempt.url,
        is_increment=answer.is_increment,
        raw_before=attempt.past.chain if answer.is_increment else (),
        findings=(*answer.findings, *left_out),
        areas=share.areas,
        descents=share.descents,
    )


def _nothing(attempt: OpenAttempt, schema: Schema) -> RawData | None:
    """An empty flow, for the door to see where it was not empty before; None where it was."""
    if not attempt.past.rows:
        return None
    columns = {column.id: pa.array([], pa.string()) for column in schema.columns}
    return RawData(source=f"{attempt.partner.id}, nothing", table=pa.table(columns))
