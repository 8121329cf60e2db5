"""The composition root: the command line, and the ASGI application for servers that want one."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from hub import __version__
from hub.commands.context import DEFAULT_HOME, Common, Home, Json
from hub.commands.loading import Group, command_at, group_of
from hub.logs import without_secrets
from hub.store import open_store

if TYPE_CHECKING:
    from fastapi import FastAPI
    from typer.core import TyperGroup

#: Where each command is (see `Group`).
_COMMANDS: Mapping[str, str] = {
    "init": "node:init",
    "upgrade": "node:upgrade",
    "status": "node:status",
    "check": "publishing:check",
    "publish": "publishing:publish_command",
    "approve": "approving:approve_command",
    "serve": "serving:serve",
    "worker": "working:worker",
    "sweep": "sweeping:sweep_command",
    "audit": "auditing:audit",
    "backup": "keeping:backup_command",
    "restore": "keeping:restore_command",
    "verify": "keeping:verify_command",
    "purge": "purging:purge_command",
    "harvest": "partnering:harvest",
    "derive": "partnering:derive_command",
    "explain": "explaining:explain_command",
    "export": "bundling:export_command",
    "import": "bundling:import_command",
    "demo": "demonstrating:demo",
}
_GROUPS: Mapping[str, Group] = {
    "release": Group(
        "What was published, and what is visible.",
        {
            "list": "releasing:release_list",
            "show": "releasing:release_show",
            "diff": "releasing:release_diff",
            "rollback": "releasing:release_rollback",
        },
    ),
    "structures": Group(
        "Structural metadata.",
        {"load": "structures:structures_load", "list": "structures:structures_list"},
    ),
    "metadata": Group(
        "Reference metadata: what providers tell about their figures.",
        {
            "load": "metadata:metadata_load",
            "list": "metadata:metadata_list",
            "export": "metadata:metadata_export",
        },
    ),
    "sources": Group(
        "Kinds of national sources; several sources for one indicator.",
        {
            "list": "sourcing:sources_list",
            "show": "sourcing:sources_show",
            "checklist": "sourcing:sources_checklist",
            "add": "choosing:sources_add",
            "compare": "choosing:sources_compare",
            "choose": "choosing:sources_choose",
        },
    ),
    "key": Group(
        "Who may change something over HTTP.",
        {"create": "keys:key_create", "list": "keys:key_list", "revoke": "keys:key_revoke"},
    ),
    "agreement": Group(
        "Who gives what, from when to when, on which basis.",
        {
            "add": "agreeing:agreement_add",
            "list": "agreeing:agreement_list",
            "show": "agreeing:agreement_show",
            "end": "agreeing:agreement_end",
            "remove": "agreeing:agreement_remove",
        },
    ),
    "review": Group(
        "What partners sent that a person should look at before it is released.",
        {
            "list": "reviewing:review_list",
            "show": "reviewing:review_show",
            "accept": "reviewing:review_accept",
            "reject": "reviewing:review_reject",
            "reopen": "reviewing:review_reopen",
        },
    ),
    "partner": Group(
        "The nodes this one harvests.",
        {
            "add": "partnering:partner_add",
            "list": "partnering:partner_list",
            "show": "partnering:partner_show",
            "set": "scheduling:partner_set",
            "remove": "partnering:partner_remove",
        },
    ),
}


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"corridor {__version__}")
        raise typer.Exit


def _begin(
    context: typer.Context,
    home: Home = None,
    json: Json = False,
    version: bool = typer.Option(
        False, "--version", help="Show the version.", callback=_version, is_eager=True
    ),
) -> None:
    """Exchange migration statistics: publish them, harvest partners, derive emigrants."""
    context.obj = Common(home=home or _home_variable(), json=json)


def _begin_group(context: typer.Context, home: Home = None, json: Json = False) -> None:
    before: Common = context.obj
    context.obj = Common(home=home or before.home, json=json or before.json)


def _home_variable() -> Path | None:
    variable = os.environ.get("CORRIDOR_HOME")
    return Path(variable) if variable else None


def command_line() -> TyperGroup:
    """The command line, with every command."""
    loads = {name: command_at(name, place) for name, place in _COMMANDS.items()}
    for name, group in _GROUPS.items():
        inner = {one: command_at(one, place) for one, place in group.places.items()}
        loads[name] = partial(group_of, name, _begin_group, inner, group.about)
    return group_of("corridor", _begin, loads)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; exit 0 done, 1 refused, 2 usage, 3 a partner or a service failed.

    An exception that no command foresees is a fault of the program: it ends with its traceback,
    for whoever mends it, and with 3, because nothing was wrong with what was asked.
    """
    try:
        command_line()(args=None if arguments is None else list(arguments), prog_name="corridor")
    except Exception:
        sys.stderr.write(without_secrets(traceback.format_exc()))
        sys.exit(3)


def app() -> FastAPI:
    """The ASGI application of the node in CORRIDOR_HOME, for an ASGI server's factory option."""
    from hub.rest.serving import build_app  # what a command does not need

    return build_app(open_store(_home_variable() or DEFAULT_HOME))


if __name__ == "__main__":
    main()
