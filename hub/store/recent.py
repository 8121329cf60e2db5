"""Files of a lake that are read several times for one release, kept until it is made.

What partners sent is counted with what there was, validated with it and compared with it: each
time the same files are looked at, and opening two hundred takes longer than all else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from hub.model import Schema
from hub.store.parquet import Together, read_encoded
from hub.store.parts import Part

#: Up to so many observations are kept.
_MOST_ROWS = 1 << 18


class Recent:
    """What was read last; `forget` gives the memory back."""

    def __init__(self) -> None:
        self._parts: tuple[Part, ...] = ()
        self._schema: Schema | None = None
        self._found: Together | None = None

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
