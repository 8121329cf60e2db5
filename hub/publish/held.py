"""Versions held back, and what becomes of them when something is published in between.

Of a slice from a source there is one line of versions: the one readers have, and those that are to
follow it, each made against the one before. What is new takes its place in that line; each version
after it is made again on top of it, with a delta of its own, and takes the place of its former
self, which nobody has seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from hub.formats.message import Action, RawData
from hub.model import Schema, SliceVersion
from hub.publish.delta import compute_changes
from hub.publish.incoming import BaseFile, Incoming
from hub.publish.rebase import applied_again
from hub.publish.write import Making, write_changes
from hub.store import NewSlice, Store
from hub.store.line import Place
from hub.store.parts import state_of


def carried_on(
    store: Store, schema: Schema, new: Sequence[NewSlice], place: Place
) -> list[NewSlice]:
    """The held-back versions that follow new ones, made again on top of them.

    One that would change nothing any more is left out.
    """
    carried: list[NewSlice] = []
    for one in new:
        before, old = one, place.base.get((one.slice, one.source))
        for held in place.later.get((one.slice, one.source), ()):
            again = _again(store, schema, old, held, before)
            carried += again
            before, old = (*again, before)[0], held
    return carried


def _again(
    store: Store, schema: Schema, old: SliceVersion | None, held: SliceVersion, before: NewSlice
) -> list[NewSlice]:
    lake = store.lake
    table = applied_again(
        schema,
        None if old is None else state_of(lake, old),
        state_of(lake, held),
        state_of(lake, before),
        store.settings.memory_limit,
    )
    names = pa.repeat(pa.scalar(0, pa.int8()), table.num_rows)
    incoming = Incoming(
        source=held.source,
        raw=RawData(source=held.origin.name, table=table),
        table=table,
        actions=pa.DictionaryArray.from_arrays(names, [Action.REPLACE.value]),
        replaces=False,
        complete=(held.slice,),
    )
    key = (held.slice, held.source)
    base = {key: BaseFile(state_of(lake, before), before.rows)}
    changes = compute_changes(
        schema,
        [incoming],
        base,
        memory_limit=store.settings.memory_limit,
        spill=store.lake.work_folder(),
    )
    made = write_changes(Making(store, schema, lambda _change: held.origin, {}), changes)
    return [replace(one, note=held.note, visible_from=held.visible_from) for one in made]
