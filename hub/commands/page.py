"""Findings as a page to print or to mend a file by: one HTML file that needs nothing else.

What a file says may be anything, so all of it is escaped, and the page forbids itself scripts,
images and requests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from pathlib import Path

from hub.commands.showing import printable
from hub.errors import Finding, Invalid, NotFound, Severity
from hub.publish import RULES

_STYLE = """
body{font:1rem/1.45 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem}
thead th{border-bottom:2px solid #555}tbody{border-bottom:1px solid #bbb}
td.text,dd{overflow-wrap:anywhere}code{background:#f1f1f1;padding:0 .2em;white-space:pre-wrap}
.error{color:#9b1c1c;font-weight:600}.warning{color:#7a4d00;font-weight:600}.information{color:#444}
@media print{body{margin:0;max-width:none}}
"""
_HEAD = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "style-src 'unsafe-inline'\">\n"
    '<meta name="viewport" content="width=device-width">\n'
)
#: A text that goes on for a megabyte would be told on every one of its rows.
_LONGEST = 1_000
_COLUMNS = ("Where", "Column", "Value", "What is wrong", "Write instead", "Rule")
_REMEDIES = {rule.id: rule for rule in RULES}


@dataclass(slots=True)
class FindingsPage:
    """What the page is going to say of one submission."""

    flow: str
    file: str
    verdict: str = "nothing was looked at"
    findings: tuple[Finding, ...] = field(default=())

    def found(self, findings: Iterable[Finding], verdict: str) -> None:
        """Say what was found, and what became of the submission."""
        self.findings, self.verdict = tuple(findings), verdict

    def html(self) -> str:
        """The whole page."""
        title = f"{self.file} for {self.flow}"
        mend = [f for f in self.findings if f.severity is not Severity.INFORMATION]
        know = [f for f in self.findings if f.severity is Severity.INFORMATION]
        parts = [
            f"{_HEAD}<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n",
            f"<h1>{_text(self.file)}</h1>\n",
            f"<p>For the dataflow <code>{_text(self.flow)}</code>: {_text(self.verdict)}.</p>\n",
            f"<p>{_counts(self.findings)}</p>\n",
        ]
        if mend:
            parts += ["<h2>To mend, row by row</h2>\n", *_table(mend)]
        if know:
            parts += ["<details>\n<summary>To know</summary>\n", *_table(know), "</details>\n"]
        return "".join([*parts, *_legend(self.findings), "</body>\n</html>\n"])


@contextmanager
def telling_html(target: Path | None, flow: object, file: Path | None) -> Iterator[FindingsPage]:
    """Write the page of a submission when it is done with, also where it is refused.

    `target` None writes nothing. Raises NotFound at once where the page has no folder to go to.
    """
    if target is not None and (not target.parent.is_dir() or target.is_dir()):
        raise NotFound(f"--html {target}: name a file in a folder that is there")
    page = FindingsPage(str(flow), file.name if file is not None else "no file")
    try:
        yield page
    except Invalid as error:
        page.found(error.findings, "refused, nothing was released")
        _write(target, page)
        raise
    _write(target, page)


def _write(target: Path | None, page: FindingsPage) -> None:
    if target is not None:
        target.write_text(page.html(), "utf-8", newline="\n")


def _text(value: object) -> str:
    """A text as markup shows it; of a long one, its beginning."""
    whole = str(value)
    shown = whole if len(whole) <= _LONGEST else f"{whole[:_LONGEST]}…"
    return escape(printable(shown))


def _counts(findings: Sequence[Finding]) -> str:
    told = []
    for severity in Severity:
        count = sum(finding.severity is severity for finding in findings)
        word = "note" if severity is Severity.INFORMATION else severity.value
        told.append(f'<span class="{severity.value}">{count:,} {word}{"s" * (count != 1)}</span>')
    return ", ".join(told)


def _table(findings: Sequence[Finding]) -> Iterator[str]:
    """A table with one body for each row of the source, what concerns the whole file first."""
    heads = "".join(f'<th scope="col">{column}</th>' for column in _COLUMNS)
    yield f"<table>\n<thead><tr>{heads}</tr></thead>\n"
    ordered = sorted(findings, key=lambda finding: (finding.line or 0, _place(finding)))
    for place, together in groupby(ordered, key=_place):
        rows = list(together)
        yield "<tbody>\n"
        for number, finding in enumerate(rows):
            first = f'<th scope="rowgroup" rowspan="{len(rows)}">{_text(place)}</th>'
            yield f"<tr>{first if number == 0 else ''}{_cells(finding)}</tr>\n"
        yield "</tbody>\n"
    yield "</table>\n"


def _place(finding: Finding) -> str:
    if finding.line is not None:
        return f"line {finding.line:,}"
    _, mark, place = (finding.file or "").partition("#")
    return place if mark else "the whole file"


def _cells(finding: Finding) -> str:
    value = "" if finding.value is None else f"<code>{_text(finding.value)}</code>"
    instead = "" if finding.suggestion is None else f"<code>{_text(finding.suggestion)}</code>"
    severity = finding.severity.value
    wrong = f'<span class="{severity}">{severity}</span> {_text(finding.message)}'
    cells = (_text(finding.column or ""), value, wrong, instead, _text(finding.rule))
    return "".join(f'<td class="text">{cell}</td>' for cell in cells)


def _legend(findings: Sequence[Finding]) -> Iterator[str]:
    """What each rule that was broken asks for."""
    rules = [rule for rule in _REMEDIES.values() if any(f.rule == rule.id for f in findings)]
    if not rules:
        return
    yield "<h2>The rules</h2>\n<dl>\n"
    for rule in rules:
        yield f"<dt><code>{_text(rule.id)}</code></dt>\n"
        yield f"<dd>{_text(rule.about)}. What to do: {_text(rule.remedy)}.</dd>\n"
    yield "</dl>\n"
