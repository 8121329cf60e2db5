"""Metadata sets on their way into a message: opened anew for each pass of a format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hub.formats.metadata import Sets, Shown
from hub.model import MetadataSet, Reference, Structures
from hub.model.metadata_schema import MetadataSchema, resolve_metadata
from hub.store.metadata_sets import MetadataEntry, read_sets
from hub.store.store import Store


def open_sets(
    store: Store, entries: Sequence[MetadataEntry], structures: Structures, *, kept: int = 0
) -> Sets:
    """What opens the sets of some entries, each with the schema it is reported under.

    Up to `kept` sets are kept in memory between the passes; more are read again for each.
    """
    schemas: dict[Reference, MetadataSchema] = {}
    held: list[MetadataSet] = []

    def schema_of(context: Reference) -> MetadataSchema:
        if context not in schemas:
            schemas[context] = resolve_metadata(context, structures)
        return schemas[context]

    def opened() -> Iterator[Shown]:
        if len(entries) <= kept and not held:
            held.extend(read_sets(store, entries))
        sets = iter(held) if held else read_sets(store, entries)
        for entry, one in zip(entries, sets, strict=True):
            yield Shown(metadata_set=one, schema=schema_of(entry.context))

    return opened
