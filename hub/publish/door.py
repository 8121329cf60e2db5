"""The one door into the lake: validate, compare, write, and make visible in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial

import pyarrow as pa

from hub.errors import Conflict, Finding, Forbidden
from hub.formats.message import RawData
from hub.model import (
    ArtefactClass,
    DeltaCounts,
    Origin,
    Reference,
    Schema,
    SliceVersion,
    parse_reference,
)
from hub.publish.actions import without_merges
from hub.publish.delta import Change, compute_changes
from hub.publish.held import carried_on
from hub.publish.incoming import BaseFile, Incoming
from hub.publish.rules import thresholds_of
from hub.publish.submission import Outcome, Report, Statement, Submission
from hub.publish.succession import by_source, settled, takeovers, without
from hub.publish.validate import Checked, validate
from hub.publish.weights import Doubt, Weight
from hub.publish.write import Making, write_changes
from hub.store import NewSlice, Store
from hub.store.commit import Made, Together, commit
from hub.store.line import Key, place_at
from hub.store.parts import Part, files_of, state_of

#: How often a release is computed anew because another one came first.
_TRIES = 10
NOTHING_STATED = Statement()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A submission that passed validation; `origins` are those of slices with one of their own.

    Slices in `again` become what they were in these versions.
    """

    submission: Submission
    incoming: Incoming
    findings: tuple[Finding, ...]
    origins: Mapping[str, Origin] = field(default_factory=dict)
    again: Mapping[str, SliceVersion] = field(default_factory=dict)


def prepare(store: Store, schema: Schema, submission: Submission) -> Prepared:
    """Validate a submission.

    Raises Invalid with every finding when one is an error, Forbidden when it speaks for areas it
    may not.
    """
    raw = given_rows(submission)
    checked = checked_rows(store, schema, raw, held_parts(store, schema, submission))
    return ready(schema, submission, raw, checked)


def given_rows(submission: Submission) -> RawData:
    """The rows of a submission; in a complete slice there is nothing to merge with."""
    return _without_merges(submission.raw) if submission.replaces else submission.raw


def checked_rows(store: Store, schema: Schema, raw: RawData, held: Sequence[Part]) -> Checked:
    """Validate rows as the node is set up; raises Invalid."""
    settings = store.settings
    return validate(
        raw,
        schema,
        settings.max_findings,
        settings.memory_limit,
        store.lake.work_folder(),
        thresholds=thresholds_of(settings),
        held=held,
    )


def ready(schema: Schema, submission: Submission, raw: RawData, checked: Checked) -> Prepared:
    """A submission whose rows were validated; raises Forbidden for areas it may not speak for."""
    incoming = Incoming(
        source=submission.source,
        raw=raw,
        table=checked.table,
        actions=checked.actions,
        replaces=submission.replaces,
        complete=submission.covers,
        marks=checked.marks,
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
    statement: Statement = NOTHING_STATED,
    together: Together | None = None,
) -> Report:
    """Validate a submission and release it; raises what `prepare` and `release` raise."""
    schema = store.schema(flow)
    return release(
        store,
        schema,
        [prepare(store, schema, submission)],
        visible_from=visible_from,
        dry_run=dry_run,
        statement=statement,
        together=together,
    )


def release(
    store: Store,
    schema: Schema,
    prepared: Sequence[Prepared],
    *,
    visible_from: datetime | None = None,
    dry_run: bool = False,
    statement: Statement = NOTHING_STATED,
    together: Together | None = None,
    doubt: Doubt | None = None,
) -> Report:
    """Make one release of what several sources handed in for one flow.

    `visible_from` later than now holds what is new back until then. What is held back beyond that
    is applied again on top of it (see `hub.publish.held`). `together` writes more in the
    transaction that makes the release; whatever it raises, nothing is released. `doubt` is asked,
    once all changes are known and each time they were computed, of which sources nothing is to be
    released.

    Raises Invalid where a row to merge stays incomplete. Raises Conflict where the flow holds data
    of another structure, and when the flow keeps changing underneath, or its structures changed;
    nothing is released then.
    """
    flow = schema.context
    for _ in range(_TRIES):
        lines, present = store.lines(flow)
        _refuse_other_structure(schema, (version for line in lines.values() for version in line))
        place = place_at(lines, max(present, visible_from or present))
        counts = {each.submission.source: DeltaCounts() for each in prepared}
        takers = [each.incoming for each in prepared if each.submission.takes_over]
        taken = takeovers(schema, takers, place.base)
        weights: list[Weight] | None = None if doubt is None else []
        compared = {**place.base, **taken}
        changes = _changes(store, schema, prepared, compared, counts, weights)
        if dry_run:
            for _change in changes:
                pass  # only the counts are wanted
            aside = _Doubts(counts, doubt, weights).aside(())
            return aside.told_in(_report(store, schema, Outcome.DRY_RUN, counts, prepared))
        doubts = _Doubts(counts, doubt, weights)
        origin, again = partial(_origin, prepared), _again(prepared)
        making = Making(store, schema, origin, place.base, compared, again)
        new = write_changes(making, changes, doubts.sources)
        aside = doubts.aside(new)
        new = [replace(n, note=statement.note) for n in new if n.source not in aside.doubts]
        taken = without(taken, aside.doubts)
        new = settled(store, schema, new, taken, partial(_origin_of, prepared), place.base)
        if not new:
            return aside.told_in(_report(store, schema, Outcome.UNCHANGED, counts, prepared))
        carried = carried_on(store, schema, new, place)
        made = Made(schema, new, carried, place)
        instants = commit(store, made, visible_from, statement.told, together)
        if instants is not None:
            report = _report(store, schema, Outcome.RELEASED, counts, prepared, instants)
            told = replace(aside.told_in(report), taken_over=by_source(taken))
            return replace(told, held=made.held)
    raise Conflict(f"{flow} kept changing while this was being published: try again")


def _again(prepared: Sequence[Prepared]) -> dict[Key, SliceVersion]:
    """The versions that slices are to be equal to."""
    return {
        (slice_, each.submission.source): version
        for each in prepared
        for slice_, version in each.again.items()
    }


def _origin(prepared: Sequence[Prepared], change: Change) -> Origin:
    """Where a change comes from."""
    return _origin_of(prepared, change.slice, change.source)


def _origin_of(prepared: Sequence[Prepared], slice_: str, source: str) -> Origin:
    """Where a slice comes from: of several submissions of a source, the last one tells."""
    found = next(each for each in reversed(prepared) if each.submission.source == source)
    return found.origins.get(slice_, found.submission.origin)


def _without_merges(raw: RawData) -> RawData:
    """In a complete slice there is nothing to merge with: such rows stand for themselves."""
    return raw if raw.actions is None else replace(raw, actions=without_merges(raw.actions))


def held_parts(
    store: Store,
    schema: Schema,
    submission: Submission,
    offers: Sequence[SliceVersion] | None = None,
) -> list[Part]:
    """What readers have from a source of the slices it hands something in for.

    None where it replaces them: then nothing goes on from what was there. `offers` are what the
    store offers of the flow from this source, where that is known.
    """
    if submission.replaces:
        return []
    known = store.offers(schema.context) if offers is None else offers
    named = {""}
    if schema.slice_by is not None:
        named = _texts(submission.raw.table, schema.slice_by)
    parts = [
        state_of(store.lake, version)
        for version in known
        if version.source == submission.source and version.slice in named
    ]
    return [part for part in parts if part.path.is_file()]


def _texts(table: pa.Table, name: str) -> set[str]:
    """The texts of a raw column; none where it is missing, or holds several values."""
    if name not in table.column_names:
        return set()
    column = table.column(name)
    is_plain = pa.types.is_string(column.type) or pa.types.is_dictionary(column.type)
    return set(column.unique().drop_null().to_pylist()) if is_plain else set()


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


@dataclass(frozen=True, slots=True)
class _Aside:
    """Sources of which nothing is released: why, and the files that were written for them."""

    doubts: Mapping[str, str]
    files: Mapping[str, tuple[str, ...]]

    def told_in(self, report: Report) -> Report:
        """A report that tells of them."""
        return replace(report, doubted=self.doubts, aside=self.files)


@dataclass(frozen=True)
class _Doubts:
    """Of which sources that change something nothing is to be released; asked once."""

    counts: Mapping[str, DeltaCounts]
    doubt: Doubt | None
    weights: Sequence[Weight] | None

    def sources(self) -> Collection[str]:
        """The sources, when all changes are known."""
        return self._found.keys()

    def aside(self, new: Iterable[NewSlice]) -> _Aside:
        """Why, and which of the files that were written are theirs."""
        files: dict[str, tuple[str, ...]] = {}
        for one in new:
            if one.source in self._found:
                files[one.source] = (*files.get(one.source, ()), *files_of(one))
        return _Aside(self._found, files)

    @cached_property
    def _found(self) -> Mapping[str, str]:
        if self.doubt is None or self.weights is None:
            return {}
        found = self.doubt(self.weights)
        return {source: why for source, why in found.items() if not self.counts[source].is_empty}


def _changes(
    store: Store,
    schema: Schema,
    prepared: Sequence[Prepared],
    base: Mapping[Key, SliceVersion],
    counts: dict[str, DeltaCounts],
    weights: list[Weight] | None,
) -> Iterator[Change]:
    """What changes, one slice after another; adds up `counts` by source, and takes `weights`."""
    files = {
        key: BaseFile(state_of(store.lake, version), version.rows) for key, version in base.items()
    }
    for change in compute_changes(
        schema,
        [each.incoming for each in prepared],
        files,
        memory_limit=store.settings.memory_limit,
        spill=store.lake.work_folder(),
        weigh=None if weights is None else weights.append,
    ):
        counts[change.source] += change.counts
        yield change


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
