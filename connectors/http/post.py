"""Sending something to another node, to a checked address, with a key that only it may see."""

from __future__ import annotations

import ssl
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from connectors.http.address import AddressPolicy, Resolver, parse_url, system_resolver
from connectors.http.exchange import Fetched, FetchLimits
from connectors.http.transfer import Line, transfer, trusted
from hub import __version__
from hub.errors import PartnerUnavailable

#: What an answer may be at most, and how long it may take.
_LIMITS = FetchLimits(
    wire_bytes=1 << 16, connect_seconds=10, read_seconds=10, total_seconds=20, tries=1
)


def post_json(
    url: str,
    body: bytes,
    key: str,
    folder: Path,
    *,
    policy: AddressPolicy,
    resolver: Resolver = system_resolver,
    trust: Callable[[], ssl.SSLContext] | None = None,
) -> Fetched:
    """Send JSON once, with a key; the answer, whatever its status, is kept in a file of `folder`.

    Redirects are not followed. Where the address is not https, the key would go in clear text: then
    only networks that `policy` names are allowed. Raises BadRequest for a URL that is none,
    Forbidden for an address that is not allowed, PartnerUnavailable and PartnerInvalid where no
    answer came.
    """
    target = parse_url(url)
    if target.scheme != "https":
        policy = replace(policy, only_named=True)
    headers = (
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Authorization", f"Bearer {key}"),
        ("Accept", "application/json"),
        ("User-Agent", f"corridor-hub/{__version__}"),
    )
    line = Line(policy=policy, resolver=resolver, trust=trust or trusted())
    done = transfer(target, headers, folder / f"{uuid.uuid4().hex}.body", _LIMITS, line, body)
    if done.fault is not None:
        raise done.fault
    if done.fetched is None:  # pragma: no cover - there is one or the other
        raise PartnerUnavailable(f"{url} did not answer")
    return done.fetched
