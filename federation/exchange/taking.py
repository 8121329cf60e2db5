"""Taking what is in a bundle: as a harvest of the partner that made it, without the network.

First everything is read and checked, and nothing is taken where anything of it is refused; then
each flow goes through the door as one release.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from connectors.corridor import CorridorService, Node, offer_of
from connectors.http import Fetched, FetchRequest
from connectors.service import Offer
from federation.agreements.granting import Granting
from federation.choice import OfferBook, Share, Told, only_of, share_out
from federation.exchange.contents import Bundle
from federation.harvest import (
    Door,
    FlowOutcome,
    HarvestReport,
    Ledger,
    Received,
    Skipped,
    Taken,
)
from federation.harvest.attempt import OpenAttempt, closing
from federation.harvest.plan import harvested_flows, is_wanted, offered
from federation.harvest.ports import NotAgreed
from federation.harvest.rights import check_rights
from federation.harvest.way import asked_name
from federation.partners import FinishReason, Partner, PartnerRegistry
from hub.errors import Conflict, CorridorError, Forbidden, Invalid, NotFound, NotSupported
from hub.model import Dataflow, Schema, Structures, resolve

ImportReport = HarvestReport
_CSV = "application/vnd.sdmx.data+csv;version=2.0.0"


class PartnerDoor(Door, Protocol):
    """A door that says beforehand what it would do."""

    def preview(self, received: Received) -> Taken:
        """Validate and compare what a partner sent, and release nothing.

        Raises Invalid, Forbidden and Conflict, as taking it would.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Part:
    """A flow of a bundle that is to be taken."""

    flow: Dataflow
    schema: Schema
    share: Share
    file: str


@dataclass(frozen=True, kw_only=True)
class _Read:
    """A flow that was read and checked."""

    part: _Part
    received: Received


@dataclass(kw_only=True)
class _Taking:
    """One import: what it needs of the node, and what came of it so far."""

    bundle: Bundle
    partner: Partner
    ledger: Ledger
    door: PartnerDoor
    structures: Structures
    book: OfferBook
    node: str
    others: Collection[str]
    grant: Granting
    limit: int
    dry_run: bool
    skipped: list[Skipped] = field(default_factory=list)
    outcomes: list[FlowOutcome] = field(default_factory=list)

    def run(self) -> None:
        """Read and check all of it, then take flow after flow."""
        parts = list(self._parts())
        if self.dry_run:
            self.outcomes += [self._told(one) for one in self._read_all(parts, {})]
            return
        attempts = self._attempts(parts)
        with closing(*attempts.values()):
            self._archive(parts, attempts)
            self._take(self._read_all(parts, attempts), attempts)
        self.outcomes += [each.outcome for each in attempts.values() if each.outcome is not None]

    def _parts(self) -> Iterator[_Part]:
        """The flows of the bundle that this node takes from this partner."""
        shared = {f"{one.agency}:{one.id}": one for one in harvested_flows(self.structures)}
        at = None if self.dry_run else self.ledger.clock()
        node = Node(url=self.partner.url, document=self.bundle.document, data_url="")
        offers = [offer_of(node, flow) for flow in self.bundle.document.dataflows]
        for flow in self.bundle.manifest.flows:
            mine = shared.get(flow.name)
            try:
                if mine is None or not is_wanted(self.partner, mine):
                    raise NotSupported("it is not harvested from this partner")
                found = offered(offers, mine)
                if not found:
                    raise NotSupported("the node document does not have it")
                partner = self._granted(flow.name)
            except (NotSupported, NotAgreed) as error:
                self._skip(flow.name, error.message)
                continue
            schema = resolve(mine.reference, self.structures)
            (share,) = share_out(
                self.node, schema, [Told(partner, found[0])], self.book, self.others, at
            )
            if share.why_not:
                self._skip(flow.name, share.why_not)
                continue
            yield _Part(mine, schema, share, flow.file)

    def _granted(self, flow: str) -> Partner:
        """The partner with the areas agreed on; raises NotAgreed where a flow is not agreed on.

        Where no agreement holds, what it was added with: reading refuses it then.
        """
        try:
            return self.grant(self.partner, flow)
        except NotAgreed:
            raise
        except Forbidden:
            return self.partner

    def _skip(self, flow: str, why: str) -> None:
        self.skipped.append(Skipped(self.partner.id, flow, why))

    def _attempts(self, parts: Sequence[_Part]) -> dict[str, OpenAttempt]:
        """Open an attempt for each flow, or for none; raises Conflict while another is open."""
        found: dict[str, OpenAttempt] = {}
        try:
            for part in parts:
                flow = part.share.offer.flow
                found[flow] = self.ledger.open(self.partner, flow)
        except Conflict as error:
            for attempt in found.values():
                attempt.finish(FinishReason.ABORTED, error.message)
            raise
        return found

    def _archive(self, parts: Sequence[_Part], attempts: Mapping[str, OpenAttempt]) -> None:
        """Keep the bytes of each file that an attempt takes, and which bundle it was in.

        Not those of the whole bundle: a purge reaches what slices came from, and nothing else.
        """
        for part in parts:
            offer = part.share.offer
            attempt = attempts[offer.flow]
            attempt.keep(*self._fetched(part))
            attempt.facts |= {
                "bundle": self.bundle.sha256,
                "asked": asked_name(offer),
                "partner_release": offer.release,
                "partner_updated": offer.updated.isoformat() if offer.updated else None,
            }
        self.ledger.archive.settle()

    def _fetched(self, part: _Part) -> tuple[FetchRequest, Fetched]:
        """A file of the bundle as the answer to a request that nobody made."""
        stored = self.bundle.manifest.files[part.file]
        url = f"bundle:{self.bundle.sha256}/{part.file}"
        fetched = Fetched(
            url=url,
            status=200,
            headers=(("content-type", _CSV), ("content-length", str(stored.bytes))),
            path=self.bundle.files[part.file],
            wire_bytes=stored.bytes,
            sha256=stored.sha256,
            address=None,
            sent=datetime.now(UTC),
            seconds_to_headers=0.0,
            seconds=0.0,
        )
        return FetchRequest(url=url), fetched

    def _read_all(self, parts: Sequence[_Part], attempts: Mapping[str, OpenAttempt]) -> list[_Read]:
        """Read and check every flow; raises the first refusal where anything is refused."""
        found: list[_Read] = []
        refused: list[CorridorError] = []
        for part in parts:
            attempt = attempts.get(part.share.offer.flow)
            try:
                one = self._read(part, attempt)
                self.door.preview(one.received)
            except CorridorError as error:
                refused.append(error)
                if attempt is not None:
                    attempt.fail(error)
            else:
                found.append(one)
        if refused and self.dry_run:
            raise refused[0]
        if refused:
            why = f"not taken, as another flow of the bundle was refused: {refused[0].message}"
            for one in found:
                attempts[one.part.share.offer.flow].finish(FinishReason.REFUSED, why)
            return []
        return found

    def _read(self, part: _Part, attempt: OpenAttempt | None) -> _Read:
        offer = part.share.offer
        partner = self.grant(self.partner, offer.flow)
        self._refuse_older(offer)
        service = CorridorService(partner.url, partner.id)
        fetched = replace(self._fetched(part)[1], path=self._copy(part))
        data = service.read(offer, None, fetched, self.structures, self.limit).data
        if data is None:
            raise Invalid(f"{self.bundle.name}: {part.file} holds no observations")
        check_rights(data, part.schema, partner)
        data, left_out = only_of(data, part.schema, part.share)
        received = Received(
            partner=partner,
            flow=part.schema.context,
            attempt=attempt.number if attempt is not None else 0,
            data=data,
            raw=attempt.raw if attempt is not None else "",
            partner_release=offer.release,
            url=fetched.url,
            findings=left_out,
            areas=part.share.areas,
            descents=part.share.descents,
        )
        if attempt is not None:
            attempt.facts["rows"] = data.table.num_rows
        return _Read(part=part, received=received)

    def _copy(self, part: _Part) -> Path:
        """A copy that the reader may rename; it goes with the folder of the bundle."""
        source = self.bundle.files[part.file]
        folder = source.with_name(f"read-{source.name}")
        folder.mkdir()
        return Path(shutil.copyfile(source, folder / "body"))

    def _refuse_older(self, offer: Offer) -> None:
        """Raise Conflict where this node took a later release of the partner already."""
        past = self.ledger.log.pasts([offer.flow], self.partner.id).get(
            (self.partner.id, offer.flow)
        )
        held = past.updated if past is not None else None
        if held is None or offer.updated is None:
            return
        if offer.updated < held:
            raise Conflict(
                f"{self.bundle.name} has {offer.flow} as of {offer.updated:%Y-%m-%d %H:%M:%SZ}, "
                f"this node took that of {held:%Y-%m-%d %H:%M:%SZ} from {self.partner.id} "
                "already: import the newest bundle there is"
            )

    def _take(self, found: Sequence[_Read], attempts: Mapping[str, OpenAttempt]) -> None:
        for one in found:
            attempt = attempts[one.part.share.offer.flow]
            with closing(attempt):
                taken = self.door.take_all(one.received.flow, [one.received])[self.partner.id]
                findings = (*one.received.findings, *taken.findings)
                attempt.finish(taken.reason, taken.note, replace(taken, findings=findings))

    def _told(self, one: _Read) -> FlowOutcome:
        """What a dry run says of a flow."""
        would: Taken = self.door.preview(one.received)
        return FlowOutcome(
            partner=self.partner.id,
            flow=one.part.share.offer.flow,
            attempt=0,
            reason=would.reason,
            note=would.note,
            counts=would.counts,
            findings=(*one.received.findings, *would.findings),
        )


def take(
    bundle: Bundle,
    *,
    registry: PartnerRegistry,
    ledger: Ledger,
    door: PartnerDoor,
    structures: Structures,
    book: OfferBook,
    node: str,
    grant: Granting,
    limit: int,
    dry_run: bool = False,
) -> ImportReport:
    """Take a bundle from the partner that made it; `limit` bounds the bytes unpacked of a file.

    `grant` says what may be taken of a partner (`federation.agreements`).

    Where one flow is refused, none is taken. Raises NotFound for a partner that is not known, and
    Conflict for a bundle of this node itself; in a dry run what the first refused flow raises.
    """
    made_by = bundle.manifest.node
    if made_by == node:
        raise Conflict(f"{bundle.name} was made by this node itself: there is nothing to take")
    known = {partner.id: partner for partner in registry.list()}
    if made_by not in known:
        raise NotFound(
            f"{bundle.name} was made by {made_by}, which is no partner of this node; known: "
            f"{', '.join(known) or 'none yet'}. Add it first, with the areas it may speak for: "
            "corridor partner add URL --areas …"
        )
    started = ledger.clock()
    stale = () if dry_run else ledger.log.close_expired(holder=ledger.holder, now=started)
    taking = _Taking(
        bundle=bundle,
        partner=known[made_by],
        ledger=ledger,
        door=door,
        structures=structures,
        book=book,
        node=node,
        others=set(known) - {made_by},
        grant=grant,
        limit=limit,
        dry_run=dry_run,
    )
    taking.run()
    return HarvestReport(
        started=started,
        finished=ledger.clock(),
        outcomes=tuple(taking.outcomes),
        skipped=tuple(taking.skipped),
        aborted=len(stale),
    )
