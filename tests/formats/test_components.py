"""The data structure behind what a message says it is data of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.formats.components import measures_of, structure_of
from hub.model import Reference, Structures
from tests.formats.ml.messages import AGREEMENT, FLOW, STRUCTURE, STRUCTURES


@pytest.mark.parametrize("artefact", [AGREEMENT, FLOW, STRUCTURE], ids=str)
def test_it_is_found_through_agreement_and_flow(artefact) -> None:
    assert structure_of(artefact.reference, STRUCTURES) == STRUCTURE


@pytest.mark.parametrize(("version", "is_found"), [("1.0.0", True), ("1.7", True), ("2.0", False)])
def test_another_version_of_the_same_major_one_serves(version: str, is_found: bool) -> None:
    found = structure_of(FLOW.reference.at(version), STRUCTURES)
    assert found == (STRUCTURE if is_found else None)


def test_what_is_not_known_tells_nothing() -> None:
    stub = replace(STRUCTURE, dimensions=(), measures=(), attributes=(), groups=())
    known = Structures([stub, FLOW])
    unknown = Reference(FLOW.reference.artefact_class, "T", "OTHER", "1.0")
    for reference, structures in (
        (None, known),
        (FLOW.reference, None),
        (unknown, known),
        (FLOW.reference, known),
        (FLOW.reference, Structures([FLOW])),
    ):
        assert structure_of(reference, structures) is None
    assert measures_of(None) == measures_of(stub) == ("OBS_VALUE",)
    assert measures_of(STRUCTURE) == ("OBS_VALUE",)
