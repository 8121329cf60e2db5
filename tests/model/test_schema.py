"""Resolving a context into a schema."""

from dataclasses import replace

import pytest

from hub.errors import Invalid, NotFound
from hub.model import (
    Annotation,
    ArtefactClass,
    Attachment,
    Attribute,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    CubeRegion,
    DataConstraint,
    Dataflow,
    DataProviderScheme,
    DataStructure,
    Dimension,
    Group,
    InternationalString,
    KeyValues,
    Measure,
    ProvisionAgreement,
    Reference,
    Representation,
    Role,
    Structures,
    TextType,
    resolve,
)

SEXES = Codelist(agency="A", id="CL_SEX", items=(Code(id="F"), Code(id="M")))
CODED = Representation(enumeration=SEXES.reference)
CONCEPTS = ConceptScheme(
    agency="A",
    id="CS",
    items=(
        Concept(id="SEX", name=InternationalString.of("Sex"), representation=CODED),
        Concept(id="NOTE", representation=Representation(text_type=TextType.XHTML)),
    ),
)


def concept(id_: str):
    return CONCEPTS.reference.item(id_)


DSD = DataStructure(
    agency="A",
    id="DSD",
    dimensions=(
        Dimension(id="SEX", concept=concept("SEX")),
        Dimension(id="AREA", concept=concept("AREA"), representation=Representation()),
        Dimension(id="TIME_PERIOD", concept=concept("TIME_PERIOD"), is_time=True),
    ),
    measures=(Measure(id="OBS_VALUE", concept=concept("OBS_VALUE"), is_mandatory=False),),
    attributes=(
        Attribute(id="NOTE", concept=concept("NOTE"), is_mandatory=True),
        Attribute(
            id="UNIT",
            concept=concept("UNIT"),
            attachment=Attachment.DIMENSIONS,
            dimensions=("SEX", "AREA"),
        ),
        Attribute(id="WHO", concept=concept("WHO"), attachment=Attachment.GROUP, group="G"),
    ),
    groups=(Group(id="G", dimensions=("AREA",)),),
)
FLOW = Dataflow(
    agency="A",
    id="DF",
    structure=DSD.reference,
    annotations=(Annotation(type="SLICE_BY", title="AREA"),),
)
PROVIDERS = DataProviderScheme(agency="A", id="DATA_PROVIDERS", version="1.0")
AGREEMENT = ProvisionAgreement(
    agency="A", id="PA", dataflow=FLOW.reference, provider=PROVIDERS.reference.item("A")
)
BASE = (SEXES, CONCEPTS, DSD, FLOW, PROVIDERS, AGREEMENT)


def constraint(id_: str, *targets: Reference) -> DataConstraint:
    region = CubeRegion(keys=(KeyValues(component="SEX", values=(id_,)),))
    return DataConstraint(agency="A", id=id_, targets=targets, regions=(region,))


@pytest.mark.parametrize("context", [DSD, FLOW, AGREEMENT])
def test_columns_are_the_same_in_every_context(context):
    schema = resolve(context.reference, Structures(BASE))
    assert schema.context == context.reference
    assert [column.id for column in schema.columns] == [c.id for c in DSD.components]
    assert [column.id for column in schema.key] == ["SEX", "AREA"]
    assert [column.id for column in schema.dimensions] == ["SEX", "AREA", "TIME_PERIOD"]
    assert schema.time is not None
    assert schema.time.role is Role.TIME
    assert [column.id for column in schema.measures] == ["OBS_VALUE"]
    assert [column.id for column in schema.attributes] == ["NOTE", "UNIT", "WHO"]


def test_a_column_without_a_representation_has_the_concepts():
    schema = resolve(FLOW.reference, Structures(BASE))
    assert schema.by_id["SEX"].enumeration is SEXES
    assert str(schema.by_id["SEX"].name) == "Sex"
    assert schema.by_id["NOTE"].text_type is TextType.XHTML
    assert not schema.by_id["AREA"].is_coded
    assert str(schema.by_id["AREA"].name) == "AREA"  # a concept that is not there


def test_usage_and_attachment_come_from_the_structure():
    columns = resolve(FLOW.reference, Structures(BASE)).by_id
    assert [columns[id_].is_mandatory for id_ in ("SEX", "OBS_VALUE", "NOTE", "UNIT")] == [
        True,
        False,
        True,
        False,
    ]
    assert columns["NOTE"].attachment is Attachment.OBSERVATION
    assert columns["UNIT"].dimensions == ("SEX", "AREA")
    assert columns["WHO"].dimensions == ("AREA",)
    assert columns["WHO"].group == "G"


def test_slice_by_is_a_dimension_or_nothing():
    structures = Structures(BASE)
    assert resolve(FLOW.reference, structures).slice_by == "AREA"
    assert resolve(AGREEMENT.reference, structures).slice_by == "AREA"
    assert resolve(DSD.reference, structures).slice_by is None
    astray = replace(FLOW, annotations=(Annotation(type="SLICE_BY", title="NOWHERE"),))
    assert resolve(FLOW.reference, structures.with_([astray])).slice_by is None


def test_constraints_of_everything_up_to_the_context_apply():
    elsewhere = Reference(ArtefactClass.DATAFLOW, "A", "OTHER", "1.0.0")
    structures = Structures(
        [
            *BASE,
            constraint("ON_DSD", DSD.reference),
            constraint("ON_FLOW", elsewhere, FLOW.reference),
            constraint("ON_AGREEMENT", AGREEMENT.reference),
            constraint("ELSEWHERE", elsewhere),
        ]
    )

    def applied(context: Reference) -> set[str]:
        return {c.id for c in resolve(context, structures).constraints}

    assert applied(DSD.reference) == {"ON_DSD"}
    assert applied(FLOW.reference) == {"ON_DSD", "ON_FLOW"}
    assert applied(AGREEMENT.reference) == {"ON_DSD", "ON_FLOW", "ON_AGREEMENT"}


def test_a_late_bound_constraint_applies_to_what_it_finds():
    structures = Structures([*BASE, constraint("LATE", FLOW.reference.at("1.0+.0"))])
    assert [c.id for c in resolve(FLOW.reference, structures).constraints] == ["LATE"]


def test_allowed_regions_leave_out_what_is_merely_present():
    allowed = constraint("F", FLOW.reference)
    actual = replace(constraint("M", FLOW.reference), role="Actual")
    schema = resolve(FLOW.reference, Structures([*BASE, allowed, actual]))
    assert schema.allowed == allowed.regions


def test_late_bound_context_is_resolved_to_a_version():
    schema = resolve(FLOW.reference.at("1+.0.0"), Structures(BASE))
    assert schema.context == FLOW.reference


@pytest.mark.parametrize("missing", [SEXES, DSD, FLOW])
def test_what_is_missing_is_named(missing):
    structures = Structures([a for a in BASE if a is not missing])
    with pytest.raises(NotFound, match=missing.id):
        resolve(AGREEMENT.reference, structures)


def test_several_values_in_several_languages_are_refused():
    both = Representation(is_multilingual=True, max_occurs=None)
    attribute = Attribute(id="X", concept=concept("X"), representation=both)
    with pytest.raises(Invalid, match="X is both multi-valued and multilingual"):
        resolve(DSD.reference, Structures([*BASE, replace(DSD, attributes=(attribute,))]))
