"""A whole run at small size: every figure is measured; how fast is not looked at."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.bars import BARS
from benchmarks.report import BEGIN, END, main

pytest.importorskip("pysdmx")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """What a quick run printed."""
    folder = tmp_path_factory.mktemp("bench")
    lines = folder / "run.jsonl"
    command = [sys.executable, "-m", "benchmarks", "--quick", "--folder", str(folder)]
    with lines.open("wb") as out:
        done = subprocess.run(command, cwd=root, stdout=out, stderr=subprocess.PIPE, timeout=1800)
    assert done.returncode == 0, f"{lines.read_text()}\n{done.stderr.decode()[-4000:]}"
    return lines


def test_every_figure_is_there(run: Path):
    machine, *figures = [json.loads(line) for line in run.read_text().splitlines()]
    assert machine["machine"]["cores"] >= 1
    assert sorted(figure["figure"] for figure in figures) == sorted(bar.figure for bar in BARS)
    for figure in figures:
        assert figure["ratio"] > 0
        assert isinstance(figure["holds"], bool)
        assert figure["bar"]
        assert figure["detail"]


def test_the_report_has_a_row_for_each(run: Path, tmp_path: Path):
    document = tmp_path / "report.md"
    document.write_text(f"before\n{BEGIN}\nstale table\n{END}\nafter\n", "utf-8")
    main([str(run), "--write", str(document)])
    text = document.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "stale table" not in text
    assert all(f"| {bar.figure} |" in text for bar in BARS)
    assert "not measured" not in text


def test_an_unknown_name_is_refused(root: Path):
    command = [sys.executable, "-m", "benchmarks", "--only", "speed"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "speed: no such figure or group; there are downloads" in done.stderr
