"""What the public conformance kit asks of availability queries of API 1.3 and 1.4."""

from __future__ import annotations

import httpx
import pytest
from lxml import etree

from tests.tck import agency
from tests.tck.agency.said import AREAS, INDICATORS, SEXES, YEARS
from tests.tck.by_reference import Artefact, Name, read
from tests.tck.test_kit_structures import name_of

FLOW, STRUCTURE = name_of(agency.FLOW), name_of(agency.STRUCTURE)
ALL_AREAS = {*AREAS["P1"], *AREAS["P2"]}
WHOLE = {"INDICATOR": {*INDICATORS}, "REF_AREA": ALL_AREAS, "SEX": {*SEXES}}
#: The lists of the dimensions. The status has one too, but a region says nothing of it.
LISTS = {
    "INDICATOR": name_of(agency.INDICATOR_LIST),
    "REF_AREA": name_of(agency.AREA_LIST),
    "SEX": name_of(agency.SEX_LIST),
}


def get(v1: httpx.Client, target: str) -> tuple[Artefact, dict[Name, Artefact]]:
    """The constraint of the answer, and what else is there."""
    response = v1.get(f"/availableconstraint/CONF,DF,1.0{target}")
    assert response.status_code == 200, (target, response.text)
    found = read(response.content)
    (constraint,) = (name for name in found if name.cls == "ContentConstraint")
    one = found.pop(constraint)
    assert {*one.refers} == {FLOW}
    return one, found


def values(constraint: Artefact) -> dict[str, set[str]]:
    """What the one region of a constraint holds."""
    (region,) = constraint.element.iterfind("{*}CubeRegion")
    return {
        key.get("id", ""): {value.text or "" for value in key.iterfind("{*}Value")}
        for key in region.iterfind("{*}KeyValue")
    }


@pytest.mark.parametrize("target", ["", "/all", "/all/all/all"])
def test_a_region_of_the_flow_holds_codes_and_time_is_its_period(
    v1: httpx.Client, target: str
) -> None:
    constraint, others = get(v1, target)
    assert values(constraint) == WHOLE
    assert not others
    start, end = period(constraint)
    assert (start[:4], end[:4]) == (YEARS[0], YEARS[-1])


def period(constraint: Artefact) -> tuple[str, str]:
    element = constraint.element.find("{*}ReferencePeriod")
    assert element is not None
    return element.get("startTime", ""), element.get("endTime", "")


@pytest.mark.parametrize("mode", ["exact", "available"])
@pytest.mark.parametrize("key", ["I1.SWE.F", "I1+I2.SWE+DNK.F", "..M"])
def test_modes_of_a_key(v1: httpx.Client, key: str, mode: str) -> None:
    constraint, _ = get(v1, f"/{key}?mode={mode}")
    asked = {
        id_: {*part.split("+")} if part else WHOLE[id_]
        for id_, part in zip(WHOLE, key.split("."), strict=True)
    }
    # `available` tells what could be chosen too: of each dimension whatever goes with the others
    assert values(constraint) == (asked if mode == "exact" else WHOLE)


@pytest.mark.parametrize("version", ["2.1", "3.0.0", "3.1.0"])
def test_a_dimension_tells_where_its_values_are_in_a_key(v1: httpx.Client, version: str) -> None:
    accept = {"Accept": f"application/vnd.sdmx.structure+xml;version={version}"}
    root = str(v1.base_url).removesuffix("/v1/")
    path = (
        "v1/datastructure/CONF/DSD/1.0"
        if version == "2.1"
        else "v2/structure/datastructure/CONF/DSD/1.0"
    )
    answer = v1.get(f"{root}/{path}", headers=accept)
    assert answer.headers["content-type"] == accept["Accept"]
    dimensions = etree.fromstring(answer.content).iterfind(".//{*}DimensionList/*")
    told = {one.get("id"): one.get("position") for one in dimensions}
    places = {id_: str(place) for place, id_ in enumerate(WHOLE, start=1)}
    assert told == {**places, "TIME_PERIOD": None}  # which SDMX 3 prohibits


@pytest.mark.parametrize("component", [*WHOLE, "TIME_PERIOD"])
def test_a_component_is_told_alone(v1: httpx.Client, component: str) -> None:
    constraint, _ = get(v1, f"/all/all/{component}")
    assert values(constraint) == {component: WHOLE.get(component, {*YEARS})}


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("startPeriod=2017-01", "2017", YEARS[-1]),
        ("endPeriod=2018-12", YEARS[0], "2018"),
        ("startPeriod=2017-01&endPeriod=2018-12", "2017", "2018"),
    ],
)
def test_the_period_is_within_what_was_asked(
    v1: httpx.Client, query: str, first: str, last: str
) -> None:
    constraint, _ = get(v1, f"/all?{query}")
    start, end = period(constraint)
    assert (start[:4], end[:4]) == (first, last)


def test_numbers_are_annotations(v1: httpx.Client) -> None:
    constraint, _ = get(v1, "/all")
    told = {
        one.get("id"): (one.findtext("{*}AnnotationType"), one.findtext("{*}AnnotationTitle"))
        for one in constraint.element.iterfind("{*}Annotations/{*}Annotation")
    }
    series = len(INDICATORS) * len(ALL_AREAS) * len(SEXES)
    assert told == {
        "series_count": ("sdmx_metrics", str(series)),
        "obs_count": ("sdmx_metrics", str(series * len(YEARS))),
    }


@pytest.mark.parametrize(
    ("references", "brought"),
    [
        ("none", set()),
        ("dataflow", {FLOW}),
        ("datastructure", {STRUCTURE}),
        ("codelist", {*LISTS.values()}),
        ("conceptscheme", {name_of(agency.CONCEPTS)}),
    ],
)
def test_references_bring_what_the_region_is_of(
    v1: httpx.Client, references: str, brought: set[Name]
) -> None:
    constraint, others = get(v1, f"/all?references={references}")
    assert {*others} == brought
    if references == "codelist":
        for id_, list_ in LISTS.items():
            assert values(constraint)[id_] == {*others[list_].items} - above(others[list_])
    if references == "conceptscheme":
        assert {*values(constraint)} <= {*others[name_of(agency.CONCEPTS)].items}


def above(codes: Artefact) -> set[str]:
    """The codes that are there because one of the region is below them."""
    return {str(ref.get("id")) for ref in codes.element.iterfind("{*}Code/{*}Parent/Ref")}


def test_lists_are_cut_to_the_region(v1: httpx.Client) -> None:
    _, others = get(v1, "/I1.SWE.F?mode=exact&references=codelist")
    for id_, wanted in zip(LISTS, ("I1", "SWE", "F"), strict=True):
        list_ = others[LISTS[id_]]
        assert list_.is_partial
        assert {*list_.items} - above(list_) == {wanted}


@pytest.mark.parametrize("provider", agency.PROVIDERS)
def test_the_scheme_of_providers_is_cut_to_who_was_asked_for(
    v1: httpx.Client, provider: str
) -> None:
    constraint, others = get(v1, f"/all/{provider}?references=dataproviderscheme")
    assert values(constraint)["REF_AREA"] == {*AREAS[provider]}
    assert {name: one.items for name, one in others.items()} == {
        name_of(agency.DATA_PROVIDERS): (provider,)
    }


def test_all_brings_everything_once(v1: httpx.Client) -> None:
    _, others = get(v1, "/all?references=all")
    assert {FLOW, STRUCTURE, name_of(agency.CONCEPTS), *LISTS.values()} <= {*others}
    assert {*agency.PROVIDERS} <= {*others[name_of(agency.DATA_PROVIDERS)].items}
    assert etree.QName(others[FLOW].element).localname == "Dataflow"
