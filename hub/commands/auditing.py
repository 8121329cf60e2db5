"""`audit`: what was done at this node, when, and by whom."""

from __future__ import annotations

import json as json_text
from dataclasses import asdict
from typing import Annotated

import typer

from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.instants import instant_of
from hub.commands.showing import print_json, print_rows
from hub.store.trail import Wanted, lines

Action = Annotated[
    str, typer.Option(help="Only this, for example release, approve, key.", show_default=False)
]
Subject = Annotated[
    str, typer.Option(help="Only where this is in the subject: a dataflow.", show_default=False)
]
By = Annotated[
    str, typer.Option(help="Only what somebody did: a key's id, a name.", show_default=False)
]
Since = Annotated[str, typer.Option(help="Not before this instant.", show_default=False)]
Until = Annotated[str, typer.Option(help="Not after this instant.", show_default=False)]
Most = Annotated[int, typer.Option("--rows", min=1, help="At most so many lines, the newest.")]


def audit(
    context: typer.Context,
    action: Action = "",
    subject: Subject = "",
    by: By = "",
    since: Since = "",
    until: Until = "",
    most: Most = 100,
    home: Home = None,
    json: Json = False,
) -> None:
    """Show the audit trail, the newest lines first."""
    wanted = Wanted(
        action=action,
        subject=subject,
        by=by,
        since=instant_of(since, "--since") if since else None,
        until=instant_of(until, "--until") if until else None,
        most=most,
    )
    with store_of(context, home) as store:
        found = lines(store.catalogue, wanted)
    if wants_json(context, json):
        print_json([asdict(line) for line in found])
        return
    rows = [
        {
            "at": line.at,
            "action": line.action,
            "subject": line.subject,
            "detail": json_text.dumps(line.detail, ensure_ascii=False),
        }
        for line in found
    ]
    print_rows(rows, title="audit trail", empty="no line of the audit trail fits")
