"""The port a node listens on, taken before its server starts, so that a failure can be told."""

from __future__ import annotations

import errno
import os
import socket

from hub.errors import BadRequest, Conflict, CorridorError, Forbidden

#: Connections that may wait to be taken.
_QUEUE = 2048


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
