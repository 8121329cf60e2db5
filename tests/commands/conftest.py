"""A node with two figures, made once and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory, stock_table: Any) -> Path:
    from hub.main import main

    folder = tmp_path_factory.mktemp("made")
    home, file = folder / "home", folder / "good.csv"
    stock_table.write(file, {"TIME_PERIOD": "2019", "OBS_VALUE": "92759"}, {})
    for command in (
        ["init", str(home), "--node", "SWE"],
        ["--home", str(home), "publish", "MIGX:DF_STOCK_BIRTH", str(file)],
    ):
        with pytest.raises(SystemExit) as ended:
            main(command)
        assert not ended.value.code
    return folder


@pytest.fixture
def home(made_home: Path, tmp_path: Path) -> Path:
    """The home of node SWE; the file it published is `good.csv` beside it."""
    shutil.copytree(made_home, tmp_path, dirs_exist_ok=True)
    return tmp_path / "home"
