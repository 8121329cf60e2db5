"""Collections of artefacts: exact and late-bound references, parents and children."""

import pytest

from hub.errors import NotFound
from hub.model import (
    ArtefactClass,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Dimension,
    Reference,
    Representation,
    Structures,
    parse_version_query,
)


def sexes(version: str) -> Codelist:
    return Codelist(agency="A", id="CL_SEX", version=version, items=(Code(id="F"),))


def list_reference(version: str) -> Reference:
    return Reference(ArtefactClass.CODELIST, "A", "CL_SEX", version)


def structure(list_version: str = "1.0.0") -> DataStructure:
    return DataStructure(
        agency="A",
        id="DSD",
        dimensions=(
            Dimension(
                id="SEX",
                concept=CONCEPTS.reference.item("SEX"),
                representation=Representation(enumeration=list_reference(list_version)),
            ),
        ),
    )


CONCEPTS = ConceptScheme(agency="A", id="CS", items=(Concept(id="SEX"),))
LISTS = (sexes("1.0.0"), sexes("1.4.0"), sexes("1.5.0-draft"), sexes("2.0.0"), sexes("1.0"))


@pytest.mark.parametrize(
    ("version", "found"),
    [
        ("1.0.0", "1.0.0"),
        ("1.0", "1.0"),
        ("1.0+.0", "1.4.0"),
        ("1+.0.0", "2.0.0"),
        ("1.0.0+", "1.0.0"),
        ("~", "2.0.0"),
        ("1.~.0", "1.5.0-draft"),
        ("3.0.0", None),
        ("3+.0.0", None),
    ],
)
def test_references_find_the_newest_version_that_fits(version, found):
    structures = Structures(LISTS)
    artefact = structures.find(list_reference(version))
    assert (artefact.version if artefact else None) == found
    assert (list_reference(version) in structures) is (found is not None)


def test_get_names_the_versions_there_are():
    with pytest.raises(NotFound, match=r"no codelist A:CL_SEX\(9.0\).*1.0.0, 1.4.0"):
        Structures(LISTS).get(list_reference("9.0"), Codelist)


def test_get_refuses_another_type():
    with pytest.raises(NotFound):
        Structures(LISTS).get(list_reference("1.0.0"), ConceptScheme)


def test_a_later_artefact_replaces_an_equal_reference():
    longer = Codelist(agency="A", id="CL_SEX", items=(Code(id="F"), Code(id="M")))
    structures = Structures(LISTS).with_([longer])
    assert len(structures) == len(LISTS)
    assert structures.get(longer.reference, Codelist) is longer


def test_select_and_latest():
    structures = Structures([*LISTS, CONCEPTS])
    query = parse_version_query("1.*.0")
    selected = structures.select(ArtefactClass.CODELIST, "A", "CL_SEX", query)
    assert [a.version for a in selected] == ["1.5.0-draft", "1.4.0", "1.0.0"]
    newest = structures.latest(ArtefactClass.CODELIST, "A", "CL_SEX")
    assert newest is not None
    assert newest.version == "2.0.0"
    assert structures.latest(ArtefactClass.CODELIST, "B", "CL_SEX") is None


def test_children_and_parents_mirror_each_other():
    dsd = structure()
    flow = Dataflow(agency="A", id="DF", structure=dsd.reference)
    structures = Structures([*LISTS, CONCEPTS, dsd, flow])
    assert structures.children(dsd) == (CONCEPTS, LISTS[0])
    assert structures.children(flow) == (dsd,)
    for artefact in structures:
        for child in structures.children(artefact):
            assert artefact in structures.parents(child)
    assert structures.parents(flow) == ()


def test_late_bound_references_make_parents_of_what_they_find():
    dsd = structure("1.0+.0")
    structures = Structures([*LISTS, CONCEPTS, dsd])
    assert structures.parents(LISTS[1]) == (dsd,)
    assert structures.parents(LISTS[0]) == ()


def test_missing_children_are_left_out():
    dsd = structure("7.0.0")
    assert Structures([CONCEPTS, dsd]).children(dsd) == (CONCEPTS,)


def test_of_class_and_of_type():
    structures = Structures([*LISTS, CONCEPTS])
    assert structures.of_class(ArtefactClass.CONCEPT_SCHEME) == (CONCEPTS,)
    assert structures.of_type(Codelist) == LISTS
