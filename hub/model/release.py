"""Releases: what a flow holds at one instant, as a manifest of slice versions."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from hub.model.urn import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaCounts:
    """How many observations a publication added, revised and withdrew."""

    added: int = 0
    revised: int = 0
    withdrawn: int = 0

    def __add__(self, other: DeltaCounts) -> DeltaCounts:
        return DeltaCounts(
            added=self.added + other.added,
            revised=self.revised + other.revised,
            withdrawn=self.withdrawn + other.withdrawn,
        )

    @property
    def is_empty(self) -> bool:
        """True where nothing changed."""
        return not (self.added or self.revised or self.withdrawn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the figures of a slice version came from.

    `kind` is `submission`, `harvest` or `derivation`; `name` the provider, partner node or method.
    `detail` holds what else is known (file name, partner release, attempt, input releases),
    JSON-compatible.
    """

    kind: str
    name: str
    detail: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceVersion:
    """One immutable version of one slice, from one source.

    `slice` is the value of the slicing dimension ("" where the flow is not cut); `digest` the
    SHA-256 of its observations, `delta` that of the file with what changed (None: all observations
    are new). `file` is the SHA-256 of the file with its observations, None where that is `digest`;
    `cut_by` the column that names the slice, where other slices are in these files
    (`hub.store.parts`).
    `visible_from` is when readers may see it, in UTC. `note` says in words what changed, or "".
    """

    id: int
    flow: str
    slice: str
    source: str
    digest: str
    delta: str | None
    rows: int
    counts: DeltaCounts
    origin: Origin
    structure: str
    structure_digest: str
    committed: datetime
    visible_from: datetime
    note: str = ""
    file: str | None = None
    cut_by: str | None = None

    def is_of(self, provider: str) -> bool:
        """True where a provider is behind it: as its source, or by name in its origin."""
        return provider in (self.source, self.origin.name)


@dataclass(frozen=True, kw_only=True)
class Release:
    """The complete state of one flow at one instant.

    Its id is the digest of the manifest, so equal content means equal id. `slices` are those that
    readers get, without empty ones; `visible_from` is when the last change became visible,
    a withdrawal too. `is_past` tells that it was asked for by an instant: it may be an earlier one.
    """

    flow: Reference
    slices: tuple[SliceVersion, ...]
    visible_from: datetime
    is_past: bool = field(default=False, compare=False)

    @cached_property
    def id(self) -> str:
        """SHA-256 over the sorted (slice, source, digest) triples and the flow's name."""
        manifest = [
            f"{self.flow.agency}:{self.flow.id}",
            sorted((s.slice, s.source, s.digest) for s in self.slices),
        ]
        text = json.dumps(manifest, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def rows(self) -> int:
        """How many observations it holds."""
        return sum(version.rows for version in self.slices)
