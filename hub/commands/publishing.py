"""`check`, `publish`, `release list|show`: figures go in, and what became of them."""

from __future__ import annotations

import re
from dataclasses import asdict
from itertools import groupby

import typer

from dsd import shared_structures
from federation.partners.catalogued import CataloguedPartners
from hub.commands.context import Home, Json, common_of, store_of, wants_json
from hub.commands.findings import outcome_of, report_json, show_findings, show_report
from hub.commands.instants import instant_of
from hub.commands.page import telling_html
from hub.commands.showing import console, print_json, print_rows
from hub.commands.submitting import (
    All,
    DryRun,
    Embargo,
    File,
    Flow,
    Html,
    Map,
    ReplaceSlice,
    Source,
    flow_of,
    needs_input,
    read_file,
)
from hub.errors import BadRequest, Conflict, Forbidden
from hub.formats.limits import Limits, limits_of
from hub.formats.message import RawData
from hub.model import DeltaCounts, Origin, Schema, resolve
from hub.publish import Submission, Thresholds, publish, thresholds_of, validate
from hub.settings import Settings
from hub.store import Store

_SOURCE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,49}")
_MOST_FINDINGS: int = Settings.model_fields["max_findings"].default


def publish_command(
    context: typer.Context,
    flow: Flow,
    file: File = None,
    map_: Map = None,
    replace_slice: ReplaceSlice = False,
    dry_run: DryRun = False,
    embargo: Embargo = "",
    source: Source = "",
    all_: All = False,
    html: Html = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Publish a file: validate it, compare it, release what is new."""
    needs_input(file, map_)
    with store_of(context, home) as store:
        reference = flow_of(flow, store.structures)
        _refuse_derived(store.schema(reference))
        until = instant_of(embargo, "--embargo") if embargo else None
        with telling_html(html, reference, file or map_) as page:
            raw = read_file(file, map_, store.structures, limits_of(store.settings))
            submission = _submission(store, raw, source, replace_slice)
            report = publish(store, reference, submission, visible_from=until, dry_run=dry_run)
            page.found(report.findings, outcome_of(report))
    if wants_json(context, json):
        print_json(report_json(report))
    else:
        show_report(console(), report, all_=all_)


def check(
    context: typer.Context,
    flow: Flow,
    file: File = None,
    map_: Map = None,
    all_: All = False,
    html: Html = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Validate a file as `publish` would, without a node's data.

    Where a home is named, its settings and the structures loaded into it count too.
    """
    needs_input(file, map_)
    if home or common_of(context).home:
        with store_of(context, home) as store:
            structures, limits = store.structures, limits_of(store.settings)
            most, thresholds = store.settings.max_findings, thresholds_of(store.settings)
    else:
        structures, limits, most = shared_structures(), Limits(), _MOST_FINDINGS
        thresholds = Thresholds()
    schema = resolve(flow_of(flow, structures), structures)
    with telling_html(html, schema.context, file or map_) as page:
        raw = read_file(file, map_, structures, limits)
        checked = validate(raw, schema, most, thresholds=thresholds)
        page.found(checked.findings, "no error")
    rows = checked.table.num_rows
    if wants_json(context, json):
        findings = [asdict(finding) for finding in checked.findings]
        print_json({"flow": str(schema.context), "observations": rows, "findings": findings})
        return
    show_findings(console(), checked.findings, all_=all_)
    console().print(f"{file or map_}: {rows:,} observation{'s' * (rows != 1)}, no error")


def release_list(context: typer.Context, flow: Flow, home: Home = None, json: Json = False) -> None:
    """List the releases of a dataflow, the newest first."""
    with store_of(context, home) as store:
        reference = flow_of(flow, store.structures)
        versions, since = store.history(reference), store.history_since(reference)
    together = [list(group) for _, group in groupby(versions, lambda version: version.committed)]
    rows = [
        {
            "committed": group[0].committed,
            "visible_from": group[0].visible_from,
            "sources": sorted({version.source for version in group}),
            "slices": len(group),
            **asdict(sum((version.counts for version in group), start=DeltaCounts())),
            "note": _note(group[0].origin),
        }
        for group in together
    ]
    if wants_json(context, json):
        print_json(rows)
        return
    told = "" if since is None else f", complete from {since:%Y-%m-%d %H:%M:%SZ}"
    print_rows(rows, title=f"releases of {flow}{told}", empty=f"{flow}: nothing is published yet")


def release_show(context: typer.Context, flow: Flow, home: Home = None, json: Json = False) -> None:
    """Show what readers get of a dataflow now: each slice and its source, and what is not used.

    Not used are other sources of a slice, and versions that are held back.
    """
    with store_of(context, home) as store:
        reference = flow_of(flow, store.structures)
        release = store.release(reference)
        newest = store.newest(reference)
    visible = release.slices if release else ()
    used = {version.id for version in visible}
    versions = {version.id: version for version in (*newest, *visible)}.values()
    rows = [
        {
            "slice": version.slice or "(whole flow)",
            "source": version.source,
            "kind": version.origin.kind,
            "used": version.id in used,
            "observations": version.rows,
            "visible_from": version.visible_from,
            "digest": version.digest,
            "note": _note(version.origin),
        }
        for version in sorted(versions, key=lambda v: (v.slice, v.source, -v.id))
    ]
    shown = release.id if release else None
    if wants_json(context, json):
        print_json({"flow": str(reference), "release": shown, "slices": rows})
        return
    title = f"{reference}, release {shown or 'none visible yet'}"
    print_rows(rows, title=title, empty=f"{reference}: nothing is published yet")


def _note(origin: Origin) -> str:
    """Which source was chosen for a release, and why; "" where none was."""
    detail = dict(origin.detail)
    return f"{detail['chosen']}: {detail['reason']}" if "chosen" in detail else ""


def _submission(store: Store, raw: RawData, source: str, replaces: bool) -> Submission:
    settings = store.settings
    if source and not _SOURCE.fullmatch(source):
        raise BadRequest(
            f"--source '{source}' is not an id: write a letter, then letters, digits, '_', '-' or "
            "'.', at most 50, for example UNDESA"
        )
    if any(partner.id == source for partner in CataloguedPartners(store.catalogue).list()):
        raise Conflict(
            f"{source} is a partner of this node, whose figures come by 'corridor harvest': "
            "give the compilation a --source of its own"
        )
    name = source or settings.node
    return Submission(
        raw=raw,
        source=name,
        origin=Origin(kind="submission", name=name, detail=(("file", raw.source),)),
        replaces=replaces,
        areas=None if "*" in settings.areas else frozenset(settings.areas),
    )


def _refuse_derived(schema: Schema) -> None:
    if schema.dataflow is not None and schema.dataflow.annotation("WRITTEN_BY") == "derive":
        raise Forbidden(f"{schema.context} is derived from other flows: run 'corridor derive'")
