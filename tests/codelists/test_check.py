"""The checker tells every kind of problem, with file, line and column."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from codelists.check import check, main
from hub.errors import Finding

PROJECT = Path(__file__).resolve().parents[2]
Spoil = Callable[[str, str, str], None]
AREAS = "lists/CL_AREA_MIG.csv"
SPELLINGS = "maps/spellings.csv"
SEX = "lists/CL_SEX.csv"
AGE = "lists/CL_AGE_MIG.csv"

#: rule, file, text to find, text to put, line and column of the finding
PROBLEMS = [
    ("duplicate-id", SEX, "M,,Male", "F,,Male", 3, "id"),
    ("ill-formed-id", SEX, "M,,Male", "M ale,,Male", 3, "id"),
    ("ill-formed-id", SEX, "M,,Male", ",,Male", 3, "id"),
    ("unknown-parent", SEX, "M,,Male", "M,X,Male", 3, "parent"),
    ("parent-id", SEX, "M,,Male", "M,_T,Male", 3, "parent"),
    ("parent-id", "lists/CL_DECIMALS.csv", "1,,One", "1,0,One", 3, "parent"),
    ("cycle", SEX, "M,,Male", "M,M,Male", 3, "parent"),
    ("no-english-name", SEX, "M,,Male", "M,, ", 3, "name_en"),
    ("ill-formed-date", AREAS, "1990-10-02", "2 October 1990", None, "valid_to"),
    ("ill-formed-date", AREAS, "1990-10-02", "1990-02-30", None, "valid_to"),
    ("reversed-dates", AREAS, "1990-10-02", "1900-10-02", None, "valid_to"),
    ("former-without-end", AREAS, "1990-10-02", "", None, "valid_to"),
    ("unknown-kind", AREAS, "former,278", "state,278", None, "kind"),
    ("ill-formed-m49", AREAS, "country,004", "country,4", None, "m49"),
    ("field-count", SEX, "M,,Male,", "M,,Male", 3, None),
    ("quoting", SEX, "M,,Male", 'M,,"Male', 8, None),
    ("header", SEX, "name_en", "name", 1, None),
    ("line-ends", SEX, "\n_N", "\r\n_N", 3, None),
    ("byte-order-mark", SEX, "id,", "\N{BYTE ORDER MARK}id,", 1, None),
    ("not-one-to-one", AREAS, "826,GB,UK,GBR", "826,GB,EL,GBR", None, "estat"),
    ("unknown-target", SPELLINGS, "ROM,ROU", "ROM,ROM", None, "code"),
    ("unknown-source", SPELLINGS, "KOS,XKX,NATURAL_EARTH", "KOS,XKX,SOMEONE", None, "source"),
    ("no-spelling", SPELLINGS, "ROM,ROU", ",ROU", None, "spelling"),
    ("two-meanings", SPELLINGS, "UNK,_U,UNHCR", "UNK,_O,UNHCR", None, "code"),
    ("two-meanings", SPELLINGS, "SUN_F,SUN", "SUN_F,RUS", None, "code"),
    ("duplicate-spelling", SPELLINGS, "UNK,_U,UNHCR", "UNK,_U,ESTAT", None, "spelling"),
    ("not-one-to-one", "maps/maps.toml", "one_to_one = false", "one_to_one = true", None, "code"),
    ("no-entry", "lists/lists.toml", "[CL_SEX]", "[CL_GENDER]", None, None),
    ("file-missing", "lists/lists.toml", "[CL_SEX]", "[CL_GENDER]", None, None),
    ("entry", "lists/lists.toml", 'version = "2.1"', "", None, None),
    ("entry", "lists/lists.toml", 'en = "Sex", ', "", None, None),
    ("entry", "maps/maps.toml", 'column = "m49"', "", None, None),
    ("entry", "maps/maps.toml", 'column = "m49"', 'column = "m48"', None, None),
    ("toml", "lists/lists.toml", "[CL_SEX]", "[CL_SEX", None, None),
]


@pytest.mark.parametrize(("rule", "file", "old", "new", "line", "column"), PROBLEMS)
def test_each_kind_of_problem_is_told(
    folder: Path,
    spoil: Spoil,
    rule: str,
    file: str,
    old: str,
    new: str,
    line: int | None,
    column: str | None,
) -> None:
    spoil(file, old, new)
    told = [finding for finding in check(folder) if finding.rule == rule]
    assert told, f"{rule} is not told"
    assert told[0].column == column
    assert all(finding.file and finding.message for finding in told)
    if line is not None:
        assert told[0].line == line
    if file.endswith(".csv"):
        assert told[0].file == Path(file).name
        assert told[0].line is not None


def test_a_cycle_of_three_is_told_at_each_of_them(folder: Path, spoil: Spoil) -> None:
    spoil(AGE, "Y_GE65,,", "Y_GE65,Y80T84,")
    cycles = {f.value for f in _told(folder, "cycle")}
    assert cycles == {"Y80T84", "Y_GE65", "Y_GE75"}


def test_a_file_that_is_not_utf_8_is_told_with_the_line(folder: Path) -> None:
    path = folder / SEX
    path.write_bytes(path.read_bytes().replace(b"Autre", b"\xc0utre"))
    (finding,) = _told(folder, "not-utf-8")
    assert finding.line == 5


def test_all_problems_are_told_at_once(folder: Path, spoil: Spoil) -> None:
    spoil(SEX, "M,,Male", "F,X,")
    spoil(AREAS, "1990-10-02", "1900-10-02")
    spoil(SPELLINGS, "ROM,ROU", "ROM,ROM")
    assert sorted((finding.file, finding.rule) for finding in check(folder)) == [
        ("CL_AREA_MIG.csv", "reversed-dates"),
        ("CL_SEX.csv", "duplicate-id"),
        ("CL_SEX.csv", "no-english-name"),
        ("CL_SEX.csv", "unknown-parent"),
        ("spellings.csv", "unknown-target"),
    ]


def test_the_committed_lists_and_maps_are_sound() -> None:
    assert check() == ()


def test_the_command_prints_findings_and_exits_1(
    folder: Path, spoil: Spoil, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder)]) == 0
    spoil(SEX, "M,,Male", "F,,Male")
    assert main([str(folder)]) == 1
    assert "CL_SEX.csv:3 [id]: error: F is already on line 2" in capsys.readouterr().out


def test_the_command_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "codelists.check"]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "sound" in run.stdout


def _told(folder: Path, rule: str) -> list[Finding]:
    return [finding for finding in check(folder) if finding.rule == rule]
