"""Registrations: added, replaced, deleted, found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub.errors import Conflict, NotFound, Unprocessable
from hub.formats.message import Action
from hub.model.registration import INDEXES, DataSource, QueryableSource, Registration
from hub.store import Store
from hub.store.maintenance import Outcome
from hub.store.registrations import Registered, find_registrations, register
from hub.store.tables import audit
from tests.store import drafts
from tests.store.drafts import AGREEMENT

SOURCE = DataSource(simple="https://example.org/data.xml")
PLAIN = Registration(agreement=AGREEMENT.reference, source=SOURCE)
OTHER = replace(AGREEMENT, id="PA_OTHER", provider=drafts.PROVIDERS.reference.item("SSB"))


@pytest.fixture
def whole(store: Store) -> Store:
    store.load_structures([*drafts.ARTEFACTS, OTHER])
    return store


def add(store: Store, *given: Registration) -> Sequence[Registered]:
    return register(store, [(Action.APPEND, one) for one in given], by="k")


def test_a_registration_is_found_as_it_was_given(whole: Store) -> None:
    given = replace(
        PLAIN,
        source=DataSource(
            simple="https://example.org/d",
            queryable=QueryableSource(
                url="https://example.org/q", wsdl="https://e.org/w", is_rest=False
            ),
        ),
        valid_from=whole.present() - timedelta(days=1),
        valid_to=whole.present() + timedelta(days=1),
        indexed=INDEXES,
    )
    (added,) = add(whole, given)
    assert added.outcome is Outcome.CREATED
    made = added.registration
    assert made.id
    assert made.updated
    assert replace(made, id=None, updated=None) == given
    assert find_registrations(whole) == (made,)
    assert find_registrations(whole, id_=made.id) == (made,)
    assert find_registrations(whole, id_="other") == ()


def test_a_registration_is_replaced_and_deleted(whole: Store) -> None:
    first, second = (one.registration for one in add(whole, PLAIN, PLAIN))
    assert first.id != second.id
    changed = replace(PLAIN, id=first.id, source=DataSource(simple="https://example.org/new"))
    (done,) = register(whole, [(Action.REPLACE, changed)], by="k")
    assert done.outcome is Outcome.REPLACED
    (found,) = find_registrations(whole, id_=first.id)
    assert found.source == changed.source
    assert found.updated is not None
    assert first.updated is not None
    assert found.updated > first.updated
    (gone,) = register(whole, [(Action.DELETE, replace(PLAIN, id=first.id))], by="k")
    assert gone.outcome is Outcome.DELETED
    assert gone.registration == found, "what was deleted is told"
    assert find_registrations(whole) == (second,)


def test_each_is_done_or_refused_for_itself(whole: Store) -> None:
    nowhere = replace(PLAIN, agreement=replace(AGREEMENT.reference, id="NOPE"))
    wanted = [
        (Action.APPEND, PLAIN),
        (Action.APPEND, nowhere),
        (Action.APPEND, replace(PLAIN, id="mine")),
        (Action.APPEND, replace(PLAIN, source=DataSource(simple="ftp://example.org"))),
        (Action.REPLACE, PLAIN),
        (Action.REPLACE, replace(PLAIN, id="nope")),
        (Action.DELETE, replace(PLAIN, id="nope")),
        (
            Action.APPEND,
            replace(PLAIN, valid_from=whole.present(), valid_to=whole.present() - timedelta(1)),
        ),
        (Action.MERGE, PLAIN),
    ]
    done = register(whole, wanted, by="k")
    assert [type(one.error) for one in done] == [
        type(None),
        Conflict,
        Conflict,
        Unprocessable,
        Unprocessable,
        NotFound,
        NotFound,
        Unprocessable,
        type(None),
    ]
    assert "TEST:NOPE(1.0.0-draft)" in str(done[1].error)
    assert len(find_registrations(whole)) == 2


def test_a_replacement_that_is_refused_changes_nothing(whole: Store) -> None:
    (added,) = add(whole, PLAIN)
    bad = replace(added.registration, source=DataSource(simple="x"))
    (done,) = register(whole, [(Action.REPLACE, bad)], by="k")
    assert isinstance(done.error, Unprocessable)
    assert find_registrations(whole) == (added.registration,)


def test_a_late_bound_agreement_is_kept_as_it_is_now(whole: Store) -> None:
    stable = replace(AGREEMENT, version="1.2.0")
    whole.load_structures([stable])
    (added,) = add(whole, replace(PLAIN, agreement=stable.reference.at("1+.0.0")))
    assert added.registration.agreement == stable.reference


def test_registrations_by_agreement_and_time(whole: Store) -> None:
    first, second = (
        one.registration for one in add(whole, PLAIN, replace(PLAIN, agreement=OTHER.reference))
    )
    assert first.updated == second.updated
    (third,) = (one.registration for one in add(whole, PLAIN))
    names = {str(AGREEMENT.reference)}
    assert {one.id for one in find_registrations(whole, agreements=names)} == {first.id, third.id}
    assert find_registrations(whole, agreements=set()) == ()
    assert find_registrations(whole, updated_after=first.updated) == (third,)
    assert third.updated is not None
    before = find_registrations(whole, updated_before=third.updated)
    assert {one.id for one in before} == {first.id, second.id}
    tick = timedelta(microseconds=1)
    both = find_registrations(
        whole, updated_after=third.updated - tick, updated_before=third.updated + tick
    )
    assert both == (third,)
    assert find_registrations(whole, updated_after=third.updated) == (), "exclusive"
    assert find_registrations(whole, updated_before=first.updated) == (), "exclusive"


def test_registrations_are_shown_while_they_are_valid(whole: Store) -> None:
    now = whole.present()
    early = replace(PLAIN, valid_from=now + timedelta(hours=1))
    late = replace(PLAIN, valid_to=now - timedelta(hours=1))
    add(whole, early, late)
    assert find_registrations(whole) == ()
    (done, _) = (one.registration for one in add(whole, replace(PLAIN, valid_from=now), early))
    assert find_registrations(whole) == (done,)


def test_registrations_are_in_the_audit_trail(whole: Store) -> None:
    (added,) = add(whole, PLAIN)
    made = added.registration
    register(whole, [(Action.REPLACE, made), (Action.DELETE, made)], by="k2")
    with whole.catalogue.reading() as connection:
        query = select(audit.c.action, audit.c.subject, audit.c.detail)
        found = connection.execute(query.where(audit.c.subject == made.id)).all()
    assert [(row[0], row[2]["key"]) for row in found] == [
        ("registration add", "k"),
        ("registration replace", "k2"),
        ("registration delete", "k2"),
    ]
    assert {row[2]["agreement"] for row in found} == {str(AGREEMENT.reference)}
