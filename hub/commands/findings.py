"""How findings and reports of the door are shown."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.text import Text

from hub.commands.showing import printable
from hub.errors import Finding, Severity
from hub.model import DeltaCounts
from hub.publish import Outcome, Report

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFORMATION: "dim"}
_OUTCOMES = {
    Outcome.RELEASED: ("released", "green"),
    Outcome.WAITING: ("waits for the approval of a second key", "yellow"),
    Outcome.UNCHANGED: ("unchanged, no release was made", ""),
    Outcome.DRY_RUN: ("dry run, nothing was written", ""),
}
#: How many of a severity are shown where not all are asked for; every error is.
_SHOWN = {Severity.WARNING: 20, Severity.INFORMATION: 5}
_NAMES = {Severity.WARNING: "warnings", Severity.INFORMATION: "notes"}


def show_findings(console: Console, findings: Iterable[Finding], *, all_: bool = False) -> None:
    """Print findings: every error, and of warnings and information the first few."""
    shown: Counter[Severity] = Counter()
    hidden: Counter[Severity] = Counter()
    for finding in findings:
        severity = finding.severity
        if not all_ and shown[severity] >= _SHOWN.get(severity, sys.maxsize):
            hidden[severity] += 1
            continue
        shown[severity] += 1
        console.print(_line(finding))
    if hidden:
        more = " and ".join(f"{count:,} more {_NAMES[which]}" for which, count in hidden.items())
        console.print(Text(f"and {more}; --all shows them", "dim"))


def _line(finding: Finding) -> Text:
    place = ":".join(str(part) for part in (finding.file, finding.line) if part is not None)
    where = " ".join(part for part in (place, finding.column) if part)
    return Text.assemble(
        printable(f"{where}: " if where else ""),
        (finding.severity.value, _STYLES[finding.severity]),
        f" {printable(finding.message)} ",
        (f"({finding.rule})", "dim"),
    )


def describe(counts: DeltaCounts) -> str:
    """Counts in words."""
    return f"{counts.added:,} added, {counts.revised:,} revised, {counts.withdrawn:,} withdrawn"


def outcome_of(report: Report) -> str:
    """What the door did, in words."""
    return f"{_OUTCOMES[report.outcome][0]}; {describe(report.total)}"


def show_report(console: Console, report: Report, *, all_: bool = False) -> None:
    """Print what the door did."""
    show_findings(console, report.findings, all_=all_)
    outcome, style = _OUTCOMES[report.outcome]
    counts = describe(report.total)
    console.print(Text.assemble(f"{report.flow}: ", (outcome, style), f"; {counts}"))
    if report.outcome is Outcome.WAITING:
        console.print(f"it is released with: corridor approve {report.waiting}")
    if report.outcome is not Outcome.RELEASED:
        return
    for held in report.held:
        console.print(
            f"what is held back until {held.isoformat()} was applied again on top of this"
        )
    if report.visible_from and report.committed and report.visible_from > report.committed:
        console.print(f"held back until {report.visible_from.isoformat()}")
    elif report.release:
        console.print(f"release {report.release}")


def report_json(report: Report) -> dict[str, Any]:
    """A report for machines."""
    return {
        "flow": str(report.flow),
        "outcome": report.outcome.value,
        "counts": asdict(report.total),
        "release": report.release,
        "committed": report.committed,
        "visible_from": report.visible_from,
        "held": report.held,
        "waiting": report.waiting,
        "findings": [asdict(finding) for finding in report.findings],
    }
