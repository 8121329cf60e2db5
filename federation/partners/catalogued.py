"""The partners of a node, kept in its catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from federation.partners.values import Partner
from hub.errors import NotFound
from hub.store import partners as rows
from hub.store.catalogue import Catalogue


class CataloguedPartners:
    """The registry of partners (a `PartnerRegistry`) over the catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def add(self, partner: Partner) -> None:
        """Keep a partner; raises Conflict when its id is there already."""
        rows.add_partner(
            self._catalogue,
            {
                "id": partner.id,
                "url": partner.url,
                "name": partner.name,
                "areas": list(partner.areas),
                "agencies": list(partner.agencies),
                "flows": list(partner.flows),
                "added": partner.added,
                "profile": partner.profile,
            },
        )

    def get(self, partner_id: str) -> Partner:
        """Return a partner; raises NotFound, naming those there are."""
        known = self.list()
        for partner in known:
            if partner.id == partner_id:
                return partner
        names = ", ".join(partner.id for partner in known) or "none yet"
        raise NotFound(f"there is no partner {partner_id}; known: {names}")

    def list(self) -> Sequence[Partner]:
        """All partners, ordered by id."""
        return [_partner(row) for row in rows.all_partners(self._catalogue)]

    def remove(self, partner_id: str) -> None:
        """Forget a partner; what was released from it stays. Raises NotFound."""
        rows.remove_partner(self._catalogue, partner_id)


def _partner(row: Mapping[str, Any]) -> Partner:
    return Partner(
        id=row["id"],
        url=row["url"],
        name=row["name"],
        areas=tuple(row["areas"]),
        agencies=tuple(row["agencies"]),
        flows=tuple(row["flows"]),
        added=row["added"],
        profile=row["profile"],
    )
