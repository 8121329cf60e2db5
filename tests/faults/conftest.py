"""Scenes, made once: each is copied for every fault."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hub.store import init_home, open_store
from tests.faults.child import Ended, run
from tests.faults.scenes import SCENES, STOCKS, SWEDES, Scene, told
from tests.faults.truth import Truth, truth_of

#: What a partner publishes before it is harvested: a revision, and a slip of units.
REVISIONS = {
    "harvest": [SWEDES | {"OBS_VALUE": "92760"}],
    "hold": [SWEDES | {"OBS_VALUE": "92759000"}, {"OBS_VALUE": "93722000"}],
}


@dataclass(frozen=True)
class Prepared:
    """A scene, what was true before its command, and what is true when it was left in peace."""

    scene: Scene
    before: Truth
    after: Truth

    def copy(self, to: Path) -> Path:
        return shutil.copytree(self.scene.folder, to)

    def run(self, folder: Path, prepare: Any = None, *given: Any) -> Ended:
        return run(self.scene.words(folder), folder / "said.txt", prepare, *given)


@pytest.fixture(scope="session")
def prepared(
    tmp_path_factory: pytest.TempPathFactory, stock_table: Any, served: Any
) -> Iterator[Callable[[str], Prepared]]:
    known: dict[str, Prepared] = {}
    with ExitStack() as stack:

        def prepare(name: str) -> Prepared:
            if name not in known:
                folder = tmp_path_factory.mktemp(name)
                given = []
                if name in REVISIONS:
                    revision = stock_table.write(folder / "revised.csv", *REVISIONS[name])
                    given.append(
                        stack.enter_context(_partner(folder, stock_table, served, revision))
                    )
                scene = SCENES[name](folder, stock_table, *(given and [given[0].url]))
                before = truth_of(folder / "home") if name != "upgrade" else None
                if given:
                    given[0].revise()
                calm = scene.copy(tmp_path_factory.mktemp(f"{name}-calm") / "copy")
                ended = run(scene.words(calm), calm / "said.txt")
                assert ended.exit == 0, ended.said
                after = truth_of(calm / "home")
                known[name] = Prepared(scene, before or after, after)
            return known[name]

        yield prepare


@dataclass(frozen=True)
class _Partner:
    home: Path
    url: str
    file: Path

    def revise(self) -> None:
        told("--home", self.home, "publish", STOCKS, self.file)


def _partner(folder: Path, table: Any, served: Any, revised: Path) -> Any:
    from contextlib import contextmanager

    @contextmanager
    def serving() -> Iterator[_Partner]:
        home = folder.parent / f"{folder.name}-partner"
        init_home(home, {"node": "SWE", "areas": ["SWE"]})
        told("--home", home, "publish", STOCKS, table.write(folder / "first.csv", SWEDES, {}))
        store = open_store(home)
        with served(store) as (url,):
            yield _Partner(home, url, revised)
        store.close()

    return serving()
