"""`partner`, `harvest`, `derive`: figures come in from partners, and what they say together."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from connectors.registry import CORRIDOR, PROFILES
from federation.choice import CataloguedOffers, Choice
from federation.derivation import Derivation, derive
from federation.exchange.node import add_maker_to
from federation.harvest import FlowOutcome, HarvestReport, Progress, Stage
from federation.harvest.catalogued import CataloguedAttempts
from federation.harvest.node import add_partner_to, add_service_to, harvest_into
from federation.partners import FinishReason, Partner
from federation.partners.catalogued import CataloguedPartners
from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.failing import fail
from hub.commands.findings import describe, report_json, show_findings, show_report
from hub.commands.foreign import service_meant
from hub.commands.scheduling import Every, interval_of
from hub.commands.showing import console, error_console, print_json, print_rows, printable
from hub.commands.submitting import DryRun
from hub.errors import PartnerUnavailable
from hub.formats.limits import limits_of
from hub.logs import without_secrets
from hub.store.schedule import set_every

PartnerId = Annotated[str, typer.Argument(metavar="ID", help="The partner's node id.")]


def partner_add(
    context: typer.Context,
    areas: Annotated[
        str, typer.Option(help="The areas it may speak for, as ISO 3166-1 alpha-3, by commas.")
    ],
    url: Annotated[
        str,
        typer.Argument(
            metavar="[URL]",
            help="Where it is, for example https://sdmx.scb.se, or a bundle it exported; not "
            "needed with --source.",
        ),
    ] = "",
    source: Annotated[
        str,
        typer.Option(
            help="A service of the catalogue of known services, for example ESTAT, OECD, ISTAT.",
            show_default=False,
        ),
    ] = "",
    profile: Annotated[
        str,
        typer.Option(
            help=f"What kind of service it is: {', '.join(sorted(PROFILES))}. "
            "Without it, another Corridor node, or what --source says.",
            show_default=False,
        ),
    ] = "",
    id_: Annotated[
        str,
        typer.Option("--id", help="What a foreign service is called here.", show_default=False),
    ] = "",
    every: Every = "",
    home: Home = None,
    json: Json = False,
) -> None:
    """Add a partner, with the areas it may speak for: another node, or a foreign SDMX service."""
    service = service_meant(url, source, profile, id_)
    if service is None and not url:
        raise typer.BadParameter("name the URL of a node, or --source with a known service")
    interval = interval_of(every)
    with store_of(context, home) as store:
        if service is not None:
            added = add_service_to(store, service, areas.split(","))
        elif Path(url).is_file():
            limits = limits_of(store.settings)
            added = add_maker_to(store, Path(url), areas.split(","), limits)
        else:
            added = add_partner_to(store, url, areas.split(","))
        if interval is not None:
            set_every(store.catalogue, added.partner.id, interval)
    partner = added.partner
    if wants_json(context, json):
        print_json(_about(partner) | {"findings": [asdict(each) for each in added.warnings]})
        return
    show_findings(error_console(), added.warnings)
    spoken = ", ".join(partner.areas)
    kind = "" if partner.profile == CORRIDOR else f", read as {partner.profile}"
    console().print(
        printable(f"partner {partner.id} ({partner.name}{kind}) may speak for {spoken}")
    )


def partner_list(context: typer.Context, home: Home = None, json: Json = False) -> None:
    """List the partners."""
    with store_of(context, home) as store:
        partners = CataloguedPartners(store.catalogue).list()
    rows = [_about(partner) for partner in partners]
    if wants_json(context, json):
        print_json(rows)
        return
    empty = "no partner yet: add one with 'corridor partner add URL --areas SWE'"
    print_rows(rows, title="partners", empty=empty)


def partner_show(
    context: typer.Context, partner: PartnerId, home: Home = None, json: Json = False
) -> None:
    """Show a partner, its last attempts, and whether what it offers is taken from it."""
    with store_of(context, home) as store:
        found = CataloguedPartners(store.catalogue).get(partner)
        attempts = CataloguedAttempts(store.catalogue).list(partner, limit=20)
        offered = [_offered(*one) for one in CataloguedOffers(store).of_partner(partner)]
    rows = [
        {
            "attempt": str(attempt.id),
            "flow": attempt.flow or "(node document)",
            "opened": attempt.opened,
            "reason": attempt.reason.value if attempt.reason else "open",
            "note": attempt.note,
        }
        for attempt in attempts
    ]
    if wants_json(context, json):
        print_json(_about(found) | {"attempts": rows, "offers": offered})
        return
    spoken = ", ".join(found.areas)
    kind = f"{found.url}, profile {found.profile}"
    console().print(printable(f"{found.id}: {found.name}, {kind}; may speak for {spoken}"))
    print_rows(rows, title="last attempts", empty="not harvested yet: run 'corridor harvest'")
    if offered:
        shown = [
            {**row, "taken": "yes" if row["taken"] else "no", "path": " > ".join(row["path"])}
            for row in offered
        ]
        left = ("release", "digest")
        print_rows(
            [{name: cell for name, cell in row.items() if name not in left} for row in shown],
            title="what it offers, and whether it is taken",
            empty="",
        )


def _offered(flow: str, choice: Choice) -> dict[str, Any]:
    """What a partner offers of an area, and what became of it."""
    descent = choice.candidate.descent
    return {
        "flow": flow,
        "area": choice.candidate.area,
        "origin": descent.origin,
        "path": [*descent.path, choice.candidate.partner.id],
        "hops": choice.candidate.hops,
        "updated": descent.updated,
        "release": descent.release,
        "digest": descent.digest,
        "taken": choice.is_chosen,
        "why": choice.why,
    }


def partner_remove(
    context: typer.Context, partner: PartnerId, home: Home = None, json: Json = False
) -> None:
    """Forget a partner; what was released from it stays."""
    with store_of(context, home) as store:
        CataloguedPartners(store.catalogue).remove(partner)
    if wants_json(context, json):
        print_json({"removed": partner})
        return
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
    patient: Annotated[
        bool, typer.Option("--patient", help="Leave alone for a while what failed a while ago.")
    ] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Pull the partners' dataflows and release what is new. Exit 3 where a partner failed."""
    as_json = wants_json(context, json)
    progress = error_console()

    def tell(step: Progress) -> None:
        if step.stage is Stage.FINISHED and step.outcome is not None and not as_json:
            progress.print(printable(without_secrets(_line(step.outcome))))

    with store_of(context, home) as store:
        report = harvest_into(
            store, partners or [], flow or [], full=full, patient=patient, progress=tell
        )
    if not as_json:
        _show_harvest(report)
    if report.failures:
        names = ", ".join(sorted({outcome.partner for outcome in report.failures}))
        error = PartnerUnavailable(
            f"the harvest of {names} did not succeed; see 'corridor partner show ID'"
        )
        fail(error, as_json=as_json, answer=_harvest_json(report))
    if as_json:
        print_json(_harvest_json(report))


def _show_harvest(report: HarvestReport) -> None:
    progress = error_console()
    for skipped in report.skipped:
        what = f"{skipped.partner} {skipped.flow or 'node document'}"
        progress.print(printable(f"{what}: skipped, {skipped.why}"))
    for outcome in report.outcomes:
        show_findings(progress, outcome.findings)
    if not report.outcomes and not report.skipped:
        console().print(
            "no partner to harvest: add one with 'corridor partner add URL --areas SWE'"
        )
        return
    released = sum(outcome.reason is FinishReason.RELEASED for outcome in report.outcomes)
    held = f", {len(report.held)} held for you to look at" if report.held else ""
    console().print(
        f"{released} flow{'s' * (released != 1)} with news{held}, {len(report.failures)} failed, "
        f"{report.wire_bytes:,} bytes received"
    )


def derive_command(
    context: typer.Context,
    dry_run: DryRun = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Derive emigrants and asymmetries from what the node holds."""
    with store_of(context, home) as store:
        derived = derive(store, dry_run=dry_run)
    if wants_json(context, json):
        print_json(_derivation_json(derived))
        return
    if not derived.inputs:
        console().print("there is nothing to derive from: publish or harvest figures first")
        return
    for report in derived.reports:
        show_report(console(), report)


def _line(outcome: FlowOutcome) -> str:
    flow = outcome.flow or "node document"
    counts = "" if outcome.counts.is_empty else f" ({describe(outcome.counts)})"
    note = f": {outcome.note}" if outcome.note else ""
    return f"{outcome.partner} {flow}: {outcome.reason}{counts}{note}"


def _about(partner: Partner) -> dict[str, Any]:
    return {
        "id": partner.id,
        "name": partner.name,
        "areas": list(partner.areas),
        "url": partner.url,
        "profile": partner.profile,
    }


def _harvest_json(report: HarvestReport) -> dict[str, Any]:
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
                "counts": asdict(outcome.counts),
                "wire_bytes": outcome.wire_bytes,
                "findings": [asdict(finding) for finding in outcome.findings],
            }
            for outcome in report.outcomes
        ],
        "skipped": [asdict(skipped) for skipped in report.skipped],
    }


def _derivation_json(derived: Derivation) -> dict[str, Any]:
    return {
        "inputs": [{"flow": str(r.flow), "release": r.id} for r in derived.inputs],
        "reports": [report_json(report) for report in derived.reports],
    }
