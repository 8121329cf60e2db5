"""Code lists that take over codes of others."""

from __future__ import annotations

import pytest

from hub.errors import NotFound
from hub.model import Cascade, Code, Codelist, CodelistExtension, CodeSelection, Structures
from hub.model.extension import extended


def codes(id_: str, *items: str, extensions: tuple[CodelistExtension, ...] = ()) -> Codelist:
    """A list of `code` or `code<parent`."""
    made = []
    for text in items:
        code, _, parent = text.partition("<")
        made.append(Code(id=code, parent=parent or None))
    return Codelist(agency="T", id=id_, items=tuple(made), extensions=extensions)


BASE = codes("BASE", "A", "A1<A", "A11<A1", "B", "B1<B", "_T")


def taken(
    *extensions: CodelistExtension, own: tuple[str, ...] = (), more: tuple[Codelist, ...] = ()
) -> list[str]:
    wide = codes("WIDE", *own, extensions=extensions)
    found = extended(wide, Structures([BASE, wide, *more]).find)
    assert found.extensions == ()
    return [f"{c.id}<{c.parent}" if c.parent else c.id for c in found.items]


def of_base(**said: object) -> CodelistExtension:
    return CodelistExtension(codelist=BASE.reference, **said)


def select(value: str, cascade: Cascade = Cascade.NO) -> CodeSelection:
    return CodeSelection(value=value, cascade=cascade)


@pytest.mark.parametrize(
    ("extension", "expected"),
    [
        ({}, ["A", "A1<A", "A11<A1", "B", "B1<B", "_T"]),
        ({"prefix": "P_"}, ["P_A", "P_A1<P_A", "P_A11<P_A1", "P_B", "P_B1<P_B", "P__T"]),
        ({"included": (select("A1"), select("_T"))}, ["A1", "_T"]),
        ({"included": (select("A%"),)}, ["A", "A1<A", "A11<A1"]),
        ({"included": (select("%1"),)}, ["A1", "A11<A1", "B1"]),
        ({"included": (select("A1", Cascade.YES),)}, ["A1", "A11<A1"]),
        ({"included": (select("A", Cascade.EXCLUDE_ROOT),)}, ["A1", "A11<A1"]),
        ({"excluded": (select("A", Cascade.YES),)}, ["B", "B1<B", "_T"]),
        ({"excluded": (select("B"),)}, ["A", "A1<A", "A11<A1", "B1", "_T"]),
    ],
)
def test_codes_are_taken_over(extension, expected):
    assert taken(of_base(**extension)) == expected


def test_the_later_list_holds_and_its_own_codes_before_all():
    other = codes("OTHER", "A<Z", "Z")
    found = taken(
        of_base(included=(select("A"), select("B"))),
        CodelistExtension(codelist=other.reference),
        own=("B", "OWN<A"),
        more=(other,),
    )
    assert found == ["A<Z", "Z", "B", "OWN<A"]


def test_lists_extend_lists_that_extend_and_not_themselves():
    middle = codes("MIDDLE", "M", extensions=(of_base(included=(select("B"),)),))
    assert taken(CodelistExtension(codelist=middle.reference), more=(middle,)) == ["B", "M"]
    ring = codes("RING", "R", extensions=(CodelistExtension(codelist=codes("WIDE").reference),))
    assert taken(CodelistExtension(codelist=ring.reference), own=("W",), more=(ring,)) == ["R", "W"]


def test_a_list_that_is_not_here_is_told():
    with pytest.raises(NotFound, match=r"T:WIDE\(1.0.0\) extends T:NONE\(1.0.0\)"):
        taken(CodelistExtension(codelist=codes("NONE").reference))


def test_a_list_without_extensions_is_itself():
    assert extended(BASE, Structures().find) is BASE
