"""Media types as SDMX uses them, and the ranges of an Accept header (RFC 9110, 12.5.1).

Spaces, case and the order of parameters do not matter in what clients send. What the node sends
is always `type;version=x`, without blanks and without a charset: clients compare the whole text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from hub.errors import BadRequest
from hub.model import VersionQuery, parse_version_query

#: Headers that are the same for all requests of a client are parsed once.
_KEPT = 512


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type with its version and the other parameters, all in lower case."""

    name: str
    version: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        version = f";version={self.version}" if self.version else ""
        return self.name + version + "".join(f";{k}={v}" for k, v in self.parameters.items())


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One range of an Accept header with its weight; `position` is its place in the header."""

    media_type: MediaType
    weight: float
    position: int


def parse_media_type(text: str) -> MediaType:
    """Parse one media type; a `q` among the parameters stays there."""
    name, *pieces = (piece.strip() for piece in text.split(";"))
    parameters: dict[str, str] = {}
    for piece in filter(None, pieces):
        key, _, value = piece.partition("=")
        parameters[key.strip().lower()] = value.strip().strip('"').lower()
    version = parameters.pop("version", None)
    return MediaType(name.lower(), version or None, parameters)


@lru_cache(_KEPT)
def parse_accept(header: str) -> tuple[MediaRange, ...]:
    """Parse an Accept header; raises BadRequest for a weight that is no number from 0 to 1."""
    ranges = []
    for position, text in enumerate(part for part in header.split(",") if part.strip()):
        media_type = parse_media_type(text)
        parameters = dict(media_type.parameters)
        weight = _weight(parameters.pop("q", "1"), text)
        ranges.append(
            MediaRange(MediaType(media_type.name, media_type.version, parameters), weight, position)
        )
    return tuple(ranges)


def _weight(text: str, where: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        weight = -1.0
    if not 0 <= weight <= 1:
        raise BadRequest(f"'{where.strip()}': q is a number from 0 to 1, not '{text}'")
    return weight


def version_fits(offered: str, asked: str) -> bool:
    """Tell whether an offered format version is one that was asked for.

    `asked` may hold the wildcards of version queries (`2+.0.1`, `3.0.0+`). `2.0` means 2.0.0, as
    2.1 and 2.1.0 mean the same, and suffixes of drafts (`1.0.0-wd`, `1.0.0-cts`), still found in
    the wild, are taken for the version itself.
    """
    if any(mark in asked for mark in "+~*"):
        query = _version_query(asked)
        return query is not None and bool(query.select([_padded(offered)]))
    return _padded(offered) == _padded(asked.partition("-")[0])


def _version_query(text: str) -> VersionQuery | None:
    parts = text.split(".")
    padded = text if len(parts) in (1, 3) else f"{text}.0"
    try:
        return parse_version_query(padded)
    except BadRequest:
        return None


def _padded(version: str) -> str:
    return ".".join((*version.split("."), "0", "0")[:3])
