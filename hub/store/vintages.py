"""Every release of a flow that readers had, have or are to get, one after another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection

from hub.errors import NotFound
from hub.model import Reference, Release, SliceVersion
from hub.store import releases
from hub.store.retention import history_since
from hub.store.store import Store

_EVER = datetime.max.replace(tzinfo=UTC)
#: A shorter beginning of an id would name several releases sooner or later.
_LEAST_OF_ID = 8


def vintages(store: Store, flow: Reference) -> list[Release]:
    """The releases of a flow in order of time, from where its history begins; held-back ones last.

    One for each instant at which something became visible, or is to.
    """
    store.open_due()
    with store.catalogue.reading() as connection:
        return list(_followed(connection, flow))


def release_named(store: Store, flow: Reference, id_: str) -> Release:
    """The newest release with an id, or one that begins so; raises NotFound.

    Equal content has an equal id, so it is all the same which of several it is.
    """
    known = vintages(store, flow)
    if len(id_) >= _LEAST_OF_ID:
        found = [release for release in known if release.id.startswith(id_.lower())]
        if found and len({release.id for release in found}) == 1:
            return found[-1]
    told = "; see 'corridor release list'" if known else ": nothing of it is published yet"
    raise NotFound(
        f"{flow} has no release {id_[:64]} (the first {_LEAST_OF_ID} characters of an id, or more, "
        f"or an instant){told}"
    )


def release_before(store: Store, release: Release) -> Release | None:
    """The release that readers had before they got this one; None where it is the first known."""
    earlier = [
        one for one in vintages(store, release.flow) if one.visible_from < release.visible_from
    ]
    return earlier[-1] if earlier else None


def _followed(connection: Connection, flow: Reference) -> Iterator[Release]:
    since = history_since(connection, flow)
    offers: dict[tuple[str, str], SliceVersion] = {}
    if since is not None:
        base = releases.newest(connection, flow, since)
        offers = {(version.slice, version.source): version for version in base}
        yield _release(flow, offers, since)
    later = releases.visible_between(connection, flow, since, _EVER)
    for at, together in groupby(later, key=attrgetter("visible_from")):
        offers |= {(version.slice, version.source): version for version in together}
        yield _release(flow, offers, at)


def _release(flow: Reference, offers: dict[tuple[str, str], SliceVersion], at: datetime) -> Release:
    slices = releases.active(offers.values())
    return Release(flow=flow, slices=slices, visible_from=at, is_past=True)
