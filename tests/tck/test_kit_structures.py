"""What the public conformance kit asks of structure queries of API 1.x, artefact by artefact."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from hub.model import DataConstraint, Maintainable
from tests.tck import agency
from tests.tck.by_reference import Artefact, Name, read

#: Kinds that came with API 1.5; the kit asks for those of 1.0 to 1.4.
_SINCE_15 = ("Transformation", "Ruleset", "UserDefined", "CustomType", "NamePers", "VtlMapping")
#: How the kinds are called in 2.1 that have another name here.
_OLD = {"DataConstraint": "ContentConstraint"}


def name_of(artefact: Maintainable) -> Name:
    cls = artefact.artefact_class.value
    return Name(_OLD.get(cls, cls), artefact.agency, artefact.id, artefact.version)


NAMES = [name_of(a) for a in agency.OF_21 if not a.artefact_class.value.startswith(_SINCE_15)]
TYPES = sorted({name.cls.lower() for name in NAMES})
Graph = dict[Name, set[Name]]
every = pytest.mark.parametrize("name", NAMES, ids=lambda name: f"{name.cls}-{name.id}")


def get(v1: httpx.Client, target: str) -> dict[Name, Artefact]:
    response = v1.get(target)
    assert response.status_code == 200, (target, response.text)
    return read(response.content)


def children(graph: Graph, of: set[Name]) -> set[Name]:
    return {child for one in of for child in graph[one]}


def parents(graph: Graph, of: set[Name]) -> set[Name]:
    return {one for one, below in graph.items() if below & of}


def siblings(graph: Graph, of: set[Name]) -> set[Name]:
    above = parents(graph, of)
    return above | children(graph, above)


def descendants(graph: Graph, of: set[Name]) -> set[Name]:
    found: set[Name] = set()
    while more := children(graph, of | found) - found:
        found |= more
    return found


MEANING: dict[str, Callable[[Graph, set[Name]], set[Name]]] = {
    "none": lambda _graph, _of: set(),
    "parents": parents,
    "parentsandsiblings": siblings,
    "children": children,
    "descendants": descendants,
    "all": lambda graph, of: siblings(graph, of) | descendants(graph, of),
}


@every
def test_it_is_found_by_every_part_of_its_name(v1: httpx.Client, name: Name) -> None:
    cls = name.cls.lower()
    assert [*get(v1, name.path)] == [name]
    for target in (
        f"/{cls}/all/{name.id}/{name.version}",
        f"/{cls}/{name.agency}/all/{name.version}",
        f"/{cls}/{name.agency}/{name.id}/all",
        f"/{cls}/all/all/all?detail=allstubs",
    ):
        assert name in get(v1, target), target
    (latest,) = get(v1, f"/{cls}/{name.agency}/{name.id}")
    assert latest[:3] == name[:3]
    assert latest in get(v1, f"/{cls}/{name.agency}/all")
    assert name in get(v1, f"/structure/{name.agency}/{name.id}/{name.version}")


@every
def test_references_bring_what_they_mean_whole_and_nothing_else(
    v1: httpx.Client, graph: Graph, name: Name
) -> None:
    for word, meant in MEANING.items():
        found = get(v1, f"{name.path}?detail=full&references={word}")
        assert {*found} == {name} | meant(graph, {name}), word
        assert {artefact.detail for artefact in found.values()} == {"full"}, word


@every
def test_a_type_brings_its_neighbours(v1: httpx.Client, graph: Graph, name: Name) -> None:
    beside = children(graph, {name}) | parents(graph, {name})
    for word in TYPES:
        found = get(v1, f"{name.path}?references={word}")
        assert {*found} == {name} | {one for one in beside if one.cls.lower() == word}, word


@every
@pytest.mark.parametrize(
    ("detail", "of_it", "of_others"),
    [
        ("allstubs", "stub", "stub"),
        ("referencestubs", "full", "stub"),
        ("allcompletestubs", "complete", "complete"),
        ("referencecompletestubs", "full", "complete"),
    ],
)
def test_stubs_hold_what_they_may(
    v1: httpx.Client, graph: Graph, name: Name, detail: str, of_it: str, of_others: str
) -> None:
    found = get(v1, f"{name.path}?detail={detail}&references=children")
    assert {*found} == {name} | children(graph, {name})
    for one, artefact in found.items():
        wanted = of_it if one == name else of_others
        if one.cls == "ProvisionAgreement":
            wanted = "full"  # the schema requires the flow and the provider of it
        assert artefact.detail == wanted, one


@pytest.mark.parametrize(
    "name", [n for n in NAMES if n.cls.endswith(("Scheme", "odelist", "Taxonomy"))], ids=str
)
def test_items_are_asked_for_together(v1: httpx.Client, name: Name) -> None:
    (scheme,) = get(v1, name.path).values()
    asked = scheme.items[:2]
    assert len(asked) == 2
    ((found, some),) = get(v1, f"{name.path}/{'+'.join(asked)}").items()
    assert (found, some.items) == (name, asked)


def test_what_is_in_a_category_is_found_by_it(v1: httpx.Client) -> None:
    categories = name_of(agency.CATEGORIES)
    found = get(v1, f"{categories.path}/ECON?references=parentsandsiblings")
    assert found[categories].items == ("ECON",)
    categorisations = [one for name, one in found.items() if name.cls == "Categorisation"]
    assert [one.refers[categories] for one in categorisations] == [{"ECON"}]
    assert {name for name in found if name.cls not in ("CategoryScheme", "Categorisation")} == {
        name_of(agency.STRUCTURE)
    }


@pytest.mark.parametrize("structure", [agency.STRUCTURE, agency.METADATA_STRUCTURE], ids=str)
def test_concepts_are_cut_to_those_used(v1: httpx.Client, structure: Maintainable) -> None:
    name, concepts = name_of(structure), name_of(agency.CONCEPTS)
    found = get(v1, f"{name.path}?detail=referencepartial&references=children")
    assert found[concepts].is_partial
    assert {*found[concepts].items} == found[name].refers[concepts]


@pytest.mark.parametrize(
    "constraint",
    [a for a in agency.CONSTRAINTS if isinstance(a, DataConstraint) and a.role == "Allowed"],
    ids=lambda constraint: constraint.id,
)
def test_codes_are_cut_to_those_allowed(v1: httpx.Client, constraint: DataConstraint) -> None:
    (target,) = constraint.targets
    found = get(v1, f"{name_of_reference(target)}?detail=referencepartial&references=descendants")
    (structure,) = (one for name, one in found.items() if name.cls == "DataStructure")
    for values in constraint.regions[0].keys:
        dimension = structure.element.find(f".//{{*}}Dimension[@id='{values.component}']")
        assert dimension is not None
        enumeration = dimension.find(".//{*}Enumeration/Ref")
        assert enumeration is not None
        codes = found[
            Name("Codelist", *(enumeration.get(p, "") for p in ("agencyID", "id", "version")))
        ]
        assert codes.is_partial
        assert {*values.values} <= {*codes.items}


def name_of_reference(reference: object) -> str:
    (artefact,) = (a for a in agency.OF_21 if a.reference == reference)
    return name_of(artefact).path


ML, JSON = (
    f"application/vnd.sdmx.structure+{kind}" for kind in ("xml;version=2.1", "json;version=1.0.0")
)


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("*/*", ML),
        (ML, ML),
        (JSON, JSON),
        (f"{ML}, {JSON};q=0.9", ML),
        (f"{ML};q=0.9, {JSON}", JSON),
        ("invalid representation query", None),
    ],
)
def test_what_is_asked_for_is_given_and_so_called(
    v1: httpx.Client, accept: str, given: str | None
) -> None:
    response = v1.get(
        f"{name_of(agency.SEX_LIST).path}?detail=allstubs", headers={"Accept": accept}
    )
    assert response.status_code == (406 if given is None else 200)
    assert given is None or response.headers["content-type"] == given
