"""The one door into the lake: validate, compare, write, and make visible in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
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


def publish(
    store: Store,
    flow: Reference,
    submissions: Sequence[Submission],
    *,
    visible_from: datetime | None = None,
    dry_run: bool = False,
) -> Report:
    """Take submissions for one flow, all of them or none, into one release.

    Raises Invalid with every finding when one has an error, Forbidden when one speaks for areas
    it may not, Conflict when the flow keeps changing underneath. Nothing is released then.
    `visible_from` later than now holds what is new back until then.
    """
    schema = store.schema(flow)
    incoming, findings = _check_all(store, schema, submissions)
    for _ in range(_TRIES):
        base = {(v.slice, v.source): v for v in store.newest(flow)}
        files = {key: store.lake.data_path(version.digest) for key, version in base.items()}
        limit = store.settings.memory_limit
        changes = compute_changes(schema, incoming, files, limit)
        counts = {submission.source: DeltaCounts() for submission in submissions}
        if dry_run or not incoming:
            for change in changes:
                counts[change.source] += change.counts
            return _report(store, schema, Outcome.DRY_RUN, counts, findings)
        new = _write(store, schema, submissions, changes, {k: v.id for k, v in base.items()})
        for written in new:
            counts[written.source] += written.counts
        if not new:
            return _report(store, schema, Outcome.UNCHANGED, counts, findings)
        committed = _commit(store, schema.context, new, visible_from)
        if committed is not None:
            return _report(store, schema, Outcome.RELEASED, counts, findings, committed)
    raise Conflict(f"{flow} kept changing while this was being published: try again")


def _check_all(
    store: Store, schema: Schema, submissions: Sequence[Submission]
) -> tuple[list[Incoming], tuple[Finding, ...]]:
    incoming: list[Incoming] = []
    findings: list[Finding] = []
    for submission in submissions:
        checked = validate(submission.raw, schema, store.settings.max_findings)
        findings.extend(checked.findings)
        part = Incoming(
            source=submission.source,
            table=checked.table,
            actions=checked.actions,
            replaces=submission.replaces,
            complete=submission.covers,
        )
        _check_areas(schema, submission, part)
        incoming.append(part)
    return incoming, tuple(findings)


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
    submissions: Sequence[Submission],
    changes: Iterable[Change],
    base: dict[tuple[str, str], int],
) -> list[NewSlice]:
    """Write the files of every change; until they are committed, nobody sees them."""
    origins = {submission.source: submission.origin for submission in submissions}
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
