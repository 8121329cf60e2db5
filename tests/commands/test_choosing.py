"""Several sources on the command line: made, published, compared, and one of them chosen."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.store import open_store
from tests.commands.standing import status_of

SHARED = "MIGX:DF_STOCK_BIRTH"
REGISTER, SURVEY = "MIGX.SWE:DF_STOCK_BIRTH_REG", "MIGX.SWE:DF_STOCK_BIRTH_LFS"
REASON = "The survey misses people in hostels; the register has them."
COMMON = """
[columns]
COUNTERPART_AREA = "country"
OBS_VALUE = "persons"
[constants]
TIME_PERIOD = "2023"
REF_DATE = "2023-12-31"
MIGRANT_STATUS = "FB"
COUNTERPART_BASIS = "BIRTH"
SEX = "_T"
AGE = "_T"
REF_AREA = "SWE"
DATA_PROVIDER = "Statistics Sweden"
LICENCE = "CC BY 4.0"
"""
REGISTER_MAP = """
dataflow = "MIGX.SWE:DF_STOCK_BIRTH_REG"
template = "population-register"
[sql]
url = "sqlite:///{file}"
query = "SELECT country, count(*) AS persons FROM person GROUP BY country"
"""
SURVEY_MAP = """
dataflow = "MIGX.SWE:DF_STOCK_BIRTH_LFS"
template = "labour-force-survey"
[survey]
interviews = "asked"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node with a register, read by a query, and a survey, read from a file."""
    from hub.main import main

    folder = tmp_path_factory.mktemp("choosing")
    home, database = folder / "home", folder / "register.sqlite"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE person (country TEXT)")
        for country, persons in {"POL": 100, "IRQ": 80, "SYR": 7}.items():
            connection.executemany("INSERT INTO person VALUES (?)", [(country,)] * persons)
        connection.commit()
    register, survey = folder / "register.toml", folder / "survey.toml"
    register.write_text(REGISTER_MAP.replace("{file}", database.as_posix()) + COMMON)
    survey.write_text(SURVEY_MAP + COMMON)
    table = folder / "survey.csv"
    table.write_text("country,persons,asked\nPOL,110,50\nIRQ,60,40\nUKR,30,31\n")
    for command in (
        ["init", home, "--node", "SWE"],
        ["--home", home, "sources", "add", SHARED, "REG", "--name", "population register"],
        ["--home", home, "sources", "add", SHARED, "LFS", "--name", "labour force survey"],
        ["--home", home, "publish", REGISTER, "--map", register],
        ["--home", home, "publish", SURVEY, table, "--map", survey],
    ):
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in command])
        assert not ended.value.code
    return folder


@pytest.fixture
def two(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "home"


def test_two_sources_are_compared(corridor: Any, two: Path) -> None:
    compared = corridor("--home", two, "sources", "compare", REGISTER, SURVEY, "--json").json
    register, survey = f"{REGISTER}(1.0.0)", f"{SURVEY}(1.0.0)"
    assert compared["flows"] == [register, survey]
    cells = {
        cell["key"]["COUNTERPART_AREA"]: (
            *cell["values"].values(),
            cell["differences"][survey],
            cell["relative"][survey],
        )
        for cell in compared["cells"]
    }
    assert cells == {
        "IRQ": (80, 60, -20, -0.25),
        "POL": (100, 110, 10, 0.1),
        "SYR": (7, None, None, None),
        "UKR": (None, 30, None, None),
    }
    assert list(cells)[:2] == ["IRQ", "POL"]
    assert [(one["observations"], one["share"]) for one in compared["coverage"]] == [
        (3, 0.75),
        (3, 0.75),
    ]
    (year,) = compared["years"]
    counts = ("both", "first_only", "other_only", "equal", "median", "largest")
    assert [year[name] for name in counts] == [2, 1, 1, 0, 0.175, 0.25]
    shown = corridor("--home", two, "sources", "compare", REGISTER, SURVEY, "--cells", "1")
    assert "1 of 4 cells" in shown.out
    assert "-25.0%" in shown.out
    assert "10.0%" not in shown.out


def test_the_chosen_one_is_published_with_its_reason(corridor: Any, two: Path) -> None:
    arguments = ["--home", two, "sources", "choose", SHARED, REGISTER]
    refused = corridor(*arguments)
    assert refused.exit == 1
    assert "say in a sentence" in refused.err
    dry = corridor(*arguments, "--reason", REASON, "--dry-run", "--json").json
    assert (dry["outcome"], dry["counts"]["added"]) == ("DRY_RUN", 3)
    done = corridor(*arguments, "--reason", REASON, "--json").json
    assert (done["outcome"], done["chosen"]) == ("RELEASED", f"{REGISTER}(1.0.0)")
    equal = corridor("--home", two, "sources", "compare", SHARED, REGISTER, "--json").json
    assert [year["equal"] for year in equal["years"]] == [3]
    note = f"{REGISTER}(1.0.0): {REASON}"
    (listed,) = corridor("--home", two, "release", "list", SHARED, "--json").json
    assert listed["note"] == note
    (shown,) = corridor("--home", two, "release", "show", SHARED, "--json").json["slices"]
    assert shown["note"] == note
    (told,) = corridor("--home", two, "audit", "--action", "choose", "--json").json
    assert (told["detail"]["outcome"], told["detail"]["reason"]) == ("RELEASED", REASON)


def test_a_dry_run_changes_and_records_nothing(corridor: Any, two: Path) -> None:
    before = status_of(corridor, two)
    ran = corridor(
        "--home", two, "sources", "choose", SHARED, REGISTER, "--reason", REASON, "--dry-run"
    )
    assert ran.exit == 0
    assert status_of(corridor, two) == before
    assert corridor("--home", two, "audit", "--action", "choose", "--json").json == []


def test_a_choice_waits_where_four_eyes_are_asked_for(corridor: Any, two: Path) -> None:
    settings = two / "corridor.toml"
    settings.write_text(settings.read_text("utf-8") + "four_eyes = true\n", "utf-8")
    anna, bo = (
        corridor("--home", two, "key", "create", "--name", name, "--right", right).out.strip()
        for name, right in (("Anna", "publish"), ("Bo", "approve"))
    )
    arguments = ["--home", two, "sources", "choose", SHARED, REGISTER, "--reason", REASON]
    waits = corridor(*arguments, "--key", anna, "--json").json
    assert waits["outcome"] == "WAITING"
    assert corridor("--home", two, "release", "list", SHARED, "--json").json == []
    (row,) = corridor("--home", two, "audit", "--action", "choose", "--json").json
    assert (row["detail"]["outcome"], row["detail"]["reason"]) == ("WAITING", REASON)
    done = corridor("--home", two, "approve", waits["waiting"], "--key", bo, "--json")
    assert done.json["outcome"] == "RELEASED", done.err
    (release,) = corridor("--home", two, "release", "list", SHARED, "--json").json
    assert release["added"] == 3
    assert release["note"] == f"{REGISTER}(1.0.0): {REASON}"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["add", SHARED, "lfs"], "does not name a source"),
        (["add", "MIGX:DF_EMIGRANTS", "LFS"], "derived from other flows"),
        (["compare", SHARED], "from two to 12"),
        (["compare", SHARED, REGISTER], "nothing is published yet"),
        (["compare", SHARED, "MIGX:DF_STOK"], "there is no dataflow"),
        (["choose", SHARED, SHARED, "--reason", REASON], "for itself"),
        (["show", "labour-survey"], "did you mean labour-force-survey"),
    ],
)
def test_a_wrong_request_is_refused_with_its_remedy(
    corridor: Any, two: Path, arguments: list[str], told: str
) -> None:
    ran = corridor("--home", two, "sources", *arguments)
    assert (ran.exit, ran.out) == (1, "")
    assert told in ran.err


def test_publish_without_a_file_needs_a_query(corridor: Any, two: Path) -> None:
    ran = corridor("--home", two, "publish", SURVEY)
    assert ran.exit == 2
    assert "name a FILE" in ran.err
    ran = corridor("--home", two, "publish", SURVEY, "--map", two.parent / "survey.toml")
    assert ran.exit == 1
    assert "[sql] of survey.toml" in ran.err


def test_readers_get_a_source_as_they_get_every_dataflow(
    corridor: Any, two: Path, served: Any
) -> None:
    listed = corridor("--home", two, "structures", "list", "--json").json
    own = {row["artefact"] for row in listed if row["artefact"].startswith("MIGX.SWE:")}
    assert {f"{REGISTER}(1.0.0)", f"{SURVEY}(1.0.0)"} <= own
    store = open_store(two)
    with served(store) as (url,):
        path = f"{url}/sdmx/v2/data/dataflow/MIGX.SWE/DF_STOCK_BIRTH_REG/1.0.0/*"
        accept = {"Accept": "application/vnd.sdmx.data+csv;version=2.0.0"}
        answer = httpx.get(path, headers=accept)
    store.close()
    assert answer.status_code == 200
    head, *lines = answer.text.splitlines()
    place = head.split(",").index("OBS_VALUE")
    assert sorted(int(line.split(",")[place]) for line in lines) == [7, 80, 100]


@pytest.mark.parametrize("kind", ["satellite", "asylum"])
def test_without_a_home_the_mapping_says_what_to_fill_in(corridor: Any, kind: str) -> None:
    assert 'REF_AREA = "AREA"' in corridor("sources", "show", kind).out
    told = corridor("sources", "show", kind, "--json").json
    assert told["template"] == kind
    assert told["needs_checklist"] is (kind == "satellite")
    assert corridor("sources", "checklist", "--json").json["checklist"].startswith("# Answer")
    assert len(corridor("sources", "list", "--json").json) == 19
