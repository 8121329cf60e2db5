"""What all resources share: the backend, its limits, and how messages of the node are headed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from hub.formats.message import Header
from hub.rest.backend import Backend, NodeFacts, ServiceLimits
from hub.rest.cache import RenderedCache
from hub.rest.call import Call
from hub.rest.conditional import digest
from hub.rest.faults import Sender
from hub.rest.quick import Quick
from hub.rest.recall import Recalled
from hub.store import Store


@dataclass(frozen=True)
class Service:
    """A node's REST service; `base_url` is where partners reach it, "" to go by the request.

    `store` is what changes are made to and what registrations are read from; without one, neither
    is served.
    """

    backend: Backend
    facts: NodeFacts
    limits: ServiceLimits
    cache: RenderedCache
    recalled: Recalled
    quick: Quick
    base_url: str = ""
    store: Store | None = None

    @cached_property
    def identity(self) -> str:
        """A digest of what the node says about itself in every message."""
        return digest(self.facts)

    @cached_property
    def sender(self) -> Sender:
        """Who sends errors."""
        return Sender(self.facts.id, self._changed)

    def _changed(self) -> datetime:
        """When the node last showed something new; now, where it cannot tell."""
        try:
            return self.backend.changed()
        except Exception:  # the error that is being told matters more
            return datetime.now(UTC).replace(microsecond=0)

    def header(
        self, identity: str, prepared: datetime, call: Call, languages: tuple[str, ...] = ()
    ) -> Header:
        """The header of a message: equal requests of equal data have equal headers.

        `languages` are those it holds, best first, where that is known before it is written.
        """
        return Header(
            id=f"M{identity[:24].upper()}",
            prepared=prepared,
            sender=self.facts.id,
            sender_name=self.facts.name,
            languages=languages or call.languages or ("en",),
        )
