"""Data queries over HTTP, compared with a naive evaluation of the same selection."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from hub.rest import ServiceLimits, create_app
from tests.rest.client import Client
from tests.rest.memory import MemoryBackend, Row, rows_a, rows_b

FLOW = "/sdmx/v2/data/dataflow/TEST/DF_A/1.0.0"
CSV = "application/vnd.sdmx.data+csv;version=2.0.0"
JSON = "application/vnd.sdmx.data+json;version=2.0.0"
SPECIFIC = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"


def observations(client: Client, target: str) -> list[Row]:
    """The rows of the CSV answer; [] for 204."""
    response = client.get(target, CSV)
    if response.status_code == 204:
        assert response.content == b""
        return []
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.text)))


def cells(rows: list[Row]) -> list[tuple[str, str, str]]:
    return [(row["REF_AREA"], row["SEX"], row["TIME_PERIOD"]) for row in rows]


@pytest.mark.parametrize(
    ("query", "keep"),
    [
        ("", lambda r: True),
        ("/", lambda r: True),
        ("/*", lambda r: True),
        ("/A.SWE.F", lambda r: (r["REF_AREA"], r["SEX"]) == ("SWE", "F")),
        ("/A.SWE", lambda r: r["REF_AREA"] == "SWE"),
        ("/*.SWE.*", lambda r: r["REF_AREA"] == "SWE"),
        ("/.SWE.", lambda r: r["REF_AREA"] == "SWE"),
        ("/A.SWE.F,A.NOR.M", lambda r: r["REF_AREA"] + r["SEX"] in ("SWEF", "NORM")),
        ("/A.SWE.F%2CA.NOR.M", lambda r: r["REF_AREA"] + r["SEX"] in ("SWEF", "NORM")),
        ("?c[SEX]=F,M", lambda r: r["SEX"] in "FM"),
        ("?c[SEX]=F%2CM", lambda r: r["SEX"] in "FM"),
        ("?c[SEX]=ne:F,F", lambda r: True),
        ("?c[SEX]=ne:F%2Bne:M", lambda r: r["SEX"] == "_T"),
        ("/*.SWE?c[SEX]=F", lambda r: (r["REF_AREA"], r["SEX"]) == ("SWE", "F")),
        ("?c[TIME_PERIOD]=ge:2020+le:2020", lambda r: r["TIME_PERIOD"] == "2020"),
        ("?c[TIME_PERIOD]=gt:2019&c[TIME_PERIOD]=lt:2021", lambda r: r["TIME_PERIOD"] == "2020"),
        ("?c[TIME_PERIOD]=lt:2020-02", lambda r: r["TIME_PERIOD"] == "2019"),
        ("?startPeriod=2020&endPeriod=2020", lambda r: r["TIME_PERIOD"] == "2020"),
        ("?c[OBS_VALUE]=ge:116.5", lambda r: r["OBS_VALUE"] >= 116.5),
        ("?c[OBS_STATUS]=E", lambda r: r["OBS_STATUS"] == "E"),
        ("?c[REF_AREA]=sw:S", lambda r: r["REF_AREA"] == "SWE"),
        ("?c[SEX]=F,NOSUCH", lambda r: r["SEX"] == "F"),
    ],
)
def test_what_is_selected(client, query, keep):
    assert cells(observations(client, FLOW + query)) == cells([r for r in rows_a() if keep(r)])


areas = st.lists(st.sampled_from(["SWE", "NOR", "FRA"]), max_size=2, unique=True)
tests = st.tuples(
    st.sampled_from(["eq", "ne", "sw", "nc"]), st.sampled_from(["F", "M", "_T", "_", "X"])
)
NAIVE = {
    "eq": lambda value, given: value == given,
    "ne": lambda value, given: value != given,
    "sw": lambda value, given: value.startswith(given),
    "nc": lambda value, given: given not in value,
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(areas, st.lists(st.lists(tests, min_size=1, max_size=2), min_size=1, max_size=2))
def test_keys_and_filters_together_are_and(client, wanted_areas, alternatives):
    key = ",".join(f"*.{area}" for area in wanted_areas) or "*"
    filter_ = ",".join(
        "+".join(f"{operator}:{quote(value)}" for operator, value in each) for each in alternatives
    )
    expected = [
        row
        for row in rows_a()
        if (not wanted_areas or row["REF_AREA"] in wanted_areas)
        and any(all(NAIVE[o](row["SEX"], v) for o, v in each) for each in alternatives)
    ]
    assert cells(observations(client, f"{FLOW}/{key}?c[SEX]={filter_}")) == cells(expected)


def test_first_and_last_observations_and_pages(client):
    last = observations(client, f"{FLOW}/A.SWE?lastNObservations=1")
    assert {row["TIME_PERIOD"] for row in last} == {"2021"}
    both = observations(client, f"{FLOW}/A.SWE.F?firstNObservations=1&lastNObservations=1")
    assert [row["TIME_PERIOD"] for row in both] == ["2019", "2021"]
    whole = observations(client, FLOW)
    pages = [observations(client, f"{FLOW}?limit=5&offset={skip}") for skip in range(0, 20, 5)]
    assert [row for page in pages for row in page] == whole


def test_sorting_rows(client):
    rows = observations(client, f"{FLOW}?sort=SEX:desc+TIME_PERIOD:desc")
    # "_" comes after capital letters.
    assert cells(rows) == sorted(cells(rows_a()), key=lambda c: (-ord(c[1][0]), -int(c[2]), c[0]))
    encoded = observations(client, f"{FLOW}?sort=SEX:desc%2BTIME_PERIOD:desc")
    assert encoded == rows


def test_sorting_keeps_each_series_in_one_piece(client):
    """A message in series can say each series only once."""
    response = client.get(f"{FLOW}?sort=TIME_PERIOD:desc+SEX", SPECIFIC)
    series = etree.fromstring(response.content).findall(".//{*}Series")
    keys = [(s.get("SEX"), s.get("REF_AREA")) for s in series]
    assert keys == sorted(keys)
    assert len(set(keys)) == 6
    assert [o.get("TIME_PERIOD") for o in series[0]] == ["2021", "2020", "2019"]


def test_columns_can_be_left_out(client):
    def header(query: str) -> set[str]:
        return set(client.get(FLOW + query, CSV).text.splitlines()[0].split(","))

    base = {"STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "REF_AREA", "SEX", "TIME_PERIOD"}
    assert header("?attributes=none") == base | {"OBS_VALUE"}
    assert header("?attributes=obs") == base | {"OBS_VALUE", "OBS_STATUS"}
    assert header("?attributes=dataset,TITLE&measures=OBS_VALUE") == base | {
        "OBS_VALUE",
        "TITLE",
        "NOTE",
    }
    assert header("?attributes=all&measures=none") == base | {"OBS_STATUS", "TITLE", "NOTE"}
    # Nothing of observations is asked for: series keys, without time.
    assert header("?attributes=series&measures=none") == base - {"TIME_PERIOD"} | {"TITLE"}


def test_series_keys_alone_are_paged_by_series(client):
    query = "attributes=none&measures=none"
    assert len(observations(client, f"{FLOW}?{query}")) == 6
    page = observations(client, f"{FLOW}?{query}&limit=2&offset=1")
    assert [(row["REF_AREA"], row["SEX"]) for row in page] == [("NOR", "M"), ("NOR", "_T")]


def test_the_dimension_at_observation(client):
    response = client.get(f"{FLOW}?dimensionAtObservation=SEX", SPECIFIC)
    series = etree.fromstring(response.content).findall(".//{*}Series")
    keys = [(s.get("REF_AREA"), s.get("TIME_PERIOD")) for s in series]
    assert keys == sorted(set(keys))
    assert len(keys) == 6
    flat = client.get(f"{FLOW}?dimensionAtObservation=AllDimensions", JSON).json()
    assert len(flat["data"]["dataSets"][0]["observations"]) == len(rows_a())


def test_the_context_asked_for_is_kept(client):
    def links(target: str) -> str:
        answer = client.get(target, JSON).json()
        return str(answer["data"]["structures"][0]["links"][0]["urn"])

    assert "Dataflow=TEST:DF_A(1.0.0)" in links(FLOW)
    assert "ProvisionAgreement=TEST:PA_SCB" in links("/sdmx/v2/data/provisionagreement/TEST/PA_SCB")
    assert "DataStructure=TEST:DSD(1.0.0)" in links("/sdmx/v2/data/datastructure/TEST/DSD")


def test_several_flows_and_pages_across_them(client):
    """Default version and wildcards: one data set per flow; a page counts through all of them."""
    answer = client.get("/sdmx/v2/data", JSON).json()["data"]
    assert (len(answer["structures"]), len(answer["dataSets"])) == (2, 2)
    sizes = len(rows_a()), len(rows_b())
    for offset, limit in ((0, 3), (sizes[0] - 1, 2), (sizes[0], 10), (sizes[0] + 1, 1)):
        page = client.get(
            f"/sdmx/v2/data?dimensionAtObservation=AllDimensions&offset={offset}&limit={limit}",
            JSON,
        ).json()["data"]
        count = sum(len(data_set["observations"]) for data_set in page["dataSets"])
        assert count == max(0, min(limit, sum(sizes) - offset))
    beyond = client.get(f"/sdmx/v2/data?offset={sum(sizes)}", JSON)
    assert beyond.status_code == 204


def test_flows_without_the_component_are_passed_over(client):
    answer = client.get("/sdmx/v2/data/*/*/*/*/*?c[SEX]=F", JSON).json()["data"]
    assert len(answer["structures"]) == 1


def test_what_is_incomplete_is_no_replacement(client):
    """The 3.1 family has Replace and Merge; older readers get Information."""
    newest = "application/vnd.sdmx.data+json;version=2.1.0"

    def action(query: str, accept: str) -> str:
        return str(client.get(FLOW + query, accept).json()["data"]["dataSets"][0]["action"])

    assert action("", newest) == "Replace"
    assert action("?attributes=none", newest) == "Merge"
    assert action("", JSON) == action("?attributes=none", JSON) == "Information"


def test_an_answer_above_the_limit_is_refused_with_the_way_out():
    client = Client(create_app(MemoryBackend(), limits=ServiceLimits(observations=5)))
    refused = client.get(FLOW, JSON)
    assert refused.status_code == 413
    assert "17 observations, at most 5" in refused.text
    assert client.get(f"{FLOW}?limit=5", JSON).status_code == 200
    assert client.get(f"{FLOW}/A.SWE.F", JSON).status_code == 200


def test_v1_finds_the_same_with_its_own_words(client):
    def keys(target: str) -> set[tuple[str, str, str]]:
        document = etree.fromstring(client.get(f"/sdmx/v1/data/{target}", SPECIFIC).content)
        return {
            (s.get("REF_AREA"), s.get("SEX"), o.get("TIME_PERIOD"))
            for s in document.findall(".//{*}Series")
            for o in s.findall("{*}Obs")
        }

    everything = set(cells(rows_a()))
    assert keys("DF_A") == keys("TEST,DF_A") == keys("TEST,DF_A,1.0.0/all/all/") == everything
    assert keys("DF_A/.SWE+NOR.F") == {c for c in everything if c[1] == "F"}
    assert keys("DF_A/A.SWE.") == {c for c in everything if c[0] == "SWE"}
    assert keys("DF_A/all?startPeriod=2020&endPeriod=2020-12") == {
        c for c in everything if c[2] == "2020"
    }
    assert keys("DF_A/all/SCB") == keys("DF_A/all/TEST,SCB") == everything


def test_v1_detail(client):
    def answer(detail: str) -> etree._Element:
        target = f"/sdmx/v1/data/DF_A/all?detail={detail}"
        return etree.fromstring(client.get(target, SPECIFIC).content)

    series = answer("serieskeysonly").findall(".//{*}Series")
    assert len(series) == 6
    assert all(set(s.attrib) == {"FREQ", "REF_AREA", "SEX"} and not len(s) for s in series)
    nodata = answer("nodata").findall(".//{*}Series")
    assert all("TITLE" in s.attrib and not len(s) for s in nodata)
    assert all(
        set(o.attrib) == {"TIME_PERIOD", "OBS_VALUE"}
        for o in answer("dataonly").findall(".//{*}Obs")
    )


def test_v1_provider_queries_name_the_agreement(client):
    document = etree.fromstring(client.get("/sdmx/v1/data/DF_A/all/SCB", SPECIFIC).content)
    reference = document.find(".//{*}ProvisionAgrement/Ref")
    assert reference is not None
    assert reference.get("id") == "PA_SCB"
    assert client.get("/sdmx/v1/data/DF_A/all/SSB", SPECIFIC).status_code == 404


def test_equal_requests_have_equal_answers(client):
    """Header included: id and time follow from release and query, not from the clock."""
    for accept in (JSON, SPECIFIC, CSV):
        assert client.get(FLOW, accept).content == client.get(FLOW, accept).content
    meta = client.get(FLOW, JSON).json()["meta"]
    assert meta["prepared"].startswith("2026-02-20T12:30:15")
    assert json.dumps(meta) != json.dumps(client.get(f"{FLOW}/A", JSON).json()["meta"])
