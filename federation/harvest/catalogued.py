"""What a harvest needs of the node, over its catalogue, lake and door."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from federation.harvest.past import COMPLETE, Past, instant_of
from federation.harvest.ports import Ended, Received, Settled, Taken
from federation.partners import HOLDS, Attempt, Facts, FinishReason
from federation.valve.valve import STRUCTURE, Valve
from hub.errors import Conflict, CorridorError, Invalid
from hub.model import Origin, Reference, Schema
from hub.publish import Prepared, Report, Submission, prepare, release
from hub.publish.counting import rows_after
from hub.publish.together import prepare_all
from hub.publish.weights import Doubt
from hub.store import Catalogue, Store, attempts, flow_name
from hub.store import partners as rows
from hub.store.commit import all_of
from hub.store.origins import RAW, RAW_BEFORE
from hub.store.recent import Recent, newest_recent, remembering
from hub.store.review import held, supersede

#: The attempts of which a `Past` consists, by the reasons they ended with; () stands for any.
_SETS: Mapping[str, Collection[str]] = {
    "held": [reason.value for reason in HOLDS],
    "complete": [reason.value for reason in COMPLETE],
    "last": (),
}


class CataloguedAttempts:
    """The log of attempts (an `AttemptLog`) over the catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._closed: dict[int, Attempt] = {}

    def open(
        self, partner_id: str, flow: str, *, holder: str, now: datetime, lease_seconds: float
    ) -> int:
        """Open one attempt and return its id; Conflict while another holds the lease."""
        ids, busy = self.open_all(
            [partner_id], flow, holder=holder, now=now, lease_seconds=lease_seconds
        )
        if partner_id in busy:
            raise Conflict(busy[partner_id])
        return ids[partner_id]

    def finish(
        self, attempt_id: int, reason: FinishReason, *, now: datetime, note: str, facts: Facts
    ) -> None:
        """Close one attempt; raises Conflict when it is closed already."""
        if self.finish_all([Ended(attempt_id, reason, note, facts)], now=now):
            raise Conflict(f"attempt {attempt_id} is closed already")

    def open_all(
        self,
        partner_ids: Collection[str],
        flow: str,
        *,
        holder: str,
        now: datetime,
        lease_seconds: float,
    ) -> tuple[Mapping[str, int], Mapping[str, str]]:
        """Open attempts; returns their ids, and who else is at it, by partner id."""
        lease = timedelta(seconds=lease_seconds)
        return rows.open_attempts(self._catalogue, partner_ids, flow, holder, now, lease)

    def finish_all(self, ended: Sequence[Ended], *, now: datetime) -> Collection[int]:
        """Close attempts; returns the ids of those that were closed already."""
        given = [
            {
                "id": one.number,
                "reason": one.reason.value,
                "note": one.note,
                "facts": dict(one.facts),
            }
            for one in ended
        ]
        return rows.finish_attempts(self._catalogue, given, now)

    def last(
        self, partner_id: str, flow: str, reasons: Collection[FinishReason] | None = None
    ) -> Attempt | None:
        """The attempt opened last for a partner and flow, among those with one of `reasons`."""
        names = None if reasons is None else [reason.value for reason in reasons]
        found = rows.find_attempts(self._catalogue, partner_id, flow, names, limit=1)
        return _attempt(found[0]) if found else None

    def pasts(
        self, flows: Collection[str], partner_id: str | None = None
    ) -> Mapping[tuple[str, str], Past]:
        """What is known of flows of all registered partners, or of one, by (partner id, flow)."""
        found = attempts.latest_attempts(self._catalogue, flows, _SETS, partner_id)
        ids = {id_ for by_set in found.values() for id_ in by_set.values()}
        # One that is closed stays as it is, and a run asks for the same several times.
        self._closed |= self.with_ids(ids - self._closed.keys())
        return {
            place: Past(
                **{which: self._closed[id_] for which, id_ in by_set.items() if id_ in self._closed}
            )
            for place, by_set in found.items()
        }

    def settle(
        self, flow: str, settled: Sequence[Settled], *, holder: str, now: datetime
    ) -> Mapping[str, int]:
        """Write attempts that are over as they begin; returns their ids by partner id."""
        given = [
            {
                "partner": one.partner.id,
                "reason": one.reason.value,
                "note": one.note,
                "facts": dict(one.facts),
            }
            for one in settled
        ]
        return attempts.settle_attempts(self._catalogue, flow, given, holder, now)

    def renew(self, ids: Collection[int], *, until: datetime) -> None:
        """Let the leases of attempts that are open end later."""
        attempts.renew_attempts(self._catalogue, ids, until)

    def spent(
        self, *, since: datetime, asked_since: datetime, reserved: int
    ) -> Mapping[str, tuple[int, datetime | None]]:
        """The requests partners got since an instant, and until when they want to be left."""
        found = attempts.spent_since(self._catalogue, since, asked_since, reserved)
        return {name: (one.requests, instant_of(one.retry_at)) for name, one in found.items()}

    def list(
        self, partner_id: str | None = None, flow: str | None = None, limit: int = 100
    ) -> Sequence[Attempt]:
        """Attempts, the newest first."""
        found = rows.find_attempts(self._catalogue, partner_id, flow, limit=limit)
        return [_attempt(row) for row in found]

    def with_ids(self, ids: Collection[int]) -> Mapping[int, Attempt]:
        """The attempts with these ids, by id; those that are not there are left out."""
        return {row["id"]: _attempt(row) for row in rows.attempts_with(self._catalogue, ids)}

    def close_expired(self, *, holder: str, now: datetime) -> Sequence[Attempt]:
        """Close as ABORTED what is open with an expired lease, or was opened by `holder`."""
        aborted = FinishReason.ABORTED.value
        found = rows.abort_attempts(self._catalogue, aborted, holder, now)
        return [_attempt(row) for row in found]


class StoreDoor:
    """The one door (a `Door`) for what partners sent."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._recent = Recent()

    def take_all(self, flow: Reference, received: Sequence[Received]) -> Mapping[str, Taken]:
        """Release what several partners sent for one flow together; bad data is REFUSED alone.

        What a person should look at first is held (`federation.valve`).
        """
        try:
            with remembering(self._recent):
                return self._take_all(flow, received)
        finally:
            self._recent.forget()

    def _take_all(self, flow: Reference, received: Sequence[Received]) -> Mapping[str, Taken]:
        schema = self._store.schema(flow)
        names = {one.partner.id: one.partner.name for one in received}
        valve = Valve(self._store, schema, list(names), names)
        outcomes: dict[str, Taken] = {}
        prepared: list[Prepared] = []
        for one, result in zip(received, self._prepare(schema, received), strict=True):
            refusal = valve.refusal(result) if isinstance(result, Prepared) else _refused(result)
            if refusal is not None:
                outcomes[one.partner.id] = refusal
            elif isinstance(result, Prepared):
                prepared.append(result)
        if prepared:
            sources = {each.submission.source for each in prepared}
            numbers = [one.attempt for one in received if one.partner.id in sources]
            report = release(
                self._store,
                schema,
                prepared,
                doubt=valve.doubt,
                together=all_of(partial(_still_open, numbers), valve.together),
            )
            outcomes |= valve.outcomes(report)
        return outcomes

    def confirm(self, flow: Reference, partners: Collection[str]) -> None:
        """Close what is held of partners that have again what was taken from them last."""
        earlier = held(self._store.catalogue, flow=flow_name(flow), partners=partners)
        supersede(self._store.catalogue, [one.id for one in earlier])

    def rows_after(self, flow: Reference, received: Sequence[Received]) -> Mapping[str, int]:
        """How many observations of partners there would be with their increments."""
        increments = {one.partner.id: one.data for one in received}
        areas = {one.partner.id: one.areas for one in received if one.areas is not None}
        with remembering(self._recent):
            return rows_after(self._store, self._store.schema(flow), increments, areas)

    def preview(self, received: Received) -> Taken:
        """Say what taking it would do; raises Invalid, Forbidden and Conflict as that would."""
        partner, schema = received.partner, self._store.schema(received.flow)
        valve = Valve(self._store, schema, [partner.id], {partner.id: partner.name})
        report = self._would(received, valve.doubt)
        counts = report.counts[partner.id]
        reason = FinishReason.UNCHANGED if counts.is_empty else FinishReason.RELEASED
        if partner.id in report.doubted:
            reason = FinishReason.HELD
        note = report.doubted.get(partner.id, "")
        return Taken(reason=reason, counts=counts, findings=report.findings, note=note)

    def _would(self, received: Received, doubt: Doubt) -> Report:
        schema = self._store.schema(received.flow)
        (submission,) = self._submissions(schema, [received])
        ready = prepare(self._store, schema, submission)
        return release(self._store, schema, [ready], dry_run=True, doubt=doubt)

    def _prepare(
        self, schema: Schema, received: Sequence[Received]
    ) -> list[Prepared | CorridorError]:
        """What partners sent, validated, or why it is refused; each slice with its descent."""
        results = prepare_all(self._store, schema, self._submissions(schema, received))
        return [
            replace(result, origins=_origins(one)) if isinstance(result, Prepared) else result
            for one, result in zip(received, results, strict=True)
        ]

    def _submissions(self, schema: Schema, received: Sequence[Received]) -> list[Submission]:
        """What partners sent, each with the slices of it that there were before."""
        before: dict[str, set[str]] = {}
        for version in newest_recent(self._store, schema.context):
            before.setdefault(version.source, set()).add(version.slice)
        return [_submission(one, before.get(one.partner.id, set())) for one in received]


def _still_open(numbers: Sequence[int], connection: Any, _at: datetime) -> None:
    """Nothing is released of an attempt that another process closed, and may have repeated."""
    attempts.require_open(connection, numbers)


def _submission(received: Received, before: Collection[str]) -> Submission:
    """What a partner sent; of a complete state, slices that it sends no more are empty.

    A slice that comes from another partner now stays as it is, and is not used.
    """
    partner = received.partner
    asked = set(before) if received.areas is None else received.areas.intersection(before)
    return Submission(
        raw=received.data,
        source=partner.id,
        origin=Origin(kind="harvest", name=partner.id, detail=_detail(received)),
        replaces=not received.is_increment,
        covers=() if received.is_increment else tuple(sorted(asked)),
        areas=frozenset({*partner.areas, *before}),
        takes_over=not received.is_increment,
    )


def _detail(received: Received) -> tuple[tuple[str, str], ...]:
    detail = {
        "url": received.url,
        "release": received.partner_release or "",
        "attempt": str(received.attempt),
        RAW: received.raw,
        **({STRUCTURE: str(received.data.structure)} if received.data.structure else {}),
    }
    if received.is_increment:
        detail[RAW_BEFORE] = ",".join(received.raw_before)
    return tuple(detail.items())


def _origins(received: Received) -> Mapping[str, Origin]:
    """By slice, where its figures came from, with their descent."""
    detail, name = _detail(received), received.partner.id
    return {
        area: Origin(kind="harvest", name=name, detail=(*detail, *descent.detail))
        for area, descent in received.descents.items()
    }


def _refused(error: CorridorError) -> Taken:
    findings = error.findings if isinstance(error, Invalid) else ()
    return Taken(reason=FinishReason.REFUSED, findings=findings, note=error.message)


def _attempt(row: Mapping[str, Any]) -> Attempt:
    return Attempt(
        id=row["id"],
        partner=row["partner"],
        flow=row["flow"],
        holder=row["holder"],
        opened=row["opened"],
        lease_until=row["lease_until"],
        reason=FinishReason(row["reason"]) if row["reason"] else None,
        finished=row["finished"],
        note=row["note"],
        facts=row["facts"],
    )
