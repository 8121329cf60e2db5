"""Applying purges again, to a node that was restored from a backup older than they are."""

from __future__ import annotations

from collections.abc import Iterable

from hub.errors import NotFound
from hub.model import ArtefactClass, Schema
from hub.publish.purge.cells import purge_cells
from hub.publish.purge.release import purge_versions
from hub.store import Store
from hub.store.purges import Purge, known_purges


def apply_again(store: Store, purges: Iterable[Purge]) -> tuple[Purge, ...]:
    """Apply the purges a node does not know; returns those of which it had anything.

    What a backup from before a leak does not have needs no purging.
    """
    with store.catalogue.reading() as connection:
        known = {purge.id for purge in known_purges(connection)}
    done = []
    for purge in purges:
        if purge.id in known:
            continue
        try:
            schema = _schema(store, purge.flow)
            if purge.versions:
                done.append(purge_versions(store, schema, purge))
            else:
                done.append(purge_cells(store, schema, purge))
        except NotFound:
            continue
    return tuple(done)


def _schema(store: Store, flow: str) -> Schema:
    """The schema of a flow whose version a purge does not name: that of its newest one."""
    agency, _, id_ = flow.partition(":")
    newest = store.structures.latest(ArtefactClass.DATAFLOW, agency, id_)
    if newest is None:
        raise NotFound(f"there is no dataflow {flow}")
    return store.schema(newest.reference)
