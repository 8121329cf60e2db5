"""A worker as a process of its own, and what it tells."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]


class Process:
    """`corridor worker --json` at work; `events` are its lines so far."""

    def __init__(self, home: Path, *options: str, variables: Mapping[str, str] | None = None):
        command = [sys.executable, "-W", "error", "-m", "hub.main", "--home", str(home), "worker"]
        self.process = subprocess.Popen(
            [*command, "--json", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **(variables or {})},
        )
        self.events: list[dict[str, Any]] = []
        self.complaints = ""
        self._threads = [threading.Thread(target=one) for one in (self._read, self._complain)]
        for thread in self._threads:
            thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.events.append(json.loads(line))

    def _complain(self) -> None:
        assert self.process.stderr is not None
        self.complaints = self.process.stderr.read()

    def named(self, name: str) -> list[dict[str, Any]]:
        """The events of one kind so far."""
        return [event for event in list(self.events) if event["event"] == name]

    def reasons(self) -> set[str]:
        """How attempts ended so far."""
        return {event["reason"] for event in self.named("attempt")}

    def wait_for(self, name: str) -> dict[str, Any]:
        """The first event of a kind."""
        wait_for(lambda: self.named(name) or self.process.poll() is not None)
        found = self.named(name)
        assert found, (name, self.events, self.complaints)
        return found[0]

    def tell(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self, number: signal.Signals | None = None, seconds: float = 60) -> int:
        """Wait for its end, having sent a signal; its exit code."""
        if number is not None:
            self.tell(number)
        code = self.process.wait(seconds)
        for thread in self._threads:
            thread.join()
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()
        return code


def wait_for(condition: Callable[[], object], seconds: float = 90) -> None:
    """Wait until a condition holds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.02)
