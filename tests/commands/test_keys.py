"""Keys on the command line: made, shown once, listed, revoked; what they open over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.store import open_store

Corridor = Callable[..., Any]
_KEY = re.compile(r"corridor_[0-9a-f]{12}_[A-Za-z0-9_-]{43}")
CREATE = ("key", "create", "--name", "Statistics Sweden", "--right")


def test_a_key_is_shown_once(corridor: Corridor, home: Path) -> None:
    made = corridor("--home", home, *CREATE, "structures", "--right", "registrations")
    assert made.exit == 0
    key = made.out.strip()
    assert _KEY.fullmatch(key), "standard output holds the key alone, to be piped"
    assert "not shown again" in made.err
    assert key not in made.err
    listed = corridor("--home", home, "key", "list")
    assert "Statistics Sweden" in listed.out
    assert "structures" in listed.out
    assert "active" in listed.out
    assert key.split("_", 2)[2] not in listed.out


def test_keys_for_machines(corridor: Corridor, home: Path) -> None:
    assert corridor("--home", home, "--json", "key", "list").json == []
    made = corridor(
        "--home", home, *CREATE, "structures", "--expires", "2099-01-01T00:00:00+01:00", "--json"
    )
    assert _KEY.fullmatch(made.json["key"])
    assert made.json["rights"] == ["structures"]
    assert made.json["expires"] == "2098-12-31T23:00:00+00:00"
    (row,) = corridor("--home", home, "key", "list", "--json").json
    assert row["id"] == made.json["id"]
    assert row["state"] == "active"
    assert row["last_used"] is None
    revoked = corridor("--home", home, "key", "revoke", made.json["id"], "--json")
    assert revoked.json["revoked"]
    (row,) = corridor("--home", home, "key", "list", "--json").json
    assert row["state"] == "revoked"


@pytest.mark.parametrize(
    ("arguments", "exit_", "says"),
    [
        (("create", "--name", "x", "--right", "everything"), 2, "structures"),
        (("create", "--name", "x"), 2, "--right"),
        (("create", "--right", "structures"), 2, "--name"),
        (("create", "--name", " ", "--right", "structures"), 1, "needs a name"),
        (("create", "--name", "x", "--right", "structures", "--expires", "soon"), 1, "--expires"),
        (
            ("create", "--name", "x", "--right", "structures", "--expires", "2020-01-01T00:00Z"),
            1,
            "already",
        ),
        (("revoke", "0123456789ab"), 1, "key list"),
    ],
)
def test_what_is_refused(
    corridor: Corridor, home: Path, arguments: tuple[str, ...], exit_: int, says: str
) -> None:
    ran = corridor("--home", home, "key", *arguments)
    assert ran.exit == exit_
    assert says in ran.err
    assert corridor("--home", home, "key", "list", "--json").json == []


def test_no_key_at_all(corridor: Corridor, home: Path) -> None:
    assert "corridor key create" in corridor("--home", home, "key", "list").out


def test_a_key_opens_a_served_node_until_it_is_revoked(
    corridor: Corridor, home: Path, served: Callable[..., Any]
) -> None:
    key = corridor("--home", home, *CREATE, "structures").out.strip()
    headers = {"authorization": f"Bearer {key}"}
    store = open_store(home)
    try:
        with served(store) as (address,):
            target = f"{address}/sdmx/v2/structure/codelist/TEST/NOPE/1.0"
            assert httpx.delete(target).status_code == 401
            assert httpx.delete(target, headers=headers).status_code == 404
            assert corridor("--home", home, "key", "revoke", key).exit == 0
            assert httpx.delete(target, headers=headers).status_code == 401
    finally:
        store.close()
    (row,) = corridor("--home", home, "key", "list", "--json").json
    assert row["last_used"] is not None
