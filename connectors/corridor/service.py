"""Another Corridor node as a service to harvest (a `connectors.service.Service`)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from connectors.corridor.document import NodeFlow
from connectors.corridor.profile import (
    Node,
    data_file,
    data_request,
    document_limits,
    flow_url,
    node_request,
    read_answer,
)
from connectors.http import Client, Fetched, FetchRequest, as_well, named
from connectors.service import Answer, Held, KeepAnswer, Known, Offer, OfferedSlice, Text
from hub.errors import Forbidden, PartnerInvalid
from hub.formats.csv import read_csv
from hub.formats.limits import Limits
from hub.formats.message import Action, RawData
from hub.model import Structures

#: The actions a node sends in an increment; a complete answer is Information.
_INCREMENTAL = frozenset(
    action.value for action in (Action.APPEND, Action.MERGE, Action.REPLACE, Action.DELETE)
)
NO_CONTENT = 204


@dataclass(frozen=True, slots=True)
class CorridorService:
    """The node at `url`, registered as `partner`."""

    url: str
    partner: str
    keeps_updates: bool = True

    def offers(
        self,
        client: Client,
        structures: Structures,
        keep: KeepAnswer,
        known: Known | None = None,
    ) -> Sequence[Offer]:
        """The dataflows of the node document, in every version it has."""
        request = node_request(self.url, known.held if known is not None else None)
        limits = document_limits(client)
        fetched = client.fetch(request, limits, lambda answer: keep(request, answer))
        if fetched.status == 304:
            fetched = _as_known(request, fetched, known)
        node = read_answer(self.url, fetched, limits.unpacked_bytes)
        if node.document.id != self.partner:
            raise Forbidden(
                f"{self.url} says it is {node.document.id}, registered there is {self.partner}: "
                "ask the partner, then remove and add it again"
            )
        return tuple(offer_of(node, flow) for flow in node.document.dataflows)

    def request(self, offer: Offer, held: Held | None) -> FetchRequest:
        """Everything in the flow, or what changed since `held.since`."""
        url = _narrowed(offer)
        since = held.since if held is not None else None
        if since is not None:
            url = f"{url}{'&' if offer.areas else '?'}updatedAfter={_spelt(since)}"
        return data_request(url, held)

    def text(self, offer: Offer, held: Held | None, fetched: Fetched, limit: int) -> Text | None:
        """The SDMX-CSV that came; an increment is told by its actions, whatever was asked."""
        if fetched.status == NO_CONTENT:
            return None
        path, id_ = data_file(fetched, limit), offer.flow.partition(":")[2]
        return Text(f"{self.partner}.{id_}.csv", path, partial(_answer, _asks_for_changes(held)))

    def read(
        self,
        offer: Offer,
        held: Held | None,
        fetched: Fetched,
        structures: Structures,
        limit: int,
    ) -> Answer:
        """Read SDMX-CSV."""
        text = self.text(offer, held, fetched, limit)
        if text is None:
            return Answer(data=None, is_increment=_asks_for_changes(held))
        path = named(text.path, text.name)
        return text.answer(read_csv(path, structures, limits=Limits(bytes=limit)))


def _asks_for_changes(held: Held | None) -> bool:
    return held is not None and held.since is not None


def _answer(asks_for_changes: bool, data: RawData) -> Answer:
    if not data.table.num_rows:
        return Answer(data=None, is_increment=asks_for_changes)
    return Answer(data=data, is_increment=asks_for_changes and _is_incremental(data))


def offer_of(node: Node, flow: NodeFlow) -> Offer:
    """A flow of a node document, as an offer."""
    return Offer(
        flow=flow.name,
        version=flow.version,
        source=flow.name,
        url=flow_url(node, flow),
        release=flow.release,
        updated=flow.updated,
        rows=flow.rows,
        slices=_slices(node.document.id, flow),
    )


def _slices(node: str, flow: NodeFlow) -> tuple[OfferedSlice, ...] | None:
    """The slices of a flow, as far as what the node says of them fits together."""
    if flow.slices is None:
        return None
    told = {one.area: (one.descent(node), one.rows) for one in flow.slices}
    return tuple(
        OfferedSlice(area=area, descent=descent, rows=rows)
        for area, (descent, rows) in told.items()
        if descent is not None
    )


def _narrowed(offer: Offer) -> str:
    """The URL of what is wanted of an offer (SDMX REST 2.2, component filters)."""
    if not offer.areas:
        return offer.url
    return f"{offer.url}?c%5B{offer.cut_by}%5D={','.join(sorted(offer.areas))}"


def _as_known(request: FetchRequest, fetched: Fetched, known: Known | None) -> Fetched:
    """An answer 304, with the body that is held; raises PartnerInvalid where none was named."""
    if known is None or not request.is_conditional:
        raise PartnerInvalid(f"{request.url} answered 304 to a request without conditions")
    body = as_well(known.body, fetched.path.with_suffix(".known"))  # it may have to be unpacked
    size = body.stat().st_size
    return dataclasses.replace(fetched, status=200, headers=(), path=body, wire_bytes=size)


def _spelt(instant: datetime) -> str:
    """An instant as a query names it: in UTC, with all its microseconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _is_incremental(data: RawData) -> bool:
    """True where every row says that it changed; a complete answer says it informs."""
    if data.actions is None:
        return False
    return set(data.actions.unique().to_pylist()) <= _INCREMENTAL
