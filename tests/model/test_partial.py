"""Item schemes changed in part, as the maintenance guide of SDMX REST describes it."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from hub.errors import NotFound
from hub.model import Annotation, Code, Codelist, InternationalString
from hub.model.partial import is_item_scheme, merged, without_item

TEXTS = InternationalString.of


def codes(*ids: str, name: str = "n") -> tuple[Code, ...]:
    return tuple(Code(id=id_, name=TEXTS(name)) for id_ in ids)


def codelist(*items: Code, is_partial: bool = False) -> Codelist:
    return Codelist(
        agency="T", id="CL", version="1.0", name=TEXTS("L"), items=items, is_partial=is_partial
    )


def test_the_example_of_the_guide() -> None:
    """Codes 0 and 1 are given anew, code 2 stays."""
    present = codelist(
        Code(id="0", name=TEXTS("Zero")),
        Code(id="1", name=TEXTS("One")),
        Code(id="2", name=TEXTS("Two")),
    )
    given = codelist(
        Code(id="0", name=TEXTS("No decimal")), Code(id="1", name=TEXTS("One")), is_partial=True
    )
    whole = merged(present, given)
    assert [(code.id, str(code.name)) for code in whole.items] == [
        ("0", "No decimal"),
        ("1", "One"),
        ("2", "Two"),
    ]
    assert not whole.is_partial


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("X", "ABCX"),  # at the end
        ("XY", "ABCXY"),
        ("AX", "AXBC"),  # after the item it follows
        ("XB", "AXBC"),  # before the item it leads
        ("XBYZ", "AXBYZC"),
        ("BXCY", "ABXCY"),
        ("CXA", "ABCX"),  # items that are there stay in their places
        ("XC", "ABXC"),
        ("", "ABC"),
        ("CBA", "ABC"),
    ],
)
def test_new_items_come_where_they_were_put(given: str, expected: str) -> None:
    whole = merged(codelist(*codes(*"ABC")), codelist(*codes(*given), is_partial=True))
    assert "".join(code.id for code in whole.items) == expected


def test_no_item_is_lost_or_doubled() -> None:
    chance = random.Random(7)  # noqa: S311
    for _ in range(300):
        present = chance.sample("ABCDEFGH", chance.randint(0, 8))
        given = chance.sample("ABCDEFGHIJKL", chance.randint(0, 12))
        whole = merged(codelist(*codes(*present, name="old")), codelist(*codes(*given, name="new")))
        found = [code.id for code in whole.items]
        assert sorted(found) == sorted({*present, *given})
        assert [id_ for id_ in found if id_ in present] == present
        assert {code.id for code in whole.items if str(code.name) == "new"} == set(given)


def test_texts_are_replaced_by_language_and_the_rest_as_given() -> None:
    present = replace(
        codelist(*codes("A")),
        name=TEXTS({"en": "Old", "fr": "Vieux"}),
        description=TEXTS("About"),
        annotations=(Annotation(id="a"),),
        valid_from="2020-01-01",
    )
    given = replace(
        codelist(is_partial=True), name=TEXTS({"de": "Neu", "en": "New"}), valid_to="2030-01-01"
    )
    whole = merged(present, given)
    assert dict(whole.name.texts) == {"en": "New", "fr": "Vieux", "de": "Neu"}
    assert whole.description == present.description
    assert whole.annotations == ()
    assert (whole.valid_from, whole.valid_to) == (None, "2030-01-01")


def test_an_item_goes_and_leaves_orphans() -> None:
    tree = codelist(
        Code(id="A"), Code(id="A1", parent="A"), Code(id="A11", parent="A1"), Code(id="B")
    )
    left = without_item(tree, "A")
    assert [(code.id, code.parent) for code in left.items] == [
        ("A1", None),
        ("A11", "A1"),
        ("B", None),
    ]
    with pytest.raises(NotFound, match=r"T:CL\(1.0\) has no item X"):
        without_item(tree, "X")


def test_what_has_items() -> None:
    from tests.store import everything

    assert is_item_scheme(everything.AREAS)
    assert not is_item_scheme(everything.FLOW)
