"""`init`, `upgrade`, `status`: the node itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from codelists import reporting_areas
from federation.status import look
from hub.commands.context import DEFAULT_HOME, Home, Json, common_of, home_of, store_of, wants_json
from hub.commands.exchanging import show_exchange
from hub.commands.showing import console, print_json, print_rows
from hub.errors import BadRequest
from hub.settings import Role, load_settings
from hub.store import Catalogue, Lake, flow_name, init_home
from hub.store import upgrade as upgrade_catalogue
from hub.store.arrivals import take_in_arrivals

Areas = Annotated[
    str,
    typer.Option(
        help="The areas it may speak for, as ISO 3166-1 alpha-3, separated by commas. "
        "Default: a national node's id where it is such a code; '*' for a hub.",
        show_default=False,
    ),
]


def init(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Argument(
            help="The folder to make the node in (default: --home, CORRIDOR_HOME, "
            "./corridor-home).",
            show_default=False,
        ),
    ] = None,
    node: Annotated[
        str, typer.Option(help="The node's id, for example SWE or HUB.", show_default=False)
    ] = ...,  # type: ignore[assignment]
    name: Annotated[str, typer.Option(help="The node's name, for people.")] = "",
    role: Annotated[Role, typer.Option(help="What the node is for.")] = Role.NATIONAL,
    areas: Areas = "",
    licence: Annotated[str, typer.Option(help="Under which licence its data may be used.")] = "",
    contact: Annotated[str, typer.Option(help="Whom to write to about its data.")] = "",
    json: Json = False,
) -> None:
    """Make a new node."""
    folder = home or common_of(context).home or DEFAULT_HOME
    spoken = _spoken_areas(areas, node, role)
    given = {"node": node, "name": name or node, "role": role.value, "areas": spoken}
    settings = init_home(folder, given | {"licence": licence, "contact": contact})
    if wants_json(context, json):
        print_json({"node": settings.node, "role": role.value, "areas": spoken, "home": folder})
        return
    told = ", ".join(spoken) or "no area"
    console().print(
        f"node {settings.node} lives in {folder}; it speaks for {told}.\n"
        f"Publish with: corridor --home {folder} publish MIGX:DF_STOCK_BIRTH FILE\n"
        f"Serve with:   corridor --home {folder} serve"
    )


def _spoken_areas(given: str, node: str, role: Role) -> list[str]:
    """The areas a new node speaks for: those named, else what its role and id suggest."""
    spoken = [area.strip() for area in given.split(",") if area.strip()]
    known = reporting_areas()
    unknown = [area for area in spoken if area != "*" and area not in known]
    if unknown:
        raise BadRequest(
            f"{', '.join(unknown)}: no such reporting area; write ISO 3166-1 alpha-3 codes, "
            "for example --areas SWE"
        )
    if spoken or role is Role.OBSERVATORY:
        return spoken
    if role is Role.HUB:
        return ["*"]
    if node not in known:
        raise BadRequest(
            f"a national node speaks for an area, and {node} is not an area code: "
            "say which, for example --areas SWE"
        )
    return [node]


def upgrade(context: typer.Context, home: Home = None, json: Json = False) -> None:
    """Bring the catalogue to what this version of the program needs."""
    settings = load_settings(home_of(context, home))
    catalogue = Catalogue(settings.catalogue_url)
    try:
        upgrade_catalogue(catalogue)
        take_in_arrivals(catalogue, Lake(settings.lake_path))
    finally:
        catalogue.close()
    if wants_json(context, json):
        print_json({"node": settings.node, "upgraded": True})
        return
    console().print(f"the catalogue of {settings.node} is up to date")


def status(context: typer.Context, home: Home = None, json: Json = False) -> None:
    """Show what the node holds, and how the exchange with each partner stands."""
    with store_of(context, home) as store:
        settings, exchange = store.settings, look(store)
        rows = [
            {
                "flow": flow_name(flow.reference),
                "name": flow.name.best(),
                "slices": len(release.slices),
                "observations": release.rows,
                "visible_from": release.visible_from,
                "release": release.id,
            }
            for flow in store.flows()
            if (release := store.release(flow.reference)) is not None
        ]
    if wants_json(context, json):
        about = {"node": settings.node, "role": settings.role.value, "areas": settings.areas}
        print_json(about | {"flows": rows, "at": exchange.at, "partners": exchange.rows()})
        return
    title = f"{settings.node}, {settings.role.value} node"
    print_rows(rows, title=title, empty=f"{title}: nothing is published yet")
    show_exchange(exchange)
