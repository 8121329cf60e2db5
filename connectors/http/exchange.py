"""What is asked and what came back: one HTTP exchange as values, its raw body in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

VALIDATOR_LENGTH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """Bounds of one fetch, in bytes and seconds.

    `total_seconds` bounds one try from name resolution to the last byte; `wait_seconds` the pause
    before another try, whatever a partner's Retry-After says; `tries` counts the first one.
    """

    wire_bytes: int = 1 << 30
    unpacked_bytes: int = 4 << 30
    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    total_seconds: float = 900.0
    wait_seconds: float = 120.0
    tries: int = 4
    redirects: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """A GET request: where, what is accepted, and the validators of what is held already.

    `is_fresh` asks caches on the way to let it through (RFC 9111, 5.2.1.4).
    """

    url: str
    accept: str = "*/*"
    etag: str | None = None
    last_modified: str | None = None
    is_fresh: bool = False

    @property
    def is_conditional(self) -> bool:
        """True where 304 is an answer."""
        return bool(self._validators)

    def headers(self, agent: str) -> tuple[tuple[str, str], ...]:
        """The headers to send, without Host."""
        headers = [("Accept", self.accept), ("Accept-Encoding", "gzip"), ("User-Agent", agent)]
        if self.is_fresh:
            headers.append(("Cache-Control", "no-cache"))
        return (*headers, *self._validators)

    @property
    def _validators(self) -> tuple[tuple[str, str], ...]:
        """The validators as headers; they came from the partner once, so odd ones are left out."""
        given = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        return tuple(
            (name, text)
            for name, text in given
            if text and len(text) <= VALIDATOR_LENGTH and text.isascii() and text.isprintable()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One response: its head, and its body as it came over the wire, still packed, in `path`.

    `headers` are (lower-case name, value) pairs in order. `sha256` and `wire_bytes` are those of
    the raw body. `fault` says why the body is not complete; None when it is. Times are UTC.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    path: Path
    wire_bytes: int
    sha256: str
    address: str | None
    sent: datetime
    seconds_to_headers: float
    seconds: float
    fault: str | None = None

    def header(self, name: str) -> str | None:
        """The value of a header; several fields of one name are joined by a comma."""
        values = [value for key, value in self.headers if key == name.lower()]
        return ", ".join(values) if values else None

    @property
    def media_type(self) -> str:
        """The media type without parameters, in lower case; "" where there is none."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()

    @property
    def has_known_end(self) -> bool:
        """True where a body that was cut off would have been noticed (RFC 9112, 6.3).

        Without Content-Length and chunks a body ends when the connection does, for whatever reason.
        """
        chunked = "chunked" in (self.header("transfer-encoding") or "").lower()
        return chunked or self.header("content-length") is not None

    def record(self, request: FetchRequest) -> Mapping[str, object]:
        """What to keep beside the raw bytes: JSON-compatible."""
        return {
            "url": self.url,
            "requested": request.url,
            "accept": request.accept,
            "if_none_match": request.etag,
            "if_modified_since": request.last_modified,
            "address": self.address,
            "status": self.status,
            "headers": [list(pair) for pair in self.headers],
            "sent": self.sent.isoformat(),
            "seconds_to_headers": round(self.seconds_to_headers, 6),
            "seconds": round(self.seconds, 6),
            "wire_bytes": self.wire_bytes,
            "sha256": self.sha256,
            "fault": self.fault,
        }
