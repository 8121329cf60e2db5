"""The page of findings: complete, escaped, by itself, and written where a file is refused too."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from hub.commands.page import FindingsPage
from hub.errors import Finding, Severity

SAMPLES = Path(__file__).resolve().parents[1] / "publish" / "samples"
HOSTILE = "</td><script>alert('x')</script>&amp;\x1b[31m\u202eabc\"'"


class Reader(HTMLParser):
    """What a browser makes of a page: its tags, and the texts of the cells of its tables."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.rows: list[list[str]] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("meta",):
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self._open):
            self.rows[-1][-1] += data


def test_the_page_of_a_refused_file(corridor: Callable[..., Any], tmp_path: Path) -> None:
    page, file = tmp_path / "findings.html", SAMPLES / "stock_bad_codes.csv"
    ran = corridor("check", "MIGX:DF_STOCK_RET", file, "--html", page)
    assert ran.exit == 1
    read = Reader(page.read_text("utf-8"))
    head, *rows = read.rows
    assert head == ["Where", "Column", "Value", "What is wrong", "Write instead", "Rule"]
    assert [row[0] for row in rows] == [f"line {n}" for n in (2, 3, 4, 5, 6)]
    _, column, value, wrong, instead, rule = rows[0]
    assert (column, value, instead, rule) == ("COUNTERPART_AREA", "GR", "GRC", "unknown-code")
    assert wrong.startswith("error 'GR' is not a code of MIGX:CL_AREA_MIG(1.0.0); ")
    assert [row[4] for row in rows] == ["GRC", "", "", "", "PS"]


def test_the_page_of_what_was_published(
    home: Path, corridor: Callable[..., Any], tmp_path: Path, stock_table: Any
) -> None:
    page, file = tmp_path / "page.html", tmp_path / "new.csv"
    row = {"TIME_PERIOD": "2021", "OBS_VALUE": "7", "REF_DATE": "2019-01-01"}
    stock_table.write(file, row, columns=(*stock_table.plain, "REF_DATE"))
    flow = "MIGX:DF_STOCK_BIRTH"
    ran = corridor("--home", home, "publish", flow, file, "--html", page)
    assert ran.exit == 0
    text = page.read_text("utf-8")
    assert "released; 1 added, 0 revised, 0 withdrawn" in text
    assert [row[-1] for row in Reader(text).rows[1:]] == ["reference-date"]


def test_a_page_that_has_nowhere_to_go_stops_the_release(
    home: Path, corridor: Callable[..., Any], tmp_path: Path, stock_table: Any
) -> None:
    file = tmp_path / "new.csv"
    stock_table.write(file, {"TIME_PERIOD": "2021", "OBS_VALUE": "7"})
    given = ("--home", home, "publish", "MIGX:DF_STOCK_BIRTH", file)
    ran = corridor(*given, "--html", tmp_path / "no" / "page.html")
    assert ran.exit == 1
    assert "name a file in a folder that is there" in ran.err
    assert corridor(*given, "--dry-run", "--json").json["counts"]["added"] == 1


def page_of(*findings: Finding) -> str:
    page = FindingsPage("MIGX:DF_X(1.0.0)", HOSTILE)
    page.found(findings, "refused")
    return page.html()


@pytest.mark.parametrize("field", ["message", "file", "column", "value", "suggestion", "rule"])
def test_nothing_of_the_file_becomes_markup(field: str) -> None:
    plain = {"rule": "jump", "message": "m", "file": "f", "column": "c", "value": "v"}
    finding = Finding(**{**plain, "suggestion": "s", field: f"{plain.get(field)}#{HOSTILE}"})
    page = page_of(finding)
    read = Reader(page)
    assert "script" not in read.tags
    assert "\x1b" not in page
    assert "\u202e" not in page
    shown = HOSTILE.replace("\x1b", "\ufffd").replace("\u202e", "\ufffd")
    assert any(shown in cell for row in read.rows for cell in row)


def test_the_page_needs_nothing_else() -> None:
    page = page_of(Finding(rule="jump", message="https://example.org/a.png"))
    read = Reader(page)
    assert not read.attributes & {"src", "href", "srcset", "onload", "action", "style"}
    assert not {"script", "img", "link", "iframe", "object", "base"} & set(read.tags)
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_findings_stand_row_by_row_and_information_by_itself() -> None:
    told = [
        Finding(rule="jump", message="b", line=3, severity=Severity.WARNING),
        Finding(rule="unit", message="a", line=3),
        Finding(rule="unknown-column", message="c"),
        Finding(rule="unexplained-break", message="d", line=2, severity=Severity.INFORMATION),
    ]
    page = page_of(*told)
    rows = [row for row in Reader(page).rows if row[0] != "Where"]
    assert [row[0] for row in rows] == ["the whole file", "line 3", "", "line 2"]
    assert page.index("To mend, row by row") < page.index("<details>") < page.index(">line 2<")
    assert re.search(r"2 errors</span>, .*1 warning</span>, .*1 note</span>", page)
    for rule in ("jump", "unit", "unknown-column", "unexplained-break"):
        assert f"<dt><code>{rule}</code></dt>" in page


def test_a_page_of_no_findings_says_so() -> None:
    page = page_of()
    assert "0 errors" in page
    assert "<table>" not in page


def test_a_text_without_end_does_not_fill_the_page() -> None:
    told = [Finding(rule="unknown-code", message="m", line=n, value="x" * 10**6) for n in range(50)]
    assert len(page_of(*told)) < 100_000
