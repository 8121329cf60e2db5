"""What artefacts of one standard are in the other."""

from __future__ import annotations

from dataclasses import replace

from hub.model import (
    ComponentMap,
    Hierarchy,
    MappedColumn,
    RepresentationMap,
    StructureMap,
    Structures,
    StructureSet,
    ValueMapping,
)
from hub.model.counterparts import in_3x, in_21
from tests.formats.structure import kinds

KNOWN = Structures([*kinds.IN_EVERY_STANDARD, *kinds.SINCE_30, kinds.STRUCTURE])


def test_a_hierarchy_goes_to_2_1_and_comes_back() -> None:
    there = in_21(kinds.HIERARCHY, KNOWN.find)
    assert there is not None
    assert [each.codelist for each in there.included] == [kinds.CODES]
    assert in_3x(there) == (kinds.HIERARCHY,)


def test_each_hierarchy_of_a_list_is_an_artefact() -> None:
    one, two = in_3x(kinds.HIERARCHICAL)
    assert isinstance(one, Hierarchy)
    assert [one.id, two.id] == ["HCL_ONE", "HCL_TWO"]
    assert (one.name, one.version) == (kinds.HIERARCHICAL.items[0].name, "1.0")
    assert one.codes == kinds.HIERARCHY_CODES
    assert one.has_formal_levels


def test_maps_of_items_go_to_2_1_and_come_back() -> None:
    for scheme_map in kinds.SCHEME_MAPS:
        assert in_21(scheme_map, KNOWN.find) is None  # they have patterns and dates
        simple = replace(
            scheme_map,
            items=(
                replace(
                    scheme_map.items[0],
                    source=replace(scheme_map.items[0].source, is_pattern=False),
                    annotations=(),
                ),
            ),
        )
        there = in_21(simple, KNOWN.find)
        assert isinstance(there, StructureSet)
        if scheme_map.target != kinds.META_PROVIDERS:
            assert in_3x(there) == (simple,)


def test_a_map_of_a_structure_takes_the_maps_of_its_values_along() -> None:
    values = RepresentationMap(
        **kinds.about("RM"),
        sources=(MappedColumn(values=kinds.CODES),),
        targets=(MappedColumn(values=kinds.CODES.at("2.0")),),
        mappings=(ValueMapping.of("X", "Y"),),
    )
    mapping = StructureMap(
        **kinds.about("SM"),
        source=kinds.FLOW,
        target=kinds.DSD,
        components=(
            ComponentMap(sources=("FREQ",), targets=("OBS_VALUE",), values=values.reference),
            ComponentMap(sources=("TIME_PERIOD",), targets=("TIME_PERIOD",)),
        ),
    )
    known = KNOWN.with_([values])
    there = in_21(mapping, known.find)
    assert isinstance(there, StructureSet)
    (structure,) = there.structures
    assert [each.source_class for each in structure.components] == ["Dimension", "TimeDimension"]
    assert [each.target_class for each in structure.components] == [
        "PrimaryMeasure",
        "TimeDimension",
    ]
    back = {each.id: each for each in in_3x(there)}
    assert set(back) == {"SM", "SM_RM"}
    assert back["SM_RM"].pairs == (("X", "Y"),)
    assert back["SM"].components[0].values == back["SM_RM"].reference


def test_what_has_no_equal_has_none() -> None:
    assert in_21(kinds.STRUCTURE_MAP, KNOWN.find) is None
    assert in_21(kinds.ASSOCIATION, KNOWN.find) is None
    assert in_3x(kinds.ATTACHED) == ()
    found = in_3x(kinds.STRUCTURE_SET)
    assert {type(each).__name__ for each in found} == {
        "RepresentationMap",
        "ConceptSchemeMap",
        "CategorySchemeMap",
        "OrganisationSchemeMap",
        "ReportingTaxonomyMap",
        "StructureMap",
    }
    # the map that takes over names has no equal; the hybrid one has none either
    assert [each.id for each in found if isinstance(each, StructureMap)] == ["SET_METADATA"]
