"""Foreign services at the command line: which one is meant."""

from __future__ import annotations

from connectors.registry import CORRIDOR, PROFILES
from connectors.sdmx import known_service, profile_named, profile_of_source
from federation.partners import ForeignService
from hub.errors import BadRequest, NotFound


def service_meant(url: str, source: str, profile: str, id_: str) -> ForeignService | None:
    """The foreign service that options mean; None where a Corridor node is meant.

    `source` names it in the catalogue of services, which tells its address and its profile where
    they are not given. Raises NotFound for an unknown source or profile, BadRequest where there is
    no address or no id.
    """
    if profile and profile not in PROFILES:
        raise NotFound(f"there is no profile {profile}; known: {', '.join(sorted(PROFILES))}")
    if not source:
        if profile in ("", CORRIDOR):
            return None
        if not url or not id_:
            raise BadRequest(
                f"a service with the profile {profile} needs its URL and an --id to be known by, "
                "or --source with its id in the catalogue of services, as in --source ESTAT"
            )
        name = profile_named(profile).name
        return ForeignService(id=id_, url=url, name=name, profile=profile)
    known = known_service(source)
    kind = profile or profile_of_source(known.id, speaks_3=known.speaks_3).id
    if kind == CORRIDOR:
        raise BadRequest(f"{known.id} is no Corridor node: leave --profile out")
    return ForeignService(id=id_ or known.id, url=url or known.url, name=known.name, profile=kind)
