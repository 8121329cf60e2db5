"""Keys: shown once, kept as a digest, refused without telling what they were."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from hub.errors import BadRequest, Forbidden, NotAuthenticated, NotFound
from hub.store import Catalogue, upgrade
from hub.store.keys import Right, all_keys, authenticate, create_key, revoke_key
from hub.store.tables import audit, keys
from tests.publish.stock import SettableClock


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def catalogue(catalogue_url: str, tmp_path: Path, clock: SettableClock) -> Iterator[Catalogue]:
    catalogue = Catalogue(catalogue_url or f"sqlite:///{tmp_path / 'c.sqlite'}", clock)
    upgrade(catalogue)
    yield catalogue
    catalogue.close()


def test_a_key_opens_what_it_was_made_for(catalogue: Catalogue) -> None:
    made, token = create_key(catalogue, " Statistics Sweden ", [Right.STRUCTURES])
    assert made.name == "Statistics Sweden"
    found = authenticate(catalogue, token, Right.STRUCTURES)
    assert found == made
    with pytest.raises(Forbidden, match=f"key {made.id} does not allow to register") as refused:
        authenticate(catalogue, token, Right.REGISTRATIONS)
    assert token not in str(refused.value)


def test_nothing_kept_opens_anything(catalogue: Catalogue) -> None:
    _, token = create_key(catalogue, "SCB", list(Right))
    secret = token.split("_", 2)[2]
    with catalogue.reading() as connection:
        kept = [dict(row) for row in connection.execute(select(keys)).mappings()]
        kept += [dict(row) for row in connection.execute(select(audit)).mappings()]
    assert token not in repr(kept)
    assert secret not in repr(kept)
    digest = kept[0]["digest"]
    with pytest.raises(NotAuthenticated):
        authenticate(catalogue, f"corridor_{kept[0]['id']}_{digest[:43]}", Right.STRUCTURES)


def test_keys_differ(catalogue: Catalogue) -> None:
    made = [create_key(catalogue, "same", [Right.STRUCTURES]) for _ in range(5)]
    assert len({token for _, token in made}) == len({key.id for key, _ in made}) == 5
    assert [key.id for key in all_keys(catalogue)] == [key.id for key, _ in made]


def test_what_is_no_key_is_refused_and_not_repeated(catalogue: Catalogue) -> None:
    key, token = create_key(catalogue, "SCB", [Right.STRUCTURES])
    _, other = create_key(catalogue, "SSB", [Right.STRUCTURES])
    wrong = "A" if token[-1] != "A" else "B"
    for given in (
        "",
        "x",
        key.id,
        token[:-1],
        token[:-1] + wrong,
        token + " ",
        token.upper(),
        token.replace(key.id, "0" * 12),
        f"corridor_{key.id}_{other.rpartition('_')[2]}",
        token[:-1] + "é",
        "corridor_" + "9" * 100_000,
    ):
        with pytest.raises(NotAuthenticated) as refused:
            authenticate(catalogue, given, Right.STRUCTURES)
        assert refused.value.message == "this key is not known here: check that it was copied whole"


def test_a_revoked_key_opens_nothing(catalogue: Catalogue, clock: SettableClock) -> None:
    key, token = create_key(catalogue, "SCB", [Right.STRUCTURES])
    _, other = create_key(catalogue, "SSB", [Right.STRUCTURES])
    clock.pass_(hours=1)
    revoked = revoke_key(catalogue, key.id).revoked
    assert revoked == clock()
    clock.pass_(hours=1)
    assert revoke_key(catalogue, token).revoked == revoked, "it stays as it was"
    with pytest.raises(NotAuthenticated, match=f"key {key.id} is revoked"):
        authenticate(catalogue, token, Right.STRUCTURES)
    authenticate(catalogue, other, Right.STRUCTURES)


def test_revoking_what_is_no_key_does_not_repeat_it(catalogue: Catalogue) -> None:
    _, token = create_key(catalogue, "SCB", [Right.STRUCTURES])
    with pytest.raises(NotFound, match="corridor key list") as refused:
        revoke_key(catalogue, token[:-1])
    assert token[-30:-1] not in str(refused.value)


def test_a_key_ends_when_it_was_to_end(catalogue: Catalogue, clock: SettableClock) -> None:
    until = clock() + timedelta(days=1)
    key, token = create_key(catalogue, "SCB", [Right.STRUCTURES], until)
    clock.time = until - timedelta(microseconds=1)
    assert authenticate(catalogue, token, Right.STRUCTURES).id == key.id
    clock.time = until
    with pytest.raises(NotAuthenticated, match="is expired"):
        authenticate(catalogue, token, Right.STRUCTURES)
    assert [one.state(until) for one in all_keys(catalogue)] == ["expired"]


def test_use_is_remembered_to_the_minute(catalogue: Catalogue, clock: SettableClock) -> None:
    _, token = create_key(catalogue, "SCB", [Right.STRUCTURES])
    assert all_keys(catalogue)[0].last_used is None
    first = clock()
    authenticate(catalogue, token, Right.STRUCTURES)
    clock.pass_(seconds=59)
    authenticate(catalogue, token, Right.STRUCTURES)
    assert all_keys(catalogue)[0].last_used == first
    clock.pass_(seconds=1)
    with pytest.raises(Forbidden):
        authenticate(catalogue, token, Right.REGISTRATIONS)
    assert all_keys(catalogue)[0].last_used == first, "a use that was refused is none"
    authenticate(catalogue, token, Right.STRUCTURES)
    assert all_keys(catalogue)[0].last_used == clock()


def test_using_a_key_changes_nothing_that_readers_see(catalogue: Catalogue) -> None:
    _, token = create_key(catalogue, "SCB", [Right.STRUCTURES])
    with catalogue.reading() as connection:
        before = catalogue.present(connection)
    authenticate(catalogue, token, Right.STRUCTURES)
    with catalogue.reading() as connection:
        assert catalogue.present(connection) == before


def test_a_right_of_a_later_program_allows_nothing_here(catalogue: Catalogue) -> None:
    _, token = create_key(catalogue, "SCB", [Right.STRUCTURES])
    with catalogue.writing() as connection:
        connection.execute(update(keys).values(rights=["everything", "registrations"]))
    assert authenticate(catalogue, token, Right.REGISTRATIONS).rights == (Right.REGISTRATIONS,)
    with pytest.raises(Forbidden):
        authenticate(catalogue, token, Right.STRUCTURES)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\nb", "a\x1b[31m"])
def test_a_key_needs_a_name(catalogue: Catalogue, name: str) -> None:
    with pytest.raises(BadRequest, match="needs a name"):
        create_key(catalogue, name, [Right.STRUCTURES])
    assert all_keys(catalogue) == []


def test_a_key_without_rights_or_already_over_is_not_made(
    catalogue: Catalogue, clock: SettableClock
) -> None:
    with pytest.raises(BadRequest, match="structures"):
        create_key(catalogue, "SCB", [])
    with pytest.raises(BadRequest, match="already"):
        create_key(catalogue, "SCB", [Right.STRUCTURES], clock())
    assert all_keys(catalogue) == []


def test_several_use_one_key_at_once(catalogue: Catalogue) -> None:
    key, token = create_key(catalogue, "SCB", [Right.STRUCTURES])
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: authenticate(catalogue, token, Right.STRUCTURES), range(8)))
    assert {one.id for one in found} == {key.id}


def test_keys_are_in_the_audit_trail(catalogue: Catalogue) -> None:
    key, _ = create_key(catalogue, "SCB", [Right.STRUCTURES])
    revoke_key(catalogue, key.id)
    with catalogue.reading() as connection:
        rows = connection.execute(select(audit.c.action, audit.c.subject).order_by(audit.c.id))
        assert [tuple(row) for row in rows] == [("key create", key.id), ("key revoke", key.id)]
