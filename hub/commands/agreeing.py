"""`agreement add|list|show|end|remove`: who gives what, how long, and on which legal basis."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

import typer

from federation.agreements import write_down
from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.instants import instant_of
from hub.commands.showing import console, print_json, print_rows, printable
from hub.errors import BadRequest
from hub.store.actors import system_user
from hub.store.agreements import (
    Agreement,
    Terms,
    all_agreements,
    end_agreement,
    one_agreement,
    remove_agreement,
)

Number = Annotated[int, typer.Argument(metavar="N", help="Its number: see 'agreement list'.")]
Reason = Annotated[str, typer.Option(help="Why; it stays in the audit trail.", show_default=False)]


def agreement_add(
    context: typer.Context,
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's node id.")],
    basis: Annotated[str, typer.Option(help="The legal basis, in words.", show_default=False)],
    flow: Annotated[
        list[str] | None,
        typer.Option(
            help="A dataflow (AGENCY:ID); may be repeated. None: all.", show_default=False
        ),
    ] = None,
    areas: Annotated[
        str,
        typer.Option(
            help="The areas it is about, by commas. None: all it was added with.",
            show_default=False,
        ),
    ] = "",
    begins: Annotated[
        str,
        typer.Option("--from", help="Its first day, or an instant. None: now.", show_default=False),
    ] = "",
    ends: Annotated[
        str,
        typer.Option("--to", help="Its last day, or an instant. None: open.", show_default=False),
    ] = "",
    retention: Annotated[
        str,
        typer.Option(
            help="How long the bytes it sends are kept: 90d, 5y. None: as the settings say.",
            show_default=False,
        ),
    ] = "",
    contact: Annotated[str, typer.Option(help="Whom to write to.", show_default=False)] = "",
    artefact: Annotated[
        str,
        typer.Option(
            help="The provision agreement in SDMX, where there is one: AGENCY:ID(VERSION).",
            show_default=False,
        ),
    ] = "",
    home: Home = None,
    json: Json = False,
) -> None:
    """Write down what a partner gives, from when to when, and on which basis."""
    with store_of(context, home) as store:
        terms = Terms(
            partner=partner,
            flows=tuple(dict.fromkeys(flow or [])),
            areas=_areas(areas),
            valid_from=_first(begins) if begins else store.catalogue.now(),
            valid_to=_last(ends) if ends else None,
            basis=basis,
            retention=retention.strip(),
            contact=contact,
            artefact=artefact,
        )
        made = write_down(store, terms, system_user())
        at = store.catalogue.now()
    _tell(context, made, at, f"agreement {made.id} with {partner} is written down", json=json)


def agreement_list(
    context: typer.Context,
    partner: Annotated[
        str, typer.Option(help="Only those with one partner.", show_default=False)
    ] = "",
    home: Home = None,
    json: Json = False,
) -> None:
    """List the agreements, and whether they hold now."""
    with store_of(context, home) as store:
        at = store.catalogue.now()
        rows = [_row(one, at) for one in all_agreements(store.catalogue, partner or None)]
    if wants_json(context, json):
        print_json(rows)
        return
    shown = ("id", "partner", "flows", "areas", "from", "until", "state", "basis", "retention")
    table = [{name: _shown(row, name) for name in shown} for row in rows]
    empty = "no agreement yet: write one down with 'corridor agreement add PARTNER --basis TEXT'"
    print_rows(table, title="agreements", empty=empty)


def agreement_show(
    context: typer.Context, number: Number, home: Home = None, json: Json = False
) -> None:
    """Show all that is written down of an agreement."""
    with store_of(context, home) as store:
        found, at = one_agreement(store.catalogue, number), store.catalogue.now()
    if wants_json(context, json):
        print_json(_row(found, at))
        return
    row = _row(found, at)
    for name in row:
        console().print(printable(f"{name.replace('_', ' ')}: {_said(_shown(row, name))}"))


def agreement_end(
    context: typer.Context, number: Number, reason: Reason, home: Home = None, json: Json = False
) -> None:
    """End an agreement now, before its time; it stays in the list."""
    with store_of(context, home) as store:
        found = end_agreement(store.catalogue, number, system_user(), _given(reason))
        at = store.catalogue.now()
    _tell(context, found, at, f"agreement {number} is over", json=json)


def agreement_remove(
    context: typer.Context, number: Number, reason: Reason, home: Home = None, json: Json = False
) -> None:
    """Remove an agreement that was written down by mistake; the audit trail keeps what it said."""
    with store_of(context, home) as store:
        found = remove_agreement(store.catalogue, number, system_user(), _given(reason))
        at = store.catalogue.now()
    _tell(context, found, at, f"agreement {number} is removed", json=json)


def _given(reason: str) -> str:
    if not reason.strip():
        raise BadRequest("say why: --reason TEXT")
    return reason


def _areas(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(area.strip() for area in text.split(",") if area.strip()))


def _first(text: str) -> datetime:
    """The beginning of a day in UTC, or the instant given."""
    day = _day(text)
    return instant_of(text, "--from") if day is None else datetime.combine(day, time(), UTC)


def _last(text: str) -> datetime:
    """The end of a day in UTC, or the instant given."""
    day = _day(text)
    if day is None:
        return instant_of(text, "--to")
    return datetime.combine(day, time(), UTC) + timedelta(days=1)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _tell(context: typer.Context, one: Agreement, at: datetime, said: str, *, json: bool) -> None:
    if wants_json(context, json):
        print_json(_row(one, at))
        return
    console().print(printable(said))


def _row(one: Agreement, at: datetime) -> dict[str, Any]:
    terms = one.terms
    return {
        "id": one.id,
        "partner": terms.partner,
        "flows": list(terms.flows),
        "areas": list(terms.areas),
        "from": terms.valid_from,
        "until": one.until,
        "state": _state(one, at),
        "basis": terms.basis,
        "retention": terms.retention,
        "contact": terms.contact,
        "artefact": terms.artefact,
        "added": one.added,
        "added_by": str(one.by),
        "ended": one.ended,
        "ended_why": one.ended_why,
    }


def _state(one: Agreement, at: datetime) -> str:
    if one.is_in_force(at):
        return "in force"
    return "to come" if at < one.terms.valid_from else "over"


def _shown(row: dict[str, Any], name: str) -> Any:
    """What stands for nothing said, so that a person need not guess."""
    value = row[name]
    if name in ("flows", "areas") and not value:
        return "all"
    return "open" if name == "until" and value is None else value


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return f"{value:%Y-%m-%d %H:%M:%SZ}" if isinstance(value, datetime) else str(value or "")
