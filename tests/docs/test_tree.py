"""What no file of the project may have: too many lines, a machine's paths, a registry's address."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 500
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".yml",
    ".yaml",
    ".cfg",
    ".ini",
    ".mako",
    ".json",
    ".mjs",
    "",
}
#: Written in pieces, so that this file does not find itself.
FOREIGN = re.compile(
    "|".join(
        (
            r"(?<![\w.-])/(?:work|root)" + "/",
            r"(?<![\w.-])/home/" + r"(?!corridor/)\w+/",
            "python" + "hosted",
            "pypi" + r"\.org",
            "index" + "-url",
            r"registry\." + r"(?:npmjs|docker|gitlab|hub)",
        )
    )
)


def _tracked() -> list[Path]:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file() and file.suffix in TEXT]


def test_no_file_is_too_long() -> None:
    code = [file for file in _tracked() if file.suffix in (".py", ".md")]
    assert len(code) > 100
    lines = {file: len(file.read_text("utf-8").splitlines()) for file in code}
    assert {file.name: count for file, count in lines.items() if count > MOST_LINES} == {}


def test_no_file_knows_a_machine_or_a_registry() -> None:
    found = {
        str(file.relative_to(ROOT)): match.group()
        for file in _tracked()
        if (match := FOREIGN.search(file.read_text("utf-8")))
    }
    assert found == {}
