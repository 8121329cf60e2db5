"""The instant whose state a query asks for."""

from __future__ import annotations

from datetime import datetime

from hub.rest.backend import Backend


def is_to_come(at: datetime | None, backend: Backend) -> bool:
    """True where `asOf` names an instant that is not over yet.

    Such a query is about what readers see now, as if it named none; its answer is another one once
    that instant is over. Only then nothing can become visible any more that belongs to it.
    """
    return at is not None and at >= backend.present()
