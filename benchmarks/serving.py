"""A server of a node in a process of its own, and what that process holds in memory."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.client import HOST, Connection, request

_START_SECONDS = 120.0
_STOP_SECONDS = 30.0
_KILOBYTE = 1024
_IDLE_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `process` is its id, with several workers that of their parent."""

    port: int
    process: int

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://{HOST}:{self.port}"

    def resident(self) -> int:
        """Bytes of memory the process holds now."""
        return self._status("VmRSS")

    def peak(self) -> int:
        """The most bytes of memory it held since `forget_peak`."""
        return self._status("VmHWM")

    def forget_peak(self) -> None:
        """Let `peak` begin anew (Linux, proc(5): clear_refs)."""
        Path(f"/proc/{self.process}/clear_refs").write_text("5", "ascii")

    def wait_until_idle(self) -> None:
        """Wait until the process does nothing: what is broken off may work on for a while."""
        before, until = -1, time.monotonic() + _STOP_SECONDS
        while (now := self._ticks()) != before and time.monotonic() < until:
            before = now
            time.sleep(_IDLE_SECONDS)

    def _ticks(self) -> int:
        """Time on processors so far, in clock ticks (proc(5): stat, utime and stime)."""
        fields = Path(f"/proc/{self.process}/stat").read_text("ascii").rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    def _status(self, name: str) -> int:
        lines = Path(f"/proc/{self.process}/status").read_text("ascii").splitlines()
        found = next(line for line in lines if line.startswith(f"{name}:"))
        return int(found.split()[1]) * _KILOBYTE


@contextmanager
def serving(home: Path, *, workers: int = 1, static: Path | None = None) -> Iterator[Server]:
    """Serve a home while the block lasts; `static` is the folder of the static files."""
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", "benchmarks.server:app"]
    command += ["--host", HOST, "--port", str(port), "--workers", str(workers)]
    command += ["--log-level", "warning", "--no-access-log", "--no-server-header"]
    environment = os.environ | {"CORRIDOR_HOME": str(home), "BENCH_STATIC": str(static or home)}
    with subprocess.Popen(command, env=environment) as process:  # noqa: S603 - our own
        try:
            _wait(process, port)
            yield Server(port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def forget_rendered(home: Path) -> None:
    """Remove the rendered responses of a home, so that nothing is cached."""
    shutil.rmtree(home / "cache", ignore_errors=True)


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode} before it answered")
        try:
            with Connection(port) as connection:
                connection.get(request("/constant"))
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not answer within {_START_SECONDS:.0f} seconds")
