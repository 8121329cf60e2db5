"""The ports of a harvest in memory: a log, an archive, and a door that counts what it is given."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa

from federation.harvest import Past, Received, Settled, Taken
from federation.harvest.past import COMPLETE, instant_of
from federation.harvest.ports import Ended
from federation.partners import HOLDS, Attempt, Facts, FinishReason, Partner
from hub.errors import Conflict, Finding, NotFound
from hub.model import DeltaCounts, Reference


class MemoryRegistry:
    def __init__(self) -> None:
        self._partners: dict[str, Partner] = {}

    def add(self, partner: Partner) -> None:
        if partner.id in self._partners:
            raise Conflict(f"there is a partner {partner.id} already")
        self._partners[partner.id] = partner

    def get(self, partner_id: str) -> Partner:
        if partner_id not in self._partners:
            raise NotFound(f"there is no partner {partner_id}")
        return self._partners[partner_id]

    def remove(self, partner_id: str) -> None:
        self.get(partner_id)
        del self._partners[partner_id]

    def list(self) -> Sequence[Partner]:
        return tuple(self._partners[name] for name in sorted(self._partners))


class MemoryLog:
    def __init__(self) -> None:
        self.attempts: list[Attempt] = []
        self._lock = threading.Lock()

    def open(
        self, partner_id: str, flow: str, *, holder: str, now: datetime, lease_seconds: float
    ) -> int:
        with self._lock:
            for each in self.attempts:
                same = (each.partner, each.flow, each.reason) == (partner_id, flow, None)
                if same and each.lease_until > now:
                    raise Conflict(f"{each.holder} is at it until {each.lease_until}")
            attempt = Attempt(
                id=len(self.attempts),
                partner=partner_id,
                flow=flow,
                holder=holder,
                opened=now,
                lease_until=now + timedelta(seconds=lease_seconds),
            )
            self.attempts.append(attempt)
            return attempt.id

    def finish(
        self, attempt_id: int, reason: FinishReason, *, now: datetime, note: str, facts: Facts
    ) -> None:
        with self._lock:
            attempt = self.attempts[attempt_id]
            if attempt.reason is not None:
                raise Conflict(f"attempt {attempt_id} is closed already")
            json.dumps(dict(facts))
            self.attempts[attempt_id] = replace(
                attempt, reason=reason, finished=now, note=note, facts=facts
            )

    def open_all(
        self,
        partner_ids: Collection[str],
        flow: str,
        *,
        holder: str,
        now: datetime,
        lease_seconds: float,
    ) -> tuple[Mapping[str, int], Mapping[str, str]]:
        opened, busy = {}, {}
        for name in partner_ids:
            try:
                about = {"holder": holder, "now": now, "lease_seconds": lease_seconds}
                opened[name] = self.open(name, flow, **about)  # type: ignore[arg-type]
            except Conflict as error:
                busy[name] = error.message
        return opened, busy

    def finish_all(self, ended: Sequence[Ended], *, now: datetime) -> Collection[int]:
        lost = set()
        for one in ended:
            try:
                self.finish(one.number, one.reason, now=now, note=one.note, facts=one.facts)
            except Conflict:
                lost.add(one.number)
        return lost

    def last(
        self, partner_id: str, flow: str, reasons: Collection[FinishReason] | None = None
    ) -> Attempt | None:
        fits = [
            each
            for each in self.attempts
            if (each.partner, each.flow) == (partner_id, flow)
            and (reasons is None or each.reason in reasons)
        ]
        return fits[-1] if fits else None

    def pasts(
        self, flows: Collection[str], partner_id: str | None = None
    ) -> Mapping[tuple[str, str], Past]:
        closed = [each for each in self.attempts if each.flow in flows and each.reason]
        found: dict[tuple[str, str], Past] = {}
        for each in closed:
            past = found.get((each.partner, each.flow), Past())
            found[each.partner, each.flow] = Past(
                held=each if each.reason in HOLDS else past.held,
                complete=each if each.reason in COMPLETE else past.complete,
                last=each,
            )
        return {place: past for place, past in found.items() if partner_id in (None, place[0])}

    def settle(
        self, flow: str, settled: Sequence[Settled], *, holder: str, now: datetime
    ) -> Mapping[str, int]:
        ids: dict[str, int] = {}
        for one in settled:
            try:
                id_ = self.open(one.partner.id, flow, holder=holder, now=now, lease_seconds=0)
            except Conflict:
                continue
            self.finish(id_, one.reason, now=now, note=one.note, facts=one.facts)
            ids[one.partner.id] = id_
        return ids

    def renew(self, ids: Collection[int], *, until: datetime) -> None:
        for id_ in ids:
            if self.attempts[id_].reason is None:
                self.attempts[id_] = replace(self.attempts[id_], lease_until=until)

    def spent(
        self, *, since: datetime, asked_since: datetime, reserved: int
    ) -> Mapping[str, tuple[int, datetime | None]]:
        found: dict[str, tuple[int, datetime | None]] = {}
        for each in self.attempts:
            requests, retry_at = found.get(each.partner, (0, None))
            if (each.finished or each.lease_until) > since:
                made = each.facts.get("requests")
                requests += made if isinstance(made, int) else reserved
            asked = instant_of(str(each.facts.get("retry_at")))
            if asked is not None and each.opened > asked_since:
                retry_at = max(asked, retry_at or asked)
            found[each.partner] = (requests, retry_at)
        return found

    def list(
        self, partner_id: str | None = None, flow: str | None = None, limit: int = 100
    ) -> Sequence[Attempt]:
        return tuple(
            each
            for each in reversed(self.attempts)
            if partner_id in (None, each.partner) and flow in (None, each.flow)
        )[:limit]

    def close_expired(self, *, holder: str, now: datetime) -> Sequence[Attempt]:
        stale = [
            each
            for each in self.attempts
            if each.reason is None and (each.lease_until <= now or each.holder == holder)
        ]
        for each in stale:
            self.finish(each.id, FinishReason.ABORTED, now=now, note="was killed", facts={})
        return stale

    @property
    def open_attempts(self) -> list[Attempt]:
        return [each for each in self.attempts if each.reason is None]


class MemoryArchive:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.bytes: dict[str, bytes] = {}
        self.arrivals: list[dict[str, object]] = []

    def store(self, path: Path, digest: str, facts: Mapping[str, object]) -> None:
        data = path.read_bytes()
        assert digest == hashlib.sha256(data).hexdigest()
        self.bytes[digest] = data
        self.arrivals.append(json.loads(json.dumps(facts)) | {"digest": digest})
        self._folder.mkdir(exist_ok=True)
        (self._folder / digest).write_bytes(data)

    def settle(self) -> None:
        pass

    def find(self, digest: str) -> Path | None:
        path = self._folder / digest
        return path if path.is_file() else None

    def of(self, flow: str) -> list[bytes]:
        """The raw bodies that came for a flow, in order."""
        return [self.bytes[str(a["digest"])] for a in self.arrivals if a["flow"] == flow]


class MemoryDoor:
    """Keeps the last table of each partner and flow; refuses values below nought."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, list[str]]] = []
        self.confirmed: list[tuple[str, list[str]]] = []
        self.held: dict[tuple[str, str], pa.Table] = {}
        self.breaks_with: BaseException | None = None
        self.forgets: str | None = None

    def take_all(self, flow: Reference, received: Sequence[Received]) -> Mapping[str, Taken]:
        self.calls.append((str(flow), [each.partner.id for each in received]))
        if self.breaks_with is not None:
            raise self.breaks_with
        return {
            each.partner.id: self._take(str(flow), each)
            for each in received
            if each.partner.id != self.forgets
        }

    def confirm(self, flow: Reference, partners: Collection[str]) -> None:
        self.confirmed.append((str(flow), list(partners)))

    def _take(self, flow: str, received: Received) -> Taken:
        table = received.data.table
        if not table.num_rows:
            return Taken(reason=FinishReason.HELD, note="nothing is left")
        negative = [
            text for text in table["OBS_VALUE"].to_pylist() if text and text.startswith("-")
        ]
        if negative:
            finding = Finding(rule="negative", message=f"{negative[0]} is below 0")
            return Taken(reason=FinishReason.REFUSED, findings=(finding,), note="1 finding")
        table = self._state(received)
        key = (flow, received.partner.id)
        if key in self.held and self.held[key].equals(table):
            return Taken(reason=FinishReason.UNCHANGED, release="r0")
        self.held[key] = table
        counts = DeltaCounts(added=table.num_rows)
        return Taken(reason=FinishReason.RELEASED, release="r1", counts=counts)

    def rows_after(self, flow: Reference, received: Sequence[Received]) -> Mapping[str, int]:
        return {each.partner.id: self._state(each).num_rows for each in received}

    def _state(self, received: Received) -> pa.Table:
        """What the partner has, with an increment applied row by row."""
        table = received.data.table
        if not received.is_increment:
            return table
        held = self.held[str(received.flow), received.partner.id]
        rows = {(row["REF_AREA"], row["TIME_PERIOD"]): row for row in held.to_pylist()}
        actions = received.data.actions.to_pylist() if received.data.actions else []
        for row, action in zip(table.to_pylist(), actions, strict=True):
            rows[row["REF_AREA"], row["TIME_PERIOD"]] = row
            if action == "Delete":
                del rows[row["REF_AREA"], row["TIME_PERIOD"]]
        return pa.Table.from_pylist(list(rows.values()), schema=held.schema)
