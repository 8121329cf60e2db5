"""Bytes from a partner, put into the archive of a node as a harvest does."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from hub.store import Store
from hub.store.arrivals import Arrival, note_arrivals


def archived(store: Store, came: Path, **facts: Any) -> str:
    """Archive a file, with facts about its arrival; returns its digest."""
    digest = hashlib.sha256(came.read_bytes()).hexdigest()
    store.lake.put_raw({digest: came})
    note_arrivals(store.catalogue, [Arrival(digest=digest, facts=facts)])
    return digest
