"""What one partner has: its node document, then one flow after another, each in an attempt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from connectors.corridor import (
    Node,
    NodeFlow,
    data_file,
    data_request,
    document_url,
    read_node,
)
from connectors.http import Client, Fetched, FetchRequest
from federation.harvest.attempt import Ledger, OpenAttempt, closing
from federation.harvest.ports import Received
from federation.harvest.report import FlowOutcome, Progress, Skipped, Stage
from federation.harvest.rights import check_rights
from federation.partners import HOLDS, NODE_DOCUMENT, FinishReason, Partner
from hub.errors import Conflict, Forbidden, PartnerInvalid
from hub.formats.csv import read_csv
from hub.formats.limits import Limits
from hub.formats.message import RawData
from hub.model import Schema, Structures


@dataclass(frozen=True, slots=True)
class Visit:
    """A partner whose node document was read."""

    partner: Partner
    client: Client
    node: Node


def visit(partner: Partner, client: Client, ledger: Ledger) -> tuple[Visit | None, FlowOutcome]:
    """Read a partner's node document in an attempt of its own.

    Raises Conflict while another harvest is at it.
    """
    attempt = ledger.open(partner, NODE_DOCUMENT)
    found: Visit | None = None
    with closing(attempt):
        request = FetchRequest(url=document_url(partner.url))
        node = read_node(partner.url, client, keep=partial(attempt.keep, request))
        if node.document.id != partner.id:
            raise Forbidden(
                f"{partner.url} says it is {node.document.id}, registered there is {partner.id}: "
                "ask the partner, then remove and add it again"
            )
        found = Visit(partner, client, node)
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
    flow: NodeFlow,
    schema: Schema,
    ledger: Ledger,
    structures: Structures,
    full: bool,
) -> Pending | FlowOutcome | Skipped:
    """Ask a partner for one flow; what it sent is archived, read and checked for rights.

    The request is conditional on what was taken last, unless `full`.
    """
    try:
        attempt = ledger.open(visited.partner, flow.name)
    except Conflict as error:
        return Skipped(visited.partner.id, flow.name, error.message)
    with closing(attempt):
        attempt.facts["partner_release"] = flow.release
        request = _request(visited, flow, ledger, full)
        fetched = visited.client.fetch(request, keep=partial(attempt.keep, request))
        if fetched.status == 304:
            return _not_modified(attempt, request)
        if fetched.status == 204:
            return _nothing(attempt)
        data = _read(visited, flow, fetched, structures)
        if not data.table.num_rows:
            return _nothing(attempt)
        attempt.facts["rows"] = data.table.num_rows
        check_rights(data, schema, visited.partner)
        ledger.tell(Progress(visited.partner.id, flow.name, Stage.RECEIVED))
        received = Received(
            partner=visited.partner,
            flow=schema.context,
            attempt=attempt.number,
            data=data,
            raw=attempt.raw,
            partner_release=flow.release,
            url=fetched.url,
        )
        return Pending(attempt, received)
    return _outcome(attempt)


def _request(visited: Visit, flow: NodeFlow, ledger: Ledger, full: bool) -> FetchRequest:
    """Conditional on the last answer this node holds, where that was to the same URL."""
    plain = data_request(visited.node, flow)
    held = ledger.log.last(visited.partner.id, flow.name, HOLDS)
    if full or held is None or held.facts.get("url") != plain.url:
        return plain
    etag, modified = held.facts.get("etag"), held.facts.get("last_modified")
    return data_request(
        visited.node,
        flow,
        etag=etag if isinstance(etag, str) else None,
        last_modified=modified if isinstance(modified, str) else None,
    )


def _not_modified(attempt: OpenAttempt, request: FetchRequest) -> FlowOutcome:
    if not request.is_conditional:
        raise PartnerInvalid(f"{request.url} answered 304 to a request without conditions")
    return attempt.finish(FinishReason.NOT_MODIFIED)


def _nothing(attempt: OpenAttempt) -> FlowOutcome:
    """An empty flow: nothing new where it always was, for a person to see where it was not."""
    held = attempt.ledger.log.last(attempt.partner.id, attempt.flow, HOLDS)
    rows = held.facts.get("rows") if held is not None else None
    if rows:
        return attempt.finish(
            FinishReason.HELD,
            f"the partner has nothing in this flow any more; {rows} observations came last time",
        )
    attempt.facts["rows"] = 0
    return attempt.finish(FinishReason.UNCHANGED, "the partner has nothing in this flow")


def _read(visited: Visit, flow: NodeFlow, fetched: Fetched, structures: Structures) -> RawData:
    """Read the data, from a file whose name findings can show.

    The file stays until the end of the run: what is read finds its lines in it.
    """
    limit = visited.client.limits.unpacked_bytes
    content = data_file(fetched, limit)
    path = content.rename(content.with_name(f"{visited.partner.id}.{flow.id}.csv"))
    return read_csv(path, structures, limits=Limits(bytes=limit))
