"""`partner`, `harvest`, `derive`: figures come in from partners, and what they say together."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from federation.derivation import Derivation, derive
from federation.harvest import FlowOutcome, HarvestReport, Progress, Stage
from federation.harvest.catalogued import CataloguedAttempts
from federation.harvest.node import add_partner_to, harvest_into
from federation.partners.catalogued import CataloguedPartners
from hub.commands.context import (
    Home,
    Json,
    console,
    error_console,
    print_json,
    store_of,
    wants_json,
)
from hub.commands.findings import describe, report_json, show_findings, show_report
from hub.errors import PartnerUnavailable

PartnerId = Annotated[str, typer.Argument(metavar="ID", help="The partner's node id.")]


def partner_add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="Where the node is, for example https://sdmx.scb.se.")],
    areas: Annotated[
        str, typer.Option(help="The areas it may speak for, as ISO 3166-1 alpha-3, by commas.")
    ],
    home: Home = None,
    json: Json = False,
) -> None:
    """Add a partner: read its node document, and write down what it may speak for."""
    with store_of(context, home) as store:
        added = add_partner_to(store, url, areas.split(","))
    partner = added.partner
    if wants_json(context, json):
        print_json({"id": partner.id, "url": partner.url, "areas": list(partner.areas)})
        return
    show_findings(console(), added.warnings)
    spoken = ", ".join(partner.areas)
    console().print(f"partner {partner.id} ({partner.name}) may speak for {spoken}")


def partner_list(context: typer.Context, home: Home = None, json: Json = False) -> None:
    """List the partners."""
    with store_of(context, home) as store:
        partners = CataloguedPartners(store.catalogue).list()
    rows = [
        {"id": p.id, "name": p.name, "areas": ", ".join(p.areas), "url": p.url} for p in partners
    ]
    if wants_json(context, json):
        print_json(rows)
        return
    table = Table(title="partners")
    for heading in ("id", "name", "areas", "url"):
        table.add_column(heading)
    for row in rows:
        table.add_row(*row.values())
    console().print(table if rows else "no partner yet: add one with 'corridor partner add URL'")


def partner_show(
    context: typer.Context, partner: PartnerId, home: Home = None, json: Json = False
) -> None:
    """Show a partner and its last attempts."""
    with store_of(context, home) as store:
        found = CataloguedPartners(store.catalogue).get(partner)
        attempts = CataloguedAttempts(store.catalogue).list(partner, limit=20)
    rows = [
        {
            "attempt": str(attempt.id),
            "flow": attempt.flow or "(node document)",
            "opened": attempt.opened.isoformat(timespec="seconds"),
            "reason": attempt.reason.value if attempt.reason else "open",
            "note": attempt.note,
        }
        for attempt in attempts
    ]
    if wants_json(context, json):
        about = {"id": found.id, "url": found.url, "areas": list(found.areas)}
        print_json(about | {"attempts": rows})
        return
    console().print(f"{found.id}: {found.name}, {found.url}; speaks for {', '.join(found.areas)}")
    table = Table(title="last attempts")
    for heading in ("attempt", "flow", "opened", "reason", "note"):
        table.add_column(heading)
    for row in rows:
        table.add_row(*row.values())
    console().print(table)


def partner_remove(context: typer.Context, partner: PartnerId, home: Home = None) -> None:
    """Forget a partner; what was released from it stays."""
    with store_of(context, home) as store:
        CataloguedPartners(store.catalogue).remove(partner)
    console().print(f"partner {partner} is removed; what it sent stays published")


def harvest(
    context: typer.Context,
    partners: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Partners; none: all.")
    ] = None,
    flow: Annotated[
        list[str] | None, typer.Option(help="A dataflow (AGENCY:ID); may be repeated. None: all.")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Ask for everything, whether it changed or not.")
    ] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Pull the partners' dataflows and release what is new. Exit 3 where a partner failed."""
    as_json = wants_json(context, json)
    progress = error_console()

    def tell(step: Progress) -> None:
        if step.stage is Stage.FINISHED and step.outcome is not None and not as_json:
            progress.print(_line(step.outcome))

    with store_of(context, home) as store:
        report = harvest_into(store, partners or [], flow or [], full=full, progress=tell)
    if as_json:
        print_json(_harvest_json(report))
    else:
        released = sum(1 for outcome in report.outcomes if outcome.reason.value == "RELEASED")
        for skipped in report.skipped:
            progress.print(f"{skipped.partner} {skipped.flow}: skipped, {skipped.why}")
        console().print(
            f"{released} flow{'s' * (released != 1)} with news, {len(report.failures)} failed, "
            f"{report.wire_bytes:,} bytes received"
        )
    if report.failures:
        names = ", ".join(sorted({outcome.partner for outcome in report.failures}))
        raise PartnerUnavailable(
            f"the harvest of {names} did not succeed; see 'corridor partner show ID'"
        )


def derive_command(
    context: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only report what would happen.")
    ] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Derive emigrants and asymmetries from what the node holds."""
    with store_of(context, home) as store:
        derived = derive(store, dry_run=dry_run)
    if wants_json(context, json):
        print_json(_derivation_json(derived))
        return
    for report in derived.reports:
        show_report(console(), report)


def _line(outcome: FlowOutcome) -> str:
    flow = outcome.flow or "node document"
    counts = "" if outcome.counts.is_empty else f" ({describe(outcome.counts)})"
    note = f": {outcome.note}" if outcome.note else ""
    return f"{outcome.partner} {flow}: {outcome.reason}{counts}{note}"


def _harvest_json(report: HarvestReport) -> dict[str, object]:
    return {
        "wire_bytes": report.wire_bytes,
        "outcomes": [
            {
                "partner": outcome.partner,
                "flow": outcome.flow,
                "attempt": outcome.attempt,
                "reason": outcome.reason.value,
                "note": outcome.note,
                "release": outcome.release,
                "counts": describe(outcome.counts),
            }
            for outcome in report.outcomes
        ],
        "skipped": [[one.partner, one.flow, one.why] for one in report.skipped],
    }


def _derivation_json(derived: Derivation) -> dict[str, object]:
    return {
        "inputs": [{"flow": str(r.flow), "release": r.id} for r in derived.inputs],
        "reports": [report_json(report) for report in derived.reports],
    }
