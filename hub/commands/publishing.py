"""`publish`, `check`, `release list|show`: figures go in, and what became of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from connectors.national import read_mapping, read_table
from dsd import shared_structures
from hub.commands.context import Home, Json, console, print_json, store_of, wants_json
from hub.commands.findings import report_json, show_findings, show_report
from hub.errors import BadRequest, Forbidden, NotFound
from hub.formats.csv import read_csv
from hub.formats.message import Limits, RawData
from hub.model import ArtefactClass, Origin, Reference, Schema, Structures, parse_reference, resolve
from hub.publish import Submission, publish, validate
from hub.settings import Settings
from hub.store import Store

Flow = Annotated[
    str,
    typer.Argument(
        metavar="FLOW",
        help="The dataflow, as MIGX:DF_STOCK_BIRTH or MIGX:DF_STOCK_BIRTH(1.0.0).",
    ),
]
File = Annotated[
    Path, typer.Argument(metavar="FILE", help="SDMX-CSV 1.0 or 2.x; with --map, CSV or XLSX.")
]
Map = Annotated[
    Path | None,
    typer.Option("--map", help="How a national table becomes the shared structure (TOML)."),
]
All = Annotated[bool, typer.Option("--all", help="Show every note, not the first few.")]


def flow_of(text: str, structures: Structures) -> Reference:
    """The dataflow a text names; without a version, the latest. Raises NotFound."""
    asked = parse_reference(text, ArtefactClass.DATAFLOW, default_version="~")
    found = structures.find(asked)
    if found is None:
        flows = structures.of_class(ArtefactClass.DATAFLOW)
        known = ", ".join(f"{flow.agency}:{flow.id}" for flow in flows)
        raise NotFound(f"there is no dataflow {text} on this node; it knows {known}")
    return found.reference


def read_file(file: Path, map_: Path | None, structures: Structures, limits: Limits) -> RawData:
    """Read a submission: SDMX-CSV, or a national table with its mapping."""
    if not file.is_file():
        raise NotFound(f"there is no file {file}")
    if map_ is not None:
        return read_table(file, read_mapping(map_), structures, limits=limits)
    return read_csv(file, limits=limits)


def publish_command(
    context: typer.Context,
    flow: Flow,
    file: File,
    map_: Map = None,
    replace_slice: Annotated[
        bool,
        typer.Option(
            "--replace-slice",
            help="The file is complete for the areas in it: what is absent is withdrawn.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only report what would happen.")
    ] = False,
    embargo: Annotated[
        str,
        typer.Option(
            help="Hold it back until an instant, for example 2026-12-01T09:00:00+01:00.",
            show_default=False,
        ),
    ] = "",
    source: Annotated[
        str,
        typer.Option(
            help="Who stands behind the figures, where it is not the node itself "
            "(a compilation, for example UNDESA).",
            show_default=False,
        ),
    ] = "",
    all_: All = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Publish a file: validate it, compare it with what is there, release what is new."""
    with store_of(context, home) as store:
        reference = flow_of(flow, store.structures)
        _refuse_derived(store.schema(reference))
        raw = read_file(file, map_, store.structures, _limits(store.settings))
        report = publish(
            store,
            reference,
            _submission(store, raw, source or store.settings.node, replace_slice),
            visible_from=_instant(embargo) if embargo else None,
            dry_run=dry_run,
        )
    if wants_json(context, json):
        print_json(report_json(report))
    else:
        show_report(console(), report, all_=all_)


def check(
    context: typer.Context,
    flow: Flow,
    file: File,
    map_: Map = None,
    all_: All = False,
    json: Json = False,
) -> None:
    """Validate a file as `publish` would, without a node."""
    structures = shared_structures()
    schema = resolve(flow_of(flow, structures), structures)
    checked = validate(read_file(file, map_, structures, Limits()), schema)
    if wants_json(context, json):
        findings = [str(finding) for finding in checked.findings]
        print_json({"rows": checked.table.num_rows, "findings": findings})
        return
    show_findings(console(), checked.findings, all_=all_)
    console().print(f"{file}: {checked.table.num_rows:,} observations, no error")


def release_list(context: typer.Context, flow: Flow, home: Home = None, json: Json = False) -> None:
    """List the releases of a dataflow, the newest first."""
    with store_of(context, home) as store:
        versions = store.history(flow_of(flow, store.structures))
    instants: dict[datetime, list[int]] = {}
    for index, version in enumerate(versions):
        instants.setdefault(version.committed, []).append(index)
    rows = [
        {
            "committed": committed.isoformat(),
            "visible_from": versions[indexes[0]].visible_from.isoformat(),
            "sources": sorted({versions[index].source for index in indexes}),
            "slices": len(indexes),
            "added": sum(versions[index].counts.added for index in indexes),
            "revised": sum(versions[index].counts.revised for index in indexes),
            "withdrawn": sum(versions[index].counts.withdrawn for index in indexes),
        }
        for committed, indexes in instants.items()
    ]
    if wants_json(context, json):
        print_json(rows)
        return
    table = Table(title=f"releases of {flow}")
    for heading in rows[0] if rows else ():
        table.add_column(heading.replace("_", " "))
    for row in rows:
        table.add_row(*(", ".join(v) if isinstance(v, list) else str(v) for v in row.values()))
    console().print(table if rows else "nothing is published yet")


def release_show(context: typer.Context, flow: Flow, home: Home = None, json: Json = False) -> None:
    """Show what a dataflow holds now: each slice, its source, and the sources not used."""
    with store_of(context, home) as store:
        reference = flow_of(flow, store.structures)
        release = store.release(reference)
        newest = store.newest(reference)
    active = {version.id for version in release.slices} if release else set()
    rows = [
        {
            "slice": version.slice or "(whole flow)",
            "source": version.source,
            "kind": version.origin.kind,
            "active": version.id in active,
            "observations": version.rows,
            "visible_from": version.visible_from.isoformat(),
            "digest": version.digest,
        }
        for version in sorted(newest, key=lambda version: (version.slice, version.source))
    ]
    if wants_json(context, json):
        shown = release.id if release else None
        print_json({"flow": str(reference), "release": shown, "slices": rows})
        return
    table = Table(title=f"{reference}, release {release.id if release else 'none'}")
    for heading in ("slice", "source", "kind", "active", "observations", "visible from", "digest"):
        table.add_column(heading)
    for row in rows:
        table.add_row(*(str(value)[:32] for value in row.values()))
    console().print(table if rows else "nothing is published yet")


def _submission(store: Store, raw: RawData, source: str, replaces: bool) -> Submission:
    settings = store.settings
    return Submission(
        raw=raw,
        source=source,
        origin=Origin(kind="submission", name=source, detail=(("file", raw.source),)),
        replaces=replaces,
        areas=None if "*" in settings.areas else frozenset(settings.areas),
    )


def _refuse_derived(schema: Schema) -> None:
    if schema.dataflow is not None and schema.dataflow.annotation("WRITTEN_BY") == "derive":
        raise Forbidden(f"{schema.context} is derived from other flows: run 'corridor derive'")


def _limits(settings: Settings) -> Limits:
    return Limits(bytes=settings.max_submission_bytes, line_bytes=settings.max_line_bytes)


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRequest(
            f"--embargo '{text}' is not an instant: write it like 2026-12-01T09:00:00+01:00"
        ) from error
    if instant.tzinfo is None:
        raise BadRequest(f"--embargo '{text}' has no zone: add one, for example +01:00 or Z")
    return instant.astimezone(UTC)
