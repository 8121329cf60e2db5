"""Where known services are: the catalogue that sdmx1 keeps."""

from __future__ import annotations

from dataclasses import dataclass

from hub.errors import NotFound


@dataclass(frozen=True, slots=True)
class KnownService:
    """A service of the catalogue: its id, name and address, and whether it speaks SDMX 3.0."""

    id: str
    name: str
    url: str
    speaks_3: bool


def known_services() -> dict[str, KnownService]:
    """All services of the catalogue by their id; it is read when it is needed first."""
    from sdmx.source import sources  # takes half a second, which few commands need

    return {
        id_: KnownService(
            id=id_,
            name=source.name,
            url=str(source.url).rstrip("/"),
            speaks_3=any("3.0" in str(version) for version in source.versions),
        )
        for id_, source in sorted(sources.items())
        if str(source.url).startswith(("http://", "https://"))
    }


def known_service(id_: str) -> KnownService:
    """The service with an id, in whatever case; raises NotFound, naming those there are."""
    known = known_services()
    for name, service in known.items():
        if name.lower() == id_.lower():
            return service
    raise NotFound(f"there is no service {id_} in the catalogue; known: {', '.join(known)}")
