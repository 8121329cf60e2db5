"""Every kind of artefact comes back from every form that has it as it went in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hub.formats.message import Header
from hub.formats.structure import (
    FORMS,
    JSON_10,
    JSON_20,
    JSON_21,
    ML_21,
    ML_30,
    ML_31,
    Model,
    StructureForm,
    read,
    write,
)
from hub.model import KINDS, Maintainable
from tests.formats.structure import kinds

Validate = Callable[[bytes, StructureForm], None]


def cases(artefacts: tuple[Maintainable, ...], *forms: StructureForm) -> list[object]:
    return [
        pytest.param(artefact, form, id=f"{artefact.id}-{form}")
        for artefact in artefacts
        for form in forms
    ]


IN_3 = [form for form in FORMS if form.model is not Model.V21]
ROUND_TRIPS = [
    *cases(kinds.IN_EVERY_STANDARD, *FORMS),
    *cases(kinds.SINCE_30, *IN_3),
    *cases(kinds.UNTIL_21, ML_21, JSON_10),
    *cases(kinds.VTL, ML_21),
    *cases((kinds.VTL_MAPPINGS_21,), ML_21),
    *cases((kinds.ISO,), ML_21),
    *cases((kinds.IDENTIFIED_CONTACT,), *IN_3, ML_21),
    *cases(kinds.EVOLVING, ML_31, JSON_21),
    *cases((kinds.CONSTRAINT_WITH_SOURCES,), ML_21, JSON_10, ML_30, JSON_20),
]


@pytest.mark.parametrize(("artefact", "form"), ROUND_TRIPS)
def test_it_comes_back_as_it_went_in(
    artefact: Maintainable, form: StructureForm, header: Header, validate: Validate
) -> None:
    message = write(header, [artefact], form)
    validate(message, form)
    assert read(message) == [artefact]


def test_every_kind_is_among_them() -> None:
    tried = (*kinds.IN_EVERY_STANDARD, *kinds.SINCE_30, *kinds.UNTIL_21)
    assert {artefact.artefact_class for artefact in tried} == set(KINDS)
