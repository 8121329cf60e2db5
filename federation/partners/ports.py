"""Where partners are kept: what federation asks of the catalogue about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from federation.partners.values import Partner


class PartnerRegistry(Protocol):
    """The partners of this node."""

    def add(self, partner: Partner) -> None:
        """Keep a partner; raises Conflict when its id is there already."""
        ...

    def get(self, partner_id: str) -> Partner:
        """Return a partner; raises NotFound."""
        ...

    def list(self) -> Sequence[Partner]:
        """All partners, ordered by id."""
        ...

    def remove(self, partner_id: str) -> None:
        """Forget a partner; what was released from it stays. Raises NotFound."""
        ...
