"""The committed list of areas is what its sources make."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

for package in ("babel", "hdx.location.country", "pycountry"):
    pytest.importorskip(package, reason=f"{package} is in the extra maintain")


def test_the_committed_list_is_what_its_sources_make() -> None:
    command = [sys.executable, "scripts/refresh_areas.py", "--check"]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
