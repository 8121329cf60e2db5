"""Which service a partner's profile stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from connectors.corridor import CorridorService
from connectors.service import Service
from hub.errors import NotFound

#: What makes the service of a profile, from the address and the id of a partner.
Maker = Callable[[str, str], Service]

#: The profile of another Corridor node.
CORRIDOR = "corridor"
PROFILES: Mapping[str, Maker] = {CORRIDOR: CorridorService}
#: How many requests an hour services of a profile take, where that is fewer than a node would make.
REQUESTS: Mapping[str, int] = {}


def service_of(profile: str, url: str, partner: str) -> Service:
    """The service of a partner with that profile at that address; raises NotFound."""
    maker = PROFILES.get(profile)
    if maker is None:
        raise NotFound(f"there is no profile {profile}; known: {', '.join(sorted(PROFILES))}")
    return maker(url, partner)
