"""A command in a process of its own that is killed, or fails, at a place that a test names.

Processes are forked from one that has everything imported, so that a hundred of them take seconds.
Nothing of the program knows of this: the child itself wraps the function at the place before it
begins.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

#: Longer than any of these commands takes on a busy machine.
_SECONDS = 120
_context: Any = None


@dataclass(frozen=True, slots=True)
class Place:
    """A moment in a command: before or after the nth call of a function (`module:name.name`)."""

    function: str
    nth: int = 1
    is_after: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: its exit code, negative for a signal, and what it wrote."""

    exit: int
    said: str

    @property
    def was_killed(self) -> bool:
        return self.exit == -signal.SIGKILL


def run(
    arguments: Sequence[object], said: Path, prepare: Callable[..., None] | None = None, *given: Any
) -> Ended:
    """Run a command of the command line in a child, which calls `prepare` with `given` first."""
    global _context
    if _context is None:
        _context = multiprocessing.get_context("forkserver")
        _context.set_forkserver_preload(["tests.warm"])
    words = [str(argument) for argument in arguments]
    child = _context.Process(target=_main, args=(words, said, prepare, given))
    child.start()
    child.join(_SECONDS)
    if child.is_alive():
        child.kill()
        child.join()
        raise AssertionError(f"{words} was not done after {_SECONDS} s: {said.read_text()}")
    return Ended(child.exitcode, said.read_text(errors="replace"))


def _main(
    words: list[str], said: Path, prepare: Callable[..., None] | None, given: Sequence[Any]
) -> None:
    handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    from hub.main import main

    os.environ.pop("CORRIDOR_HOME", None)
    if prepare is not None:
        prepare(*given)
    try:
        main(words)
    except SystemExit as ended:
        sys.stdout.flush()
        code = ended.code
        sys.exit(code)


def kill_at(place: Place) -> None:
    """Let this process be killed at a place, as by a power cut: nothing is tidied up."""

    def kill() -> None:
        os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(_SECONDS)  # other threads may not go on meanwhile

    at_call(place, kill)


def at_call(place: Place, do: Callable[[], None]) -> None:
    """Call something before or after the nth call of a function."""
    owner, name = _find(place.function)
    original = getattr(owner, name)
    calls = 0

    @wraps(original)
    def counted(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        is_it = calls == place.nth
        if is_it and not place.is_after:
            do()
        result = original(*args, **kwargs)
        if is_it and place.is_after:
            do()
        return result

    _replace(owner, name, original, counted)


def _find(function: str) -> tuple[Any, str]:
    module, _, path = function.partition(":")
    owner: Any = importlib.import_module(module)
    *parts, name = path.split(".")
    for part in parts:
        owner = getattr(owner, part)
    return owner, name


def _replace(owner: Any, name: str, original: Any, wrapped: Any) -> None:
    """Put a function in the place of another, in every module that took it by its name."""
    setattr(owner, name, wrapped)
    for module in list(sys.modules.values()):
        if getattr(module, "__dict__", {}).get(name) is original:
            setattr(module, name, wrapped)
