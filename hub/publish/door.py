"""The one door into the lake: validate, compare, write, and make visible in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from hub.engine.encoded import whole
from hub.errors import Conflict, Finding, Forbidden
from hub.formats.message import RawData
from hub.model import ArtefactClass, DeltaCounts, Reference, Schema, SliceVersion, parse_reference
from hub.publish.actions import without_merges
from hub.publish.delta import Change, compute_changes
from hub.publish.incoming import BaseFile, Incoming
from hub.publish.rules import thresholds_of
from hub.publish.submission import Outcome, Report, Submission
from hub.publish.validate import validate
from hub.publish.write import write_changes
from hub.store import NewSlice, Store, flow_name
from hub.store import releases as slices

#: How often a release is computed anew because another one came first.
_TRIES = 10
_Base = Mapping[tuple[str, str], SliceVersion]


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
    raw = _without_merges(submission.raw) if submission.replaces else submission.raw
    settings = store.settings
    checked = validate(
        raw,
        schema,
        settings.max_findings,
        settings.memory_limit,
        store.lake.work_folder(),
        thresholds=thresholds_of(settings),
        held=() if submission.replaces else _held(store, schema, submission),
    )
    incoming = Incoming(
        source=submission.source,
        raw=raw,
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

    `visible_from` later than now holds what is new back until then. Raises Invalid where a row to
    merge stays incomplete. Raises Conflict where the flow holds data of another structure, where
    what is new would overtake something held back, and when the flow keeps changing underneath, or
    its structures changed; nothing is released then.
    """
    flow = schema.context
    for _ in range(_TRIES):
        base = {(v.slice, v.source): v for v in store.newest(flow)}
        _refuse_other_structure(schema, base.values())
        counts = {each.submission.source: DeltaCounts() for each in prepared}
        changes = _changes(store, schema, prepared, base, visible_from or store.present(), counts)
        if dry_run:
            for _change in changes:
                pass  # only the counts are wanted
            return _report(store, schema, Outcome.DRY_RUN, counts, prepared)
        origins = {each.submission.source: each.submission.origin for each in prepared}
        new = write_changes(store, schema, changes, origins, base)
        if not new:
            return _report(store, schema, Outcome.UNCHANGED, counts, prepared)
        instants = _commit(store, schema, new, visible_from)
        if instants is not None:
            return _report(store, schema, Outcome.RELEASED, counts, prepared, instants)
    raise Conflict(f"{flow} kept changing while this was being published: try again")


def _without_merges(raw: RawData) -> RawData:
    """In a complete slice there is nothing to merge with: such rows stand for themselves."""
    return raw if raw.actions is None else replace(raw, actions=without_merges(raw.actions))


def _held(store: Store, schema: Schema, submission: Submission) -> list[Path]:
    """The files of what the source has published of the slices it hands something in for."""
    named = {""}
    if schema.slice_by is not None:
        named = _texts(submission.raw.table, schema.slice_by)
    files = [
        store.lake.data_path(version.digest)
        for version in store.newest(schema.context)
        if version.source == submission.source and version.slice in named
    ]
    return [file for file in files if file.is_file()]


def _texts(table: pa.Table, name: str) -> set[str]:
    """The texts of a raw column; none where it is missing, or holds several values."""
    if name not in table.column_names:
        return set()
    column = table.column(name)
    is_plain = pa.types.is_string(column.type) or pa.types.is_dictionary(column.type)
    return set(whole(column).dictionary.to_pylist()) if is_plain else set()


def _check_areas(schema: Schema, submission: Submission, part: Incoming) -> None:
    """Refuse areas a submission may not speak for.

    Deletions that leave the area open need no check: they reach what the source itself handed in.
    """
    if submission.areas is None or schema.slice_by is None:
        return
    foreign = sorted((part.slices(schema) | set(part.complete)) - submission.areas)
    if foreign:
        allowed = ", ".join(sorted(submission.areas)) or "none"
        raise Forbidden(
            f"{submission.raw.source}: {submission.source} may not speak for "
            f"{schema.slice_by} {', '.join(foreign)}; the areas it may speak for: {allowed}"
        )


def _refuse_other_structure(schema: Schema, versions: Iterable[SliceVersion]) -> None:
    """A flow takes data of later minor versions of its structure, never of another one."""
    structure = schema.structure.reference
    for version in versions:
        held = parse_reference(version.structure, ArtefactClass.DATA_STRUCTURE)
        same_id = (held.agency, held.id) == (structure.agency, structure.id)
        if not same_id or held.version.split(".")[0] != structure.version.split(".")[0]:
            raise Conflict(
                f"{schema.context} holds data of {held}, this is data of {structure}, which does "
                "not continue it: publish it under a dataflow with an id of its own"
            )


def _changes(
    store: Store,
    schema: Schema,
    prepared: Sequence[Prepared],
    base: _Base,
    visible: datetime,
    counts: dict[str, DeltaCounts],
) -> Iterator[Change]:
    """What changes, one slice after another; adds up `counts` by source."""
    files = {
        key: BaseFile(store.lake.data_path(version.digest), version.rows)
        for key, version in base.items()
    }
    for change in compute_changes(
        schema,
        [each.incoming for each in prepared],
        files,
        memory_limit=store.settings.memory_limit,
        spill=store.lake.work_folder(),
    ):
        _refuse_overtaking(change, base.get((change.slice, change.source)), visible)
        counts[change.source] += change.counts
        yield change


def _refuse_overtaking(change: Change, held: SliceVersion | None, visible: datetime) -> None:
    """What is new contains what is held back, so it must not come out earlier."""
    if held is not None and held.visible_from > visible:
        until = held.visible_from.isoformat(timespec="seconds")
        raise Conflict(
            f"{change.slice or 'the whole flow'} from {change.source} has figures held back "
            f"until {until}: hold this back as long, or publish it afterwards"
        )


def _commit(
    store: Store, schema: Schema, new: Sequence[NewSlice], visible_from: datetime | None
) -> tuple[datetime, datetime] | None:
    """Make slice versions exist.

    None when their base changed since it was read, or their files were swept away, for they were
    written so long ago.
    """
    flow = schema.context
    files = {digest for one in new for digest in (one.digest, one.delta) if digest is not None}
    with store.catalogue.writing() as connection:
        committed = store.catalogue.stamp(connection)
        store.refuse_changed(connection, schema)
        if not store.lake.has_data(files):
            return None
        present = {(v.slice, v.source): v.id for v in slices.newest(connection, flow)}
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
    prepared: Sequence[Prepared],
    instants: tuple[datetime, datetime] | None = None,
) -> Report:
    release = store.release(schema.context)
    return Report(
        flow=schema.context,
        outcome=outcome,
        counts=counts,
        findings=tuple(finding for each in prepared for finding in each.findings),
        release=release.id if release else None,
        committed=instants[0] if instants else None,
        visible_from=instants[1] if instants else None,
    )
