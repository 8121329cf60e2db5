"""How findings and reports of the door are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.markup import escape

from hub.errors import Finding, Severity
from hub.model import DeltaCounts
from hub.publish import Outcome, Report

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFORMATION: "dim"}
_OUTCOMES = {
    Outcome.RELEASED: "[green]released[/]",
    Outcome.UNCHANGED: "unchanged: everything in it is published already",
    Outcome.DRY_RUN: "dry run: nothing was written",
}
_INFORMATION_SHOWN = 5


def show_findings(console: Console, findings: Iterable[Finding], *, all_: bool = False) -> None:
    """Print findings: every error and warning, and of the information the first few."""
    hidden = informed = 0
    for finding in findings:
        if finding.severity is Severity.INFORMATION:
            informed += 1
            if informed > _INFORMATION_SHOWN and not all_:
                hidden += 1
                continue
        place = ":".join(str(part) for part in (finding.file, finding.line) if part is not None)
        column = f" {finding.column}" if finding.column else ""
        style = _STYLES[finding.severity]
        console.print(
            f"{escape(place)}{escape(column)}: [{style}]{finding.severity}[/] "
            f"{escape(finding.message)} [dim]({finding.rule})[/]"
        )
    if hidden:
        console.print(f"[dim]and {hidden:,} more notes; --all shows them[/]")


def describe(counts: DeltaCounts) -> str:
    """Counts in words."""
    return f"{counts.added:,} added, {counts.revised:,} revised, {counts.withdrawn:,} withdrawn"


def show_report(console: Console, report: Report, *, all_: bool = False) -> None:
    """Print what the door did."""
    show_findings(console, report.findings, all_=all_)
    console.print(f"{report.flow}: {_OUTCOMES[report.outcome]}; {describe(report.total)}")
    if report.outcome is Outcome.RELEASED and report.visible_from and report.committed:
        if report.visible_from > report.committed:
            console.print(f"held back until {report.visible_from.isoformat()}")
        console.print(f"release {report.release}")


def report_json(report: Report) -> dict[str, Any]:
    """A report for machines."""
    return {
        "flow": str(report.flow),
        "outcome": report.outcome.value,
        "counts": asdict(report.total),
        "release": report.release,
        "committed": report.committed.isoformat() if report.committed else None,
        "visible_from": report.visible_from.isoformat() if report.visible_from else None,
        "findings": [asdict(finding) for finding in report.findings],
    }
