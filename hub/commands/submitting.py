"""What `check` and `publish` take: a dataflow named, a file read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from connectors.national import read_mapping, read_table
from connectors.sdmx import profiles, through_profile
from hub.errors import Finding, Invalid, NotFound
from hub.formats.limits import Limits
from hub.formats.message import RawData
from hub.formats.reading import read_data
from hub.model import ArtefactClass, Reference, Structures, parse_reference
from hub.publish.suggest import nearest

Flow = Annotated[
    str,
    typer.Argument(
        metavar="FLOW",
        help="The dataflow, as MIGX:DF_STOCK_BIRTH or MIGX:DF_STOCK_BIRTH(1.0.0).",
    ),
]
File = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FILE]",
        help="SDMX-CSV, SDMX-JSON, SDMX-ML, Parquet, Arrow; with --map, CSV or XLSX, or none "
        "where the mapping has a query.",
        show_default=False,
    ),
]
Map = Annotated[
    Path | None,
    typer.Option("--map", help="How a national table becomes the shared structure (TOML)."),
]
Profile = Annotated[
    str,
    typer.Option(
        "--profile",
        help="The file comes from a foreign service: take it through the structure maps of its "
        f"profile ({', '.join(profiles())}).",
        show_default=False,
    ),
]
ReplaceSlice = Annotated[
    bool,
    typer.Option(
        "--replace-slice",
        help="The file is complete for the areas in it: what is absent is withdrawn.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only report what would happen.")]
Embargo = Annotated[
    str,
    typer.Option(
        help="Hold it back until an instant, for example 2026-12-01T09:00:00+01:00.",
        show_default=False,
    ),
]
Source = Annotated[
    str,
    typer.Option(
        help="Who stands behind the figures, where it is not the node itself "
        "(a compilation, for example UNDESA).",
        show_default=False,
    ),
]
All = Annotated[bool, typer.Option("--all", help="Show every warning and note, not the first few.")]
Html = Annotated[
    Path | None,
    typer.Option("--html", help="Write what was found to a page too, to mend the file by."),
]


def flow_of(text: str, structures: Structures) -> Reference:
    """The dataflow a text names; without a version, the latest.

    Raises BadRequest where it names none, NotFound where there is no such flow.
    """
    asked = parse_reference(text, ArtefactClass.DATAFLOW, default_version="~")
    found = structures.find(asked)
    if found is not None:
        return found.reference
    flows = structures.of_class(ArtefactClass.DATAFLOW)
    known = sorted({f"{flow.agency}:{flow.id}" for flow in flows})
    near = nearest(f"{asked.agency}:{asked.id}", known)
    hint = f"did you mean {near}? " if near else ""
    raise NotFound(
        f"there is no dataflow {text} here; {hint}Known are {', '.join(known) or 'none'}"
    )


_NOTHING = "name a FILE, or with --map a mapping that has a query"


def needs_input(file: Path | None, map_: Path | None, profile: str = "") -> None:
    """End the command as wrong (exit 2) where it names nothing to read, or two ways to read it."""
    if map_ is not None and profile:
        raise typer.BadParameter("--map is for national tables, --profile for SDMX: give one")
    if file is None and map_ is None:
        raise typer.BadParameter(_NOTHING)


def read_file(
    file: Path | None,
    map_: Path | None,
    structures: Structures,
    limits: Limits,
    *,
    profile: str = "",
    flow: Reference | None = None,
) -> RawData:
    """Read a submission: an SDMX data message, or a national table with its mapping.

    With a `profile`, the message is one of a foreign service and becomes data of `flow`. Raises
    Invalid where it holds no observation: an export that failed would pass for done. Ends the
    command as wrong where there is neither a file nor a mapping.
    """
    for given in (file, map_):
        if given is not None and not given.is_file():
            what = "a folder, not a file" if given.is_dir() else "not there"
            raise NotFound(f"{given} is {what}: name a file to read")
    if map_ is not None:
        return _filled(read_table(file, read_mapping(map_), structures, limits=limits))
    if file is None:
        raise typer.BadParameter(_NOTHING)
    raw = _filled(read_data(file, structures, limits=limits))
    if not profile or flow is None:
        return raw
    return _filled(through_profile(raw, profile, flow, structures))


def _filled(raw: RawData) -> RawData:
    if not raw.table.num_rows:
        message = "there is a header and no observation below it: export the table again"
        finding = Finding(rule="no-observations", message=message, file=raw.source)
        raise Invalid(f"{raw.source}: {message}", [finding, *raw.findings])
    return raw
