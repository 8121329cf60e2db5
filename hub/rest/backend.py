"""What the REST service needs of the node behind it; `hub.store` provides it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

import pyarrow as pa

from hub.model import (
    Availability,
    ChangeLog,
    Reference,
    Release,
    Schema,
    Selection,
    Structures,
)
from hub.store import Changes
from hub.store.dissemination import Dissemination


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeFacts:
    """What a node says about itself in its node document.

    `areas` are the reporting areas it speaks for (ISO 3166-1 alpha-3, `*` for all), `agencies`
    the agency ids it owns. `id` is also the sender in message headers.
    """

    id: str
    name: str
    role: Literal["national", "observatory", "hub"]
    areas: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    licence: str = ""
    contact: str = ""
    software_version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLimits:
    """What the service answers at most.

    `url_bytes` bounds path and query together (414 beyond), `flows` how many data flows one query
    may touch and `observations` how many observations one answer may hold (413 beyond; None means
    any number). `body_bytes` bounds what is sent to be changed (413 beyond).
    """

    url_bytes: int = 8_000
    body_bytes: int = 32 << 20
    flows: int = 500
    observations: int | None = None


class Backend(Protocol):
    """A node's structures and releases, for reading. Calls may come from several threads."""

    def state(self) -> object | None:
        """What readers see now, as a token: the same object as long as every answer is the same.

        Cheap, as every request asks for it. None where the node cannot tell.
        """

    @property
    def state_waits(self) -> bool:
        """True where `state` asks over a network, so that it has no place on the event loop."""

    @property
    def structures(self) -> Structures:
        """All artefacts the node knows now; the same object as long as nothing changes."""

    @property
    def structures_changed(self) -> datetime:
        """When an artefact was last loaded or removed, in UTC."""

    def changed(self) -> datetime:
        """When anything that readers see last changed, in UTC."""

    def structures_at(self, at: datetime) -> tuple[Structures, datetime]:
        """The artefacts the node knew at an instant, and when they had last changed."""

    def present(self) -> datetime:
        """The instant at which readers stand now, in UTC."""

    def release(self, flow: Reference, at: datetime | None = None) -> Release | None:
        """The release of a dataflow that readers see now, or saw at an instant.

        None where nothing was published.
        """

    def change_log(self, release: Release, since: datetime | None) -> ChangeLog:
        """What changed after an instant (None: ever) until a flow came to hold a release."""

    def changes(
        self,
        log: ChangeLog,
        schema: Schema,
        selection: Selection,
        columns: Sequence[str],
        order: Sequence[str] = (),
    ) -> Changes:
        """Open the changes a selection means: each of them, with `include_history`, or the net.

        Order and pages as in reading a release, within each data set and over all of them.
        """

    def availability_of_changes(
        self, log: ChangeLog, schema: Schema, selection: Selection, mode: str
    ) -> Availability:
        """What a selection finds among the observations that changed and are there."""

    def read(
        self,
        release: Release,
        schema: Schema,
        selection: Selection,
        columns: Sequence[str],
        order: Sequence[str] = (),
    ) -> pa.RecordBatchReader:
        """Read the observations a selection means, with these columns.

        Sorted by `selection.sort` where it is given (ids only, no keywords), else by `order`, else
        by series key and time; what is not named there decides last, so that the order is total.
        `offset` and `limit` count rows in that order, after `first_n` and `last_n`.
        """

    def fixed(self, release: Release, schema: Schema) -> Mapping[str, pa.Array]:
        """Columns with the same value on every row of a release, as arrays of one element.

        Those the node knows; they need not be read. Null stands for no value at all.
        """

    def distinct(
        self, release: Release, schema: Schema, selection: Selection, columns: Sequence[str]
    ) -> pa.Table:
        """The different rows that a selection has in these columns, sorted by them."""

    def availability(
        self, release: Release, schema: Schema, selection: Selection, mode: str
    ) -> Availability:
        """What data a selection finds (`exact`) or what may still be chosen (`available`)."""

    def disseminations(
        self, most: int, revisions: int, flow: Reference | None
    ) -> Sequence[Dissemination]:
        """At most so many releases that readers got, the newest first; of one flow, if given.

        Each with its largest revisions, at most so many.
        """

    def node(self) -> NodeFacts:
        """What the node says about itself."""
