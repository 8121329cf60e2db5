"""`sources list|show|checklist`: kinds of national sources, each with a mapping to start from."""

from __future__ import annotations

from typing import Annotated

import typer

from connectors.templates import blank_checklist, template, templates
from hub.commands.context import Home, Json, common_of, store_of, wants_json
from hub.commands.showing import console, print_json, print_rows
from hub.settings import Settings

Kind = Annotated[
    str, typer.Argument(metavar="TEMPLATE", help="The kind of source, as 'sources list' names it.")
]
#: What stands in a mapping where no home says who publishes.
_PLACEHOLDERS = {"area": "AREA", "provider": "WHO PROVIDES IT", "licence": "LICENCE"}


def sources_list(context: typer.Context, home: Home = None, json: Json = False) -> None:
    """List the kinds of sources there are templates for."""
    rows = [
        {
            "template": one.id,
            "group": one.group,
            "source_type": one.defaults["SOURCE_TYPE"],
            "data_of": ", ".join(one.structures),
            "about": one.about,
        }
        for one in templates().values()
    ]
    if wants_json(context, json):
        print_json(rows)
        return
    print_rows(rows, title="kinds of sources", empty="there are none")


def sources_show(
    context: typer.Context, template_: Kind, home: Home = None, json: Json = False
) -> None:
    """Print a mapping file to start from; a home named says who publishes, and for which area."""
    kind = template(template_)
    words = dict(_PLACEHOLDERS)
    if home or common_of(context).home:
        with store_of(context, home) as store:
            words |= _words(store.settings)
    mapping = kind.mapping
    for name, word in words.items():
        mapping = mapping.replace(f"{{{name}}}", word)
    if not wants_json(context, json):
        console().print(mapping, end="")
        return
    print_json(
        {
            "template": kind.id,
            "name": kind.name,
            "group": kind.group,
            "about": kind.about,
            "data_of": kind.structures,
            "defaults": kind.defaults,
            "allowed": kind.allowed,
            "needs": kind.needs,
            "units": kind.units,
            "needs_checklist": kind.is_new,
            "mapping": mapping,
        }
    )


def _words(settings: Settings) -> dict[str, str]:
    """What a home says of who publishes, as it can stand in a TOML text."""
    area = next((area for area in settings.areas if area != "*"), "")
    said = {"area": area, "provider": settings.name, "licence": settings.licence}
    return {
        name: word.replace("\\", "\\\\").replace('"', '\\"') for name, word in said.items() if word
    }


def sources_checklist(context: typer.Context, home: Home = None, json: Json = False) -> None:
    """Print the privacy checklist for new data, to be answered by the office."""
    if wants_json(context, json):
        print_json({"checklist": blank_checklist()})
        return
    console().print(blank_checklist(), end="")
