"""A node as a server: the store behind the REST service, the service behind uvicorn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import uvicorn
from fastapi import FastAPI

from hub import __version__
from hub.errors import Internal
from hub.model import (
    Availability,
    ChangeLog,
    Reference,
    Release,
    Schema,
    Selection,
    Structures,
)
from hub.rest.app import create_app
from hub.rest.backend import NodeFacts, ServiceLimits
from hub.rest.cache import RenderedCache
from hub.rest.distinct import DistinctRows
from hub.rest.moment import Moments
from hub.store import Changes, Store
from hub.store.dissemination import Dissemination, Disseminations

#: Seconds a request may go on after the server was told to stop.
_GRACE = 20
#: Seconds a connection may rest between requests. Clients keep theirs for five or more; a server
#: that ends it at the same moment breaks a request off that was on its way.
_REST = 60


class StoreBackend:
    """What the REST service asks of a node (a `hub.rest.Backend`), answered by its store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._moments = Moments(store)
        self._disseminations = Disseminations(store)
        self._distinct = DistinctRows(store.read, store.distinct)

    def state(self) -> object | None:
        """The moment the node is in; None where the catalogue does not answer."""
        try:
            return self._moments.now()
        except Internal:  # who then asks for data is told
            return None

    @property
    def state_waits(self) -> bool:
        """True where the catalogue is asked over a network."""
        return self._moments.wait

    @property
    def structures(self) -> Structures:
        """All artefacts the node knows now."""
        return self._moments.structures()[0]

    @property
    def structures_changed(self) -> datetime:
        """When they last changed."""
        return self._moments.structures()[1]

    def changed(self) -> datetime:
        """When anything that readers see last changed."""
        return self._moments.changed()

    def structures_at(self, at: datetime) -> tuple[Structures, datetime]:
        """The artefacts the node knew at an instant, and when they had last changed."""
        return self._store.structures_at(at)

    def present(self) -> datetime:
        """The instant at which readers stand now."""
        return self._store.present()

    def release(self, flow: Reference, at: datetime | None = None) -> Release | None:
        """What readers see of a dataflow now, or saw at an instant."""
        return self._moments.release(flow) if at is None else self._store.release(flow, at)

    def change_log(self, release: Release, since: datetime | None) -> ChangeLog:
        """What changed after an instant until a flow came to hold a release."""
        return self._store.change_log(release, since)

    def changes(
        self,
        log: ChangeLog,
        schema: Schema,
        selection: Selection,
        columns: Sequence[str],
        order: Sequence[str] = (),
    ) -> Changes:
        """The changes a selection means."""
        return self._store.changes(log, schema, selection, columns, order)

    def availability_of_changes(
        self, log: ChangeLog, schema: Schema, selection: Selection, mode: str
    ) -> Availability:
        """What a selection finds among what changed and is there."""
        return self._store.availability_of_changes(log, schema, selection, mode)

    def read(
        self,
        release: Release,
        schema: Schema,
        selection: Selection,
        columns: Sequence[str],
        order: Sequence[str] = (),
    ) -> pa.RecordBatchReader:
        """The observations a selection means."""
        return self._store.read(release, schema, selection, columns, order)

    def fixed(self, release: Release, schema: Schema) -> Mapping[str, pa.Array]:
        """Columns with the same value on every row of a release."""
        return self._store.fixed(release, schema)

    def distinct(
        self, release: Release, schema: Schema, selection: Selection, columns: Sequence[str]
    ) -> pa.Table:
        """The different rows a selection has in some columns."""
        return self._distinct(release, schema, selection, columns)

    def availability(
        self, release: Release, schema: Schema, selection: Selection, mode: str
    ) -> Availability:
        """What a selection would find."""
        return self._store.availability(release, schema, selection, mode)

    def disseminations(
        self, most: int, revisions: int, flow: Reference | None
    ) -> Sequence[Dissemination]:
        """The newest releases that readers got."""
        return self._disseminations.newest(most, revisions, flow)

    def node(self) -> NodeFacts:
        """What the node says about itself."""
        settings = self._store.settings
        return NodeFacts(
            id=settings.node,
            name=settings.name or settings.node,
            role=settings.role.value,
            areas=settings.areas,
            agencies=(settings.agency,),
            licence=settings.licence,
            contact=settings.contact,
            software_version=__version__,
        )


def build_app(store: Store) -> FastAPI:
    """The ASGI application of a node."""
    settings = store.settings
    limits = ServiceLimits(url_bytes=settings.max_url_bytes, body_bytes=settings.max_body_bytes)
    cache = RenderedCache(settings.home / "cache", settings.cache_bytes)
    return create_app(
        StoreBackend(store),
        limits=limits,
        base_url=settings.base_url,
        cache=cache,
        store=store,
        notify_per_hour=settings.notify_per_hour,
    )


def server_options(host: str, port: int) -> dict[str, Any]:
    """How every server of a node is set up."""
    return {
        "host": host,
        "port": port,
        "access_log": False,
        "log_config": None,  # how lines are written is for `hub.logs` to say
        "server_header": False,
        "timeout_graceful_shutdown": _GRACE,
        "timeout_keep_alive": _REST,
        "ws": "none",
    }


def server_for(store: Store, host: str, port: int) -> uvicorn.Server:
    """A server of a node, not yet started."""
    return uvicorn.Server(uvicorn.Config(build_app(store), **server_options(host, port)))
