"""`purge`: what must not exist is removed from everywhere, and a stub stays."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.showing import console, print_json, printable
from hub.commands.submitting import flow_of
from hub.errors import BadRequest
from hub.publish.purge import parse_cell, purge_cells, purge_release
from hub.store import flow_name
from hub.store.actors import system_user
from hub.store.purges import Purge


def purge_command(
    context: typer.Context,
    flow: Annotated[str, typer.Argument(help="The dataflow.", show_default=False)],
    reason: Annotated[
        str, typer.Option(help="Why; it stays in the audit trail.", show_default=False)
    ],
    cell: Annotated[
        list[str] | None,
        typer.Option(
            help="A value for each dimension, time last, * for any: A.SWE.FB.BIRTH.POL.*.*.PS.2020."
            " May be repeated.",
            show_default=False,
        ),
    ] = None,
    release: Annotated[
        str, typer.Option(help="The id of a release, or its first signs.", show_default=False)
    ] = "",
    by: Annotated[
        str, typer.Option(help="Who decided it (default: the system's user).", show_default=False)
    ] = "",
    home: Home = None,
    json: Json = False,
) -> None:
    """Remove cells, or a release, from lake, history, archive, indexes and rendered answers."""
    if bool(cell) == bool(release):
        raise BadRequest("name what to purge: one or more --cell, or a --release")
    who = by or system_user().id
    with store_of(context, home) as store:
        schema = store.schema(flow_of(flow, store.structures))
        if release:
            done = purge_release(store, schema, release, reason, who)
        else:
            cells = tuple(parse_cell(one, schema) for one in cell or ())
            name = flow_name(schema.context)
            purge = Purge(flow=name, cells=cells, reason=reason, by=who)
            done = purge_cells(store, schema, purge)
    if wants_json(context, json):
        print_json({"id": done.id, "flow": done.flow, "by": done.by, "reason": done.reason})
        return
    console().print(
        printable(
            f"{done.flow}: purged, as {done.id}\n"
            "make the backup anew, derive again, and tell partners who harvested it"
        )
    )
