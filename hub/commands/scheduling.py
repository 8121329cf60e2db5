"""`partner set`: how often a partner is harvested."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.showing import console, print_json, printable
from hub.errors import BadRequest
from hub.settings import parse_interval
from hub.store.schedule import Schedule, set_every

_DEFAULT = "default"
EVERY = "How often it is harvested, like 15m, 6h, 7d; 'default' for what the settings say."
Every = Annotated[str, typer.Option(help=EVERY, show_default=False)]


def interval_of(every: str) -> timedelta | None:
    """What `--every` says; None for what the settings say."""
    try:
        return None if every in ("", _DEFAULT) else parse_interval(every)
    except BadRequest as error:
        raise BadRequest(f"--every: {error.message}, or {_DEFAULT}") from error


def partner_set(
    context: typer.Context,
    partner: Annotated[str, typer.Argument(metavar="ID", help="The partner's node id.")],
    every: Annotated[str, typer.Option(help=EVERY)],
    home: Home = None,
    json: Json = False,
) -> None:
    """Say how often `worker` harvests a partner."""
    interval = interval_of(every)
    with store_of(context, home) as store:
        planned = set_every(store.catalogue, partner, interval)
        default = store.settings.harvest_every
    if wants_json(context, json):
        seconds = int((planned.every or default).total_seconds())
        print_json({"id": partner, "every_seconds": seconds, "due": planned.due})
        return
    console().print(printable(told(planned, default)))


def told(planned: Schedule, default: timedelta) -> str:
    """How often a partner is harvested, in words."""
    at = planned.due.isoformat(timespec="seconds")
    often = planned.every or default
    return f"'corridor worker' harvests {planned.partner} every {often}, next at {at}"
