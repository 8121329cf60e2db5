"""Commands in a process of its own that is watched: what it opens, asks, starts, and costs.

Processes are forked from one that has everything imported. Audit events tell of what Python does;
libraries that open files by themselves are found out by the bait (`bait.py`).
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SECONDS = 240  # on a machine with much else to do
_WATCHED = frozenset(
    {
        *("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink"),
        *("os.truncate", "os.chmod", "socket.connect", "socket.getaddrinfo", "socket.bind"),
        *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pty.spawn"),
        *("webbrowser.open", "urllib.Request", "ctypes.dlopen", "pickle.find_class"),
    }
)
_context: Any = None


@dataclass(frozen=True, slots=True)
class Ran:
    """A command: how it ended, what it wrote, its CPU seconds, the MB by which memory rose."""

    exit: int
    out: str
    err: str
    seconds: float
    megabytes: float
    events: tuple[tuple[str, str], ...]

    @property
    def said(self) -> str:
        return self.out + self.err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(commands: Sequence[Sequence[object]], folder: Path) -> list[Ran]:
    """Run commands of the command line in a child, one after the other.

    What the child writes stands in `folder`, which is also where its temporary files belong; the
    file `now` tells which command it is at.
    """
    global _context
    if _context is None:
        _context = multiprocessing.get_context("forkserver")
        _context.set_forkserver_preload(["tests.warm", "tests.hostile.watched"])
    words = [[str(word) for word in command] for command in commands]
    child = _context.Process(target=_main, args=(words, folder))
    child.start()
    child.join(_SECONDS)
    if child.is_alive():
        child.kill()
        child.join()
        raise AssertionError(f"{words} was not done after {_SECONDS} s")
    assert child.exitcode == 0, f"{words} ended the process with {child.exitcode}"
    return [_ran(folder, place) for place in range(len(words))]


def _ran(folder: Path, place: int) -> Ran:
    about = json.loads((folder / f"{place}.json").read_text())
    out, err = ((folder / f"{place}.{end}").read_text("utf-8") for end in ("out", "err"))
    return Ran(out=out, err=err, **{**about, "events": tuple(map(tuple, about["events"]))})


def _main(commands: Sequence[Sequence[str]], folder: Path) -> None:
    from hub.main import main

    os.environ.pop("CORRIDOR_HOME", None)
    os.environ["COLUMNS"] = "200"
    (folder / "tmp").mkdir(exist_ok=True)
    tempfile.tempdir = str(folder / "tmp")
    os.chdir(folder / "tmp")
    events: list[tuple[str, str]] = []
    sys.addaudithook(lambda name, given: _note(events, name, given))
    for place, words in enumerate(commands):
        _write_to(folder, place)
        (folder / "now").write_text(str(place))
        events.clear()
        _forget_peak()
        before = _memory("VmRSS")
        began, code = time.process_time(), 0
        try:
            main(list(words))
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
        except BaseException:
            import traceback

            traceback.print_exc()
            code = -1
        about = {
            "exit": code,
            "seconds": time.process_time() - began,
            "megabytes": (_memory("VmHWM") - before) / 1024,
            "events": list(events),
        }
        sys.stdout.flush()
        sys.stderr.flush()
        (folder / f"{place}.json").write_text(json.dumps(about))


def _note(events: list[tuple[str, str]], name: str, given: tuple[Any, ...]) -> None:
    if name not in _WATCHED:
        return
    what = given[1] if name == "socket.connect" else given[0] if given else ""
    if isinstance(what, int):
        return  # a file that is open already
    text = os.fsdecode(what) if isinstance(what, bytes) else str(what)
    if (name, text) not in events[-50:]:
        events.append((name, text))


def _write_to(folder: Path, place: int) -> None:
    for handle, end in ((1, "out"), (2, "err")):
        file = os.open(folder / f"{place}.{end}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, handle)
        os.close(file)


def _forget_peak() -> None:
    """Let the peak begin anew at what is held now (proc(5), clear_refs)."""
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")


def _memory(name: str) -> int:
    """A figure of /proc/self/status, in KB."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(f"{name}:"))
