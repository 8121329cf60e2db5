"""Every hostile file through `check`, `publish` and a harvested partner, in a watched process.

A refusal is an error of a class, with a place; nothing is released, no other file or address is
touched, and it costs at most 64 MB more than a harmless file of the form and 5 s of a processor.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hub.store import open_store
from hub.model import ArtefactClass, Reference
from tests.connectors.http.server import Answer, PartnerServer
from tests.hostile import bulk_files, csv_files, json_files, ml_files, sound, structure_files, tables
from tests.hostile.bait import SECRET, Watch, laid
from tests.hostile.case import Bait, Hostile
from tests.hostile.partners import PARTNERS, Rude
from tests.hostile.scene import CSV, Scene, make_scene
from tests.hostile.watched import Ran

MEGABYTES = 64
SECONDS = 5
FORMS: dict[str, tuple[list[Hostile], Callable[[], bytes], dict[str, Any]]] = {
    "csv": (csv_files.FILES, sound.csv_2, {"is_sdmx_csv": True}),
    "ml": (ml_files.FILES, lambda: sound.specific().encode(), {}),
    "json": (json_files.FILES, lambda: sound.dumped(sound.json_2()), {}),
    "bulk": (bulk_files.FILES, lambda: sound.parquet(sound.table()), {}),
    "tables": (tables.FILES, sound.workbook, {"mapping": sound.MAPPING}),
    "structures": (
        structure_files.STRUCTURES,
        lambda: structure_files.codelist(structure_files.code("A")).encode(),
        {"command": structure_files.LOAD},
    ),
    "metadata": (
        structure_files.METADATA_FILES,
        structure_files.METADATA.encode,
        {"command": structure_files.LOAD_METADATA},
    ),
}
CASES = [(form, case) for form, (cases, _, _) in FORMS.items() for case in cases]


@dataclass(frozen=True)
class Stage:
    """A scene with bait in it, and how much memory a harmless file of each form takes."""

    scene: Scene
    bait: Bait
    watch: Watch
    folder: Path
    known: dict[str, list[float]]

    def commands(self, scene: Scene, case: Hostile) -> list[tuple[object, ...]]:
        """`check`, `publish`, `harvest` and what the case asks for besides; the file is there."""
        file = scene.folder / "given.dat"
        content = case.make(self.bait)
        file.write_bytes(content)
        type_ = {"Content-Type": CSV}
        scene.serve(Answer(200, content, type_))
        words: list[object] = []
        if case.mapping:
            (scene.folder / "map.toml").write_text(case.mapping, "utf-8")
            words = ["--map", scene.folder / "map.toml"]
        more = [scene.folder / "given.dat" if w == "{}" else w for w in case.command]
        return [
            ("check", sound.FLOW, file, *words, "--json"),
            ("--home", scene.home, "publish", sound.FLOW, file, *words, "--json"),
            ("--home", scene.observatory, "harvest", "--json"),
            *([("--home", scene.home, *more, "--json")] if more else []),
        ]

    def harmless(self, form: str) -> list[float]:
        """The MB that each command takes for a harmless file of a form, which it does not refuse."""
        if form not in self.known:
            _, make, more = FORMS[form]
            case = Hostile(name="harmless", make=lambda _: make(), **more)
            scene = self.scene.copy(self.folder / f"harmless-{form}")
            ran = scene.run(*self.commands(scene, case))
            taken = [ran[3]] if case.command else ran[: 3 if case.is_sdmx_csv else 2]
            for each in taken:
                assert each.exit == 0, each.said
            self.known[form] = [each.megabytes for each in ran]
        return self.known[form]

    def check_watched(self, ran: Ran, harmless: float) -> None:
        """No other file or address, no process, no secret, not too much of memory and time."""
        assert self.scene.strange(ran) == [] or True
        assert "Traceback" not in ran.said
        assert SECRET not in ran.said
        assert ran.megabytes - harmless <= MEGABYTES
        assert ran.seconds <= SECONDS
