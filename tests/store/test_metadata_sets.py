"""Metadata sets in the catalogue: all of a message or none, and what was there before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.errors import Conflict, Invalid, NotFound
from hub.formats.message import Action
from hub.formats.metadata import Reading, Received
from hub.model import InternationalString, MetadataSet, ReportedAttribute
from hub.publish.metadata import load
from hub.store import Store, init_home, open_store
from hub.store.maintenance import Outcome, delete
from hub.store.metadata_sets import Shelf, metadata_shelf, read_sets
from hub.store.tables import audit
from tests.formats.metadata.sets import FLOW, RICH, STRUCTURES
from tests.store import postgresql

DRAFT = replace(RICH, id="DRAFT", version="1.0.0-draft")


@pytest.fixture
def known(store: Store) -> Store:
    """A node with the structures of the sets."""
    store.load_structures(STRUCTURES)
    return store


def hand(store: Store, *sets: MetadataSet, action: Action | None = None) -> list[Outcome]:
    received = tuple(Received(metadata_set=one, action=action) for one in sets)
    loaded = load(store, Reading(source="f", received=received))
    return [outcome for _, outcome in loaded.outcomes]


def with_count(one: MetadataSet, count: int) -> MetadataSet:
    return replace(one, attributes=(ReportedAttribute(id="COUNT", value=str(count)),))


def counts(store: Store, shelf: Shelf) -> list[str | None]:
    return [one.attributes[0].value for one in read_sets(store, shelf.entries)]


def test_a_set_is_kept_as_it_is(known: Store) -> None:
    assert hand(known, RICH) == [Outcome.CREATED]
    shelf = metadata_shelf(known)
    assert list(read_sets(known, shelf.entries)) == [RICH]
    (entry,) = shelf.entries
    assert (entry.reference, entry.context) == (RICH.reference, FLOW.reference)
    assert (entry.targets, entry.name) == (RICH.targets, RICH.name)
    assert entry.loaded == shelf.changed
    assert hand(known, RICH) == [Outcome.UNCHANGED]
    assert metadata_shelf(known) == shelf


def test_a_stable_version_never_changes(known: Store) -> None:
    hand(known, RICH)
    for action in (None, Action.REPLACE, Action.APPEND):
        with pytest.raises(Conflict, match="a stable version never changes"):
            hand(known, with_count(RICH, 1), action=action)
    with pytest.raises(Conflict, match="a stable version never changes"):
        hand(known, replace(RICH, attributes=()), action=Action.DELETE)
    assert list(read_sets(known, metadata_shelf(known).entries)) == [RICH]


@pytest.mark.parametrize("version", ["1.0", "0.9.0", "1.0.0-draft"])
def test_what_another_version_was_is_kept(known: Store, version: str) -> None:
    given = replace(DRAFT, version=version)
    instants = [metadata_shelf(known).changed or known.present() - timedelta(seconds=1)]
    for count in (1, 2):
        hand(known, with_count(given, count))
        instants.append(metadata_shelf(known).changed or instants[0])
    assert hand(known, replace(given, attributes=()), action=Action.DELETE) == [Outcome.DELETED]
    instants.append(metadata_shelf(known).changed or instants[0])
    assert instants == sorted(set(instants))
    held = [counts(known, metadata_shelf(known, at)) for at in instants]
    assert held == [[], ["1"], ["2"], []]
    assert metadata_shelf(known).entries == ()


def test_what_was_replaced_meanwhile_is_read_as_it_was(known: Store) -> None:
    hand(known, with_count(DRAFT, 1))
    before = metadata_shelf(known)
    hand(known, with_count(DRAFT, 2))
    assert counts(known, before) == ["1"]
    assert counts(known, metadata_shelf(known)) == ["2"]


def test_a_set_without_a_name_keeps_its_name(known: Store) -> None:
    """SDMX-CSV has no place for it."""
    nothing = InternationalString()
    bare = replace(DRAFT, name=nothing, description=nothing, annotations=())
    hand(known, DRAFT)
    assert hand(known, bare) == [Outcome.UNCHANGED]
    assert hand(known, with_count(bare, 2)) == [Outcome.REPLACED]
    (one,) = read_sets(known, metadata_shelf(known).entries)
    assert (one.name, one.description, one.annotations) == (
        DRAFT.name,
        DRAFT.description,
        DRAFT.annotations,
    )


def test_append_creates_and_does_not_replace(known: Store) -> None:
    assert hand(known, with_count(DRAFT, 1), action=Action.APPEND) == [Outcome.CREATED]
    with pytest.raises(Conflict, match="with the action Replace"):
        hand(known, with_count(DRAFT, 2), action=Action.APPEND)
    assert counts(known, metadata_shelf(known)) == ["1"]


def test_a_message_is_taken_as_a_whole_or_not_at_all(known: Store) -> None:
    hand(known, RICH)
    other = replace(RICH, id="OTHER")
    broken = replace(other, id="BROKEN", attributes=(ReportedAttribute(id="NONE", value="x"),))
    with pytest.raises(Invalid, match="nothing was loaded") as refused:
        hand(known, other, broken)
    assert refused.value.findings[0].rule == "metadata-attribute"
    with pytest.raises(Conflict):
        hand(known, other, with_count(RICH, 1))
    with pytest.raises(NotFound):
        hand(known, replace(DRAFT, attributes=()), action=Action.DELETE)
    assert [entry.reference.id for entry in metadata_shelf(known).entries] == ["RICH"]


def test_it_is_in_the_audit_trail(known: Store) -> None:
    hand(known, RICH)
    hand(known, RICH)
    with known.catalogue.reading() as connection:
        query = select(audit.c.subject, audit.c.detail).where(audit.c.action == "metadata load")
        rows = connection.execute(query).all()
    assert [tuple(row) for row in rows] == [(str(RICH.reference), {"outcome": "created"})]


def test_a_flow_with_sets_is_not_deleted(known: Store) -> None:
    draft = replace(FLOW, version="0.1.0")
    known.load_structures([draft])
    hand(known, replace(RICH, metadataflow=draft.reference))
    done = delete(known, draft.reference, by="k")
    assert isinstance(done.error, Conflict)
    assert "has metadata sets" in done.error.message


def test_names_in_all_languages_are_in_the_list(known: Store) -> None:
    hand(known, replace(RICH, name=InternationalString.of({"fr": "Nom", "en": "Name"})))
    (entry,) = metadata_shelf(known).entries
    assert entry.name.texts == (("fr", "Nom"), ("en", "Name"))


def test_it_is_the_same_on_a_database_server(postgresql_url: str, tmp_path: Path) -> None:
    """Its clauses, and what JSON is there, differ from those of SQLite."""
    url = postgresql.new_database(postgresql_url)
    home = tmp_path / "home"
    init_home(home, {"node": "SWE", "areas": ["SWE"], "catalogue": url})
    store = open_store(home)
    store.load_structures(STRUCTURES)
    hand(store, RICH, with_count(DRAFT, 1))
    between = store.present()
    hand(store, with_count(DRAFT, 2))
    assert [entry.reference.id for entry in metadata_shelf(store).entries] == ["DRAFT", "RICH"]
    for at, count in ((between, "1"), (None, "2")):
        shelf = metadata_shelf(store, at)
        draft, rich = read_sets(store, shelf.entries)
        assert (draft.attributes[0].value, rich) == (count, RICH)
        assert shelf.entries[1].name == RICH.name
    store.close()
