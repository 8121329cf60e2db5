"""What a harvest needs of any SDMX service, whatever it is: offers, requests, and reading answers.

A service is known by its profile (`connectors.registry.service_of`). It is a value without a state
of its own: everything it remembers from one call to the next is in an `Offer`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from connectors.http import Client, Fetched, FetchRequest
from hub.errors import Finding
from hub.formats.message import RawData
from hub.model import Descent, Structures

#: Called with every answer and the request it is an answer to, before anything is made of it.
KeepAnswer = Callable[[FetchRequest, Fetched], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedSlice:
    """The part of a flow that is about one area, and its descent as the service tells it.

    `rows` are its observations, None where they are not told.
    """

    area: str
    descent: Descent
    rows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A shared flow that a service has, in some version.

    `flow` is the shared dataflow (`AGENCY:ID`) and `version` the version of it that the service
    has; `source` is what the service itself calls the flow. `url` is where its data is, where the
    service tells that beside its offers, "" where the profile knows. `release` is the digest of the
    newest release, `updated` when it became visible, `rows` its observations: each where the
    service says. `slices` are its parts by area, None where the service does not tell them.

    `map` is the structure map its data goes through, "" for none. `part` names what it has of the
    flow where several dataflows of the service make it up; "" where this is all. `areas` are those
    wanted of it, values of the dimension `cut_by`; () means everything. A service that cannot be
    asked for less than everything passes them over.
    """

    flow: str
    version: str
    source: str
    url: str = ""
    release: str | None = None
    updated: datetime | None = None
    rows: int | None = None
    map: str = ""
    part: str = ""
    slices: tuple[OfferedSlice, ...] | None = None
    areas: tuple[str, ...] = ()
    cut_by: str = ""

    @property
    def name(self) -> str:
        """What attempts call it: the flow, and which part of it."""
        return f"{self.flow} {self.part}" if self.part else self.flow

    def narrowed(self, areas: Iterable[str], cut_by: str) -> Offer:
        """The offer with some areas wanted of it, and as many observations as they have."""
        wanted = frozenset(areas)
        counts = [one.rows for one in self.slices or () if one.area in wanted]
        known = [count for count in counts if count is not None]
        is_known = self.slices is not None and len(known) == len(counts)
        return replace(
            self,
            areas=tuple(sorted(wanted)),
            cut_by=cut_by,
            rows=sum(known) if is_known else None,
        )

    @property
    def is_empty(self) -> bool:
        """True where the service says that nothing is in the flow."""
        return self.release is None and self.rows == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The last answer this node took: its URL as requested, and its validators.

    `since` is there only where an increment is wanted: the instant, by the clock of the service,
    after which changes are asked for.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The last list of offers this node has: its validators, and its raw body in a file.

    The file is the archive's: it is read, and never changed or moved.
    """

    held: Held
    body: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service answered, read and mapped to the shared structure.

    `data` is None where there is nothing: in the flow, or, where it `is_increment`, nothing that
    changed. An increment holds what changed since `Held.since`, deletions marked in its actions;
    without it the data is all there is. `findings` tell what was dropped or respelt, each with rule
    and count (warnings and information; what is an error is raised).
    """

    data: RawData | None
    is_increment: bool = False
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """The SDMX-CSV that came: where it is, the name to tell it by, and what answer it makes."""

    name: str
    path: Path
    answer: Callable[[RawData], Answer]


class Service(Protocol):
    """A partner's SDMX service as its profile knows it."""

    @property
    def keeps_updates(self) -> bool:
        """True where it honours `updatedAfter` and tells of deletions."""
        ...

    def offers(
        self,
        client: Client,
        structures: Structures,
        keep: KeepAnswer,
        known: Known | None = None,
    ) -> Sequence[Offer]:
        """What it has; asked for on condition that it is not what is `known`, where given.

        A service whose offers the profile lists needs no request. Raises what `Client.fetch`
        raises, PartnerInvalid for an answer that cannot be used, and Forbidden where another
        partner than the one registered answers.
        """
        ...

    def request(self, offer: Offer, held: Held | None) -> FetchRequest:
        """The request for the data of an offer; conditional, or for an increment, where held."""
        ...

    def text(self, offer: Offer, held: Held | None, fetched: Fetched, limit: int) -> Text | None:
        """What `read` would hand to `read_csv`, so that the texts of many can be read at once.

        None where that is not all that `read` does. Raises what `read` raises.
        """
        ...

    def read(
        self,
        offer: Offer,
        held: Held | None,
        fetched: Fetched,
        structures: Structures,
        limit: int,
    ) -> Answer:
        """Read the answer to `request(offer, held)`, whose status is not 304.

        `limit` bounds the bytes unpacked; what the answer is read from may stay in files beside
        `fetched.path`, for findings to find their lines. It is judged by what it holds: data that
        is complete though an increment was asked for is told as complete. Raises PartnerInvalid,
        PartnerUnavailable where a packed body breaks off, and Invalid with findings.
        """
        ...
