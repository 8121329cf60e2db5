"""The one door into the lake: validate, compare, write, and make visible in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from hub.errors import Conflict, Finding, Forbidden
from hub.model import DeltaCounts, Reference, Schema
from hub.publish.delta import Change, Incoming, compute_changes, touched_slices
from hub.publish.submission import Outcome, Report, Submission
from hub.publish.validate import validate
from hub.store import NewSlice, Store, facts_of_table, flow_name
from hub.store import releases as slices
from hub.store.artefacts import schema_digest

_TRIES = 5
_WRITERS = 4


@dataclass(frozen=True, slots=True)
class Prepared:
    """A submission that passed validation."""

    submission: Submission
    incoming: Incoming
    findings: tuple[Finding, ...]


def prepare(store: Store, schema: Schema, submission: Submission) -> Prepared:
    """Validate a submission.

    Raises Invalid with every finding when one is an error, Forbidden when it speaks for areas it
    may not.
    """
    checked = validate(submission.raw, schema, store.settings.max_findings)
    incoming = Incoming(
        source=submission.source,
        table=checked.table,
        actions=checked.actions,
        replaces=submission.replaces,
        complete=submission.covers,
    )
    _check_areas(schema, submission, incoming)
    return Prepared(submission, incoming, checked.findings)


def publish(
    store: Store,
    flow: Reference,
    submission: Submission,
    *,
    visible_from: datetime | None = None,
    dry_run: bool = False,
) -> Report:
    """Validate a submission and release it; raises what `prepare` and `release` raise."""
    schema = store.schema(flow)
    prepared = prepare(store, schema, submission)
    return release(store, schema, [prepared], visible_from=visible_from, dry_run=dry_run)


def release(
    store: Store,
    schema: Schema,
    prepared: Sequence[Prepared],
    *,
    visible_from: datetime | None = None,
    dry_run: bool = False,
) -> Report:
    """Make one release of what several sources handed in for one flow.

    `visible_from` later than now holds what is new back until then. Raises Conflict when the flow
    keeps changing underneath; nothing is released then.
    """
    flow = schema.context
    incoming = [each.incoming for each in prepared]
    findings = tuple(finding for each in prepared for finding in each.findings)
    for _ in range(_TRIES):
        base = {(v.slice, v.source): v for v in store.newest(flow)}
        files = {key: store.lake.data_path(version.digest) for key, version in base.items()}
        changes = compute_changes(schema, incoming, files, store.settings.memory_limit)
        counts = {each.submission.source: DeltaCounts() for each in prepared}
        if dry_run:
            for change in changes:
                counts[change.source] += change.counts
            return _report(store, schema, Outcome.DRY_RUN, counts, findings)
        new = _write(store, schema, prepared, changes, {k: v.id for k, v in base.items()})
        for written in new:
            counts[written.source] += written.counts
        if not new:
            return _report(store, schema, Outcome.UNCHANGED, counts, findings)
        instants = _commit(store, flow, new, visible_from)
        if instants is not None:
            return _report(store, schema, Outcome.RELEASED, counts, findings, instants)
    raise Conflict(f"{flow} kept changing while this was being published: try again")


def _check_areas(schema: Schema, submission: Submission, part: Incoming) -> None:
    if submission.areas is None or schema.slice_by is None:
        return
    foreign = sorted(touched_slices(schema, part) - submission.areas)
    if foreign:
        allowed = ", ".join(sorted(submission.areas)) or "none"
        raise Forbidden(
            f"{submission.raw.source}: {submission.source} may not speak for "
            f"{schema.slice_by} {', '.join(foreign)}; the areas it may speak for: {allowed}"
        )


def _write(
    store: Store,
    schema: Schema,
    prepared: Sequence[Prepared],
    changes: Iterable[Change],
    base: dict[tuple[str, str], int],
) -> list[NewSlice]:
    """Write the files of every change; until they are committed, nobody sees them."""
    origins = {each.submission.source: each.submission.origin for each in prepared}
    digest = schema_digest(schema)

    def write(change: Change) -> NewSlice:
        return NewSlice(
            slice=change.slice,
            source=change.source,
            base=base.get((change.slice, change.source)),
            digest=store.lake.put_table(change.state),
            delta=None if change.delta is None else store.lake.put_table(change.delta),
            rows=change.state.num_rows,
            counts=change.counts,
            facts=facts_of_table(schema, change.state),
            origin=origins[change.source],
            structure=str(schema.structure.reference),
            structure_digest=digest,
        )

    with ThreadPoolExecutor(_WRITERS) as pool:  # most of the time goes into waiting for the disk
        return list(pool.map(write, changes))


def _commit(
    store: Store, flow: Reference, new: Sequence[NewSlice], visible_from: datetime | None
) -> tuple[datetime, datetime] | None:
    """Make slice versions exist; None when their base changed since it was read."""
    with store.catalogue.writing() as connection:
        committed = store.catalogue.stamp(connection)
        present = slices.newest_ids(connection, flow)
        if any(present.get((one.slice, one.source)) != one.base for one in new):
            return None
        visible = max(committed, visible_from or committed)
        slices.insert(connection, flow, new, committed, visible)
        store.catalogue.record(
            connection,
            committed,
            "release",
            flow_name(flow),
            slices=len(new),
            sources=sorted({one.source for one in new}),
        )
    return committed, visible


def _report(
    store: Store,
    schema: Schema,
    outcome: Outcome,
    counts: dict[str, DeltaCounts],
    findings: tuple[Finding, ...],
    instants: tuple[datetime, datetime] | None = None,
) -> Report:
    release = store.release(schema.context)
    return Report(
        flow=schema.context,
        outcome=outcome,
        counts=counts,
        findings=findings,
        release=release.id if release else None,
        committed=instants[0] if instants else None,
        visible_from=instants[1] if instants else None,
    )
