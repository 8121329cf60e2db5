"""`review list|show|accept|reject|reopen`: what partners sent that a person should look at."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from federation.valve import Held, accept, difference_of, held_as, held_here, reject
from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.differing import MOST_ROWS, ROWS_SHOWN, difference_json, show_difference
from hub.commands.findings import describe, report_json, show_report
from hub.commands.identity import Key, Note, actor_of
from hub.commands.showing import console, print_json, print_rows, printable
from hub.commands.submitting import All, DryRun
from hub.errors import NotAuthenticated
from hub.store import Store
from hub.store.actors import Actor
from hub.store.keys import Right
from hub.store.review import reopen
from hub.store.waiting import State

Number = Annotated[
    int, typer.Argument(metavar="N", help="The number it is held under: see 'review list'.")
]
Decided = Annotated[
    bool, typer.Option("--decided", help="List what is not held any more, too.", show_default=False)
]
Rows = Annotated[
    int,
    typer.Option(
        "--rows",
        min=0,
        max=MOST_ROWS,
        help=f"How many observations to show, the largest changes first; at most {MOST_ROWS:,}.",
    ),
]
Reason = Annotated[
    str, typer.Option(help="Why; told when the same comes again.", show_default=False)
]


def review_list(
    context: typer.Context, decided: Decided = False, home: Home = None, json: Json = False
) -> None:
    """List what is held, and why."""
    with store_of(context, home) as store:
        rows = [_row(one, decided=decided) for one in held_here(store, decided=decided)]
    if wants_json(context, json):
        print_json(rows)
        return
    print_rows(rows, title="what partners sent and is held", empty="nothing is held")


def review_show(
    context: typer.Context,
    number: Number,
    rows: Rows = ROWS_SHOWN,
    home: Home = None,
    json: Json = False,
) -> None:
    """Show what accepting it would add, change and take away, old value and new."""
    with store_of(context, home) as store:
        one = held_as(store, number)
        found = difference_of(store, number, rows) if one.state is State.WAITING else None
    if wants_json(context, json):
        print_json(_row(one, decided=True) | (difference_json(found) if found else {}))
        return
    console().print(printable(f"{one.id}: {one.flow} of {one.partner}, since {one.since:%F %TZ}"))
    console().print(printable(f"held because {one.why}"))
    if found is None:
        reason = f": {one.reason}" if one.reason else ""
        console().print(printable(f"{one.state}{f' by {one.by}' if one.by else ''}{reason}"))
        return
    show_difference(found, f"against what is here now: {describe(found.counts)}")
    console().print(
        f"corridor review accept {one.id} releases it, corridor review reject {one.id} "
        "--reason TEXT turns it down"
    )


def review_accept(
    context: typer.Context,
    number: Number,
    note: Note = "",
    dry_run: DryRun = False,
    key: Key = "",
    all_: All = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Release exactly what is held, validated again, against what readers have by now."""
    with store_of(context, home) as store:
        by = _reviewer(store, key)
        report = accept(store, number, by, note=note, dry_run=dry_run)
    if wants_json(context, json):
        print_json(report_json(report))
    else:
        show_report(console(), report, all_=all_)


def review_reject(
    context: typer.Context,
    number: Number,
    reason: Reason,
    key: Key = "",
    home: Home = None,
    json: Json = False,
) -> None:
    """Turn down what is held: the same content is refused from now on, with this reason."""
    with store_of(context, home) as store:
        found = reject(store, number, _reviewer(store, key), reason)
    _tell(context, found, f"{found.id} is rejected: {found.reason}", json=json)


def review_reopen(
    context: typer.Context,
    number: Number,
    key: Key = "",
    home: Home = None,
    json: Json = False,
) -> None:
    """Take a rejection back: when the same comes again, it is looked at again."""
    with store_of(context, home) as store:
        reopen(store.catalogue, number, _reviewer(store, key))
        found = held_as(store, number)
    said = f"{found.id}: the rejection is taken back; harvest {found.partner} again to look at it"
    _tell(context, found, said, json=json)


def _reviewer(store: Store, key: str) -> Actor:
    """Who decides: the holder of a key, without one the system's user, save under four eyes."""
    if store.settings.four_eyes and not key:
        raise NotAuthenticated(
            f"with four_eyes, this needs a key with the right '{Right.APPROVE}': give it as the "
            "variable CORRIDOR_KEY, or with --key; 'corridor key create' makes one"
        )
    return actor_of(store, key, Right.APPROVE)


def _tell(context: typer.Context, found: Held, said: str, *, json: bool) -> None:
    if wants_json(context, json):
        print_json(_row(found, decided=True))
        return
    console().print(printable(said))


def _row(one: Held, *, decided: bool) -> dict[str, Any]:
    row = {
        "id": one.id,
        "partner": one.partner,
        "flow": one.flow,
        "since": one.since,
        **asdict(one.counts),
        "attempt": one.attempt,
        "why": one.why,
    }
    if not decided:
        return row
    by = None if one.by is None else str(one.by)
    return row | {
        "state": "held" if one.state is State.WAITING else _STATES.get(one.state, one.state.value),
        "decided": one.decided,
        "decided_by": by,
        "reason": one.reason,
    }


#: What a decision is called here, where that is not the word of the catalogue.
_STATES = {State.RELEASED: "accepted", State.UNCHANGED: "accepted, nothing was left to change"}
