"""Structures created, replaced and deleted: what is taken, what is refused, what stays whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from dsd import shared_structures
from hub.errors import Conflict, NotFound, Unprocessable
from hub.formats.message import Action
from hub.model import (
    Codelist,
    CubeRegion,
    DataConstraint,
    Dataflow,
    KeyValues,
    Maintainable,
    Reference,
    resolve,
)
from hub.model.registration import DataSource, Registration
from hub.publish.door import prepare, release
from hub.publish.submission import Outcome as Published
from hub.store import Store
from hub.store.maintenance import Outcome, Submitted, delete, submit
from hub.store.registrations import register
from hub.store.tables import audit, former_artefacts
from tests.publish.stock import FLOW as STOCK
from tests.publish.stock import raw
from tests.publish.stock import submit as publish_stock
from tests.store import drafts
from tests.store.drafts import (
    AGREEMENT,
    AREAS,
    CONCEPTS,
    FLOW,
    PROVIDERS,
    STRUCTURE,
    codelist,
    renamed,
)

Hand = Callable[..., Submitted]


@pytest.fixture
def whole(store: Store) -> Store:
    """A node with the draft structures."""
    store.load_structures(drafts.ARTEFACTS)
    return store


@pytest.fixture
def hand(store: Store) -> Hand:
    """Hand in one artefact."""

    def hand(artefact: Maintainable, *, creates: bool = True) -> Submitted:
        (done,) = submit(store, [artefact], by="k", creates=creates)
        return done

    return hand


def outcomes(done: Sequence[Submitted]) -> dict[str, object]:
    """By id: what became of it, or the kind of error."""
    return {one.reference.id: one.outcome or type(one.error) for one in done}


def trail(store: Store) -> list[tuple[str, str, object]]:
    with store.catalogue.reading() as connection:
        query = select(audit.c.action, audit.c.subject, audit.c.detail).order_by(audit.c.id)
        rows = connection.execute(query.where(audit.c.action.like("structure %"))).all()
    return [(row[0], row[1], row[2]["key"]) for row in rows]


def test_a_whole_structure_is_created_in_any_order(store: Store) -> None:
    done = submit(store, reversed(drafts.ARTEFACTS), by="k1")
    assert {one.outcome for one in done} == {Outcome.CREATED}
    assert {one.action for one in done} == {Action.APPEND}
    assert [one.reference for one in done] == [a.reference for a in reversed(drafts.ARTEFACTS)]
    for artefact in drafts.ARTEFACTS:
        assert store.structures.find(artefact.reference) == artefact
    assert resolve(AGREEMENT.reference, store.structures).structure == STRUCTURE
    assert ("structure create", str(FLOW.reference), "k1") in trail(store)
    assert len(trail(store)) == len(drafts.ARTEFACTS)


def test_what_is_there_already_is_unchanged(whole: Store) -> None:
    before, changed = whole.structures, whole.structures_changed
    done = submit(whole, drafts.ARTEFACTS, by="k")
    assert {one.outcome for one in done} == {Outcome.UNCHANGED}
    assert whole.structures is before
    assert whole.structures_changed == changed
    assert trail(whole) == []


def test_a_draft_is_replaced_and_what_it_was_is_kept(whole: Store, hand: Hand) -> None:
    changed = whole.structures_changed
    done = hand(renamed(AREAS))
    assert (done.action, done.outcome) == (Action.REPLACE, Outcome.REPLACED)
    assert whole.structures.find(AREAS.reference) == renamed(AREAS)
    assert whole.structures_changed > changed
    hand(renamed(AREAS, "Again"))
    with whole.catalogue.reading() as connection:
        rows = connection.execute(
            select(former_artefacts).order_by(former_artefacts.c.loaded)
        ).all()
    assert rows[0].ended == rows[1].loaded
    assert rows[0].loaded < rows[0].ended < rows[1].ended
    assert '"Other"' in rows[1].body
    assert '"Other"' not in rows[0].body
    assert trail(whole) == [("structure replace", str(AREAS.reference), "k")] * 2


@pytest.mark.parametrize("version", ["1.0", "2", "0.1.0", "1.0.0-draft", "2.0.0-rc.1"])
def test_versions_that_may_change(hand: Hand, version: str) -> None:
    draft = codelist("CL", "A", version=version)
    assert hand(draft).outcome is Outcome.CREATED
    assert hand(renamed(draft)).outcome is Outcome.REPLACED


@pytest.mark.parametrize("version", ["1.0.0", "1.2.3", "10.0.1"])
def test_a_stable_version_never_changes(store: Store, hand: Hand, version: str) -> None:
    stable = codelist("CL", "A", "B", version=version)
    assert hand(stable).outcome is Outcome.CREATED
    for changed in (
        renamed(stable),
        replace(stable, items=stable.items[:1]),
        replace(codelist("CL", "C", version=version), is_partial=True),
    ):
        refused = hand(changed)
        assert isinstance(refused.error, Conflict)
        assert "give the new content a new version" in refused.error.message
    assert isinstance(delete(store, stable.reference, by="k").error, Conflict)
    assert isinstance(delete(store, stable.reference, by="k", item="A").error, Conflict)
    assert hand(stable).outcome is Outcome.UNCHANGED
    assert store.structures.find(stable.reference) == stable


def test_only_what_is_there_is_replaced(store: Store, hand: Hand) -> None:
    refused = hand(AREAS, creates=False)
    assert isinstance(refused.error, NotFound)
    assert refused.action is Action.REPLACE
    assert AREAS.reference not in store.structures
    hand(AREAS)
    assert hand(renamed(AREAS), creates=False).outcome is Outcome.REPLACED


def test_what_comes_with_the_program_stays(store: Store) -> None:
    for shared in shared_structures():
        (done,) = submit(store, [renamed(shared)], by="k")
        assert isinstance(done.error, Conflict), shared.reference
        assert "comes with the program" in done.error.message
        assert isinstance(delete(store, shared.reference, by="k").error, Conflict)
    assert {one.outcome for one in submit(store, shared_structures(), by="k")} == {
        Outcome.UNCHANGED
    }
    assert list(store.structures) == list(store.structures.with_(shared_structures()))


def test_an_excerpt_of_a_shared_list_counts_as_there_but_not_another_one(hand: Hand) -> None:
    shared = max(shared_structures().of_type(Codelist), key=lambda found: len(found.items))
    excerpt = replace(shared, items=shared.items[:3])
    assert hand(excerpt).outcome is Outcome.UNCHANGED
    foreign = replace(shared, items=(drafts.AREAS.items[0],), is_partial=True)
    assert isinstance(hand(foreign).error, Conflict)
    other = replace(excerpt, items=(replace(shared.items[0], name=drafts.TEXT("Other")),))
    assert isinstance(hand(other).error, Conflict)


def test_what_the_node_makes_itself_stays(store: Store) -> None:
    publish_stock(store, raw({}))
    own = [a for a in store.structures if a.reference not in shared_structures()]
    assert own
    for artefact in own:
        (done,) = submit(store, [renamed(artefact)], by="k")
        assert isinstance(done.error, Conflict)
        assert isinstance(delete(store, artefact.reference, by="k").error, Conflict)


def test_missing_references_are_named(hand: Hand) -> None:
    refused = hand(FLOW)
    assert isinstance(refused.error, Conflict)
    assert STRUCTURE.urn in refused.error.message
    hand(PROVIDERS)
    unknown = replace(AGREEMENT, provider=PROVIDERS.reference.item("NOBODY"))
    refused = hand(unknown)
    assert isinstance(refused.error, Conflict)
    assert FLOW.urn in refused.error.message
    assert "DATA_PROVIDERS(1.0).NOBODY" in refused.error.message


def test_what_can_be_taken_is_and_what_depends_on_the_rest_is_not(store: Store) -> None:
    """The structure lacks a list; so do the flow and the agreement, in turn."""
    given = [a for a in drafts.ARTEFACTS if a != AREAS]
    done = submit(store, given, by="k")
    assert outcomes(done) == {
        "CS": Outcome.CREATED,
        "DSD": Conflict,
        "DF": Conflict,
        "DATA_PROVIDERS": Outcome.CREATED,
        "PA": Conflict,
    }
    assert CONCEPTS.reference in store.structures
    assert FLOW.reference not in store.structures
    again = submit(store, [AREAS, *given], by="k")
    assert outcomes(again)["PA"] is Outcome.CREATED
    assert outcomes(again)["CS"] is Outcome.UNCHANGED


def test_one_artefact_twice_is_refused(store: Store) -> None:
    done = submit(store, [AREAS, PROVIDERS, renamed(AREAS)], by="k")
    assert outcomes(done) == {"CL_AREA": Unprocessable, "DATA_PROVIDERS": Outcome.CREATED}
    assert AREAS.reference not in store.structures


@pytest.mark.parametrize(
    "broken",
    [
        replace(AREAS, version="1.0+.0"),
        replace(AREAS, items=(*AREAS.items, AREAS.items[0])),
        replace(FLOW, is_partial=True),
    ],
)
def test_what_has_no_meaning_is_unprocessable(
    whole: Store, hand: Hand, broken: Maintainable
) -> None:
    assert isinstance(hand(broken).error, Unprocessable)


def test_a_partial_scheme_changes_the_items_it_has(whole: Store, hand: Hand) -> None:
    given = replace(
        codelist("CL_AREA", "NOR", "FIN"), items=codelist("X", "NOR", "FIN").items, is_partial=True
    )
    assert hand(given).outcome is Outcome.REPLACED
    found = whole.structures.get(AREAS.reference, Codelist)
    assert [code.id for code in found.items] == ["DNK", "NOR", "FIN", "SWE"]
    assert not found.is_partial
    assert hand(given).outcome is Outcome.UNCHANGED


def test_a_partial_scheme_of_nothing_is_not_found(store: Store, hand: Hand) -> None:
    assert isinstance(hand(replace(AREAS, is_partial=True)).error, NotFound)
    assert AREAS.reference not in store.structures


def test_an_item_that_is_referred_to_stays(whole: Store, hand: Hand) -> None:
    fewer = replace(CONCEPTS, items=CONCEPTS.items[1:])
    refused = hand(fewer)
    assert isinstance(refused.error, Conflict)
    assert STRUCTURE.urn in refused.error.message
    assert "AREA" in refused.error.message
    refused = delete(whole, CONCEPTS.reference, by="k", item="AREA")
    assert isinstance(refused.error, Conflict)
    assert delete(whole, CONCEPTS.reference, by="k", item="SPARE").outcome is Outcome.DELETED
    assert whole.structures.find(CONCEPTS.reference) == replace(CONCEPTS, items=CONCEPTS.items[:3])
    assert isinstance(delete(whole, CONCEPTS.reference, by="k", item="SPARE").error, NotFound)
    assert isinstance(delete(whole, FLOW.reference, by="k", item="X").error, Unprocessable)


def test_items_and_what_refers_to_them_change_together(whole: Store) -> None:
    fewer = replace(PROVIDERS, items=PROVIDERS.items[1:])
    assert isinstance(submit(whole, [fewer], by="k")[0].error, Conflict)
    other = replace(AGREEMENT, provider=PROVIDERS.reference.item("SSB"))
    done = submit(whole, [fewer, other], by="k")
    assert {one.outcome for one in done} == {Outcome.REPLACED}


def test_a_new_version_may_not_strand_those_who_want_the_newest(whole: Store) -> None:
    late = replace(AGREEMENT, id="LATE", provider=PROVIDERS.reference.at("1.~").item("SCB"))
    assert submit(whole, [late], by="k")[0].outcome is Outcome.CREATED
    newer = replace(PROVIDERS, version="1.1", items=PROVIDERS.items[1:])
    (refused,) = submit(whole, [newer], by="k")
    assert isinstance(refused.error, Conflict)
    assert late.urn in refused.error.message
    assert submit(whole, [replace(newer, items=PROVIDERS.items)], by="k")[0].outcome


def test_what_is_referred_to_is_not_deleted(whole: Store) -> None:
    for artefact in (AREAS, CONCEPTS, STRUCTURE, FLOW, PROVIDERS):
        refused = delete(whole, artefact.reference, by="k")
        assert isinstance(refused.error, Conflict), artefact
        assert "is referred to by" in refused.error.message
    for artefact in (AGREEMENT, FLOW, STRUCTURE, AREAS, CONCEPTS, PROVIDERS):
        done = delete(whole, artefact.reference, by="k7")
        assert done.outcome is Outcome.DELETED, done.error
        assert artefact.reference not in whole.structures
    assert trail(whole)[0] == ("structure delete", str(AGREEMENT.reference), "k7")
    assert isinstance(delete(whole, FLOW.reference, by="k").error, NotFound)
    assert not [artefact for artefact in whole.structures if artefact.agency == "TEST"]


def test_what_was_deleted_can_be_created_anew(whole: Store, hand: Hand) -> None:
    delete(whole, AGREEMENT.reference, by="k")
    assert hand(renamed(AGREEMENT)).outcome is Outcome.CREATED
    delete(whole, AGREEMENT.reference, by="k")
    with whole.catalogue.reading() as connection:
        assert len(connection.execute(select(former_artefacts)).all()) == 2


def test_published_figures_keep_their_structures(whole: Store, hand: Hand) -> None:
    drafts.publish_values(whole, SWE=1)
    delete(whole, AGREEMENT.reference, by="k")
    for own in [a for a in whole.structures.parents(FLOW) if a != AGREEMENT]:
        assert own.agency == "MIGX.SWE"
    refused = delete(whole, FLOW.reference, by="k")
    assert isinstance(refused.error, Conflict)
    fewer = replace(AREAS, items=AREAS.items[:2])
    for changed in (
        fewer,
        replace(STRUCTURE, measures=()),
        replace(STRUCTURE, dimensions=STRUCTURE.dimensions[1:]),
    ):
        refused = hand(changed)
        assert isinstance(refused.error, Conflict)
        assert f"{FLOW.reference} has published figures" in refused.error.message
    assert isinstance(delete(whole, AREAS.reference, by="k", item="SWE").error, Conflict)
    more = replace(AREAS, items=(*codelist("X", "FIN").items, *AREAS.items))
    assert hand(more).outcome is Outcome.REPLACED
    drafts.publish_values(whole, FIN=2)
    found = whole.release(FLOW.reference)
    assert found is not None
    rows = whole.read(found, whole.schema(FLOW.reference)).read_all()
    assert rows.column("AREA").to_pylist() == ["FIN", "SWE"]


def test_without_published_figures_a_structure_may_lose_codes(whole: Store, hand: Hand) -> None:
    assert hand(replace(AREAS, items=AREAS.items[:1])).outcome is Outcome.REPLACED
    assert delete(whole, AREAS.reference, by="k", item="DNK").outcome is Outcome.DELETED


def test_an_agreement_with_registrations_stays(whole: Store) -> None:
    source = DataSource(simple="https://example.org/data.xml")
    wanted = Registration(agreement=AGREEMENT.reference, source=source)
    (done,) = register(whole, [(Action.APPEND, wanted)], by="k")
    refused = delete(whole, AGREEMENT.reference, by="k")
    assert isinstance(refused.error, Conflict)
    assert "registrations" in refused.error.message
    register(whole, [(Action.DELETE, done.registration)], by="k")
    assert delete(whole, AGREEMENT.reference, by="k").outcome is Outcome.DELETED


def test_a_structure_this_node_cannot_store_is_refused(whole: Store, hand: Hand) -> None:
    impossible = replace(
        STRUCTURE.measures[0],
        representation=replace(
            STRUCTURE.measures[0].representation, max_occurs=None, is_multilingual=True
        ),
    )
    refused = hand(replace(STRUCTURE, measures=(impossible,)))
    assert isinstance(refused.error, Unprocessable)
    assert "multi-valued and multilingual" in refused.error.message


def test_who_publishes_while_a_structure_changes_is_told(whole: Store, hand: Hand) -> None:
    """What was validated under the old structure is not released under the new one."""
    constraint = DataConstraint(
        agency="TEST",
        id="CC",
        version="1.0",
        name=drafts.TEXT("C"),
        targets=(FLOW.reference,),
        regions=(CubeRegion(keys=(KeyValues(component="AREA", values=("NOR",)),)),),
    )
    for change in (
        lambda: hand(replace(AREAS, items=AREAS.items[1:])),
        lambda: hand(constraint),
    ):
        schema = whole.schema(FLOW.reference)
        prepared = prepare(whole, schema, drafts.submission(SWE=1))
        assert change().error is None
        with pytest.raises(Conflict, match="changed while this was being published"):
            release(whole, schema, [prepared])
        assert whole.release(FLOW.reference) is None
    schema = whole.schema(FLOW.reference)
    prepared = prepare(whole, schema, drafts.submission(NOR=1))
    hand(renamed(PROVIDERS))
    assert release(whole, schema, [prepared]).outcome is Published.RELEASED


def test_loading_sees_what_was_deleted_meanwhile(whole: Store) -> None:
    """A file is checked in the transaction that loads it, not before."""
    other = Store(whole.settings)
    try:
        assert other.structures.find(FLOW.reference) is not None
        delete(whole, AGREEMENT.reference, by="k")
        delete(whole, FLOW.reference, by="k")
        delete(whole, STRUCTURE.reference, by="k")
        late = replace(FLOW, id="LATE")
        with pytest.raises(NotFound, match="DSD"):
            other.load_structures([late])
        assert late.reference not in whole.structures
    finally:
        other.close()


def test_shared_flows_with_figures_are_not_disturbed(store: Store) -> None:
    """A new version of a list that a shared structure uses changes nothing about it."""
    publish_stock(store, raw({}))
    before = store.schema(STOCK)
    shared: Reference = next(c.enumeration for c in before.columns if c.enumeration).reference
    own = codelist(shared.id, "A", version="9.0.0-draft")
    submit(store, [replace(own, agency=shared.agency)], by="k")
    assert store.schema(STOCK) == before
    assert isinstance(store.structures.find(STOCK), Dataflow)
