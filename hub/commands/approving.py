"""`approve`: what was handed in and waits for the approval of a second key."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.findings import report_json, show_report
from hub.commands.identity import Key
from hub.commands.showing import console, print_json, print_rows, printable
from hub.commands.submitting import All, DryRun
from hub.errors import BadRequest, NotAuthenticated
from hub.publish import approve, reject
from hub.publish.waiting import counts_of
from hub.store import Store
from hub.store.actors import key_holder, system_user
from hub.store.keys import Right
from hub.store.waiting import Waiting, all_waiting

Number = Annotated[
    int | None,
    typer.Argument(
        metavar="[ID]", help="The number it waits under; none lists what waits.", show_default=False
    ),
]
Reject = Annotated[
    str,
    typer.Option(
        "--reject", metavar="REASON", help="Turn it down, and say why.", show_default=False
    ),
]
Decided = Annotated[
    bool, typer.Option("--decided", help="List what was decided as well.", show_default=False)
]


def approve_command(
    context: typer.Context,
    number: Number = None,
    reason: Reject = "",
    decided: Decided = False,
    dry_run: DryRun = False,
    key: Key = "",
    all_: All = False,
    home: Home = None,
    json: Json = False,
) -> None:
    """Release what somebody else handed in, or list what waits."""
    as_json = wants_json(context, json)
    with store_of(context, home) as store:
        if number is None:
            _refuse_alone(reason, dry_run=dry_run)
            _list(all_waiting(store.catalogue, decided=decided), as_json=as_json)
        elif reason:
            _reject(store, number, key, reason, as_json=as_json)
        else:
            _approve(store, number, key, dry_run=dry_run, all_=all_, as_json=as_json)


def _refuse_alone(reason: str, *, dry_run: bool) -> None:
    if reason or dry_run:
        raise BadRequest("say what: corridor approve ID; without ID, what waits is listed")


def _approve(
    store: Store, number: int, key: str, *, dry_run: bool, all_: bool, as_json: bool
) -> None:
    holder = key_holder(store.catalogue, _given(key), Right.APPROVE)
    report = approve(store, number, holder, system_user(), dry_run=dry_run)
    if as_json:
        print_json(report_json(report))
    else:
        show_report(console(), report, all_=all_)


def _reject(store: Store, number: int, key: str, reason: str, *, as_json: bool) -> None:
    holder = key_holder(store.catalogue, _given(key), Right.APPROVE)
    found = reject(store, number, holder, reason)
    if as_json:
        print_json({"id": found.id, "flow": found.flow, "rejected_by": holder.row()})
        return
    console().print(printable(f"{found.id} is rejected: {reason}"))


def _given(key: str) -> str:
    if not key:
        raise NotAuthenticated(
            f"this needs a key with the right '{Right.APPROVE}': give it as the variable "
            "CORRIDOR_KEY, or with --key; 'corridor key create' makes one"
        )
    return key


def _list(found: list[Waiting], *, as_json: bool) -> None:
    rows = [_row(one) for one in found]
    if as_json:
        print_json(rows)
        return
    print_rows(rows, title="what was handed in", empty="nothing waits for approval")


def _row(one: Waiting) -> dict[str, Any]:
    return {
        "id": one.id,
        "flow": one.flow,
        "file": one.content["file"],
        **asdict(counts_of(one)),
        "embargo": one.visible_from,
        "note": one.note,
        "handed_in": one.handed_in,
        "by": str(one.by),
        "state": one.state.value,
        "decided_by": None if one.decided_by is None else str(one.decided_by),
        "reason": one.reason,
    }
