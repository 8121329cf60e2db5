"""What published data has no place for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from hub.model import (
    Annotation,
    Attachment,
    Attribute,
    Code,
    DataStructure,
    InternationalString,
    Maintainable,
    Representation,
    Structures,
    TextType,
    resolve,
)
from hub.model.continuity import breaks
from tests.store import everything

TIMED, FLOW, AREAS = everything.TIMED, everything.FLOW, everything.AREAS
ALL = Structures(everything.ARTEFACTS)
NEW = Attribute(id="KIND2", concept=everything.CONCEPTS.reference.item("KIND"), is_mandatory=False)


def _with(**changes: Any) -> DataStructure:
    return replace(TIMED, **changes)


def _attribute(id_: str, **changes: Any) -> DataStructure:
    attributes = tuple(replace(a, **changes) if a.id == id_ else a for a in TIMED.attributes)
    return _with(attributes=attributes)


def _told(*changed: Maintainable) -> str | None:
    together = ALL.with_(changed)
    return breaks(resolve(FLOW.reference, ALL), resolve(FLOW.reference, together))


@pytest.mark.parametrize(
    "changed",
    [
        FLOW,
        replace(FLOW, name=InternationalString.of("Other")),
        replace(AREAS, items=(Code(id="FIN"), *AREAS.items[::-1])),
        replace(TIMED, attributes=(*TIMED.attributes, NEW), name=InternationalString.of("x")),
        _with(measures=(*TIMED.measures, replace(TIMED.measures[0], id="MORE"))),
    ],
)
def test_what_leaves_a_place_for_everything(changed: Maintainable) -> None:
    assert _told(changed) is None


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (replace(AREAS, items=AREAS.items[1:]), r"AREA would lose 1 of its codes \(DNK\)"),
        (
            _with(dimensions=(TIMED.dimensions[1], TIMED.dimensions[0], TIMED.dimensions[2])),
            "order",
        ),
        (_with(dimensions=TIMED.dimensions[1:], attributes=()), "dimensions would be others"),
        (_with(attributes=TIMED.attributes[:-1]), "LEVEL would be gone"),
        (_with(attributes=(*TIMED.attributes, replace(NEW, is_mandatory=True))), "mandatory"),
        (_attribute("SHARE", is_mandatory=True), "SHARE would become mandatory"),
        (
            _attribute("SHARE", representation=Representation(text_type=TextType.INTEGER)),
            "SHARE would be of another type",
        ),
        (
            _attribute("SHARE", attachment=Attachment.DATASET),
            "SHARE would be of another type, role or attachment",
        ),
        (
            _attribute("REASONS", representation=Representation(text_type=TextType.STRING)),
            "REASONS would be of another type",
        ),
        (replace(FLOW, annotations=(Annotation(type="SLICE_BY", title="AREA"),)), "cut by AREA"),
    ],
)
def test_what_leaves_none(changed: Maintainable, told: str) -> None:
    found = _told(changed)
    assert found is not None
    assert re.search(told, found), found


def test_another_structure_does_not_continue_this_one() -> None:
    """Not even one with the same columns; a later minor version does."""
    for other in (_with(id="OTHER"), _with(version="2.0.0")):
        told = _told(other, replace(FLOW, structure=other.reference))
        assert told is not None
        assert str(other.reference) in told
    minor = _with(version="1.1.0")
    assert _told(minor, replace(FLOW, structure=minor.reference)) is None
