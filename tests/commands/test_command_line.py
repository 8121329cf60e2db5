"""Options, exit codes and answers that every command has in common."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hub.main import _COMMANDS, _GROUPS

COMMANDS = [
    *([name] for name in _COMMANDS),
    *([group, name] for group, about in _GROUPS.items() for name in about.places),
]
FLOW = "MIGX:DF_STOCK_BIRTH"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help(corridor: Any, command: list[str]) -> None:
    ran = corridor(*command, "--help")
    assert ran.exit == 0
    assert f"Usage: corridor {' '.join(command)}" in ran.out
    assert "--json" in ran.out
    shown = corridor(*command[:-1], "--help").out
    assert command[-1] in shown


def test_a_command_loads_no_other(home: Path) -> None:
    code = (
        "import sys; from hub.main import main\n"
        "try: main(['status'])\n"
        "finally: print({'fastapi', 'hub.rest', 'hub.commands.serving'} & {*sys.modules})"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "CORRIDOR_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == "set()"


def test_a_command_that_is_none_is_told_with_those_like_it(corridor: Any) -> None:
    ran = corridor("relase")
    assert ran.exit == 2
    assert "Did you mean 'release'" in ran.err
    assert "'show'" in corridor("release", "shwo").err


def test_the_home_stands_before_or_after_the_command_or_in_the_environment(
    corridor: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = corridor("--home", home, "release", "show", FLOW)
    assert before.exit == 0
    assert "SWE" in before.out
    assert corridor("release", "--home", home, "show", FLOW) == before
    assert corridor("release", "show", "--home", home, FLOW) == before
    assert corridor("--home", "elsewhere", "release", "show", FLOW, "--home", home) == before
    monkeypatch.setenv("CORRIDOR_HOME", str(home))
    assert corridor("release", "show", FLOW) == before
    assert corridor("--home", home.parent, "status").exit == 1


def test_without_a_home_the_remedy_is_told(
    corridor: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = corridor("status")
    assert ran.exit == 1
    assert ran.out == ""
    assert "corridor-home is not the home of a node" in ran.err
    assert "corridor init" in ran.err


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize(
    "command",
    [
        ["status"],
        ["upgrade"],
        ["check", FLOW, "good.csv"],
        ["publish", FLOW, "good.csv"],
        ["release", "list", FLOW],
        ["release", "show", FLOW],
        ["structures", "list"],
        ["partner", "list"],
        ["harvest"],
        ["derive"],
        ["derive", "--dry-run"],
    ],
    ids=" ".join,
)
def test_json_is_one_document(
    corridor: Any, home: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], where: str
) -> None:
    monkeypatch.chdir(home.parent)
    json_option = ["--json"]
    around = (json_option, []) if where == "before" else ([], json_option)
    ran = corridor("--home", home, *around[0], *command, *around[1])
    assert ran.exit == 0
    assert isinstance(ran.json, dict | list)
    assert ran.err == ""


def test_json_of_init(corridor: Any, tmp_path: Path) -> None:
    ran = corridor("init", tmp_path / "hub", "--node", "HUB", "--role", "hub", "--json")
    assert ran.json["areas"] == ["*"]
    assert corridor("init", tmp_path / "hub", "--node", "HUB", "--json").json["error"]["exit"] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["publish", FLOW],
        ["status", "--colour"],
        ["serve", "--port", "70000"],
        ["init", "x"],
        ["init", "x", "--node", "SWE", "--role", "king"],
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_ends_with_2(corridor: Any, arguments: list[str]) -> None:
    ran = corridor(*arguments)
    assert ran.exit == 2
    assert ran.out == ""
    assert "Usage" in ran.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--node", "XX"], "not an area code"),
        (["--node", "SWE", "--areas", "SE"], "SE: no such reporting area"),
        (["--node", "SWE", "--areas", "*"], "only a hub may have '*'"),
        (["--node", "1 2"], "node"),
    ],
)
def test_init_refuses_and_leaves_nothing(
    corridor: Any, tmp_path: Path, arguments: list[str], told: str
) -> None:
    ran = corridor("init", tmp_path / "home", *arguments)
    assert ran.exit == 1
    assert told in ran.err
    assert not (tmp_path / "home" / "corridor.toml").exists()


def test_init_takes_the_home_from_before_the_command(corridor: Any, tmp_path: Path) -> None:
    assert corridor("--home", tmp_path / "home", "init", "--node", "SWE").exit == 0
    assert corridor("--home", tmp_path / "home", "status").exit == 0


@pytest.mark.parametrize("text", ["[/x]", "[bold]", "\x1b[2J", ":cat:"])
def test_what_was_given_cannot_style_the_answer(corridor: Any, home: Path, text: str) -> None:
    file = home.parent / "good.csv"
    refused = [
        corridor("--home", home, "publish", f"MIGX:{text}", file),
        corridor("--home", home, "publish", FLOW, file, "--embargo", text),
        corridor("--home", home, "publish", FLOW, home / text),
        corridor("--home", home, "partner", "show", text),
    ]
    for ran in refused:
        assert ran.exit == 1
        assert text.replace("\x1b", "\ufffd") in ran.err
        assert "\x1b" not in ran.err


def test_a_broken_settings_file_is_told(corridor: Any, home: Path) -> None:
    settings = home / "corridor.toml"
    good = settings.read_text("utf-8")
    for broken, told in (
        ("node = [", "corridor.toml"),
        (f"{good}colour = 'red'\n", "colour"),
        (f"{good}port = 'x'\n", "port"),
    ):
        settings.write_text(broken, "utf-8")
        ran = corridor("--home", home, "status")
        assert ran.exit == 1
        assert told in ran.err
    settings.write_bytes(good.encode() + b"name2 = '\xff'\n")
    ran = corridor("--home", home, "status")
    assert ran.exit == 1
    assert "corridor.toml is not a TOML file" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="/dev/full is not there")
def test_an_answer_that_cannot_be_written_ends_with_3(home: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "hub.main", "--home", str(home), "status"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=_root()
        )
    assert done.returncode == 3
    assert "no room left" in done.stderr
    assert "Traceback" not in done.stderr


def test_errors_are_told_where_warnings_are_errors(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hub.main", "--home", str(tmp_path), "status"],
        capture_output=True,
        text=True,
        check=False,
        cwd=_root(),
        env={**os.environ, "PYTHONWARNINGS": "error"},
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "is not the home of a node" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_disk_that_takes_no_more_ends_with_3_and_changes_nothing(
    corridor: Any, home: Path, stock_table: Any
) -> None:
    import resource

    rows = [{"TIME_PERIOD": str(year), "OBS_VALUE": str(year)} for year in range(1000, 2000)]
    file = stock_table.write(home.parent / "many.csv", *rows)
    before = corridor("--home", home, "release", "show", FLOW, "--json").json
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, hard))
    try:
        ran = corridor("--home", home, "publish", FLOW, file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert ran.exit == 3
    assert "error:" in ran.err
    assert "Traceback" not in ran.err
    assert corridor("--home", home, "release", "show", FLOW, "--json").json == before
    assert corridor("--home", home, "publish", FLOW, file).exit == 0


def test_a_home_below_a_file_is_told(corridor: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ran = corridor("init", tmp_path / "file" / "home", "--node", "SWE")
    assert ran.exit == 1
    assert "cannot become a home: Not a directory" in ran.err


def test_a_catalogue_that_cannot_be_opened_is_told(corridor: Any, home: Path) -> None:
    (home / "catalogue.sqlite").write_bytes(b"this is no database" * 100)
    ran = corridor("--home", home, "status")
    assert ran.exit == 3
    assert "catalogue" in ran.err
    assert "Traceback" not in ran.err


def _root() -> Path:
    return Path(__file__).resolve().parents[2]
