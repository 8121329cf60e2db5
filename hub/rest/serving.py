"""A node as a server: the store behind the REST service, the service behind uvicorn."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa
import uvicorn
from fastapi import FastAPI

from hub import __version__
from hub.errors import BadRequest, Conflict, CorridorError, Forbidden
from hub.model import Availability, Reference, Release, Schema, Selection, Structures
from hub.rest.app import create_app
from hub.rest.backend import NodeFacts, ServiceLimits
from hub.store import Store

#: Seconds a request may go on after the server was told to stop.
_GRACE = 20
#: Connections that may wait to be taken.
_QUEUE = 2048


class StoreBackend:
    """What the REST service asks of a node (a `hub.rest.Backend`), answered by its store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def structures(self) -> Structures:
        """All artefacts the node knows now."""
        return self._store.structures

    @property
    def structures_changed(self) -> datetime:
        """When they last changed."""
        return self._store.structures_changed

    def release(self, flow: Reference) -> Release | None:
        """What readers see of a dataflow now."""
        return self._store.release(flow)

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

    def availability(
        self, release: Release, schema: Schema, selection: Selection, mode: str
    ) -> Availability:
        """What a selection would find."""
        return self._store.availability(release, schema, selection, mode)

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
    limits = ServiceLimits(url_bytes=settings.max_url_bytes)
    return create_app(StoreBackend(store), limits=limits, base_url=settings.base_url)


def server_for(store: Store) -> uvicorn.Server:
    """A server of a node, not yet started: run it on a socket that `listen` took."""
    config = uvicorn.Config(
        build_app(store),
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
    )
    return uvicorn.Server(config)


def listen(host: str, port: int) -> socket.socket:
    """Take a port of this machine, 0 for any free one, and queue what comes.

    Raises Conflict where another program has it, Forbidden where the system reserves it, and
    BadRequest for an address that is none of this machine's.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise BadRequest(f"'{host}' is not an address: --host takes one like 127.0.0.1") from error
    family, kind, protocol, _, address = found[0]
    listening = socket.socket(family, kind, protocol)
    try:
        if os.name != "nt":  # there it would let two programs have one port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_QUEUE)
    except OSError as error:
        listening.close()
        raise _not_listening(host, port, error) from error
    return listening


def address_of(listening: socket.socket) -> str:
    """The URL under which a socket is reached."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _not_listening(host: str, port: int, error: OSError) -> CorridorError:
    if error.errno == errno.EADDRINUSE:
        return Conflict(
            f"port {port} of {host} is taken by another program: choose another with --port"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return Forbidden(
            f"the operating system does not give out port {port}: choose one above 1023 with "
            "--port, and let a proxy take the other"
        )
    return BadRequest(
        f"{host} is not an address of this machine ({error.strerror}): choose another with --host"
    )
