"""What the public conformance kit asks of data queries of API 1.x, in SDMX-ML 2.1."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from itertools import product

import httpx
import pytest
from lxml import etree

from tests.tck import agency
from tests.tck.agency.said import AREAS, INDICATORS, SEXES, YEARS
from tests.tck.by_reference import local

FLOW = "CONF,DF,1.0"
SPECIFIC = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"
DIMENSIONS = ("INDICATOR", "REF_AREA", "SEX")
ALL_AREAS = (*AREAS["P1"], *AREAS["P2"])
KEYS = {*product(INDICATORS, ALL_AREAS, SEXES)}
#: What a series says beside its dimensions, and an observation beside its own.
TITLE, SAID = {"TITLE"}, {"OBS_VALUE", "OBS_STATUS"}


@dataclass(frozen=True)
class Message:
    """What a client takes from a structure-specific message that has no schema at hand."""

    namespaces: list[str]
    refers: list[str]
    data_sets: int
    series: list[tuple[dict[str, str], list[dict[str, str]]]]
    flat: list[dict[str, str]]
    groups: int

    @property
    def keys(self) -> list[tuple[str, ...]]:
        return [tuple(said[id_] for id_ in DIMENSIONS) for said, _ in self.series]

    @property
    def observations(self) -> list[dict[str, str]]:
        return self.flat + [obs for _, series in self.series for obs in series]


def get(v1: httpx.Client, target: str) -> Message:
    response = v1.get(f"/data/{target}", headers={"Accept": SPECIFIC})
    assert response.status_code == 200, (target, response.text)
    root = etree.fromstring(response.content)
    structures = root.findall("{*}Header/{*}Structure")
    refs = [ref for one in structures for ref in one.iter("Ref")]
    sets = root.findall("{*}DataSet")
    return Message(
        [one.get("namespace", "") for one in structures],
        [f"{local(ref.getparent())} {ref.get('id')}" for ref in refs],
        len(sets),
        [
            (said(series), [said(obs) for obs in series.iterfind("Obs")])
            for one in sets
            for series in one.iterfind("Series")
        ],
        [said(obs) for one in sets for obs in one.iterfind("Obs")],
        sum(len(one.findall("Group")) for one in sets),
    )


def said(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}


@pytest.mark.parametrize("flow", [FLOW, "CONF,DF", "DF", "all,DF,latest"])
def test_a_flow_is_named_by_its_namespace(v1: httpx.Client, flow: str) -> None:
    message = get(v1, f"{flow}/all?detail=serieskeysonly")
    assert message.data_sets == 1
    (namespace,) = message.namespaces
    assert namespace.startswith("urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=CONF:DF(1.0)")
    assert message.refers == ["StructureUsage DF"]
    assert {*message.keys} == KEYS


@pytest.mark.parametrize(
    ("providers", "given"),
    [("P1", ["P1"]), ("CONF,P1", ["P1"]), ("P2", ["P2"]), ("P1+P2", ["P1", "P2"])],
)
def test_providers_are_told_by_agreement_under_the_name_of_the_flow(
    v1: httpx.Client, providers: str, given: list[str]
) -> None:
    message = get(v1, f"{FLOW}/all/{providers}?detail=serieskeysonly")
    assert message.refers == [f"ProvisionAgrement PA_{one}" for one in given]
    for namespace in message.namespaces:
        assert namespace.startswith(
            "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=CONF:DF(1.0)"
        )
    areas = {area for one in given for area in AREAS[one]}
    assert {*message.keys} == {key for key in KEYS if key[1] in areas}


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("all", KEYS),
        ("I1.SWE.F", {("I1", "SWE", "F")}),
        (".SWE.F", {(one, "SWE", "F") for one in INDICATORS}),
        ("I1..F", {("I1", one, "F") for one in ALL_AREAS}),
        ("I1.SWE.", {("I1", "SWE", one) for one in SEXES}),
        ("I1.SWE+DNK.F", {("I1", "SWE", "F"), ("I1", "DNK", "F")}),
    ],
)
def test_series_have_the_values_of_the_key_in_the_order_of_the_structure(
    v1: httpx.Client, key: str, wanted: set[tuple[str, ...]]
) -> None:
    message = get(v1, f"{FLOW}/{key}?detail=serieskeysonly")
    assert sorted(message.keys) == sorted(wanted)
    assert {tuple(series) for series, _ in message.series} == {DIMENSIONS}


@pytest.mark.parametrize(
    ("query", "years"),
    [
        (f"startPeriod={YEARS[1]}", YEARS[1:]),
        (f"endPeriod={YEARS[-2]}", YEARS[:-1]),
        (f"startPeriod={YEARS[1]}&endPeriod={YEARS[-2]}", YEARS[1:-1]),
        (f"startPeriod={YEARS[1]}&endPeriod={YEARS[-2]}&lastNObservations=1", YEARS[-2:-1]),
        ("firstNObservations=3", YEARS[:3]),
        ("lastNObservations=3", YEARS[-3:]),
        # a bare year: everything was published after it
        ("updatedAfter=2016", YEARS),
        ("includeHistory=true", YEARS),
    ],
)
def test_periods_and_numbers_of_observations_choose(
    v1: httpx.Client, query: str, years: tuple[str, ...]
) -> None:
    message = get(v1, f"{FLOW}/all?{query}")
    assert {*message.keys} == KEYS
    for _, observations in message.series:
        assert tuple(obs["TIME_PERIOD"] for obs in observations) == tuple(years)


@pytest.mark.parametrize(
    ("detail", "of_series", "of_observations"),
    [
        ("full", TITLE, SAID),
        ("dataonly", set(), {"OBS_VALUE"}),
        ("nodata", TITLE, None),
        ("serieskeysonly", set(), None),
    ],
)
def test_detail_says_what_series_hold(
    v1: httpx.Client, detail: str, of_series: set[str], of_observations: set[str] | None
) -> None:
    message = get(v1, f"{FLOW}/all?detail={detail}")
    assert {*message.keys} == KEYS
    assert not message.groups
    for series, observations in message.series:
        assert {*series} == {*DIMENSIONS} | of_series
        if of_observations is None:
            assert not observations
        else:
            assert len(observations) == len(YEARS)
            assert all({*obs} == {"TIME_PERIOD"} | of_observations for obs in observations)


@pytest.mark.parametrize("at", ["", "TIME_PERIOD", *DIMENSIONS])
def test_a_dimension_is_at_the_observation(v1: httpx.Client, at: str) -> None:
    query = f"?dimensionAtObservation={at}" if at else ""
    message = get(v1, f"{FLOW}/all{query}")
    at = at or "TIME_PERIOD"
    of_series = {*DIMENSIONS, "TIME_PERIOD"} - {at}
    assert not message.flat
    assert len(message.observations) == len(KEYS) * len(YEARS)
    for series, observations in message.series:
        # an attribute of all dimensions but time goes where the last of them is
        title = TITLE if at == "TIME_PERIOD" else set()
        assert {*series} == of_series | title
        assert all({*obs} == {at} | SAID | (TITLE - title) for obs in observations)


def test_all_dimensions_are_at_the_observation(v1: httpx.Client) -> None:
    message = get(v1, f"{FLOW}/all?dimensionAtObservation=AllDimensions")
    assert not message.series
    assert len(message.flat) == len(KEYS) * len(YEARS)
    assert all({*obs} == {*DIMENSIONS, "TIME_PERIOD"} | TITLE | SAID for obs in message.flat)


@pytest.mark.parametrize(
    "kind",
    [
        "genericdata+xml;version=2.1",
        "structurespecificdata+xml;version=2.1",
        "generictimeseriesdata+xml;version=2.1",
        "structurespecifictimeseriesdata+xml;version=2.1",
        "data+json;version=1.0.0",
        "data+csv;version=1.0.0",
    ],
)
def test_what_is_asked_for_is_given_and_so_called(v1: httpx.Client, kind: str) -> None:
    asked = f"application/vnd.sdmx.{kind}"
    response = v1.get(f"/data/{FLOW}?detail=serieskeysonly", headers={"Accept": asked})
    assert response.status_code == 200
    assert response.headers["content-type"] == asked


def test_headers_of_the_request_are_heeded(v1: httpx.Client) -> None:
    target = f"/data/{FLOW}?detail=serieskeysonly"
    packed = v1.get(target, headers={"Accept": SPECIFIC, "Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert v1.get(target, headers={"Accept": SPECIFIC, "Accept-Language": "en"}).is_success
    # a date as XML writes it, which HTTP does not know and the kit sends
    later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat(timespec="milliseconds")
    for moment in (later, later.replace("+00:00", "Z")):
        known = v1.get(target, headers={"Accept": SPECIFIC, "If-Modified-Since": moment})
        assert known.status_code == 304
    for moment in ("2016-01-01T00:00:00.000Z", "yesterday"):
        new = v1.get(target, headers={"Accept": SPECIFIC, "If-Modified-Since": moment})
        assert new.status_code == 200


def test_a_connection_outlives_the_pauses_of_clients(v1: httpx.Client) -> None:
    # they let go of one after five seconds or so, and must not find it closed at that moment
    connection = HTTPConnection(v1.base_url.host, v1.base_url.port or 80, timeout=60)
    with closing(connection):
        for pause in (0, 6.5):
            time.sleep(pause)
            connection.request("GET", "/sdmx/v1/dataflow/CONF/DF?detail=allstubs")
            response = connection.getresponse()
            assert (response.status, bool(response.read())) == (200, True)


def test_the_fixture_is_as_dense_as_these_tests_take_it() -> None:
    rows = [row for one in agency.PROVIDERS for row in agency.figures(one).splitlines()[1:]]
    assert len(rows) == len(KEYS) * len(YEARS)
