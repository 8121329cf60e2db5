"""`publish` and `check`: what they refuse, what they say, and what stays as it was."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from tests.commands.standing import status_of

FLOW = "MIGX:DF_STOCK_BIRTH"


def _xlsx(_table: Any, path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["STRUCTURE"])
    book.save(path)


def _two_records(table: Any, path: Path, line: str) -> None:
    table.write(path, {})
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


Make = Callable[[Any, Path], object]
FILES: dict[str, tuple[Make, str, str]] = {
    "an XLSX workbook": (_xlsx, "an XLSX workbook", "--map"),
    "Parquet": (
        lambda _, path: pq.write_table(pa.table({"a": [1]}), path),
        "no component a",
        "MIGX:MIG_STOCK(1.0.0) has no component a",
    ),
    "HTML": (
        lambda _, path: path.write_text("<!DOCTYPE html><html><body>404</body></html>"),
        "an HTML page",
        "download it again",
    ),
    "gzip": (lambda _, path: path.write_bytes(gzip.compress(b"STRUCTURE")), "gzip", "gunzip"),
    "JSON": (lambda _, path: path.write_text("{}"), "a JSON document", "no SDMX-JSON data message"),
    "an empty file": (lambda _, path: path.write_text(""), "an empty file", "export it again"),
    "a header only": (lambda table, path: table.write(path), "no observation", "export"),
    "no header": (
        lambda _, path: path.write_text("dataflow,MIGX:DF_STOCK_BIRTH(1.0.0),I,A,SWE\n"),
        "bad.csv:1",
        "begins with",
    ),
    "a column too many": (
        lambda table, path: table.write(path, {"COLOUR": "red"}, columns=[*table.plain, "COLOUR"]),
        "bad.csv COLOUR",
        "no component COLOUR",
    ),
    "a cell too many": (
        lambda table, path: _two_records(table, path, ",".join(["x"] * 40)),
        "bad.csv:3",
        "40",
    ),
    "a code of another scheme": (
        lambda table, path: table.write(path, {}, {"COUNTERPART_AREA": "PL"}),
        "bad.csv:3 COUNTERPART_AREA",
        "write POL",
    ),
    "a grouped number": (
        lambda table, path: table.write(path, {"OBS_VALUE": "1,234"}),
        "bad.csv:2 OBS_VALUE",
        "write it without separators, 1234",
    ),
    "a foreign area": (
        lambda table, path: table.write(path, {"REF_AREA": "NOR"}),
        "may not speak for REF_AREA NOR",
        "SWE",
    ),
    "another dataflow": (
        lambda table, path: table.write(path, {"STRUCTURE_ID": "MIGX:DF_FLOW_RES(1.0.0)"}),
        "MIGX:DF_FLOW_RES(1.0.0)",
        FLOW,
    ),
    "the same key twice": (
        lambda table, path: table.write(path, {}, {}),
        "bad.csv:3",
        "on line 2",
    ),
    "an over-long line": (
        lambda table, path: _two_records(table, path, "x" * (22 << 20)),
        "bad.csv, line 3",
        "1,048,576 bytes",
    ),
    "binary": (lambda _, path: path.write_bytes(bytes(range(256))), "a binary file", "hand in"),
}


@pytest.mark.parametrize(("make", "what", "remedy"), FILES.values(), ids=FILES)
def test_a_bad_file_is_refused_with_place_and_remedy(
    corridor: Any, home: Path, stock_table: Any, make: Make, what: str, remedy: str
) -> None:
    file = home.parent / "bad.csv"
    make(stock_table, file)
    before = _shown(corridor, home)
    ran = corridor("--home", home, "publish", FLOW, file)
    assert (ran.exit, ran.out) == (1, "")
    assert what in ran.err
    assert remedy in ran.err
    assert "Traceback" not in ran.err
    assert _shown(corridor, home) == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["MIGX:DF_STOK_BIRTH", "good.csv"], "did you mean MIGX:DF_STOCK_BIRTH?"),
        (["stocks", "good.csv"], "AGENCY:ID"),
        (["MIGX:DF_STOCK_BIRTH(7.0.0)", "good.csv"], "no dataflow"),
        ([FLOW, "absent.csv"], "absent.csv is not there"),
        ([FLOW, "home"], "a folder, not a file"),
        ([FLOW, "good.csv", "--map", "absent.toml"], "absent.toml is not there"),
        ([FLOW, "good.csv", "--map", "bad.toml"], "did you mean 'source'?"),
        ([FLOW, "good.csv", "--source", "UN DESA"], "not an id"),
        ([FLOW, "good.csv", "--embargo", "tomorrow"], "not an instant"),
        ([FLOW, "good.csv", "--embargo", "2030-01-01T00:00:00"], "no zone"),
        (["MIGX:DF_EMIGRANTS", "good.csv"], "run 'corridor derive'"),
    ],
)
def test_a_wrong_request_is_refused_with_its_remedy(
    corridor: Any, home: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.chdir(home.parent)
    Path("bad.toml").write_text(f'dataflow = "{FLOW}"\n[sorce]\nkind = "csv"\n')
    before = _shown(corridor, home)
    ran = corridor("--home", home, "publish", *arguments)
    assert (ran.exit, ran.out) == (1, "")
    assert told in ran.err
    assert _shown(corridor, home) == before


def test_every_problem_is_listed(corridor: Any, home: Path, stock_table: Any) -> None:
    rows = [{"TIME_PERIOD": str(1900 + i), "OBS_VALUE": "many"} for i in range(100)]
    file = stock_table.write(home.parent / "bad.csv", *rows)
    ran = corridor("--home", home, "publish", FLOW, file)
    assert ran.err.count("(not-of-type)") == 100
    assert "100 errors; nothing was released" in ran.err


@pytest.mark.parametrize("name", ["a code of another scheme", "the same key twice", "HTML"])
def test_check_finds_what_publish_finds(
    corridor: Any, home: Path, stock_table: Any, name: str
) -> None:
    file = home.parent / "bad.csv"
    FILES[name][0](stock_table, file)
    checked = corridor("check", FLOW, file, "--json")
    published = corridor("--home", home, "publish", FLOW, file, "--json")
    assert checked.exit == published.exit == 1
    assert checked.json == published.json
    assert checked.json["findings"][0]["message"]
    assert corridor("check", FLOW, file).err == corridor("--home", home, "publish", FLOW, file).err


def test_check_shows_the_notes_publish_shows(corridor: Any, home: Path, stock_table: Any) -> None:
    rows = {"COUNTERPART_AREA": "_T", "OBS_VALUE": "300000"}, {"COUNTERPART_AREA": "POL"}
    file = stock_table.write(home.parent / "parts.csv", *rows)
    checked = corridor("check", FLOW, file, "--json").json
    published = corridor("--home", home, "publish", FLOW, file, "--dry-run", "--json").json
    assert checked["findings"] == published["findings"]
    assert [finding["severity"] for finding in checked["findings"]] == ["information"]
    assert checked["observations"] == 2


def test_the_json_of_a_refusal_holds_the_findings(
    corridor: Any, home: Path, stock_table: Any
) -> None:
    file = stock_table.write(home.parent / "bad.csv", {"OBS_VALUE": "1,234"})
    for order in (["--json", "publish", FLOW, file], ["publish", FLOW, file, "--json"]):
        ran = corridor("--home", home, *order)
        assert ran.exit == ran.json["error"]["exit"] == 1
        assert ran.json["error"]["kind"] == "Invalid"
        (finding,) = ran.json["findings"]
        place = finding["file"], finding["line"], finding["column"], finding["value"]
        assert place == ("bad.csv", 2, "OBS_VALUE", "1,234")


def test_the_report_counts(corridor: Any, home: Path, stock_table: Any) -> None:
    rows = {"OBS_VALUE": "93723"}, {"TIME_PERIOD": "2021"}
    file = stock_table.write(home.parent / "next.csv", *rows)
    counts = {"added": 1, "revised": 1, "withdrawn": 0}
    dry = corridor("--home", home, "publish", FLOW, file, "--dry-run", "--json").json
    assert (dry["outcome"], dry["counts"]) == ("DRY_RUN", counts)
    done = corridor("--home", home, "publish", FLOW, file, "--json").json
    assert (done["outcome"], done["counts"]) == ("RELEASED", counts)
    again = corridor("--home", home, "publish", FLOW, file)
    assert "unchanged, no release was made" in again.out
    complete = corridor("--home", home, "publish", FLOW, file, "--replace-slice", "--json").json
    assert complete["counts"] == {"added": 0, "revised": 0, "withdrawn": 1}
    listed = corridor("--home", home, "release", "list", FLOW, "--json").json
    assert [(r["added"], r["revised"], r["withdrawn"]) for r in listed] == [
        (0, 0, 1),
        (1, 1, 0),
        (2, 0, 0),
    ]


def test_what_is_held_back_stands_beside_what_readers_get(
    corridor: Any, home: Path, stock_table: Any
) -> None:
    file = stock_table.write(home.parent / "next.csv", {"OBS_VALUE": "93723"})
    before = status_of(corridor, home)
    until = "2999-01-01T00:00:00+01:00"
    ran = corridor("--home", home, "publish", FLOW, file, "--embargo", until)
    assert "held back until 2998-12-31T23:00:00+00:00" in ran.out
    assert status_of(corridor, home) == before
    slices = corridor("--home", home, "release", "show", FLOW, "--json").json["slices"]
    assert [(each["used"], each["visible_from"][:4]) for each in slices] == [
        (False, "2998"),
        (True, slices[1]["visible_from"][:4]),
    ]


def test_a_partner_is_not_a_source_to_publish_for(
    corridor: Any, node: Any, served: Any, stock_table: Any, tmp_path: Path
) -> None:
    node("HUB", role="hub")
    file = stock_table.write(tmp_path / "stocks.csv", {})
    with served(node("SWE")) as (url,):
        assert (
            corridor("--home", tmp_path / "HUB", "partner", "add", url, "--areas", "SWE").exit == 0
        )
    ran = corridor("--home", tmp_path / "HUB", "publish", FLOW, file, "--source", "SWE")
    assert ran.exit == 1
    assert "corridor harvest" in ran.err


def test_a_table_with_a_mapping(corridor: Any, tmp_path: Path, root: Path) -> None:
    corridor("init", tmp_path / "new", "--node", "SWE")
    tables = root / "hub" / "demo" / "submissions"
    arguments = [FLOW, tables / "SWE" / "stocks.csv", "--map", tables / "stocks.toml"]
    checked = corridor("check", *arguments, "--json").json
    done = corridor("--home", tmp_path / "new", "publish", *arguments, "--json").json
    assert done["counts"]["added"] == checked["observations"] == 84


def _shown(corridor: Any, home: Path) -> Any:
    """Everything a reader could see, by digest."""
    listed = corridor("--home", home, "release", "list", FLOW, "--json").json
    shown = corridor("--home", home, "release", "show", FLOW, "--json").json
    work = sorted(path.name for path in (home / "lake" / "work").iterdir())
    return json.loads(json.dumps([listed, shown, work]))


@pytest.mark.parametrize("suffix", ["parquet", "arrow"])
def test_bulk_files_are_published_as_others_are(corridor: Any, home: Path, suffix: str) -> None:
    """Made from SDMX-CSV by another tool: the same figures, so nothing changes."""
    table = pyarrow.csv.read_csv(home.parent / "good.csv")
    file = home.parent / f"good.{suffix}"
    if suffix == "parquet":
        pq.write_table(table, file)
    else:
        with pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
    checked = corridor("check", FLOW, file, "--json").json
    assert checked["observations"] == 2
    assert "unchanged, no release was made" in corridor("--home", home, "publish", FLOW, file).out
    plain = table.drop_columns(["STRUCTURE", "STRUCTURE_ID", "ACTION"])
    pq.write_table(plain, file)
    told = corridor("--home", home, "publish", FLOW, file)
    assert "the file does not say what it is data of" in told.out
    assert "unchanged, no release was made" in told.out
    pq.write_table(plain.set_column(0, "FREQ", pa.array(["A", "Z"])), file)
    refused = corridor("--home", home, "publish", FLOW, file, "--json").json["findings"]
    found = [(f["file"], f["column"], f["value"]) for f in refused if f["severity"] == "error"]
    assert found == [(f"good.{suffix}#row=2", "FREQ", "Z")]


def test_a_limit_is_what_the_settings_say(corridor: Any, home: Path) -> None:
    file = home.parent / "good.csv"
    assert corridor("--home", home, "check", FLOW, file).exit == 0
    with (home / "corridor.toml").open("a") as settings:
        settings.write("max_text_bytes = 16\n")
    for command in ("check", "publish"):
        ran = corridor("--home", home, command, FLOW, file, "--json")
        assert ran.json["error"]["kind"] == "TooLarge"
        assert "good.csv, line 2: a text of DATA_PROVIDER has 17" in ran.json["error"]["message"]
        assert "(the setting max_text_bytes)" in ran.json["error"]["message"]
