"""Which service a partner's profile stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from connectors.corridor import CorridorService
from connectors.sdmx import Profile, SdmxService, profiles
from connectors.service import Service
from hub.errors import NotFound

#: What makes the service of a profile, from the address, the id and the areas of a partner.
Maker = Callable[[str, str, Sequence[str]], Service]

#: The profile of another Corridor node.
CORRIDOR = "corridor"


def _corridor(url: str, partner: str, _areas: Sequence[str]) -> Service:
    return CorridorService(url, partner)


def _foreign(profile: Profile) -> Maker:
    return lambda url, partner, areas: SdmxService(profile, url, partner, tuple(areas))


PROFILES: Mapping[str, Maker] = {
    CORRIDOR: _corridor,
    **{id_: _foreign(profile) for id_, profile in profiles().items()},
}
#: How many requests an hour services of a profile take, where that is fewer than a node would make.
REQUESTS: Mapping[str, int] = {
    id_: profile.requests_per_hour for id_, profile in profiles().items()
}


def service_of(profile: str, url: str, partner: str, areas: Sequence[str] = ()) -> Service:
    """The service of a partner with that profile at that address; raises NotFound.

    `areas` are those the partner may speak for.
    """
    maker = PROFILES.get(profile)
    if maker is None:
        raise NotFound(f"there is no profile {profile}; known: {', '.join(sorted(PROFILES))}")
    return maker(url, partner, areas)
