"""`key create|list|revoke`: who may change something over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from federation.partners.catalogued import CataloguedPartners
from hub.commands.context import Home, Json, store_of, wants_json
from hub.commands.instants import instant_of
from hub.commands.showing import console, error_console, print_json, print_rows, printable
from hub.errors import BadRequest
from hub.store.keys import EVERY_PARTNER, Key, Right, all_keys, create_key, revoke_key

Rights = Annotated[
    list[Right],
    typer.Option(
        "--right",
        help="What it allows; may be repeated. "
        + " ".join(f"{right.value}: {right.about}." for right in Right),
        show_default=False,
    ),
]


def key_create(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="Who holds it, for people.", show_default=False)],
    right: Rights,
    partner: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            help="For the right notify: a partner whose releases it may announce, '*' for all; "
            "may be repeated.",
            show_default=False,
        ),
    ] = None,
    expires: Annotated[
        str, typer.Option(help="When it ends, like 2027-01-01T00:00:00Z.", show_default=False)
    ] = "",
    home: Home = None,
    json: Json = False,
) -> None:
    """Make a key; it is shown this once."""
    until = instant_of(expires, "--expires") if expires else None
    if Right.NOTIFY in right and not partner:
        raise BadRequest(
            "a key that announces releases is made for partners: name each with --partner ID"
        )
    with store_of(context, home) as store:
        registry = CataloguedPartners(store.catalogue)
        for named in partner or ():
            if named != EVERY_PARTNER:
                registry.get(named)
        key, spelt = create_key(store.catalogue, name, right, until, partner or ())
    if wants_json(context, json):
        told = {"id": key.id, "key": spelt, "rights": key.rights, "partners": key.partners}
        print_json({**told, "expires": key.expires})
        return
    console().print(spelt)
    error_console().print(
        printable(
            f"key {key.id} of {key.name} may {'; '.join(one.about for one in key.rights)}\n"
            "keep it now: it is not shown again. Clients send it as 'Authorization: Bearer KEY'"
        )
    )


def key_list(context: typer.Context, home: Home = None, json: Json = False) -> None:
    """List the keys, without their secrets."""
    with store_of(context, home) as store:
        now = store.catalogue.now()
        rows = [_row(key, key.state(now)) for key in all_keys(store.catalogue)]
    if wants_json(context, json):
        print_json(rows)
        return
    empty = "no key yet: make one with 'corridor key create --name NAME --right RIGHT'"
    print_rows(rows, title="keys", empty=empty)


def key_revoke(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="ID", help="The key's id, as listed.")],
    home: Home = None,
    json: Json = False,
) -> None:
    """End a key for ever."""
    with store_of(context, home) as store:
        revoked = revoke_key(store.catalogue, key)
    if wants_json(context, json):
        print_json({"id": revoked.id, "revoked": revoked.revoked})
        return
    console().print(printable(f"key {revoked.id} of {revoked.name} opens nothing any more"))


def _row(key: Key, state: str) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "rights": [right.value for right in key.rights],
        "partners": list(key.partners),
        "state": state,
        "created": key.created,
        "expires": key.expires,
        "revoked": key.revoked,
        "last_used": key.last_used,
    }
