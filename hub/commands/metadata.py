"""`metadata load|list|export`: what providers tell about their figures."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.findings import show_findings
from hub.commands.showing import console, print_json, print_rows
from hub.errors import BadRequest, NotFound
from hub.formats.limits import limits_of
from hub.formats.message import Header
from hub.formats.metadata import METADATA_LIMITS, read, write
from hub.formats.metadata.form import META_CSV_21, META_JSON_21, META_ML_31
from hub.publish.metadata import load
from hub.store.metadata_reading import open_sets
from hub.store.metadata_sets import metadata_shelf

#: The newest version of each family, by the ending of a file.
_FORMS = {".json": META_JSON_21, ".xml": META_ML_31, ".csv": META_CSV_21}


def metadata_load(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="A metadata message: SDMX-ML, SDMX-JSON or SDMX-CSV.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only report.")] = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Load the metadata sets of a message; all of them, or none."""
    if not file.is_file():
        raise NotFound(f"there is no file {file}")
    with store_of(context, home) as store:
        limits = limits_of(store.settings)
        size = min(limits.bytes, METADATA_LIMITS.bytes)
        loaded = load(store, read(file, limits=replace(limits, bytes=size)), dry_run=dry_run)
    if wants_json(context, json):
        sets = [{"set": str(ref), "outcome": outcome.value} for ref, outcome in loaded.outcomes]
        findings = [asdict(finding) for finding in loaded.findings]
        print_json({"sets": sets, "findings": findings, "dry_run": dry_run})
        return
    show_findings(console(), loaded.findings)
    for reference, outcome in loaded.outcomes:
        would = "would be " if dry_run else ""
        console().print(f"{reference}: {would}{outcome.value}")
    if not loaded.outcomes:
        console().print("the message has no metadata sets")


def metadata_list(context: typer.Context, home: Home = None, json: Json = False) -> None:
    """List the metadata sets the node holds."""
    with store_of(context, home) as store:
        rows = [
            {
                "set": str(entry.reference),
                "for": str(entry.context),
                "about": [urn.partition("=")[2] for urn in entry.targets],
                "name": entry.name.best(),
                "loaded": entry.loaded,
            }
            for entry in metadata_shelf(store).entries
        ]
    if wants_json(context, json):
        print_json(rows)
        return
    shown = [{**row, "about": ", ".join(row["about"])} for row in rows]  # type: ignore[arg-type]
    print_rows(shown, title="metadata sets", empty="no metadata sets")


def metadata_export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to: a .json, .xml or .csv file.")],
    home: Home = None,
    json: Json = False,
) -> None:
    """Write all metadata sets of the node as a message; the name of the file says in which form."""
    form = _FORMS.get(file.suffix.lower())
    if form is None:
        raise BadRequest(f"{file.name} says no form: end it in {', '.join(_FORMS)}")
    with store_of(context, home) as store:
        shelf, structures = metadata_shelf(store), store.structures
        if not shelf.entries:
            raise NotFound("there are no metadata sets on this node")
        header = Header(
            id="METADATA",
            prepared=shelf.changed or store.present(),
            sender=store.settings.node,
            sender_name=store.settings.name,
        )
        part = file.with_name(f"{file.name}.part")
        with part.open("wb") as target:
            target.writelines(write(header, open_sets(store, shelf.entries, structures), form))
        part.replace(file)
    if wants_json(context, json):
        print_json({"file": str(file), "sets": len(shelf.entries)})
        return
    count = len(shelf.entries)
    console().print(f"{count} metadata set{'s' * (count != 1)} written to {file} as {form}")
