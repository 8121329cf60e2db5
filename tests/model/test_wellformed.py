"""What is wrong with an artefact by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dsd import shared_structures
from hub.model import Annotation, Code, Codelist, DataStructure, ValueList
from hub.model.wellformed import ANNOTATIONS, ID_LENGTH, faults

LIST = Codelist(agency="MIGX.SWE", id="CL_X", items=(Code(id="A"), Code(id="B", parent="A")))


def with_codes(*codes: tuple[str, str | None]) -> Codelist:
    return replace(LIST, items=tuple(Code(id=id_, parent=parent) for id_, parent in codes))


def test_the_shared_structures_and_a_small_list_are_well_formed() -> None:
    assert faults(LIST) == ()
    for artefact in shared_structures():
        assert faults(artefact) == ()


@pytest.mark.parametrize(
    ("artefact", "told"),
    [
        (replace(LIST, agency="../SWE"), "agency"),
        (replace(LIST, id="CL_\u0410REA"), "an id holds"),
        (replace(LIST, id="X" * (ID_LENGTH + 1)), "at most 200"),
        (replace(LIST, version="1.+"), "without wildcards"),
        (with_codes(("../A", None)), "'../A' is no id for an item"),
        (with_codes(("\u0410", None)), "is no id for an item"),
        (with_codes(("", None)), "is no id for an item"),
        (with_codes(("A", None), ("A", None)), "several items are called A"),
        (with_codes(("A", "A")), "A come to stand below themselves"),
        (with_codes(("A", "B"), ("B", "C"), ("C", "B")), "B come to stand below themselves"),
        (replace(LIST, annotations=(Annotation(),) * (ANNOTATIONS + 1)), "annotations are more"),
        (
            replace(LIST, items=(Code(id="A", annotations=(Annotation(),) * (ANNOTATIONS + 1)),)),
            "item A has more than",
        ),
    ],
)
def test_each_fault_is_told_with_its_place(artefact: Codelist, told: str) -> None:
    (fault,) = faults(artefact)
    assert told in fault


def test_values_of_a_value_list_are_free() -> None:
    assert faults(ValueList(agency="A", id="VL", items=(Code(id="€ / ½"),) * 2)) == ()


def test_a_component_is_called_like_one_and_once() -> None:
    structure = next(iter(shared_structures().of_type(DataStructure)))
    first, second, *others = structure.dimensions
    twice = replace(structure, dimensions=(first, replace(second, id=first.id), *others))
    assert faults(twice) == (f"several components are called {first.id}",)
    odd = replace(structure, dimensions=(replace(first, id='A"; DROP'), second, *others))
    assert "is no id for a component" in faults(odd)[0]


def test_a_deep_list_is_walked_over_once() -> None:
    deep = with_codes(*((str(n), str(n - 1) if n else None) for n in range(50_000)))
    assert faults(deep) == ()
