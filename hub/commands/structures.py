"""`structures load|list`: structural metadata comes in, and what there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from dsd import shared_structures
from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.showing import console, print_json, print_rows, printable
from hub.errors import Finding, NotFound, Severity
from hub.formats.structure import read
from hub.model import AgencyScheme, Maintainable


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
    given = list(_without_agencies(read(file, on_skip=left_out.append), left_out.append))
    with store_of(context, home) as store:
        added, same = store.load_structures(given)
    if wants_json(context, json):
        references = [finding.message for finding in left_out]
        print_json({"added": added, "same": same, "left_out": references})
        return
    for finding in left_out:
        console().print(printable(finding.message))
    console().print(f"{added} artefact{'s' * (added != 1)} loaded, {same} there already")


def _without_agencies(
    given: Iterable[Maintainable], on_skip: Callable[[Finding], None]
) -> Iterator[Maintainable]:
    """Leave out the list of all agencies: each registry has another, under one id and version."""
    for artefact in given:
        own = shared_structures().find(artefact.reference)
        if isinstance(artefact, AgencyScheme) and own is not None and own != artefact:
            message = f"AgencyScheme {artefact.reference} was left out: this node keeps its own"
            on_skip(Finding(rule="agencies", message=message, severity=Severity.INFORMATION))
            continue
        yield artefact


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
