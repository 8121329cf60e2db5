"""Runs hostile files in batches, a child for each: a harmless file of the form goes first, twice."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.corridor.document import encode
from tests.connectors.http.server import Act, Answer
from tests.hostile import sound
from tests.hostile.bait import CONTENT, Watch
from tests.hostile.case import Bait, Hostile
from tests.hostile.partners import Rude
from tests.hostile.scene import CSV, Scene, told
from tests.hostile.watched import Ran

#: Everything three times; else all are published, and every twelfth goes all three ways.
ALL = os.environ.get("HOSTILE") == "all"
MEGABYTES = 64
SECONDS = 5
_BATCH = 15
_SOME = 12


@dataclass
class Outcome:
    """What each command did with a file, by its name, and the peak of the harmless one."""

    scene: Scene
    ran: dict[str, Ran] = field(default_factory=dict)
    harmless: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Stage:
    """The scene with bait in it; `done` are the outcomes so far, by form and name."""

    scene: Scene
    bait: Bait
    watch: Watch
    done: dict[tuple[str, str], Outcome] = field(default_factory=dict)

    def outcome(self, form: str, name: str, cases: Sequence[Hostile], sane: Hostile) -> Outcome:
        """What became of a file; the batch it belongs to is run when it is first asked for."""
        if (form, name) not in self.done:
            place = next(i for i, case in enumerate(cases) if case.name == name)
            first = place - place % _BATCH
            self._run(form, cases[first : first + _BATCH], sane, first)
        return self.done[form, name]

    def _run(self, form: str, cases: Sequence[Hostile], sane: Hostile, first: int) -> None:
        commands: list[tuple[object, ...]] = []
        whose: list[tuple[str, str]] = []
        answers: dict[int, tuple[Act, Act]] = {}
        document = Answer(200, encode(told()))
        outcomes: dict[str, Outcome] = {}
        # the first time a command is given in a process, what is loaded late comes on top
        for place, case in enumerate((sane, sane, *cases), start=-1):
            folder = self.scene.folder / f"{form}-{first}-{place + 1}"
            folder.mkdir()
            scene = self.scene.at(folder) if case.is_taken else self.scene
            outcomes[case.name] = Outcome(scene)
            content = case.make(self.bait)
            (folder / "given.dat").write_bytes(content)
            ways = _commands(case, scene, folder)
            if place > 0 and not ALL and (first + place) % _SOME:
                ways = {name: ways[name] for name in ways if name == _main(case)}
            for name, words in ways.items():
                answers[len(commands)] = document, Answer(200, content, {"Content-Type": CSV})
                whose.append((case.name, name))
                commands.append(words)
        self.scene.serve_each(answers)
        before = self.scene.state()
        ended = self.scene.run(*commands)
        for (case_name, way), ran in zip(whose, ended, strict=True):
            outcomes[case_name].ran[way] = ran
        names = [case.name for case in cases]
        self.check_untouched(names)
        after = self.scene.state()
        done = [who for who, ran in zip(whose, ended, strict=True) if not ran.exit]
        assert after == before, f"{done} are done, and changed {after.items() ^ before.items()}"
        for name in names:
            outcomes[name].harmless = {w: r.megabytes for w, r in outcomes[sane.name].ran.items()}
            self.done[form, name] = outcomes[name]
        for ran in (outcomes[sane.name].ran[way] for way in _taken_ways(sane)):
            assert ran.exit == 0, ran.said

    def harvest(self, rude: Rude) -> Ran:
        """What a harvest says of a rude partner."""
        self.scene.serve(rude.data(self.bait), rude.document(self.bait))
        before = self.scene.state()
        (ran,) = self.scene.run(("--home", self.scene.observatory, "harvest", "--json"))
        self.check_untouched([rude.name])
        assert self.scene.state() == before
        return ran

    def check_untouched(self, names: Sequence[str]) -> None:
        """Nobody opened the file that is bait, or asked the address."""
        assert not self.watch.was_touched(), f"one of {names} had the bait opened"
        asked = [path for path, _ in self.scene.server.requests if "bait" in path]
        assert not asked, f"one of {names} had the bait asked for"


def check_watched(scene: Scene, ran: Ran, harmless: float) -> None:
    """No other file or address, no process, no secret, and not too much memory and time."""
    assert scene.strange(ran) == []
    assert "Traceback" not in ran.said
    assert CONTENT not in ran.said
    rose = ran.megabytes - harmless
    assert rose <= MEGABYTES, f"memory rose by {rose:.0f} MB"
    assert ran.seconds <= SECONDS


def _main(case: Hostile) -> str:
    return "load" if case.command else "publish"


def _taken_ways(case: Hostile) -> Sequence[str]:
    if case.command:
        return ("load",)
    return ("check", "publish", "harvest") if case.is_sdmx_csv else ("check", "publish")


def _commands(case: Hostile, scene: Scene, folder: Any) -> dict[str, tuple[object, ...]]:
    file = folder / "given.dat"
    words: list[object] = []
    if case.mapping:
        (folder / "given.toml").write_text(case.mapping, "utf-8")
        words = ["--map", folder / "given.toml"]
    ways: dict[str, tuple[object, ...]] = {
        "check": ("check", sound.FLOW, file, *words, "--json"),
        "publish": ("--home", scene.home, "publish", sound.FLOW, file, *words, "--json"),
        "harvest": ("--home", scene.observatory, "harvest", "--json"),
    }
    if case.command:
        given = [file if word == "{}" else word for word in case.command]
        ways["load"] = ("--home", scene.home, *given, "--json")
    return ways
