"""Errands that go on side by side, and pause until what came of several can be read at once."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor, Future, wait
from typing import TypeVar

from connectors.service import Text
from federation.harvest.asking import Asking
from hub.formats.csv import read_alike
from hub.formats.message import RawData
from hub.model import Structures

_Result = TypeVar("_Result")


def abreast(
    pool: Executor, askings: Iterable[Asking[_Result]], structures: Structures
) -> list[Future[Text | _Result]]:
    """Let the threads of a pool do some work, each piece up to its end.

    Where pieces pause for a text, all others go as far as they can, and the texts are read
    together. What comes back, in the order given, are the ends, whether they failed or not.
    """
    latest = {asking: pool.submit(_go_on, asking, None) for asking in askings}
    while True:
        wait(latest.values())
        paused = {asking: text for asking, future in latest.items() if (text := _text_of(future))}
        if not paused:
            return list(latest.values())
        read = read_alike({text.path: text.name for text in paused.values()}, structures)
        for asking, text in paused.items():
            latest[asking] = pool.submit(_go_on, asking, read.get(text.path))


def _text_of(future: Future[Text | _Result]) -> Text | None:
    """What a piece of work pauses for."""
    found = None if future.exception() else future.result()
    return found if isinstance(found, Text) else None


def _go_on(asking: Asking[_Result], given: RawData | None) -> Text | _Result:
    """Go on to the next pause, or to the end."""
    try:
        return asking.send(given)
    except StopIteration as end:
        result: _Result = end.value
        return result
