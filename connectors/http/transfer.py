"""One try: send a request, stream the raw body into a file, within every bound."""

from __future__ import annotations

import functools
import hashlib
import os
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpcore
import httpx

from connectors.http.address import AddressPolicy, Resolver
from connectors.http.connection import CheckedBackend, Deadline
from connectors.http.exchange import Fetched, FetchLimits
from hub.errors import CorridorError, PartnerInvalid, PartnerUnavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How this node reaches outside: allowed addresses, name resolution, trusted certificates."""

    policy: AddressPolicy
    resolver: Resolver
    trust: Callable[[], ssl.SSLContext]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


def trusted() -> Callable[[], ssl.SSLContext]:
    """What gives the certificates that are trusted, which clients may share.

    They are read when they are needed first, which takes long.
    """
    return functools.cache(httpcore.default_ssl_context)


@dataclass(frozen=True, slots=True)
class Try:
    """The outcome of one try: a response, whole or broken off, or why there is none.

    `may_retry` is False where trying again at once would only repeat the cost.
    """

    fetched: Fetched | None
    fault: CorridorError | None = None
    may_retry: bool = False


def transfer(
    url: httpx.URL,
    headers: tuple[tuple[str, str], ...],
    path: Path,
    limits: FetchLimits,
    line: Line,
    content: bytes | None = None,
) -> Try:
    """Make one GET request, or POST of `content`; the body that comes goes to `path` as it is.

    Raises Forbidden when the address is not allowed; what the partner or the network do wrong is
    the `fault` of the result.
    """
    deadline = Deadline(limits.total_seconds)
    backend = CheckedBackend(line.policy, line.resolver, deadline)
    sent, start = line.clock(), time.monotonic()
    body = _Body(path, limits.wire_bytes)
    response: httpcore.Response | None = None
    answered = 0.0
    fault: CorridorError | None = None
    may_retry = False
    try:
        with (
            httpcore.ConnectionPool(
                ssl_context=line.trust() if url.scheme == "https" else None,
                network_backend=backend,
                max_keepalive_connections=0,
            ) as pool,
            pool.stream(
                "GET" if content is None else "POST",
                _target(url),
                headers=list(headers),
                content=content,
                extensions=_times(limits),
            ) as r,
        ):
            response, answered = r, time.monotonic() - start
            body.take(r)
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        fault, may_retry = _fault(url, error, deadline, response is not None)
    except PartnerUnavailable as error:
        fault, may_retry = error, True
    except PartnerInvalid as error:
        fault = error
    if response is None:
        return Try(None, fault, may_retry)
    fetched = Fetched(
        url=str(url),
        status=response.status,
        headers=_decoded(response),
        path=path,
        wire_bytes=body.size,
        sha256=body.digest.hexdigest(),
        address=backend.address,
        sent=sent,
        seconds_to_headers=answered,
        seconds=time.monotonic() - start,
        fault=fault.message if fault else None,
    )
    return Try(fetched, fault, may_retry)


class _Body:
    """A body on its way into a file, counted and digested."""

    def __init__(self, path: Path, limit: int) -> None:
        self.path = path
        self.limit = limit
        self.size = 0
        self.digest = hashlib.sha256()

    def take(self, response: httpcore.Response) -> None:
        """Write the body; raises PartnerInvalid beyond the limit, with what came before kept."""
        announced = dict(_decoded(response)).get("content-length", "")
        with open(self.path, "xb", opener=_private) as file:
            if announced.isascii() and announced.isdigit() and int(announced) > self.limit:
                raise self._too_long(f"announces a body of {announced} bytes")  # archived as empty
            for chunk in response.iter_stream():
                if self.size + len(chunk) > self.limit:
                    raise self._too_long("sends a longer body")
                file.write(chunk)
                self.digest.update(chunk)
                self.size += len(chunk)

    def _too_long(self, what: str) -> PartnerInvalid:
        return PartnerInvalid(f"the partner {what}; at most {self.limit} bytes are taken")


def _private(path: str, flags: int) -> int:
    """Open a file that nobody else may read."""
    return os.open(path, flags, 0o600)


def _fault(
    url: httpx.URL, error: Exception, deadline: Deadline, has_begun: bool
) -> tuple[CorridorError, bool]:
    """Say what went wrong, and whether another try at once makes sense."""
    what = str(error) or type(error).__name__
    if deadline.has_passed:
        took = f"did not send everything within {deadline.seconds:g} s" if has_begun else ""
        took = took or f"did not answer within {deadline.seconds:g} s"
        return PartnerUnavailable(f"{url} {took}"), False
    if isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout):
        # a certificate that does not fit will not fit in a second either
        may_retry = not any(
            isinstance(reason, ssl.SSLCertVerificationError) for reason in error.args
        )
        return PartnerUnavailable(f"{url}: no connection: {what}"), may_retry
    if isinstance(error, httpcore.TimeoutException):
        state = "stopped sending" if has_begun else "did not answer"
        return PartnerUnavailable(f"{url} {state}: {what}"), False
    state = "the answer broke off" if has_begun else "no usable answer"
    return PartnerUnavailable(f"{url}: {state}: {what}"), True


def _target(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )


def _times(limits: FetchLimits) -> dict[str, dict[str, float]]:
    connect, read = limits.connect_seconds, limits.read_seconds
    return {"timeout": {"connect": connect, "read": read, "write": read, "pool": connect}}


def _decoded(response: httpcore.Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("ascii").lower(), value.decode("latin-1")) for name, value in response.headers
    )
