"""Descent: at which node the figures of a slice began, and through which nodes they came here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.model.release import Origin, Release, SliceVersion

#: Figures that came through more nodes than this go round in circles.
MOST_HOPS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Descent:
    """Where the figures of a slice began, as one node holds them.

    `origin` is the node that published them first, `release` the release they stood in there,
    `digest` that of their file, `updated` since when readers of the origin saw them (UTC): each as
    the origin said it, None where nobody told. `path` are the nodes they came through, the origin
    first and the holder not among them; () at the origin itself. `is_compiled` where the origin
    put together what others count, and does not count itself.
    """

    origin: str
    release: str | None = None
    digest: str | None = None
    updated: datetime | None = None
    path: tuple[str, ...] = ()
    is_compiled: bool = False

    @property
    def hops(self) -> int:
        """How many times they were harvested until the holder had them; 0 at the origin."""
        return len(self.path)

    def taken_from(self, node: str) -> Descent:
        """The descent of the same figures at whoever took them from `node`."""
        return Descent(
            origin=self.origin,
            release=self.release,
            digest=self.digest,
            updated=self.updated,
            path=(*self.path, node),
            is_compiled=self.is_compiled,
        )

    @property
    def detail(self) -> tuple[tuple[str, str], ...]:
        """The descent as an `Origin` keeps it."""
        said = {
            "origin": self.origin,
            "origin_release": self.release or "",
            "origin_digest": self.digest or "",
            "origin_updated": self.updated.isoformat() if self.updated else "",
            "path": " ".join(self.path),
            "compiled": "yes" if self.is_compiled else "",
        }
        return tuple((name, value) for name, value in said.items() if value)


def descent_at(
    node: str, release: Release, version: SliceVersion, *, is_compiled: bool = False
) -> Descent:
    """The descent of a slice of a release of `node`.

    What was handed in there began there, and is compiled there where the node is no national one
    (`is_compiled`). Of what was harvested without a descent no more is known than from whom.
    """
    if version.origin.kind != "harvest":
        return Descent(
            origin=node,
            release=release.id,
            digest=version.digest,
            updated=version.visible_from,
            is_compiled=is_compiled,
        )
    return recorded(version.origin) or Descent(
        origin=version.source, release=_told(version.origin).get("release"), path=(version.source,)
    )


def recorded(origin: Origin) -> Descent | None:
    """The descent that an `Origin` keeps, if it keeps one."""
    told = _told(origin)
    if "origin" not in told:
        return None
    updated = told.get("origin_updated")
    return Descent(
        origin=told["origin"],
        release=told.get("origin_release"),
        digest=told.get("origin_digest"),
        updated=datetime.fromisoformat(updated) if updated else None,
        path=tuple(told.get("path", "").split()),
        is_compiled=bool(told.get("compiled")),
    )


def _told(origin: Origin) -> Mapping[str, str]:
    return {name: value for name, value in origin.detail if value}
