"""One source in the place of another: readers get the same slice from somewhere else.

What the new source gives is compared with what readers had from the old one, so that only what
differs is told as changed. Where nothing does, the slice version is made all the same, of the same
file: it says from whom the figures come now.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from hub.model import DeltaCounts, Origin, Schema, SliceVersion
from hub.publish.incoming import Incoming
from hub.store import NewSlice, Store
from hub.store.line import Key
from hub.store.releases import active

#: By (slice, new source), the version of another source that readers have.
Taken = Mapping[Key, SliceVersion]
#: What a node derived itself is never replaced by what somebody sent.
_KEPT = "derivation"


def takeovers(
    schema: Schema, incoming: Sequence[Incoming], base: Mapping[Key, SliceVersion]
) -> Taken:
    """The slices given that readers have from another source, with the version they have."""
    readers = {version.slice: version for version in active(base.values())}
    found: dict[Key, SliceVersion] = {}
    for part in incoming:
        for slice_ in part.slices(schema, deletions=False):
            version = readers.get(slice_)
            if version is not None and version.source != part.source:
                if version.origin.kind != _KEPT:
                    found[slice_, part.source] = version
    return found


def settled(
    store: Store,
    schema: Schema,
    new: Sequence[NewSlice],
    taken: Taken,
    origin: Callable[[str, str], Origin],
    base: Mapping[Key, SliceVersion],
) -> list[NewSlice]:
    """New slice versions, those among them that only say who the source is now.

    The delta of a version is against the one before it from the same source; one that was compared
    with another source's has none.
    """
    if not taken:
        return list(new)
    made = {(one.slice, one.source) for one in new}
    plain = [replace(one, delta=None) if (one.slice, one.source) in taken else one for one in new]
    same = [
        _same(store, schema, key, version, origin(*key), base.get(key))
        for key, version in taken.items()
        if key not in made
    ]
    return [*plain, *same]


def without(taken: Taken, sources: Collection[str]) -> Taken:
    """What is taken over but by some sources, of which nothing is released."""
    return {key: version for key, version in taken.items() if key[1] not in sources}


def by_source(taken: Taken) -> dict[str, tuple[str, ...]]:
    """The slices that each source took over, in order."""
    found: dict[str, list[str]] = {}
    for slice_, source in sorted(taken):
        found.setdefault(source, []).append(slice_)
    return {source: tuple(slices) for source, slices in found.items()}


def _same(
    store: Store,
    schema: Schema,
    key: Key,
    version: SliceVersion,
    origin: Origin,
    before: SliceVersion | None,
) -> NewSlice:
    """The figures of another source, as those of this one."""
    return NewSlice(
        slice=key[0],
        source=key[1],
        base=None if before is None else before.id,
        digest=version.digest,
        delta=None,
        file=version.file,
        cut_by=version.cut_by,
        rows=version.rows,
        counts=DeltaCounts(),
        facts=store.slice_facts([version])[version.id],
        origin=origin,
        structure=str(schema.structure.reference),
        structure_digest=store.schema_digest(schema),
    )
