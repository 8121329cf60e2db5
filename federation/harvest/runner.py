"""A harvest run: every partner's document, then flow by flow from all partners to the door."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from connectors.http import Client
from connectors.service import Offer
from federation.choice import BookInMemory, OfferBook, Share, Told, share_out
from federation.harvest.abreast import abreast
from federation.harvest.asking import Asking, leads_there
from federation.harvest.attempt import closing
from federation.harvest.collect import AS_HELD, Pending, Visit, collect, collect_again, visit
from federation.harvest.ledger import Ledger
from federation.harvest.means import Means
from federation.harvest.past import NO_PAST, Past
from federation.harvest.patience import Budget
from federation.harvest.plan import flow_name, harvested_flows, is_wanted, offered
from federation.harvest.ports import Door, NotAgreed, Settled, Taken
from federation.harvest.report import FlowOutcome, HarvestReport, Skipped
from federation.harvest.way import Habits, Way, asked_name, way_of
from federation.partners import NODE_DOCUMENT, FinishReason, Partner
from hub.errors import Forbidden, Internal, NotSupported
from hub.model import Dataflow, Schema, Structures, resolve

#: Why a partner that was added from a bundle is not harvested.
NO_ADDRESS = "it has no address; what it has comes in bundles (corridor import)"


def _as_registered(partner: Partner, _flow: str) -> Partner:
    return partner


@dataclass(frozen=True, kw_only=True)
class Harvester:
    """Harvests partners into this node.

    `open_client` makes a client for one partner, of so many requests, that writes into the folder
    of a run, below `scratch`, whose name begins with `run_name`; `workers` partners are asked at
    once. `grant` says what may be asked of a partner (`Means`). `node` is this node's id, `book`
    knows what partners offered before, `registered` are all partners there are.
    """

    ledger: Ledger
    door: Door
    structures: Structures
    scratch: Path
    open_client: Callable[[Path, int], Client]
    habits: Habits = field(default_factory=Habits)
    grant: Callable[[Partner, str], Partner] = _as_registered
    workers: int = 3
    run_name: str = "harvest-"
    node: str = ""
    book: OfferBook = field(default_factory=BookInMemory)
    registered: Collection[str] = ()

    def harvest(
        self,
        partners: Sequence[Partner],
        flows: Collection[str] = (),
        *,
        full: bool = False,
        patient: bool = False,
    ) -> HarvestReport:
        """Harvest the shared national flows of partners, or those of `flows` (`AGENCY:ID`).

        What a partner does wrong ends in its outcomes and stops nobody else. `full` asks for
        everything, whether it changed or not. A `patient` run leaves partners and flows alone that
        failed a short while ago. Raises NotFound for a flow that is not harvested.
        """
        wanted = harvested_flows(self.structures, flows)
        started = self.ledger.clock()
        stale = self.ledger.log.close_expired(holder=self.ledger.holder, now=started)
        with (
            TemporaryDirectory(dir=self.scratch, prefix=self.run_name) as folder,
            ThreadPoolExecutor(self.workers, thread_name_prefix="harvest") as pool,
            self.ledger.leases(),
        ):
            run = _Run(self, Path(folder), pool, started, full, patient, bool(flows))
            try:
                run.visit_all(partners)
                for flow in wanted:
                    run.harvest_flow(flow)
            finally:
                self.ledger.write()
                pool.shutdown(cancel_futures=True)  # when interrupted, start nothing more
        return run.report(len(stale))


@dataclass
class _Run:
    """One run: the partners that answered, and what came of it so far."""

    means: Harvester
    folder: Path
    pool: ThreadPoolExecutor
    started: datetime
    full: bool
    patient: bool
    has_named_flows: bool
    visits: list[Visit] = field(default_factory=list)
    outcomes: list[FlowOutcome] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    pasts: dict[str, Mapping[tuple[str, str], Past]] = field(default_factory=dict)

    @property
    def parts(self) -> Means:
        """What errands need."""
        means = self.means
        return Means(
            ledger=means.ledger,
            door=means.door,
            structures=means.structures,
            habits=means.habits,
            grant=means.grant,
        )

    def visit_all(self, partners: Sequence[Partner]) -> None:
        """Read the offers of all partners that may be asked now."""
        ledger = self.means.ledger
        budgets = ledger.patience.budgets(ledger.log, partners, self.started)
        asked: list[tuple[Partner, Budget]] = []
        for partner in partners:
            why = None if partner.url else NO_ADDRESS
            why = why or budgets[partner.id].refusal
            why = why or self._too_early(self._past(partner, NODE_DOCUMENT))
            if why is None:
                asked.append((partner, budgets[partner.id]))
            else:
                self.skipped.append(Skipped(partner.id, NODE_DOCUMENT, why))
        attempts, skipped = ledger.open_all([partner for partner, _ in asked], NODE_DOCUMENT)
        self.skipped += skipped
        with closing(*attempts):
            clients = [self._client(budgets[attempt.partner.id]) for attempt in attempts]
            visits = [
                self.pool.submit(visit, attempt, client, self.parts, self.full)
                for attempt, client in zip(attempts, clients, strict=True)
            ]
            wait(visits)
            for future in visits:
                visited, outcome = future.result()
                self.outcomes.append(outcome)
                if visited is not None:
                    self.visits.append(visited)
        ledger.write()

    def _past(self, partner: Partner, flow: str) -> Past:
        if flow not in self.pasts:
            self.pasts[flow] = self.means.ledger.log.pasts([flow])
        return self.pasts[flow].get((partner.id, flow), NO_PAST)

    def _too_early(self, past: Past) -> str | None:
        """Why a patient run leaves something alone; None where it does not."""
        until = past.not_before
        if not self.patient or until is None or until <= self.started:
            return None
        return f"it failed {past.failures} times in a row; next try after {_minute(until)}"

    def _client(self, budget: Budget) -> Client:
        return self.means.open_client(self.folder, budget.left)

    def harvest_flow(self, flow: Dataflow) -> None:
        """Collect one flow from every partner that offers it, then make one release of it.

        Of partners that have it in several parts, one part after another.
        """
        rounds: dict[str, list[tuple[Visit, Share]]] = {}
        for visited, share in self._to_ask(flow):
            rounds.setdefault(share.offer.name, []).append((visited, share))
        if flow_name(flow) not in rounds:
            self._confirm(flow)
        for name, to_ask in rounds.items():
            self._harvest_round(flow, name, to_ask)

    def _harvest_round(
        self, flow: Dataflow, name: str, to_ask: Sequence[tuple[Visit, Share]]
    ) -> None:
        """Collect what attempts call by one name from every partner that offers it."""
        schema = resolve(flow.reference, self.means.structures)
        asked = {visited.partner.id: (visited, share) for visited, share in to_ask}
        ledger = self.means.ledger
        attempts, skipped = ledger.open_all([v.partner for v, _ in to_ask], name)
        self.skipped += skipped
        with closing(*attempts):
            pending = self._gathered(
                collect(attempt, *asked[attempt.partner.id], schema, self.parts, self.full)
                for attempt in attempts
            )
            # Begun beside the weighing; whoever needs it done settles again, and tells of faults.
            self.pool.submit(ledger.archive.settle)
            pending = self._weighed(flow, schema, pending)
            if name == flow_name(flow):
                self._confirm(flow)
            if pending:
                self._hand_in(flow, pending)
        ledger.write()

    def _weighed(self, flow: Dataflow, schema: Schema, pending: Sequence[Pending]) -> list[Pending]:
        """What can be handed in: increments that lead nowhere are asked for again, as a whole."""
        increments = [
            each.received
            for each in pending
            if each.received.is_increment and not each.errand.offer.part
        ]
        if not increments:
            return list(pending)
        with closing(*(each.attempt for each in pending)):
            rows = self.means.door.rows_after(flow.reference, increments)
        sound: list[Pending] = []
        doubtful: list[Pending] = []
        for each in pending:
            is_sound = not each.received.is_increment or leads_there(
                each.errand, rows.get(each.attempt.partner.id)
            )
            (sound if is_sound else doubtful).append(each)
        again = (collect_again(each, schema, self.parts) for each in doubtful)
        return [*sound, *self._gathered(again)]

    def _gathered(self, askings: Iterable[Asking[Pending | FlowOutcome]]) -> list[Pending]:
        """What waits for the door, when all are back; the rest is noted."""
        futures = abreast(self.pool, askings, self.means.structures)
        found = [future.result() for future in futures if future.exception() is None]
        pending = [each for each in found if isinstance(each, Pending)]
        self.outcomes.extend(each for each in found if isinstance(each, FlowOutcome))
        with closing(*(each.attempt for each in pending)):
            for future in futures:
                future.result()  # a fault of this node ends the run, with no attempt left open
        return pending

    def _confirm(self, flow: Dataflow) -> None:
        """Tell the door of partners that have what was taken from them last, and nothing else."""
        mine = [one for one in self.outcomes if one.flow == flow_name(flow)]
        again = [one.partner for one in mine if one.reason is FinishReason.NOT_MODIFIED]
        if again:
            self.means.door.confirm(flow.reference, again)

    def _shares(self, flow: Dataflow) -> list[tuple[Visit, Share]]:
        """What each partner is to be asked for, so that every area comes from one of them."""
        means = self.means
        offered = list(self._offers(flow))
        if not offered:
            return []
        schema = resolve(flow.reference, means.structures)
        told = [self._told(visited.partner, offer) for visited, offer in offered]
        others = set(means.registered) - {visited.partner.id for visited in self.visits}
        shares = share_out(means.node, schema, told, means.book, others, means.ledger.clock())
        return [(visited, share) for (visited, _), share in zip(offered, shares, strict=True)]

    def _told(self, partner: Partner, offer: Offer) -> Told:
        failing = "" if self.full else self._past(partner, offer.name).failing(offer.release)
        return Told(self._granted(partner, offer), offer, failing)

    def _to_ask(self, flow: Dataflow) -> list[tuple[Visit, Share]]:
        """The shares that something must be asked about; the others are settled at once."""
        ledger = self.means.ledger
        to_ask: list[tuple[Visit, Share]] = []
        settled: list[Settled] = []
        shares = self._shares(flow)
        for visited, share in shares:
            offer = share.offer
            past = self._past(visited.partner, offer.name)
            if offer.is_empty and not past.rows:
                continue  # there is nothing, and never was
            way = self._way(visited, share, past)
            why = share.why_not or visited.client.refusal or self._too_early(past)
            if way is Way.NOTHING and self._is_granted(visited.partner, offer.flow):
                settled.append(_settled(visited, offer))
            elif why:
                self.skipped.append(Skipped(visited.partner.id, offer.name, why))
            else:
                to_ask.append((visited, share))
        if settled:
            outcomes, skipped = ledger.settle(flow_name(flow), settled)
            self.outcomes += outcomes
            self.skipped += skipped
        return to_ask

    def _way(self, visited: Visit, share: Share, past: Past) -> Way | None:
        """How a share is asked for; None where it is not."""
        if share.why_not:
            return None
        full = self.full or share.is_new
        habits, offer = self.means.habits, share.offer
        return way_of(past, offer, visited.service, habits, self.started, full)[0]

    def _is_agreed(self, partner: Partner, flow: Dataflow) -> bool:
        """False, and told, where agreements with a partner are about other flows."""
        try:
            self.means.grant(partner, flow_name(flow))
        except NotAgreed as error:
            self.skipped.append(Skipped(partner.id, flow_name(flow), error.message))
            return False
        except Forbidden:
            pass  # the attempt will say so
        return True

    def _granted(self, partner: Partner, offer: Offer) -> Partner:
        """A partner with the areas agreed on; as it was added where nothing holds now."""
        try:
            return self.means.grant(partner, offer.flow)
        except Forbidden:
            return partner  # the attempt will say so

    def _is_granted(self, partner: Partner, flow: str) -> bool:
        """True where a flow may be harvested; what may not is refused in an attempt."""
        try:
            self.means.grant(partner, flow)
        except Forbidden:
            return False
        return True

    def _offers(self, flow: Dataflow) -> Iterator[tuple[Visit, Offer]]:
        """The partners that are to be asked for a flow, each with the version it has."""
        for visited in self.visits:
            partner = visited.partner
            if not is_wanted(partner, flow):
                continue
            try:
                theirs = offered(visited.offers, flow)
            except NotSupported as error:
                self.skipped.append(Skipped(partner.id, flow_name(flow), error.message))
                continue
            if theirs:
                if self._is_agreed(partner, flow):
                    yield from ((visited, offer) for offer in theirs)
            elif self.has_named_flows or partner.flows:
                why = "the partner does not publish it"
                self.skipped.append(Skipped(partner.id, flow_name(flow), why))

    def _hand_in(self, flow: Dataflow, pending: Sequence[Pending]) -> None:
        """Bring what all partners sent to the door, and close their attempts."""
        attempts = [each.attempt for each in pending]
        with closing(*attempts):
            self.means.ledger.archive.settle()
            taken = self.means.door.take_all(flow.reference, [each.received for each in pending])
            for each in pending:
                result = _of(taken, each.attempt.partner)
                findings = (*each.received.findings, *result.findings)
                each.attempt.finish(result.reason, result.note, replace(result, findings=findings))
        self.outcomes.extend(each.outcome for each in attempts if each.outcome is not None)

    def _as_logged(self, outcome: FlowOutcome) -> FlowOutcome:
        """An outcome, as far as the attempt was still this run's when it ended."""
        if outcome.attempt not in self.means.ledger.lost:
            return outcome
        note = "its lease ended before it did; another process closed it"
        return replace(outcome, reason=FinishReason.ABORTED, note=note)

    def report(self, aborted: int) -> HarvestReport:
        """Sum up the run."""
        return HarvestReport(
            started=self.started,
            finished=self.means.ledger.clock(),
            outcomes=tuple(map(self._as_logged, self.outcomes)),
            skipped=tuple(self.skipped),
            aborted=aborted,
        )


def _settled(visited: Visit, offer: Offer) -> Settled:
    """An attempt that asks nothing: what the partner offers is held."""
    facts = {
        "way": Way.NOTHING.value,
        "asked": asked_name(offer),
        "partner_release": offer.release,
        "clock": visited.clock,
        "requests": 0,
        "wire_bytes": 0,
    }
    return Settled(visited.partner, FinishReason.NOT_MODIFIED, AS_HELD, facts)


def _minute(instant: datetime) -> str:
    return instant.isoformat(timespec="minutes")


def _of(taken: Mapping[str, Taken], partner: Partner) -> Taken:
    found = taken.get(partner.id)
    if found is None:
        raise Internal(f"the door says nothing about what {partner.id} sent")
    return found
