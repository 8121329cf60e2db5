"""What artefacts refer to and is not there."""

from __future__ import annotations

from dataclasses import replace

from dsd import provision_agreements, shared_structures
from hub.model import Code, Codelist, StructureMap, Structures
from hub.model.integrity import has_item, item_references, missing
from tests.store import everything

ALL = Structures(everything.ARTEFACTS)


def test_nothing_is_missing_of_what_is_whole() -> None:
    for artefact in everything.ARTEFACTS:
        assert missing(artefact, ALL) == ()


def test_the_shared_structures_are_whole() -> None:
    shared = shared_structures()
    agreements = provision_agreements("SWE", "Sweden", [])
    together = shared.with_(agreements)
    lacking = {str(one.reference): missing(one, together) for one in together}
    foreign = {str(one.reference): (one.source,) for one in together.of_type(StructureMap)}
    assert lacking == dict.fromkeys(lacking, ()) | foreign, "maps are from flows of other services"


def test_missing_artefacts_and_items_are_named() -> None:
    without_areas = Structures(a for a in everything.ARTEFACTS if a != everything.AREAS)
    assert missing(everything.TIMED, without_areas) == (everything.AREAS.reference,)
    fewer = replace(everything.CONCEPTS, items=everything.CONCEPTS.items[1:])
    assert missing(everything.TIMED, ALL.with_([fewer])) == (fewer.reference.item("AREA"),)
    partial = replace(fewer, is_partial=True)
    assert missing(everything.TIMED, ALL.with_([partial])) == ()
    assert missing(everything.FLOW, Structures()) == (everything.TIMED.reference,)


def test_parents_are_items_of_the_same_list() -> None:
    tree = Codelist(agency="T", id="CL", items=(Code(id="A", parent="Z"), Code(id="B", parent="A")))
    assert missing(tree, Structures([tree])) == (tree.reference.item("Z"),)
    assert missing(replace(tree, is_partial=True), Structures()) == ()


def test_a_late_bound_reference_is_there_while_a_version_fits() -> None:
    late = replace(everything.FLOW, structure=everything.TIMED.reference.at("1.0+.0"))
    assert missing(late, ALL) == ()
    assert missing(replace(late, structure=late.structure.at("2.0+.0")), ALL) != ()


def test_items_are_found() -> None:
    assert has_item(everything.AREAS, "SWE")
    assert not has_item(everything.AREAS, "XXX")
    assert not has_item(everything.AREAS, "SWE.X")
    assert has_item(everything.FLOW, "whatever"), "what has no items has no missing ones"


def test_references_to_items_are_found_wherever_they_stand() -> None:
    found = {reference.item for reference in item_references(everything.TIMED)}
    assert found == {component.id for component in everything.TIMED.components}
    (agreement,) = provision_agreements("SWE", "Sweden", [everything.FLOW])[2:]
    assert [reference.item for reference in item_references(agreement)] == ["SWE"]
