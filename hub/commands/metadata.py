"""`metadata load|list`: what providers tell about their figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.findings import show_findings
from hub.commands.showing import console, print_json, print_rows
from hub.errors import NotFound
from hub.formats.limits import limits_of
from hub.formats.metadata import METADATA_LIMITS, read
from hub.publish.metadata import load
from hub.store.metadata_sets import metadata_shelf


def metadata_load(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="A metadata message: SDMX-ML, SDMX-JSON or SDMX-CSV.")
    ],
    home: Home = None,
    json: Json = False,
) -> None:
    """Load the metadata sets of a message; all of them, or none."""
    if not file.is_file():
        raise NotFound(f"there is no file {file}")
    with store_of(context, home) as store:
        limits = limits_of(store.settings)
        size = min(limits.bytes, METADATA_LIMITS.bytes)
        loaded = load(store, read(file, limits=replace(limits, bytes=size)))
    if wants_json(context, json):
        sets = [{"set": str(ref), "outcome": outcome.value} for ref, outcome in loaded.outcomes]
        print_json({"sets": sets, "findings": loaded.findings})
        return
    show_findings(console(), loaded.findings)
    for reference, outcome in loaded.outcomes:
        console().print(f"{reference}: {outcome.value}")
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
