"""The samples of each kind of source: a good one, and a bad one with what is found in it."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl

FOLDER = Path(__file__).parents[1] / "samples"


def make(kind: str, name: str, mapping: str, folder: Path) -> tuple[Path | None, Path]:
    """Lay out the sample `good` or `bad` of a kind; gives its file and its mapping.

    `mapping` is what `sources show` prints; what the bad one edits in it is edited. There is no
    file where the mapping has a query.
    """
    sample = FOLDER / kind
    if name == "bad":
        for old, new in expected(kind).get("edits", ()):
            assert old in mapping, old
            mapping = mapping.replace(old, new)
    for answers in (sample / f"{name}-privacy.toml", sample / "privacy.toml"):
        if answers.exists():
            (folder / "privacy.toml").write_text(answers.read_text("utf-8"), "utf-8")
            break
    path = next(sample.glob(f"{name}.[cjs]*"))
    file = _MAKERS[path.suffix](path, folder)
    if path.suffix == ".sql":
        mapping = mapping.replace("sqlite:///register.sqlite", f"sqlite:///{file.as_posix()}")
    (folder / "mapping.toml").write_text(mapping, "utf-8")
    return None if path.suffix == ".sql" else file, folder / "mapping.toml"


def expected(kind: str) -> dict[str, Any]:
    """What is wrong with the bad sample: edits of the mapping, and the findings."""
    return tomllib.loads((FOLDER / kind / "bad.toml").read_text("utf-8"))


def _text(path: Path, folder: Path) -> Path:
    file = folder / "table.csv"
    file.write_bytes(path.read_bytes())
    return file


def _workbook(path: Path, folder: Path) -> Path:
    content = json.loads(path.read_text("utf-8"))
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in content["sheets"].items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
        for cells in content["merged"].get(title, ()):
            sheet.merge_cells(cells)
    book.save(folder / "table.xlsx")
    return folder / "table.xlsx"


def _database(path: Path, folder: Path) -> Path:
    file = folder / "register.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(path.read_text("utf-8"))
        connection.commit()
    return file


_MAKERS: dict[str, Callable[[Path, Path], Path]] = {
    ".csv": _text,
    ".json": _workbook,
    ".sql": _database,
}
