"""A text as the source of Arrow's parser, which reads it in a thread of its own.

That thread must be done with the text before the parser's work counts as done: a program that ends
while it still asks for the interpreter is aborted.
"""

from __future__ import annotations

import io
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

from hub.formats.csv.text import GuardedText

#: Seconds to wait for the thread, which has nothing left to do but to let go.
_PATIENCE = 10.0


@contextmanager
def parser_source(text: GuardedText) -> Iterator[_Source]:
    """Give the parser a text, for as long as the block lasts.

    An error of reading ends the text for the parser and is raised when the block ends, in place of
    whatever the parser makes of the text cut off. The block must keep no reference to what it gets.
    """
    errors: list[Exception] = []
    let_go = threading.Event()
    try:
        yield _watched(_Source(text, errors), let_go)
    except Exception:
        if not errors:
            raise
    finally:
        let_go.wait(_PATIENCE)
    if errors:
        raise errors[0]


class _Source(io.RawIOBase):
    def __init__(self, text: GuardedText, errors: list[Exception]) -> None:
        super().__init__()
        self._text = text
        self._errors = errors

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        text, errors = self._text, self._errors
        del self  # else the traceback of what an error came from keeps this object alive
        try:
            return b"" if errors else text.read(size)
        except Exception as error:
            errors.append(error)
            return b""


def _watched(source: _Source, let_go: threading.Event) -> _Source:
    weakref.finalize(source, let_go.set)
    return source
