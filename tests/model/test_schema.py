"""Resolving a context into a schema."""

from dataclasses import replace

import pytest

from hub.errors import Invalid, NotFound
from hub.model import (
    Annotation,
    ArtefactClass,
    Attachment,
    Attribute,
    Cascade,
    Code,
    Codelist,
    CodelistExtension,
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
    KeySet,
    KeyValues,
    Maintainable,
    Measure,
    ProvisionAgreement,
    Reference,
    Representation,
    Role,
    Structures,
    TextType,
    ValueDetail,
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


AREAS = Codelist(
    agency="A",
    id="CL_AREA",
    items=(Code(id="W"), Code(id="N", parent="W"), Code(id="SE", parent="N"), Code(id="FR")),
)
WIDER = Codelist(
    agency="A",
    id="CL_WIDER",
    items=(Code(id="X"),),
    extensions=(CodelistExtension(codelist=AREAS.reference, prefix="A_"),),
)


def _with_areas(enumeration: Codelist, *more: Maintainable) -> Structures:
    areas = Dimension(
        id="AREA",
        concept=concept("AREA"),
        representation=Representation(enumeration=enumeration.reference),
    )
    structure = replace(DSD, dimensions=(areas, DSD.dimensions[-1]), attributes=(), groups=())
    return Structures([AREAS, WIDER, CONCEPTS, structure, FLOW, *more])


def test_a_column_has_the_codes_its_list_takes_over():
    (column, *_) = resolve(DSD.reference, _with_areas(WIDER)).columns
    assert [code.id for code in column.enumeration.items] == ["A_W", "A_N", "A_SE", "A_FR", "X"]
    with pytest.raises(NotFound, match="CL_AREA"):
        resolve(DSD.reference, Structures([WIDER, *(a for a in _with_areas(WIDER) if a != AREAS)]))


def _allowed(**said: object) -> DataConstraint:
    return DataConstraint(agency="A", id="CON", targets=(DSD.reference,), **said)


def _values(*values: str, **said: object) -> KeyValues:
    return KeyValues(component="AREA", values=values, **said)


@pytest.mark.parametrize(
    ("cascade", "expected"),
    [
        (Cascade.NO, ("N", "FR")),
        (Cascade.YES, ("N", "SE", "FR")),
        (Cascade.EXCLUDE_ROOT, ("SE", "FR")),
    ],
)
def test_values_that_cascade_bring_what_is_below_them(cascade, expected):
    keys = _values("N", "FR", details=(ValueDetail(value="N", cascade=cascade),))
    constraint = _allowed(regions=(CubeRegion(keys=(keys,)),))
    schema = resolve(DSD.reference, _with_areas(AREAS, constraint))
    assert set(schema.allowed[0].keys[0].values) == set(expected)


def test_sets_of_keys_are_regions():
    sets = (
        KeySet(keys=(CubeRegion(keys=(_values("SE"),)), CubeRegion(keys=(_values("FR"),)))),
        KeySet(is_included=False, keys=(CubeRegion(keys=(_values("W"),)),)),
    )
    constraint = _allowed(regions=(CubeRegion(keys=(_values("N"),)),), key_sets=sets)
    schema = resolve(DSD.reference, _with_areas(AREAS, constraint))
    said = [(region.include, region.keys[0].values) for region in schema.allowed]
    assert said == [(True, ("N",)), (True, ("SE",)), (True, ("FR",)), (False, ("W",))]


def test_a_constraint_on_a_provider_counts_for_its_agreements():
    providers = DataProviderScheme(agency="A", id="DATA_PROVIDERS", version="1.0")
    one, two = (
        ProvisionAgreement(
            agency="A",
            id=f"PA_{id_}",
            dataflow=FLOW.reference,
            provider=providers.reference.item(id_),
        )
        for id_ in ("ONE", "TWO")
    )
    constraint = DataConstraint(
        agency="A", id="CON", provider=one.provider, regions=(CubeRegion(keys=(_values("SE"),)),)
    )
    known = _with_areas(AREAS, one, two, constraint)
    assert [c.id for c in resolve(one.reference, known).constraints] == ["CON"]
    assert resolve(two.reference, known).constraints == ()
    assert resolve(FLOW.reference, known).constraints == ()
