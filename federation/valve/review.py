"""Looking at what is held, and deciding: accept releases exactly that, reject turns it down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from federation.agreements import granting
from federation.harvest.rights import check_rights
from federation.partners.catalogued import CataloguedPartners
from hub.engine import arrow_schema
from hub.errors import BadRequest, Conflict
from hub.model import ArtefactClass, DeltaCounts, Reference, Schema, parse_reference
from hub.publish import Outcome, Prepared, Report, Statement, prepare, release
from hub.publish.delta import compute_changes
from hub.publish.incoming import BaseFile
from hub.publish.waiting import counts_of, origin_of, submission_of
from hub.store import Store, flow_name
from hub.store.actors import Actor
from hub.store.difference import Difference, compare_files
from hub.store.line import place_at
from hub.store.parts import Part, state_of
from hub.store.review import (
    accept_unchanged,
    accepted_with,
    every,
    held,
    one_held,
    reject_held,
)
from hub.store.waiting import State, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Something that is or was held; `counts` are what it would have changed when it came.

    `why` is the reason it is held, `reason` that of a rejection. Instants are in UTC.
    """

    id: int
    partner: str
    flow: str
    since: datetime
    why: str
    counts: DeltaCounts
    attempt: int | None
    state: State
    decided: datetime | None
    by: Actor | None
    reason: str


def held_here(store: Store, *, decided: bool = False) -> list[Held]:
    """What is held, the oldest first; whatever was ever held, where `decided`."""
    return [_held(one) for one in (every if decided else held)(store.catalogue)]


def held_as(store: Store, id_: int) -> Held:
    """What is or was held under a number; raises NotFound."""
    return _held(one_held(store.catalogue, id_))


def difference_of(store: Store, id_: int, most: int) -> Difference:
    """What accepting it would change in what this node has now; at most so many observations.

    Raises NotFound where nothing is held under the number, Conflict where it was decided, and what
    `hub.publish.prepare` raises where it does not fit the structure any more.
    """
    found = _undecided(store, id_)
    flow = _flow(found)
    schema = store.schema(flow)
    prepared = _prepared(store, found, schema)
    lines, present = store.lines(flow)
    base = place_at(lines, present).base
    files = {
        key: BaseFile(state_of(store.lake, version), version.rows) for key, version in base.items()
    }
    before: list[Part] = []
    after: list[Part] = []
    work = store.lake.work_folder()
    with TemporaryDirectory(dir=work, prefix="review-") as folder:
        for change in compute_changes(
            schema,
            [prepared.incoming],
            files,
            memory_limit=store.settings.memory_limit,
            spill=work,
        ):
            key = (change.slice, change.source)
            before += [files[key].part] if key in files else []
            after.append(Part(Path(folder) / f"{len(after)}.parquet"))
            pq.write_table(_plain(change.state, schema), after[-1].path)
        return compare_files(schema, before, after, most, store.settings.memory_limit)


def accept(store: Store, id_: int, by: Actor, *, note: str = "", dry_run: bool = False) -> Report:
    """Release exactly what is held, validated and compared with what readers have by now.

    Raises NotFound and Conflict where it is not held (any more), Invalid where the partner may no
    longer speak for an area in it, Forbidden where no agreement with it holds any more, and what
    `hub.publish.release` raises: then it stays held.
    """
    found = _undecided(store, id_)
    schema = store.schema(_flow(found))
    report = release(
        store,
        schema,
        [_prepared(store, found, schema)],
        dry_run=dry_run,
        statement=Statement(note=note, by=str(found.by), approved_by=str(by)),
        together=accepted_with(store.catalogue, id_, by),
    )
    if report.outcome is Outcome.UNCHANGED:
        accept_unchanged(store.catalogue, id_, by)
    return report


def reject(store: Store, id_: int, by: Actor, reason: str) -> Held:
    """Turn down what is held, and say why: the same content is refused from now on."""
    if not reason.strip():
        raise BadRequest("a rejection needs a reason: --reason 'figures in thousands'")
    reject_held(store.catalogue, id_, by, Statement(note=reason).note)
    return held_as(store, id_)


def _undecided(store: Store, id_: int) -> Waiting:
    found = one_held(store.catalogue, id_)
    if found.state is not State.WAITING:
        raise Conflict(f"{id_} is not held any more: it is {found.state}")
    return found


def _flow(found: Waiting) -> Reference:
    return parse_reference(found.flow, ArtefactClass.DATAFLOW)


def _prepared(store: Store, found: Waiting, schema: Schema) -> Prepared:
    """What is held, as it came; the partner must still be one, and may speak for what is in it."""
    registered = CataloguedPartners(store.catalogue).get(str(found.partner))
    partner = granting(store)(registered, flow_name(schema.context))
    areas = found.content["areas"]
    submission = submission_of(store, found.content, None if areas is None else frozenset(areas))
    check_rights(submission.raw, schema, partner)
    kept = found.content.get("origins", {})
    origins = {slice_: origin_of(origin) for slice_, origin in kept.items()}
    return replace(prepare(store, schema, submission), origins=origins)


def _plain(state: pa.Table, schema: Schema) -> pa.Table:
    """A table whose texts are texts, so that files of it have one type each."""
    return state.cast(arrow_schema(schema))


def _held(one: Waiting) -> Held:
    content: Any = one.content
    return Held(
        id=one.id,
        partner=str(one.partner),
        flow=one.flow,
        since=one.handed_in,
        why=content["why"],
        counts=counts_of(one),
        attempt=content.get("attempt"),
        state=one.state,
        decided=one.decided,
        by=one.decided_by,
        reason=one.reason,
    )
