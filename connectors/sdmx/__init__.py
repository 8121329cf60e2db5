"""Foreign SDMX services as sources: profiles, structure maps, and one engine for all of them."""

from connectors.sdmx.apply import Mapped, apply_map
from connectors.sdmx.by_hand import through_profile
from connectors.sdmx.catalogue import KnownService, known_service, known_services
from connectors.sdmx.profile import Profile, profile_named, profile_of_source, profiles
from connectors.sdmx.service import SdmxService, check_source, maps_for

__all__ = [
    "KnownService",
    "Mapped",
    "Profile",
    "SdmxService",
    "apply_map",
    "check_source",
    "known_service",
    "known_services",
    "maps_for",
    "profile_named",
    "profile_of_source",
    "profiles",
    "through_profile",
]
