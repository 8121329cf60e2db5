"""`serve` as a program of its own: where it listens, how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.rest.sockets import address_of, listen

Serve = Callable[..., "subprocess.Popen[str]"]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are other there")


@pytest.fixture
def serve(home: Path, root: Path) -> Iterator[Serve]:
    """Start `corridor serve` on a free port."""
    started: list[subprocess.Popen[str]] = []

    def start(*options: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "error", "-m", "hub.main", "--home", str(home), "serve"]
        process = subprocess.Popen(
            [*command, "--port", "0", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=root,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def _url(process: subprocess.Popen[str]) -> str:
    """What `serve --json` says before it serves."""
    text = ""
    assert process.stdout is not None
    for line in process.stdout:
        text += line
        if line.startswith("}"):
            break
    said = json.loads(text)
    assert said["node"] == "SWE"
    url: str = said["url"]
    return url


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_stop(serve: Serve, number: signal.Signals) -> None:
    process = serve("--json")
    url = _url(process)
    with httpx.Client(base_url=url) as client:  # a connection that is kept does not hold it up
        assert client.get("/.well-known/sdmx-node").json()["id"] == "SWE"
        process.send_signal(number)
        _, complaints = process.communicate(timeout=15)
    assert (process.returncode, complaints) == (0, "")


def test_told_before_it_serves_it_ends_all_the_same(serve: Serve) -> None:
    process = serve("--json")
    _url(process)
    process.send_signal(signal.SIGTERM)
    _, complaints = process.communicate(timeout=15)
    assert (process.returncode, complaints) == (0, "")


def test_a_taken_port_is_told(corridor: Any, home: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        ran = corridor("--home", home, "serve", "--port", port)
    assert (ran.exit, ran.out) == (1, "")
    assert f"port {port} of 127.0.0.1 is taken" in ran.err
    assert "--port" in ran.err


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.1", "a" * 300])
def test_an_address_that_is_not_here_is_told(corridor: Any, home: Path, host: str) -> None:
    ran = corridor("--home", home, "serve", "--host", host, "--port", 0)
    assert ran.exit == 1
    assert host[:10] in ran.err
    assert "--host" in ran.err


def test_the_address_of_a_socket_is_a_url() -> None:
    with listen("127.0.0.1", 0) as listening:
        assert address_of(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        listening = listen("::1", 0)
    except Exception as error:
        pytest.skip(f"no IPv6 here: {error}")
    with listening:
        assert address_of(listening) == f"http://[::1]:{listening.getsockname()[1]}"
