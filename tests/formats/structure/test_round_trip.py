"""What is written validates against the official schemas and is read back as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hub.formats.message import Header
from hub.formats.structure import (
    FORMS,
    JSON_10,
    JSON_21,
    ML_31,
    Family,
    Model,
    StructureForm,
    read,
    write,
)
from hub.model import DataConstraint, Maintainable

Validate = Callable[[bytes, StructureForm], None]
NEWER_FORMS = [form for form in FORMS if form.model is not Model.V21]


def by_urn(artefacts: list[Maintainable]) -> dict[str, Maintainable]:
    return {artefact.urn: artefact for artefact in artefacts}


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_artefacts_survive_every_form(
    form: StructureForm, artefacts: list[Maintainable], header: Header, validate: Validate
) -> None:
    message = write(header, artefacts, form)
    validate(message, form)
    assert by_urn(read(message)) == by_urn(artefacts)


@pytest.mark.parametrize("form", NEWER_FORMS, ids=str)
def test_what_is_new_in_3_survives(
    form: StructureForm, newer: list[Maintainable], header: Header, validate: Validate
) -> None:
    message = write(header, newer, form)
    validate(message, form)
    assert by_urn(read(message)) == by_urn(newer)


@pytest.mark.parametrize("form", [form for form in FORMS if form.model is not Model.V31], ids=str)
def test_an_availability_answer_survives(
    form: StructureForm, actual: DataConstraint, header: Header, validate: Validate
) -> None:
    message = write(header, [actual], form)
    validate(message, form)
    assert read(message) == [actual if form.model is Model.V21 else _in_utc(actual)]


def _in_utc(actual: DataConstraint) -> DataConstraint:
    """Since 3.0 coverage is told at the values, as instants with their zone (RFC 3339)."""
    return replace(actual, start=f"{actual.start}Z", end=f"{actual.end}Z")


@pytest.mark.parametrize("form", [ML_31, JSON_21], ids=str)
def test_an_availability_answer_of_3_1_has_no_identity(
    form: StructureForm, actual: DataConstraint, header: Header, validate: Validate
) -> None:
    message = write(header, [actual], form)
    validate(message, form)
    (found,) = read(message)
    target = actual.targets[0]
    assert (found.agency, found.version) == (target.agency, target.version)
    assert replace(
        found, agency=actual.agency, id=actual.id, version=actual.version, name=actual.name
    ) == _in_utc(actual)


def test_excluded_values_survive_2_1(
    excluding: DataConstraint, header: Header, validate: Validate
) -> None:
    for form in FORMS:
        if form != JSON_10:
            message = write(header, [excluding], form)
            validate(message, form)
            assert read(message) == [excluding]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_an_empty_message_is_valid(form: StructureForm, header: Header, validate: Validate) -> None:
    message = write(header, [], form)
    validate(message, form)
    assert read(message) == []


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_the_schemas_do_judge(
    form: StructureForm, artefacts: list[Maintainable], header: Header, validate: Validate
) -> None:
    message = write(header, artefacts, form)
    damage = [(b"MIGX", b"!"), (b"Double", b"Triple")]
    if form.family is Family.ML:  # dates in JSON are judged with a further package only
        damage.append((b"2020-01-01T", b"2020-13-01T"))
    for right, wrong in damage:
        assert right in message
        with pytest.raises(AssertionError):
            validate(message.replace(right, wrong), form)
