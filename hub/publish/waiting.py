"""Four eyes: what is handed in waits, and is released when a second key approves it.

What waits is kept as it was handed in. To be released it is validated again, by the rules and the
structures there are by then, and compared with what readers have by then. Who handed it in never
approves it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pyarrow as pa

from hub.errors import Forbidden
from hub.formats.message import RawData
from hub.model import (
    ArtefactClass,
    DeltaCounts,
    Origin,
    Reference,
    Release,
    Schema,
    parse_reference,
)
from hub.publish.door import publish
from hub.publish.rollback import roll_back
from hub.publish.submission import Outcome, Report, Statement, Submission
from hub.store import Store
from hub.store.actors import USER, Actor
from hub.store.commit import Together
from hub.store.vintages import release_named
from hub.store.waiting import State, Waiting, add, close, decided_with, waiting

#: The column of actions in the file of what waits; no component has an id with spaces.
_ACTION = "action of the row"


def hand_in(
    store: Store,
    flow: Reference,
    submission: Submission,
    by: Actor,
    *,
    visible_from: datetime | None = None,
    note: str = "",
) -> Report:
    """Validate a submission and let it wait for approval; one that changes nothing need not wait.

    Raises what `publish` raises; nothing waits then.
    """
    stated = Statement(note=note, by=str(by))
    would = publish(
        store, flow, submission, visible_from=visible_from, dry_run=True, statement=stated
    )
    content = content_of(store, submission)
    return _waits(store, would, content, by, visible_from, note)


def content_of(store: Store, submission: Submission) -> dict[str, Any]:
    """Keep what was handed in, and say all that is needed to hand it in later, as it was."""
    return {
        "kind": "submission",
        "digest": store.lake.put_waiting(_with_actions(submission.raw)),
        "file": submission.raw.source,
        "structure": _named(submission.raw.structure),
        "source": submission.source,
        "origin": spelt(submission.origin),
        "replaces": submission.replaces,
        "covers": list(submission.covers),
        "areas": None if submission.areas is None else sorted(submission.areas),
        "takes_over": submission.takes_over,
    }


def submission_of(
    store: Store, content: Mapping[str, Any], areas: frozenset[str] | None
) -> Submission:
    """What was handed in, as it was, for areas it may hold now.

    Raises NotFound where the lake has lost its file.
    """
    table, actions = store.lake.waiting(content["digest"]), None
    if _ACTION in table.column_names:
        actions = table.column(_ACTION)
        table = table.drop_columns(_ACTION)
    named = content["structure"]
    structure = None if named is None else parse_reference(named[1], ArtefactClass(named[0]))
    return Submission(
        raw=RawData(source=content["file"], table=table, structure=structure, actions=actions),
        source=content["source"],
        origin=origin_of(content["origin"]),
        replaces=content["replaces"],
        covers=tuple(content["covers"]),
        areas=areas,
        takes_over=content.get("takes_over", False),
    )


def hand_in_rollback(
    store: Store, schema: Schema, target: Release, by: Actor, *, note: str = ""
) -> Report:
    """Let a roll-back wait for approval; raises what `roll_back` raises."""
    stated = Statement(note=note, by=str(by))
    would = roll_back(store, schema, target, dry_run=True, statement=stated)
    content = {"kind": "rollback", "release": target.id, "file": f"release {target.id}"}
    return _waits(store, would, content, by, None, note)


def approve(store: Store, id_: int, by: Actor, user: Actor, *, dry_run: bool = False) -> Report:
    """Release what waits; `by` holds the key, `user` is who runs this.

    Raises Forbidden for who handed it in, NotFound and Conflict where nothing waits under the
    number (any more), and what `publish` raises: then it goes on waiting.
    """
    found = waiting(store.catalogue, id_)
    _refuse_own(found, by, user)
    stated = Statement(note=found.note, by=str(found.by), approved_by=str(by))
    together = decided_with(found.id, State.RELEASED, by)
    schema = store.schema(parse_reference(found.flow, ArtefactClass.DATAFLOW))
    report = _released(store, schema, found, stated, together, dry_run=dry_run)
    if report.outcome is Outcome.UNCHANGED:
        close(store.catalogue, found.id, State.UNCHANGED, by)
    return replace(report, waiting=found.id)


def reject(store: Store, id_: int, by: Actor, reason: str) -> Waiting:
    """Turn down what waits, with the reason; who handed it in may do so as well.

    Raises NotFound and Conflict as `approve` does.
    """
    found = waiting(store.catalogue, id_)
    close(store.catalogue, found.id, State.REJECTED, by, Statement(note=reason).note)
    return found


def _released(
    store: Store,
    schema: Schema,
    found: Waiting,
    stated: Statement,
    together: Together,
    *,
    dry_run: bool,
) -> Report:
    content = found.content
    if content["kind"] == "rollback":
        target = release_named(store, schema.context, content["release"])
        return roll_back(
            store, schema, target, dry_run=dry_run, statement=stated, together=together
        )
    return publish(
        store,
        schema.context,
        submission_of(store, content, _areas(store, content["areas"])),
        visible_from=found.visible_from,
        dry_run=dry_run,
        statement=stated,
        together=together,
    )


def _refuse_own(found: Waiting, by: Actor, user: Actor) -> None:
    if found.by == by or (found.by.kind == by.kind and found.by.id == by.id):
        raise Forbidden(
            f"{found.id} was handed in with this key: somebody else has to approve it, with a key "
            "of their own"
        )
    if found.by.kind == USER and found.by.id == user.id:
        raise Forbidden(
            f"{found.id} was handed in without a key by {found.by}, who runs this as well: run it "
            "as another user, or reject it and hand it in with a key (CORRIDOR_KEY)"
        )


def _waits(
    store: Store,
    would: Report,
    content: Mapping[str, Any],
    by: Actor,
    visible_from: datetime | None,
    note: str,
) -> Report:
    if would.total.is_empty:
        return replace(would, outcome=Outcome.UNCHANGED)
    counts = {
        "added": would.total.added,
        "revised": would.total.revised,
        "withdrawn": would.total.withdrawn,
    }
    row = add(
        store.catalogue,
        str(would.flow),
        {**content, **counts},
        by,
        visible_from=visible_from,
        note=note,
    )
    return replace(would, outcome=Outcome.WAITING, waiting=row.id)


def counts_of(found: Waiting) -> DeltaCounts:
    """What it would have changed when it was handed in."""
    content = found.content
    return DeltaCounts(**{name: content[name] for name in ("added", "revised", "withdrawn")})


def _with_actions(raw: RawData) -> pa.Table:
    return raw.table if raw.actions is None else raw.table.append_column(_ACTION, raw.actions)


def _areas(store: Store, handed_in: Sequence[str] | None) -> frozenset[str] | None:
    """The areas it may hold: those it might when it was handed in, and the node may speak for."""
    spoken = store.settings.areas
    if "*" in spoken:
        return None if handed_in is None else frozenset(handed_in)
    return frozenset(spoken) if handed_in is None else frozenset(spoken) & frozenset(handed_in)


def _named(structure: Reference | None) -> list[str] | None:
    return None if structure is None else [structure.artefact_class.value, str(structure)]


def spelt(origin: Origin) -> dict[str, Any]:
    """An origin as the catalogue keeps it."""
    return {
        "kind": origin.kind,
        "name": origin.name,
        "detail": [list(pair) for pair in origin.detail],
    }


def origin_of(kept: Mapping[str, Any]) -> Origin:
    """An origin as the catalogue kept it."""
    detail = tuple((name, value) for name, value in kept["detail"])
    return Origin(kind=kept["kind"], name=kept["name"], detail=detail)
