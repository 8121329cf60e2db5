"""What is read several times for one release, kept until it is made.

What partners sent is counted with what there was, validated with it and compared with it: each
time the same versions and files are looked at, and opening two hundred takes longer than all else.
Whether something was published meanwhile is seen when the release is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from hub.model import Reference, Schema, SliceVersion
from hub.store.parquet import Together, read_encoded
from hub.store.parts import Part
from hub.store.store import Store

#: Up to so many observations are kept.
_MOST_ROWS = 1 << 18


class Recent:
    """What was read last; `forget` gives the memory back."""

    def __init__(self) -> None:
        self._parts: tuple[Part, ...] = ()
        self._schema: Schema | None = None
        self._found: Together | None = None
        self._newest: dict[Reference, tuple[SliceVersion, ...]] = {}

    def newest(self, store: Store, flow: Reference) -> tuple[SliceVersion, ...]:
        """The newest version of every slice from every source when this was asked first."""
        if flow not in self._newest:
            self._newest[flow] = store.newest(flow)
        return self._newest[flow]

    def read(self, parts: tuple[Part, ...], schema: Schema) -> Together:
        """What parts of files hold, kept if it is not much."""
        if self._found is not None and self._schema is schema and self._parts == parts:
            return self._found
        found = read_encoded(parts, schema)
        if found.table.num_rows <= _MOST_ROWS:
            self._parts, self._schema, self._found = parts, schema, found
        return found

    def forget(self) -> None:
        """Keep nothing any more."""
        self._parts, self._schema, self._found = (), None, None
        self._newest.clear()


_recent: ContextVar[Recent | None] = ContextVar("recent", default=None)


@contextmanager
def remembering(recent: Recent) -> Iterator[None]:
    """Keep what is read in the block."""
    token = _recent.set(recent)
    try:
        yield
    finally:
        _recent.reset(token)


def is_remembering() -> bool:
    """True where what is read is kept: then reading all of it at once is worth it."""
    return _recent.get() is not None


def read_recent(parts: Sequence[Part], schema: Schema) -> Together:
    """What parts of files hold, which may have been read before; raises NotFound for a lost one."""
    recent = _recent.get()
    if recent is None or not parts:
        return read_encoded(parts, schema)
    return recent.read(tuple(parts), schema)


def newest_recent(store: Store, flow: Reference) -> tuple[SliceVersion, ...]:
    """What `Store.newest` says, or said when it was asked first in the block."""
    recent = _recent.get()
    return store.newest(flow) if recent is None else recent.newest(store, flow)
