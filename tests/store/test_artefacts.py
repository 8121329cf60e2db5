"""Loaded structures: kept exactly, never changed, all of them or none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dsd import provision_agreements, shared_structures
from hub.errors import Conflict, NotFound
from hub.model import (
    Dataflow,
    DataStructure,
    InternationalString,
    Maintainable,
    MappedColumn,
    ProvisionAgreement,
    Representation,
    RepresentationMap,
    ValueMapping,
    resolve,
)
from hub.store import Store
from hub.store.artefacts import decode, encode, schema_digest
from tests.formats.structure import kinds
from tests.publish.stock import FLOW, raw, submit
from tests.store import everything

MAP = RepresentationMap(
    agency="TEST",
    id="MAP",
    sources=(MappedColumn(values=everything.AREAS.reference),),
    mappings=(ValueMapping.of("SWE", "752"), ValueMapping.of("NOR", "578")),
    is_one_to_one=True,
)
AGREEMENTS = provision_agreements("SWE", "Sweden", [everything.FLOW])


@pytest.mark.parametrize(
    "artefact",
    [*shared_structures(), *everything.ARTEFACTS, *AGREEMENTS, MAP],
    ids=lambda artefact: f"{artefact.artefact_class.value}-{artefact.agency}-{artefact.id}",
)
def test_an_artefact_comes_out_as_it_went_in(artefact: Maintainable) -> None:
    text = encode(artefact)
    again = decode(artefact.artefact_class.value, text)
    assert type(again) is type(artefact)
    assert again == artefact
    assert encode(again) == text


@pytest.mark.parametrize(
    "artefact",
    [*kinds.IN_EVERY_STANDARD, *kinds.SINCE_30, *kinds.UNTIL_21],
    ids=lambda artefact: f"{artefact.artefact_class.value}-{artefact.id}",
)
def test_every_class_of_artefact_can_be_kept(artefact: Maintainable) -> None:
    assert decode(artefact.artefact_class.value, encode(artefact)) == artefact


def test_loading_says_what_was_new(store: Store) -> None:
    before = store.structures_changed
    assert store.load_structures(everything.ARTEFACTS) == (len(everything.ARTEFACTS), 0)
    assert store.structures_changed > before
    assert store.structures.get(everything.FLOW.reference, Dataflow) == everything.FLOW
    changed = store.structures_changed
    assert store.load_structures([*everything.ARTEFACTS, MAP]) == (1, len(everything.ARTEFACTS))
    assert store.structures_changed > changed


def test_shared_structures_are_there_already(store: Store) -> None:
    shared = list(shared_structures())
    assert store.load_structures(shared) == (0, len(shared))


def test_a_version_never_changes(store: Store) -> None:
    store.load_structures(everything.ARTEFACTS)
    other = replace(everything.AREAS, name=InternationalString.of("Other"))
    with pytest.raises(Conflict, match=r"CL_AREA\(1\.0\.0\).*give the new content a new version"):
        store.load_structures([MAP, other])
    assert MAP.reference not in store.structures
    assert store.structures.find(everything.AREAS.reference) == everything.AREAS


def test_a_part_of_a_list_that_is_there_is_no_other_content(store: Store) -> None:
    store.load_structures(everything.ARTEFACTS)
    part = replace(everything.AREAS, items=everything.AREAS.items[1:2], is_partial=True)
    assert store.load_structures([part]) == (0, 1)
    assert store.structures.find(everything.AREAS.reference) == everything.AREAS
    renamed = replace(part.items[0], name=InternationalString.of("Other"))
    for other in (
        replace(part, is_partial=False),
        replace(part, items=(renamed,)),
        replace(part, items=(replace(part.items[0], id="NEW"),)),
        replace(part, name=InternationalString.of("Other")),
    ):
        with pytest.raises(Conflict, match="another content"):
            store.load_structures([other])


def test_what_comes_with_the_program_cannot_be_replaced(store: Store) -> None:
    shared = shared_structures().find(FLOW)
    assert isinstance(shared, Dataflow)
    other = replace(shared, name=InternationalString.of("Other"))
    with pytest.raises(Conflict, match="comes with the program"):
        store.load_structures([MAP, other])
    assert MAP.reference not in store.structures


def test_a_structure_without_its_lists_is_not_loaded(store: Store) -> None:
    with pytest.raises(NotFound, match="CL_AREA"):
        store.load_structures([everything.CONCEPTS, everything.TIMED, everything.FLOW])
    assert everything.CONCEPTS.reference not in store.structures


def test_a_flow_without_its_structure_is_not_loaded(store: Store) -> None:
    with pytest.raises(NotFound, match="DSD"):
        store.load_structures([everything.FLOW])


def test_structures_are_the_same_object_until_something_changes(store: Store) -> None:
    first = store.structures
    assert store.structures is first
    store.load_structures([MAP])
    second = store.structures
    assert second is not first
    assert store.structures is second
    submit(store, raw({}))
    third = store.structures
    assert third is not second, "the node now provides a flow"
    submit(store, raw({"OBS_VALUE": "7"}))
    assert store.structures is third, "and still does"


def test_what_is_published_is_provided(store: Store) -> None:
    def agreements() -> list[str]:
        return [str(a.dataflow) for a in store.structures.of_type(ProvisionAgreement)]

    assert agreements() == []
    submit(store, raw({}))
    assert agreements() == [str(FLOW)]


def test_a_schema_has_another_digest_when_a_list_changes(store: Store) -> None:
    store.load_structures(everything.ARTEFACTS)
    schema = store.schema(everything.FLOW.reference)
    assert schema_digest(schema) == schema_digest(store.schema(everything.FLOW.reference))
    longer = replace(everything.AREAS, items=everything.AREAS.items[:-1])
    others = [a for a in everything.ARTEFACTS if a != everything.AREAS]
    changed = resolve(everything.FLOW.reference, store.structures.with_([*others, longer]))
    assert schema_digest(changed) != schema_digest(schema)


def test_a_structure_that_names_itself_only_is_kept(store: Store) -> None:
    structure = DataStructure(
        agency="TEST",
        id="ALONE",
        dimensions=(
            replace(everything.TIMED.dimensions[1], representation=Representation(max_length=5)),
        ),
    )
    assert store.load_structures([everything.CONCEPTS, structure]) == (2, 0)
    assert store.structures.find(structure.reference) == structure
