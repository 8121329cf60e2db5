"""What must survive whatever happens: every release there was, byte for byte."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from hub.store import Store, open_store
from hub.store.backup import verify_store
from hub.store.review import held
from hub.store.tables import attempts

#: (flow, instant): the release then and a hash of all its observations.
Past = dict[tuple[str, datetime], tuple[str, str]]


@dataclass(frozen=True)
class Truth:
    """A node as readers find it: what it held at each instant, and what it holds now."""

    past: Past
    present: dict[str, tuple[str, str]]


def truth_of(home: Path) -> Truth:
    """Look at everything that readers of a node can see."""
    store = open_store(home)
    try:
        past: Past = {}
        present: dict[str, tuple[str, str]] = {}
        for flow in store.flows():
            reference = flow.reference
            instants = {one.visible_from for one in store.history(reference)}
            for instant in sorted(i for i in instants if i <= store.present()):
                found = _held(store, flow.reference, instant)
                if found is not None:
                    past[str(reference), instant] = found
            now = _held(store, reference, None)
            if now is not None:
                present[str(reference)] = now
        return Truth(past, present)
    finally:
        store.close()


def _held(store: Store, flow: object, at: datetime | None) -> tuple[str, str] | None:
    release = store.release(flow, at)  # type: ignore[arg-type]
    if release is None:
        return None
    rows = store.read(release, store.schema(release.flow)).read_all().to_pylist()
    return release.id, hashlib.sha256(repr(rows).encode()).hexdigest()


def check_sound(home: Path) -> None:
    """Every file that the node needs is what it should be."""
    store = open_store(home)
    try:
        assert verify_store(store).damaged == ()
    finally:
        store.close()


def open_attempts(home: Path) -> int:
    """How many attempts of a node say that they are running."""
    store = open_store(home)
    try:
        with store.catalogue.reading() as connection:
            query = select(attempts.c.id).where(attempts.c.finished.is_(None))
            return len(connection.execute(query).all())
    finally:
        store.close()


def held_in_review(home: Path) -> int:
    """How much of what partners sent is held for somebody to look at."""
    store = open_store(home)
    try:
        return len(held(store.catalogue))
    finally:
        store.close()
