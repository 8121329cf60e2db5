"""`structures load|list|export`: structural metadata goes in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from hub.commands.context import Home, Json, console, print_json, store_of, wants_json
from hub.errors import NotFound
from hub.formats.message import Limits
from hub.formats.structure import read


def structures_load(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A structure message: SDMX-ML or SDMX-JSON.")],
    home: Home = None,
) -> None:
    """Load the artefacts of a structure message; all of them, or none."""
    if not file.is_file():
        raise NotFound(f"there is no file {file}")
    artefacts = read(file, limits=Limits())
    with store_of(context, home) as store:
        added, same = store.load_structures(artefacts)
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
    table = Table(title="structures")
    for heading in ("class", "artefact", "name"):
        table.add_column(heading)
    for row in rows:
        table.add_row(*row.values())
    console().print(table)
