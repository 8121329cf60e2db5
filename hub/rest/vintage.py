"""The instant whose state a query asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hub.model import Structures
from hub.rest.backend import Backend


def is_to_come(at: datetime | None, backend: Backend) -> bool:
    """True where `asOf` names an instant that is not over yet.

    Such a query is about what readers see now, as if it named none; its answer is another one once
    that instant is over. Only then nothing can become visible any more that belongs to it.
    """
    return at is not None and at >= backend.present()


@dataclass(frozen=True, slots=True)
class KnownThen:
    """The artefacts of a node at an instant, and when they had last changed (UTC).

    `is_kept` is False where the instant is not over yet, so that an answer from them may not last.
    """

    structures: Structures
    changed: datetime
    is_kept: bool = True


def known_at(at: datetime | None, backend: Backend) -> KnownThen:
    """The artefacts that `asOf` means; None means those of now."""
    if at is not None and not is_to_come(at, backend):
        return KnownThen(*backend.structures_at(at))
    return KnownThen(backend.structures, backend.structures_changed, is_kept=at is None)
