"""`init`, `upgrade`, `status`: the node itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from codelists import reporting_areas
from hub.commands.context import (
    Home,
    Json,
    console,
    home_of,
    print_json,
    store_of,
    wants_json,
)
from hub.errors import BadRequest
from hub.settings import Role, load_settings
from hub.store import Catalogue, flow_name, init_home
from hub.store import upgrade as upgrade_catalogue


def init(
    home: Annotated[Path, typer.Argument(help="The folder to make the node in.")],
    node: Annotated[str, typer.Option(help="The node's id, for example SWE or HUB.")],
    name: Annotated[str, typer.Option(help="The node's name, for people.")] = "",
    role: Annotated[Role, typer.Option(help="What the node is for.")] = Role.NATIONAL,
    areas: Annotated[
        str,
        typer.Option(
            help="The areas it may speak for, as ISO 3166-1 alpha-3, separated by commas. "
            "Default: a national node's id where it is such a code; '*' for a hub.",
            show_default=False,
        ),
    ] = "",
    licence: Annotated[str, typer.Option(help="Under which licence its data may be used.")] = "",
    contact: Annotated[str, typer.Option(help="Whom to write to about its data.")] = "",
) -> None:
    """Make a new node."""
    spoken = [area.strip() for area in areas.split(",") if area.strip()]
    known = reporting_areas()
    if not spoken and role is Role.HUB:
        spoken = ["*"]
    if not spoken and role is Role.NATIONAL and node in known:
        spoken = [node]
    unknown = [area for area in spoken if area != "*" and area not in known]
    if unknown:
        raise BadRequest(
            f"{', '.join(unknown)}: no such reporting area; write ISO 3166-1 alpha-3 codes, "
            "for example --areas SWE"
        )
    if not spoken and role is Role.NATIONAL:
        raise BadRequest(
            f"a national node speaks for an area, and {node} is not an area code: "
            "say which, for example --areas SWE"
        )
    given = {"node": node, "name": name or node, "role": role.value, "areas": spoken}
    settings = init_home(home, given | {"licence": licence, "contact": contact})
    console().print(
        f"node {settings.node} lives in {home}; it speaks for {', '.join(spoken) or 'no area'}.\n"
        f"Publish with: corridor --home {home} publish MIGX:DF_STOCK_BIRTH FILE\n"
        f"Serve with:   corridor --home {home} serve"
    )


def upgrade(context: typer.Context, home: Home = None) -> None:
    """Bring the catalogue to what this version of the program needs."""
    settings = load_settings(home_of(context, home))
    catalogue = Catalogue(settings.catalogue_url)
    try:
        upgrade_catalogue(catalogue)
    finally:
        catalogue.close()
    console().print(f"the catalogue of {settings.node} is up to date")


def status(context: typer.Context, home: Home = None, json: Json = False) -> None:
    """Show what the node holds."""
    with store_of(context, home) as store:
        rows = []
        for flow in store.flows():
            release = store.release(flow.reference)
            if release is not None:
                rows.append((flow, release))
        answer = {
            "node": store.settings.node,
            "role": store.settings.role.value,
            "areas": list(store.settings.areas),
            "flows": [
                {
                    "flow": flow_name(flow.reference),
                    "release": release.id,
                    "visible_from": release.visible_from.isoformat(),
                    "slices": len(release.slices),
                    "observations": release.rows,
                }
                for flow, release in rows
            ],
        }
    if wants_json(context, json):
        print_json(answer)
        return
    table = Table(title=f"{answer['node']}, {answer['role']} node")
    table.add_column("dataflow")
    for heading in ("slices", "observations"):
        table.add_column(heading, justify="right")
    for heading in ("last change (UTC)", "release"):
        table.add_column(heading)
    for flow, release in rows:
        table.add_row(
            f"{flow_name(flow.reference)}\n{flow.name}",
            f"{len(release.slices):,}",
            f"{release.rows:,}",
            f"{release.visible_from:%Y-%m-%d %H:%M:%S}",
            release.id[:12],
        )
    console().print(table if rows else "nothing is published yet")
