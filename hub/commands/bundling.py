"""`export`, `import`: what a node publishes as one file, for where no network leads."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from federation.exchange.node import import_into
from federation.exchange.taking import ImportReport
from federation.harvest import FlowOutcome
from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.failing import fail
from hub.commands.findings import describe, show_findings
from hub.commands.showing import console, error_console, print_json, printable
from hub.commands.submitting import DryRun
from hub.errors import Invalid
from hub.formats.limits import limits_of
from hub.rest.bundling import export_bundle

BundleFile = Annotated[
    Path, typer.Argument(metavar="BUNDLE", help="The file of the bundle.", show_default=False)
]


def export_command(
    context: typer.Context,
    bundle: BundleFile,
    flows: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FLOW]...", help="Dataflows (AGENCY:ID); none: all shared ones."),
    ] = None,
    release: Annotated[
        str,
        typer.Option(help="A past release of the one flow named, by its id.", show_default=False),
    ] = "",
    home: Home = None,
    json: Json = False,
) -> None:
    """Write what readers see into one file that another node can import."""
    with store_of(context, home) as store:
        done = export_bundle(store, bundle, flows or [], release)
    if wants_json(context, json):
        told = [
            {"flow": one.name, "release": one.release, "updated": one.updated, "rows": one.rows}
            for one in done.flows
        ]
        packed = done.packed
        print_json(
            {
                "file": str(packed.path),
                "bytes": packed.bytes,
                "sha256": packed.sha256,
                "flows": told,
            }
        )
        return
    for one in done.flows:
        console().print(printable(f"{one.name}: release {one.release}, {one.rows:,} observations"))
    console().print(
        printable(f"{bundle}: {done.packed.bytes:,} bytes, SHA-256 {done.packed.sha256}")
    )


def import_command(
    context: typer.Context,
    bundle: BundleFile,
    dry_run: DryRun = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Take a bundle from the partner that exported it. Exit 1 where anything of it is refused."""
    as_json = wants_json(context, json)
    with store_of(context, home) as store:
        report = import_into(store, bundle, limits_of(store.settings), dry_run=dry_run)
    if not as_json:
        _show(report, dry_run=dry_run)
    if report.failures:
        findings = [finding for one in report.failures for finding in one.findings]
        note = next((one.note for one in report.failures if one.note), "it was refused")
        error = Invalid(f"{bundle.name} was not taken: {note}", findings)
        fail(error, as_json=as_json, answer=_told(report, dry_run))
    if as_json:
        print_json(_told(report, dry_run))


def _show(report: ImportReport, *, dry_run: bool) -> None:
    for skipped in report.skipped:
        error_console().print(printable(f"{skipped.flow}: skipped, {skipped.why}"))
    for outcome in report.outcomes:
        if not outcome.reason.is_failure:
            show_findings(error_console(), outcome.findings)
        console().print(printable(_line(outcome)))
    if not report.outcomes:
        console().print("there is nothing in it for this node")
    elif dry_run:
        console().print("this is what would happen; nothing was taken")


def _line(outcome: FlowOutcome) -> str:
    counts = "" if outcome.counts.is_empty else f" ({describe(outcome.counts)})"
    note = f": {outcome.note}" if outcome.note else ""
    return f"{outcome.partner} {outcome.flow}: {outcome.reason}{counts}{note}"


def _told(report: ImportReport, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "outcomes": [
            {
                "partner": outcome.partner,
                "flow": outcome.flow,
                "attempt": None if dry_run else outcome.attempt,
                "reason": outcome.reason.value,
                "note": outcome.note,
                "release": outcome.release,
                "counts": asdict(outcome.counts),
                "findings": [asdict(finding) for finding in outcome.findings],
            }
            for outcome in report.outcomes
        ],
        "skipped": [asdict(skipped) for skipped in report.skipped],
    }
