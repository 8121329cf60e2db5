"""What all resources share: the backend, its limits, and how messages of the node are headed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hub.formats.message import Header
from hub.rest.backend import Backend, NodeFacts, ServiceLimits
from hub.rest.call import Call


@dataclass(frozen=True, slots=True)
class Service:
    """A node's REST service; `base_url` is where partners reach it, "" to go by the request."""

    backend: Backend
    facts: NodeFacts
    limits: ServiceLimits
    base_url: str = ""

    def header(self, digest: str, prepared: datetime, call: Call) -> Header:
        """The header of a message: equal requests of equal data have equal headers."""
        return Header(
            id=f"M{digest[:24].upper()}",
            prepared=prepared,
            sender=self.facts.id,
            sender_name=self.facts.name,
            languages=call.languages or ("en",),
        )
