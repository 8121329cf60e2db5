"""Going back: a new release that is equal to an old one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from hub.engine import arrow_schema
from hub.errors import Conflict
from hub.formats.message import Action, RawData
from hub.model import Origin, Release, Schema, SliceVersion
from hub.publish.door import NOTHING_STATED, Prepared, release
from hub.publish.incoming import Incoming
from hub.publish.submission import Report, Statement, Submission
from hub.store import Store
from hub.store.commit import Together
from hub.store.line import Key
from hub.store.parquet import read_encoded
from hub.store.parts import state_of
from hub.store.releases import active

#: By (slice, source), the version to go back to; None where there was nothing.
_Back = Mapping[Key, SliceVersion | None]


def roll_back(
    store: Store,
    schema: Schema,
    target: Release,
    *,
    dry_run: bool = False,
    statement: Statement = NOTHING_STATED,
    together: Together | None = None,
) -> Report:
    """Make a release equal to one that readers once had.

    Slices that differ become what they were then, whichever source they were from, each with the
    origin it had; all else stays. What is held back stays so, and comes on top of it. Raises
    Conflict where another source of a slice would be the active one than was then, and what
    `hub.publish.release` raises.
    """
    back, now = _differing(store, schema, target)
    _refuse_other_order(target, back, now)
    sources = sorted({source for _, source in back}) or [store.settings.node]
    prepared = [_prepared(store, schema, target, source, back, now) for source in sources]
    return release(store, schema, prepared, dry_run=dry_run, statement=statement, together=together)


def _differing(
    store: Store, schema: Schema, target: Release
) -> tuple[_Back, Mapping[Key, SliceVersion]]:
    """What has to be another version, and what every source offers now."""
    flow = schema.context
    lines, present = store.lines(flow)
    now = {key: line[0] for key, line in lines.items() if line[0].visible_from <= present}
    then = {(v.slice, v.source): v for v in store.offers(flow, target.visible_from)}
    wanted = {v.slice: (v.source, v.digest) for v in target.slices}
    shown = {v.slice: (v.source, v.digest) for v in active(now.values())}
    back = {
        key: then.get(key)
        for key in {**now, **then}
        if wanted.get(key[0]) != shown.get(key[0]) and _digest(then, key) != _digest(now, key)
    }
    return back, now


def _digest(versions: Mapping[Key, SliceVersion], key: Key) -> str | None:
    found = versions.get(key)
    return found.digest if found is not None and found.rows else None


def _refuse_other_order(target: Release, back: _Back, now: Mapping[Key, SliceVersion]) -> None:
    """Of two sources of a kind the one that changed last is active, so going back may swap them."""
    newest = max((version.id for version in now.values()), default=0)
    after = dict(now)
    for place, (key, version) in enumerate(sorted(back.items(), key=lambda one: one[0][::-1])):
        after.pop(key, None)
        if version is not None:
            after[key] = replace(version, id=newest + 1 + place)
    found = {version.slice: version.source for version in active(after.values())}
    for version in target.slices:
        if found.get(version.slice) != version.source:
            raise Conflict(
                f"{version.slice or 'the whole flow'} came from {version.source} then and would "
                f"come from {found.get(version.slice, 'nobody')} now, which changed later: publish "
                f"the figures of {version.source} again"
            )


def _prepared(
    store: Store,
    schema: Schema,
    target: Release,
    source: str,
    back: _Back,
    now: Mapping[Key, SliceVersion],
) -> Prepared:
    """What a source would hand in to come to what it offered then."""
    own = {slice_: version for (slice_, by), version in back.items() if by == source}
    table = _table(store, schema, [version for version in own.values() if version is not None])
    raw = RawData(source=f"release {target.id}", table=table)
    nothing = Origin(kind="submission", name=source)
    origins = {
        slice_: _origin(version or now.get((slice_, source)), target, nothing)
        for slice_, version in own.items()
    }
    actions = pa.DictionaryArray.from_arrays(
        pa.repeat(pa.scalar(0, pa.int8()), table.num_rows), [Action.REPLACE.value]
    )
    incoming = Incoming(
        source=source,
        raw=raw,
        table=table,
        actions=actions,
        replaces=False,
        complete=tuple(sorted(own)),
    )
    submission = Submission(raw=raw, source=source, origin=nothing)
    again = {slice_: version for slice_, version in own.items() if version is not None}
    return Prepared(submission, incoming, (), origins, again)


def _table(store: Store, schema: Schema, versions: Sequence[SliceVersion]) -> pa.Table:
    if not versions:
        return arrow_schema(schema).empty_table()
    parts = [state_of(store.lake, one) for one in versions]
    return read_encoded(parts, schema).table.unify_dictionaries()


def _origin(version: SliceVersion | None, target: Release, nothing: Origin) -> Origin:
    """Where the figures of a slice are from, and that somebody went back to them."""
    origin = nothing if version is None else version.origin
    told = tuple(pair for pair in origin.detail if pair[0] != "rolled_back_to")
    return replace(origin, detail=(*told, ("rolled_back_to", target.id)))
