"""The measure dimension of SDMX 2.1, whose values are the concepts of a scheme."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hub.errors import Invalid, NotAcceptable
from hub.formats.message import Header
from hub.formats.structure import FORMS, ML_21, StructureForm, obstacle, read, write
from hub.model import (
    ArtefactClass,
    Concept,
    ConceptScheme,
    DataStructure,
    Dimension,
    InternationalString,
    ItemReference,
    Measure,
    Reference,
    Representation,
    Structures,
    resolve,
)

MEASURES = ConceptScheme(
    agency="TEST",
    id="MEASURES",
    version="1.0",
    name=InternationalString.of("Measures"),
    items=(
        Concept(id="BIRTHS", name=InternationalString.of("Births")),
        Concept(id="DEATHS", name=InternationalString.of("Deaths")),
    ),
)
CONCEPTS = ConceptScheme(
    agency="TEST",
    id="CONCEPTS",
    version="1.0",
    name=InternationalString.of("Concepts"),
    items=tuple(
        Concept(id=id_, name=InternationalString.of(id_))
        for id_ in ("AREA", "INDICATOR", "SEX", "OBS_VALUE")
    ),
)


def _concept(id_: str) -> ItemReference:
    return CONCEPTS.reference.item(id_)


def _structure(scheme: Reference) -> DataStructure:
    return DataStructure(
        agency="TEST",
        id="DSD",
        version="1.0",
        name=InternationalString.of("Events"),
        dimensions=(
            Dimension(id="AREA", concept=_concept("AREA")),
            Dimension(
                id="INDICATOR",
                concept=_concept("INDICATOR"),
                representation=Representation(enumeration=scheme),
            ),
            Dimension(id="SEX", concept=_concept("SEX")),
        ),
        measures=(Measure(id="OBS_VALUE", concept=_concept("OBS_VALUE"), is_mandatory=False),),
    )


STRUCTURE = _structure(MEASURES.reference)


def test_it_keeps_its_place_in_the_key(
    header: Header, validate: Callable[[bytes, StructureForm], None]
) -> None:
    message = write(header, [STRUCTURE], ML_21)
    validate(message, ML_21)
    assert message.count(b"<str:MeasureDimension ") == 1
    assert message.count(b"<str:Dimension ") == 2
    assert read(message) == [STRUCTURE]
    assert [dim.is_measure for dim in STRUCTURE.dimensions] == [False, True, False]


@pytest.mark.parametrize("form", [form for form in FORMS if form != ML_21], ids=str)
def test_no_other_form_has_a_place_for_it(header: Header, form: StructureForm) -> None:
    told = r"its dimension INDICATOR is a measure dimension; ask for SDMX-ML 2\.1"
    with pytest.raises(NotAcceptable, match=told):
        write(header, [STRUCTURE], form)
    assert obstacle(STRUCTURE, form, is_stub=True) is None


def test_its_values_are_the_concepts(header: Header) -> None:
    schema = resolve(STRUCTURE.reference, Structures([STRUCTURE, MEASURES, CONCEPTS]))
    column = schema.by_id["INDICATOR"]
    assert column.enumeration is not None
    assert set(column.enumeration.by_id) == {"BIRTHS", "DEATHS"}


def test_without_concepts_it_is_refused(header: Header) -> None:
    message = write(header, [STRUCTURE], ML_21)
    before, _, rest = message.partition(b"<str:LocalRepresentation>")
    without = before + rest.partition(b"</str:LocalRepresentation>")[2]
    with pytest.raises(Invalid, match="INDICATOR does not say which concepts it takes"):
        read(without)
    codes = message.replace(b'class="ConceptScheme" ', b"", 1)
    kind = ArtefactClass.CONCEPT_SCHEME
    (found,) = [each for each in read(codes) if isinstance(each, DataStructure)]
    assert found.dimensions[1].representation is not None
    assert found.dimensions[1].representation.enumeration is not None
    assert found.dimensions[1].representation.enumeration.artefact_class is kind
