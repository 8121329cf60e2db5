"""The composition root: the command line, and the ASGI application for servers that want one."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import typer
from fastapi import FastAPI

from hub import __version__
from hub.commands import (
    agreeing,
    approving,
    auditing,
    bundling,
    choosing,
    explaining,
    keeping,
    keys,
    metadata,
    node,
    partnering,
    publishing,
    purging,
    releasing,
    reviewing,
    scheduling,
    serving,
    sourcing,
    structures,
    sweeping,
    working,
)
from hub.commands.context import DEFAULT_HOME, Common, Home, Json
from hub.commands.demonstrating import demo
from hub.commands.failing import telling_errors
from hub.logs import without_secrets
from hub.rest.serving import build_app
from hub.store import open_store

_COMMANDS: dict[str, Callable[..., Any]] = {
    "init": node.init,
    "upgrade": node.upgrade,
    "status": node.status,
    "check": publishing.check,
    "publish": publishing.publish_command,
    "approve": approving.approve_command,
    "serve": serving.serve,
    "worker": working.worker,
    "sweep": sweeping.sweep_command,
    "audit": auditing.audit,
    "backup": keeping.backup_command,
    "restore": keeping.restore_command,
    "verify": keeping.verify_command,
    "purge": purging.purge_command,
    "harvest": partnering.harvest,
    "derive": partnering.derive_command,
    "explain": explaining.explain_command,
    "export": bundling.export_command,
    "import": bundling.import_command,
    "demo": demo,
}
_GROUPS: dict[str, tuple[str, dict[str, Callable[..., Any]]]] = {
    "release": (
        "What was published, and what is visible.",
        {
            "list": releasing.release_list,
            "show": releasing.release_show,
            "diff": releasing.release_diff,
            "rollback": releasing.release_rollback,
        },
    ),
    "structures": (
        "Structural metadata.",
        {"load": structures.structures_load, "list": structures.structures_list},
    ),
    "metadata": (
        "Reference metadata: what providers tell about their figures.",
        {
            "load": metadata.metadata_load,
            "list": metadata.metadata_list,
            "export": metadata.metadata_export,
        },
    ),
    "sources": (
        "Kinds of national sources; several sources for one indicator.",
        {
            "list": sourcing.sources_list,
            "show": sourcing.sources_show,
            "checklist": sourcing.sources_checklist,
            "add": choosing.sources_add,
            "compare": choosing.sources_compare,
            "choose": choosing.sources_choose,
        },
    ),
    "key": (
        "Who may change something over HTTP.",
        {"create": keys.key_create, "list": keys.key_list, "revoke": keys.key_revoke},
    ),
    "agreement": (
        "Who gives what, from when to when, on which basis.",
        {
            "add": agreeing.agreement_add,
            "list": agreeing.agreement_list,
            "show": agreeing.agreement_show,
            "end": agreeing.agreement_end,
            "remove": agreeing.agreement_remove,
        },
    ),
    "review": (
        "What partners sent that a person should look at before it is released.",
        {
            "list": reviewing.review_list,
            "show": reviewing.review_show,
            "accept": reviewing.review_accept,
            "reject": reviewing.review_reject,
            "reopen": reviewing.review_reopen,
        },
    ),
    "partner": (
        "The nodes this one harvests.",
        {
            "add": partnering.partner_add,
            "list": partnering.partner_list,
            "show": partnering.partner_show,
            "set": scheduling.partner_set,
            "remove": partnering.partner_remove,
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


def command_line() -> typer.Typer:
    """The command line, with every command."""
    line = typer.Typer(
        name="corridor",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    line.callback()(_begin)
    for name, command in _COMMANDS.items():
        line.command(name)(telling_errors(command))
    for name, (about, commands) in _GROUPS.items():
        group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
        group.callback(help=about)(_begin_group)
        for inner, command in commands.items():
            group.command(inner)(telling_errors(command))
        line.add_typer(group, name=name)
    return line


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
    return build_app(open_store(_home_variable() or DEFAULT_HOME))


if __name__ == "__main__":
    main()
