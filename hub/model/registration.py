"""Registrations: where the data of a provision agreement is to be had (SDMX 3.1, Registry)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from hub.errors import Unprocessable
from hub.model.urn import Reference

#: What a registrant may ask a registry to index of a source; told to readers, not acted upon.
INDEXES = ("indexTimeSeries", "indexDataSet", "indexAttributes", "indexReportingPeriod")
_MOST_URL = 2_000
#: The characters of a URI (RFC 3986, 2): what others hold, such as blanks, is to be encoded.
_URI = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryableSource:
    """A service that answers queries, and where it is described."""

    url: str
    wsdl: str | None = None
    wadl: str | None = None
    is_rest: bool = True
    is_web_service: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """Where data is: the address of a message, a service, or both.

    Nothing at these addresses is ever fetched here; they are told to whoever asks.
    """

    simple: str | None = None
    queryable: QueryableSource | None = None

    def check(self) -> None:
        """Raise Unprocessable for addresses that a reader should not be sent to."""
        queryable = self.queryable
        given = (queryable.url, queryable.wsdl, queryable.wadl) if queryable is not None else ()
        urls = [url for url in (self.simple, *given) if url is not None]
        if self.simple is None and queryable is None:
            raise Unprocessable("a registration needs a data source, simple or queryable")
        for url in urls:
            _check_url(url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A data source of a provision agreement.

    The registry gives `id` and `updated`. It shows a registration from `valid_from` until
    `valid_to` (UTC, both inclusive). `indexed` holds some of `INDEXES`.
    """

    agreement: Reference
    source: DataSource
    id: str | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    updated: datetime | None = None
    indexed: tuple[str, ...] = ()

    def is_valid_at(self, at: datetime) -> bool:
        """True where readers see it at an instant."""
        return (self.valid_from is None or self.valid_from <= at) and (
            self.valid_to is None or at <= self.valid_to
        )


def _check_url(url: str) -> None:
    told = f"'{url[:100]}' is not the address of a data source"
    if len(url) > _MOST_URL:
        raise Unprocessable(f"{told}: it is longer than {_MOST_URL} characters")
    try:
        parts = urlsplit(url)
        port_is_right = parts.port is None or parts.port > 0
    except ValueError as error:
        raise Unprocessable(f"{told}: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_right:
        raise Unprocessable(f"{told}: write it like https://sdmx.example.org/data")
    if not _URI.fullmatch(url):
        raise Unprocessable(f"{told}: percent-encode what no URI can hold")
    if parts.username is not None or parts.password is not None:
        raise Unprocessable(
            f"'{parts.scheme}://…@{parts.hostname}' names a user: everybody can read it, so leave "
            "out user and password"
        )
