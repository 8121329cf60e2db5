"""`structures load|list`: structural metadata comes in, and what there is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.showing import console, print_json, print_rows, printable
from hub.errors import Finding, NotFound
from hub.formats.structure import read


def structures_load(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A structure message: SDMX-ML or SDMX-JSON.")],
    home: Home = None,
    json: Json = False,
) -> None:
    """Load the artefacts of a structure message; all of them, or none."""
    if not file.is_file():
        raise NotFound(f"there is no file {file}")
    left_out: list[Finding] = []
    with store_of(context, home) as store:
        added, same = store.load_structures(read(file, on_skip=left_out.append))
    if wants_json(context, json):
        references = [finding.message for finding in left_out]
        print_json({"added": added, "same": same, "left_out": references})
        return
    for finding in left_out:
        console().print(printable(finding.message))
    console().print(f"{added} artefact{'s' * (added != 1)} loaded, {same} there already")


def structures_list(context: typer.Context, home: Home = None, json: Json = False) -> None:
    """List the artefacts the node knows."""
    with store_of(context, home) as store:
        rows = [
            {
                "class": artefact.artefact_class.value,
                "artefact": str(artefact.reference),
                "name": artefact.name.best(),
            }
            for artefact in store.structures
        ]
    if wants_json(context, json):
        print_json(rows)
        return
    print_rows(rows, title="structures", empty="no structures")
