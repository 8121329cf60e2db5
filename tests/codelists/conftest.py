"""A copy of the data files that a test may spoil, and the reference copies beside the project."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
Spoil = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("lists", "maps"):
        shutil.copytree(PROJECT / "codelists" / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def spoil(folder: Path) -> Spoil:
    """Replace a text that must be in a file of the copy, once."""

    def replace(file: str, old: str, new: str) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_bytes(text.replace(old, new, 1).encode())

    return replace


@pytest.fixture
def shared_data() -> Path:
    data = PROJECT.parent / "shared" / "data"
    if not data.is_dir():
        pytest.skip("the reference data are not beside the project (../shared/data)")
    return data
