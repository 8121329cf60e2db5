"""`corridor demo` as a program of its own: in time, then serving, then told to stop."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

LIMIT_SECONDS = 60


def _read_json(process: subprocess.Popen[str]) -> dict[str, object]:
    text = ""
    assert process.stdout is not None
    for line in process.stdout:
        text += line
        if line.startswith("}"):
            break
    document: dict[str, object] = json.loads(text)
    return document


@pytest.mark.skipif(sys.platform == "win32", reason="signals are other there")
def test_it_finds_in_time_serves_and_stops_when_told(tmp_path: Path) -> None:
    code = "from hub.main import main; main()"
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, "demo", "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"TMPDIR": str(tmp_path), "PATH": "/usr/bin"},
    )
    try:
        found = _read_json(process)
        assert time.monotonic() - begun < LIMIT_SECONDS
        emigrants = found["emigrants"]
        assert isinstance(emigrants, list)
        assert (emigrants[0]["origin"], emigrants[0]["emigrants"]) == ("POL", 2_165_063)
        addresses = found["addresses"]
        assert isinstance(addresses, dict)
        assert len(addresses) == 9
        for address in addresses.values():
            assert httpx.get(f"{address}/health").status_code == 200
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0, complaints
    assert "Traceback" not in complaints
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_is_told(corridor: Any, tmp_path: Path) -> None:
    from hub.rest.sockets import listen

    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        ran = corridor("demo", "--once", "--port", port, "--folder", tmp_path)
    assert ran.exit == 1
    assert "taken by another program" in ran.err
    assert "--port 0" in ran.err


def test_an_earlier_demonstration_is_not_overwritten(corridor: Any, tmp_path: Path) -> None:
    (tmp_path / "SWE").mkdir()
    ran = corridor("demo", "--once", "--port", 0, "--folder", tmp_path)
    assert ran.exit == 1
    assert "earlier demonstration" in ran.err


def test_a_port_beyond_the_last_is_a_wrong_command_line(corridor: Any) -> None:
    assert corridor("demo", "--once", "--port", 65_530).exit == 2
