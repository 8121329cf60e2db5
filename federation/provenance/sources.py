"""Where slices are from: versions, attempts, archived bytes; and the releases something is from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from federation.harvest.catalogued import CataloguedAttempts
from federation.partners import Attempt
from federation.provenance.values import Archived, Source
from hub.errors import Internal, NotFound
from hub.model import ArtefactClass, Reference, Release, SliceVersion, parse_reference
from hub.store import Store
from hub.store.arrivals import arrivals_of
from hub.store.expiry import EXPIRED, UNDER
from hub.store.origins import RAW, raw_of
from hub.store.vintages import vintages

_PURGED = "the bytes were purged (corridor purge): the figure cannot be computed from them again"
_EXPIRED = (
    "the bytes are gone: they were kept for as long as agreement {agreement} with the partner says "
    "(corridor agreement show {agreement}); the figure cannot be computed from them again"
)
_NO_BYTES = "the bytes it came from are not known; it was rewritten by a purge"
_HANDED_IN = "it was handed in at this node{file}; submissions are kept as slice versions"


class Sources:
    """Tells the sources of slices in releases of one node."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._attempts = CataloguedAttempts(store.catalogue)

    def of(self, release: Release, slices: Iterable[str]) -> dict[str, Source]:
        """The source of each of some slices of a release; those it does not have are left out."""
        wanted = set(slices)
        versions = [version for version in release.slices if version.slice in wanted]
        attempts = self._attempts.with_ids([n for n in map(_attempt_of, versions) if n])
        return {
            version.slice: self._source(release, version, attempts.get(_attempt_of(version)))
            for version in versions
        }

    def _source(self, release: Release, version: SliceVersion, attempt: Attempt | None) -> Source:
        detail = dict(version.origin.detail)
        digests = raw_of(detail) if detail.get(RAW) else ()
        return Source(
            flow=release.flow,
            release=release,
            version=version,
            attempt=attempt,
            archived=self._archived(digests[-1], attempt) if digests else None,
            earlier=tuple(self._archived(digest, None) for digest in digests[:-1]),
            lack="" if digests else _lack(version, detail),
        )

    def _archived(self, digest: str, attempt: Attempt | None) -> Archived:
        lake = self._store.lake
        path = lake.raw_path(digest)
        arrivals = [one.facts for one in arrivals_of(self._store.catalogue, digest)]
        mine = [one for one in arrivals if attempt and one.get("attempt") == attempt.id]
        return Archived(
            digest=digest,
            place=path.relative_to(lake.root).as_posix(),
            size=_size(path),
            arrival=(mine or arrivals or [{}])[-1],
        )


def input_releases(store: Store, version: SliceVersion) -> dict[Reference, Release]:
    """The releases a derived slice version says it was made from, by flow.

    Raises NotFound where one of them cannot be read any more.
    """
    found = {}
    for flow, id_ in _named_inputs(version):
        release = _release_named(store, flow, id_)
        if release is None:
            raise NotFound(
                f"release {id_} of {flow}, from which it was derived, is not there any more; it "
                "was purged, or its history was shortened: run 'corridor derive' again"
            )
        found[flow] = release
    return found


def _release_named(store: Store, flow: Reference, id_: str) -> Release | None:
    """The release with an id that readers see, or the last they saw; None where there is none."""
    held = store.release(flow)
    if held is None or held.id == id_:
        return held
    now = store.present()
    seen = (one for one in reversed(vintages(store, flow)) if one.visible_from <= now)
    return next((one for one in seen if one.id == id_), None)


def _named_inputs(version: SliceVersion) -> list[tuple[Reference, str]]:
    text = dict(version.origin.detail).get("inputs", "[]")
    try:
        named = [(str(one["flow"]), str(one["release"])) for one in json.loads(text)]
    except (ValueError, TypeError, KeyError) as error:
        raise Internal(
            f"slice version {version.id} names its inputs unreadably: {error}"
        ) from error
    return [(parse_reference(flow, ArtefactClass.DATAFLOW), id_) for flow, id_ in named]


def _attempt_of(version: SliceVersion) -> int:
    text = dict(version.origin.detail).get("attempt", "")
    return int(text) if text.isdecimal() else 0


def _lack(version: SliceVersion, detail: Mapping[str, str]) -> str:
    if version.origin.kind == "harvest":
        if EXPIRED in detail:
            return _EXPIRED.format(agreement=detail.get(UNDER, "?"))
        return _PURGED if "raw_purged" in detail else _NO_BYTES
    if version.origin.kind == "derivation":
        return ""
    file = detail.get("file", "")
    return _HANDED_IN.format(file=f" as {file}" if file else "")


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None
