"""A copy of the files of the package that a test may spoil."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in files("dsd").iterdir():
        if file.name.endswith(".toml"):
            shutil.copy(str(file), tmp_path / file.name)
    shutil.copytree(str(files("dsd") / "maps"), tmp_path / "maps")
    return tmp_path
