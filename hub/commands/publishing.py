"""`check`, `publish`: figures go in."""

from __future__ import annotations

import re
from dataclasses import asdict

import typer

from dsd import shared_structures
from federation.partners.catalogued import CataloguedPartners
from hub.commands.context import Home, Json, common_of, store_of, wants_json
from hub.commands.findings import outcome_of, report_json, show_findings, show_report
from hub.commands.handing_in import HandedIn, released_or_waiting
from hub.commands.identity import Key, Note, actor_of
from hub.commands.instants import instant_of
from hub.commands.page import telling_html
from hub.commands.showing import console, print_json
from hub.commands.submitting import (
    All,
    DryRun,
    Embargo,
    File,
    Flow,
    Html,
    Map,
    Profile,
    ReplaceSlice,
    Source,
    flow_of,
    needs_input,
    read_file,
)
from hub.errors import BadRequest, Conflict, Forbidden
from hub.formats.limits import Limits, limits_of
from hub.formats.message import RawData
from hub.model import Origin, Schema, resolve
from hub.publish import Submission, Thresholds, thresholds_of, validate
from hub.settings import Settings
from hub.store import Store
from hub.store.keys import Right

_SOURCE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,49}")
_MOST_FINDINGS: int = Settings.model_fields["max_findings"].default


def publish_command(
    context: typer.Context,
    flow: Flow,
    file: File = None,
    map_: Map = None,
    profile: Profile = "",
    replace_slice: ReplaceSlice = False,
    dry_run: DryRun = False,
    embargo: Embargo = "",
    source: Source = "",
    note: Note = "",
    key: Key = "",
    all_: All = False,
    html: Html = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Publish a file: validate it, compare it, release what is new.

    Where the setting four_eyes is on, it waits for the approval of a second key instead.
    """
    needs_input(file, map_, profile)
    with store_of(context, home) as store:
        reference = flow_of(flow, store.structures)
        _refuse_derived(store.schema(reference))
        until = instant_of(embargo, "--embargo") if embargo else None
        with telling_html(html, reference, file or map_) as page:
            limits = limits_of(store.settings)
            raw = read_file(file, map_, store.structures, limits, profile=profile, flow=reference)
            submission = _submission(store, raw, source, replace_slice)
            actor = actor_of(store, key, Right.PUBLISH)
            handed_in = HandedIn(actor, until, note, dry_run=dry_run)
            report = released_or_waiting(store, reference, submission, handed_in)
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
    profile: Profile = "",
    all_: All = False,
    html: Html = None,
    home: Home = None,
    json: Json = False,
) -> None:
    """Validate a file as `publish` would, without a node's data.

    Where a home is named, its settings and the structures loaded into it count too.
    """
    needs_input(file, map_, profile)
    if home or common_of(context).home:
        with store_of(context, home) as store:
            structures, limits = store.structures, limits_of(store.settings)
            most, thresholds = store.settings.max_findings, thresholds_of(store.settings)
    else:
        structures, limits, most = shared_structures(), Limits(), _MOST_FINDINGS
        thresholds = Thresholds()
    schema = resolve(flow_of(flow, structures), structures)
    with telling_html(html, schema.context, file or map_) as page:
        raw = read_file(file, map_, structures, limits, profile=profile, flow=schema.context)
        checked = validate(raw, schema, most, thresholds=thresholds)
        page.found(checked.findings, "no error")
    rows = checked.table.num_rows
    if wants_json(context, json):
        findings = [asdict(finding) for finding in checked.findings]
        print_json({"flow": str(schema.context), "observations": rows, "findings": findings})
        return
    show_findings(console(), checked.findings, all_=all_)
    console().print(f"{file or map_}: {rows:,} observation{'s' * (rows != 1)}, no error")


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
