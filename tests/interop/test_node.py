"""A client under Node.js: sdmx-rest asks, readers that others wrote make rows of what comes.

`make node` installs the packages of `node/package.json`. Questions go to the client as JSON; see
`node/ask.mjs`. sdmx-rest checks the media type of every answer, letter by letter.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dsd import shared_structures
from hub.model import Dataflow

HERE = Path(__file__).parent / "node"
FLOW = "DF_STOCK_BIRTH"
FLOWS = {flow.id for flow in shared_structures().of_type(Dataflow)}
KEY = (
    "FREQ",
    "REF_AREA",
    "MIGRANT_STATUS",
    "COUNTERPART_BASIS",
    "COUNTERPART_AREA",
    "SEX",
    "AGE",
    "UNIT_MEASURE",
    "TIME_PERIOD",
)
WITH_ATTRIBUTES = (*KEY, "OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "DERIVATION", "UNIT_MULT")
STRUCTURE = "application/vnd.sdmx.structure+{}"
ON_V1 = [STRUCTURE.format(form) for form in ("xml;version=2.1", "json;version=1.0.0")]
ON_V2 = [*ON_V1, *(STRUCTURE.format(f) for f in ("xml;version=3.0.0", "json;version=2.0.0"))]
ML_21 = [
    f"application/vnd.sdmx.{kind}+xml;version=2.1"
    for kind in (
        "genericdata",
        "structurespecificdata",
        "generictimeseriesdata",
        "structurespecifictimeseriesdata",
    )
]
CSV_1 = "application/vnd.sdmx.data+csv;version=1.0.0"
CSV_2 = "application/vnd.sdmx.data+csv;version=2.0.0"
ML_30 = "application/vnd.sdmx.data+xml;version=3.0.0"
JSON_1 = "application/vnd.sdmx.data+json;version=1.0.0"
JSON_2 = "application/vnd.sdmx.data+json;version=2.0.0"
#: Every data format that sdmx-rest knows, with the API it is asked for on and its reader.
DATA = [
    *((api, accept, "tree") for api in ("v1", "v2") for accept in ML_21),
    *((api, CSV_1, "csv") for api in ("v1", "v2")),
    *((api, JSON_1, "cube") for api in ("v1", "v2")),
    ("v2", CSV_2, "csv"),
    ("v2", ML_30, "tree"),
    ("v2", JSON_2, "cube"),
]

Ask = Callable[..., dict[str, Any]]


def _id(value: object) -> str:
    return str(value).removeprefix("application/vnd.sdmx.")


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Ask the client a question; it runs as long as the tests of this file."""
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules").is_dir():
        reason = "node is not here" if node is None else "its packages are not here: make node"
        # what decides over a change must not leave this out unseen
        (pytest.fail if os.environ.get("CI") and node else pytest.skip)(reason)
    own = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    command = [str(node), str(HERE / "ask.mjs")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, encoding="utf-8", env=own, **pipes) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        questions, answers = running.stdin, running.stdout

        def asked(**job: Any) -> dict[str, Any]:
            questions.write(f"{json.dumps(job)}\n")
            questions.flush()
            answer: dict[str, Any] = json.loads(answers.readline())
            return answer

        yield asked
        questions.close()
        assert running.wait(timeout=60) == 0


@pytest.fixture
def service(url: str) -> Callable[[str], dict[str, str]]:
    """The node as a service of sdmx-rest, which knows 1.5.0 and 2.0.0."""
    versions = {"v1": "v1.5.0", "v2": "v2.0.0"}
    return lambda api: {"url": f"{url}/sdmx/{api}", "api": versions[api]}


def _data(api: str, flow: str = FLOW, **more: Any) -> dict[str, Any]:
    if api == "v1":
        return {"flow": f"MIGX,{flow},1.0.0", **more}
    return {"context": f"dataflow=MIGX:{flow}(1.0.0)", "attributes": "dsd", **more}


@pytest.mark.parametrize(
    ("api", "accept"),
    [*(("v1", form) for form in ON_V1), *(("v2", form) for form in ON_V2)],
    ids=_id,
)
def test_it_lists_dataflows_and_reads_a_structure(
    ask: Ask, service: Any, api: str, accept: str
) -> None:
    about = {"service": service(api), "accept": accept, "read": "structures"}
    flows = ask(query={"resource": "dataflow", "agency": "MIGX", "version": "all"}, **about)
    assert flows["type"] == accept
    kinds = flows["found"]["kinds"]
    assert set(kinds.get("dataflows") or kinds["Dataflow"]) == FLOWS
    query = {"resource": "dataflow", "agency": "MIGX", "id": FLOW, "version": "1.0.0"}
    whole = ask(query={**query, "references": "descendants"}, **about)["found"]
    assert (whole["kinds"].get("dataStructures") or whole["kinds"]["DataStructure"]) == [
        "MIG_STOCK"
    ]
    assert whole["codes"]["CL_AREA_MIG"]["POL"] == "Poland"
    assert {"M", "F", "_T"} <= set(whole["codes"]["CL_SEX"])


@pytest.mark.parametrize(
    ("api", "accept", "number", "none"),
    [("v1", ON_V1[0], 26, 404), ("v2", ON_V2[-1], 34, 204)],
    ids=_id,
)
def test_every_type_it_knows_is_answered(
    ask: Ask, service: Any, api: str, accept: str, number: int, none: int
) -> None:
    """Types of which there is no artefact are answered as the API says, none with 501."""
    version = {"v1": "v1_5_0", "v2": "v2_0_0"}[api]
    statuses = ask(resources=version, service=service(api), accept=accept)["found"]
    assert len(statuses) >= number
    assert all(statuses[kind] == 200 for kind in ("codelist", "dataflow", "agencyscheme"))
    # on API 2 the client has one type that is none: any type is `*` there
    assert statuses.pop("structure") == (200 if api == "v1" else 400)
    assert set(statuses.values()) == {200, none}


@pytest.mark.parametrize(
    ("api", "accept", "reader", "is_flat"),
    [
        (*case, is_flat)
        for case in DATA
        for is_flat in (False, True)
        if not (is_flat and "timeseries" in case[1])
    ],
    ids=_id,
)
def test_it_reads_the_data(
    ask: Ask,
    service: Any,
    plain: Any,
    alike: Any,
    api: str,
    accept: str,
    reader: str,
    is_flat: bool,
) -> None:
    layout = {"obsDimension": "AllDimensions"} if is_flat else {}
    answer = ask(service=service(api), query=_data(api, **layout), accept=accept, read=reader)
    assert answer.get("type") == accept, answer
    rows = plain(FLOW)
    # a cube has values and their statuses, and no other attributes
    columns = WITH_ATTRIBUTES if reader != "cube" else (*KEY, "OBS_VALUE", "OBS_STATUS")
    assert len(answer["found"]) == len(rows) == 612
    assert alike(answer["found"], columns) == alike(rows, columns)


@pytest.mark.parametrize("flow", ["DF_EMIGRANTS", "DF_ASYMMETRY"])
@pytest.mark.parametrize(
    ("api", "accept", "reader"), [case for case in DATA if case[2] != "cube"], ids=_id
)
def test_it_reads_derived_figures(
    ask: Ask, service: Any, plain: Any, alike: Any, flow: str, api: str, accept: str, reader: str
) -> None:
    found = ask(service=service(api), query=_data(api, flow), accept=accept, read=reader)["found"]
    rows = plain(flow)
    named = {name for row in rows for name in row}
    columns = tuple(
        name for name in (*KEY, "ORIG_AREA", "OBS_VALUE", "DERIVATION") if name in named
    )
    assert len(found) == len(rows) > 600
    assert alike(found, columns) == alike(rows, columns)


@pytest.mark.parametrize("api", ["v1", "v2"])
def test_labels_and_times_of_csv(ask: Ask, service: Any, plain: Any, api: str) -> None:
    accept = f"{CSV_1};labels=both;timeFormat=normalized"
    query = _data(api, key="A.SWE......" if api == "v1" else "A.SWE")
    answer = ask(service=service(api), query=query, accept=accept, read="csv")
    assert answer["type"] == accept
    rows = [row for row in plain(FLOW) if row["REF_AREA"] == "SWE"]
    assert len(answer["found"]) == len(rows)
    assert {row["REF_AREA: Reporting area"] for row in answer["found"]} == {"SWE: Sweden"}


FILTERS: list[tuple[str, dict[str, Any], Callable[[dict[str, str]], bool]]] = [
    ("v1", {"key": "A.SWE+NOR......"}, lambda row: row["REF_AREA"] in ("SWE", "NOR")),
    ("v1", {"start": "2015", "end": "2020"}, lambda row: "2015" <= row["TIME_PERIOD"] <= "2020"),
    ("v2", {"key": "A.SWE,A.NOR"}, lambda row: row["REF_AREA"] in ("SWE", "NOR")),
    (
        "v2",
        {"filters": ["REF_AREA=SWE,NOR", "SEX=_T"]},
        lambda row: row["REF_AREA"] in ("SWE", "NOR") and row["SEX"] == "_T",
    ),
    (
        "v2",
        {"filters": ["TIME_PERIOD=ge:2015+le:2020"]},
        lambda row: "2015" <= row["TIME_PERIOD"] <= "2020",
    ),
    (
        "v2",
        {"filters": ["REF_AREA=ne:SWE"], "key": "*.*.*.*.POL"},
        lambda row: row["REF_AREA"] != "SWE" and row["COUNTERPART_AREA"] == "POL",
    ),
    ("v2", {"filters": ["OBS_VALUE=gt:100000"]}, lambda row: float(row["OBS_VALUE"]) > 100_000),
    ("v1", {"updatedAfter": "2000-01-01T00:00:00Z"}, lambda row: True),
    ("v2", {"updatedAfter": "2000-01-01T00:00:00Z"}, lambda row: True),
]


@pytest.mark.parametrize(
    ("api", "more", "holds"), FILTERS, ids=[f"{api}-{json.dumps(more)}" for api, more, _ in FILTERS]
)
def test_filters_leave_what_they_should(
    ask: Ask, service: Any, plain: Any, alike: Any, api: str, more: dict[str, Any], holds: Any
) -> None:
    found = ask(service=service(api), query=_data(api, **more), accept=CSV_1, read="csv")
    rows = [row for row in plain(FLOW) if holds(row)]
    assert 0 < len(rows)
    columns = (*KEY, "OBS_VALUE")
    assert alike(found["found"], columns) == alike(rows, columns)


@pytest.mark.parametrize("api", ["v1", "v2"])
def test_the_last_observations_of_every_series(
    ask: Ask, service: Any, plain: Any, alike: Any, api: str
) -> None:
    found = ask(service=service(api), query=_data(api, lastNObs=1), accept=CSV_1, read="csv")
    last: dict[tuple[str, ...], dict[str, str]] = {}
    for row in plain(FLOW):
        series = tuple(row[name] for name in KEY[:-1])
        if series not in last or row["TIME_PERIOD"] > last[series]["TIME_PERIOD"]:
            last[series] = row
    columns = (*KEY, "OBS_VALUE")
    assert alike(found["found"], columns) == alike(list(last.values()), columns)


def test_values_without_attributes_and_the_other_way_round(ask: Ask, service: Any) -> None:
    about = {"accept": CSV_1, "read": "csv"}
    bare = ask(service=service("v2"), query=_data("v2") | {"attributes": "none"}, **about)["found"]
    old = ask(service=service("v1"), query=_data("v1", detail="dataonly"), **about)["found"]
    assert bare == old
    assert set(bare[0]) == {"DATAFLOW", *KEY, "OBS_VALUE"}
    keys = ask(service=service("v1"), query=_data("v1", detail="serieskeysonly"), **about)["found"]
    assert set(keys[0]) <= {"DATAFLOW", *KEY}


@pytest.mark.parametrize("api", ["v1", "v2"])
@pytest.mark.parametrize("mode", ["exact", "available"])
def test_it_asks_what_is_available(ask: Ask, service: Any, plain: Any, api: str, mode: str) -> None:
    accept = {"v1": ON_V1[1], "v2": ON_V2[-1]}[api]
    query = _data(api, key="A.SWE......" if api == "v1" else "A.SWE", mode=mode)
    query.pop("attributes", None)
    found = ask(service=service(api), query=query, accept=accept, read="structures")["found"]
    rows = plain(FLOW)
    swedish = [row for row in rows if row["REF_AREA"] == "SWE"]
    wanted = {name: {row[name] for row in swedish} for name in KEY[:-1]}
    if mode == "available":  # what is chosen of a dimension does not restrict it
        wanted["REF_AREA"] = {row["REF_AREA"] for row in rows}
    region = {name: set(values) for name, values in found["region"].items()}
    assert {name: region[name] for name in wanted} == wanted


@pytest.mark.parametrize("api", ["v1", "v2"])
def test_what_is_available_comes_with_names(ask: Ask, service: Any, plain: Any, api: str) -> None:
    accept = {"v1": ON_V1[0], "v2": ON_V2[2]}[api]
    query = _data(api, component="COUNTERPART_AREA", mode="exact", references="codelist")
    query.pop("attributes", None)
    found = ask(service=service(api), query=query, accept=accept, read="structures")["found"]
    assert {row["COUNTERPART_AREA"] for row in plain(FLOW)} <= set(found["codes"]["CL_AREA_MIG"])
    assert "FRA" not in found["codes"]["CL_AREA_MIG"]


@pytest.mark.parametrize(
    ("api", "accept"),
    [
        ("v1", "application/vnd.sdmx.schema+xml;version=2.1"),
        ("v1", ON_V1[0]),
        ("v2", "application/vnd.sdmx.schema+xml;version=3.0.0"),
        ("v2", "application/vnd.sdmx.schema+json;version=2.0.0"),
        ("v2", ON_V2[2]),
        ("v2", ON_V2[3]),
    ],
    ids=_id,
)
def test_it_asks_for_a_schema(ask: Ask, service: Any, api: str, accept: str) -> None:
    query = {"context": "dataflow", "agency": "MIGX", "id": FLOW, "version": "1.0.0"}
    answer = ask(service=service(api), query=query, accept=accept)
    assert (answer.get("status"), answer.get("type")) == (200, accept), answer


def test_what_is_not_there_is_said(ask: Ask, service: Any) -> None:
    for api in ("v1", "v2"):
        answer = ask(service=service(api), query=_data(api, "DF_NOTHING"), accept=CSV_1)
        assert answer == {"error": "Request failed with error code 404"}
    empty = _data("v2", key="A.XXX")
    assert ask(service=service("v2"), query=empty, accept=CSV_1)["status"] == 204
    strange = {"accept": "application/vnd.sdmx.data+csv;version=9.0.0", "query": _data("v2")}
    assert "406" in ask(service=service("v2"), **strange)["error"]


@pytest.mark.parametrize("layout", ["TIME_PERIOD", "AllDimensions"])
def test_a_dashboard_s_parser_reads_the_data(
    ask: Ask, url: str, plain: Any, alike: Any, layout: str
) -> None:
    """sdmx-json-parser 0.3.1 reads SDMX-JSON 2.0 in which every attribute has a list of values.

    The standard lets texts stand in the data itself: so it is asked for values without attributes.
    """
    address = (
        f"{url}/sdmx/v2/data/dataflow/MIGX/{FLOW}/1.0.0/*?format=jsondata&formatVersion=2.0.0"
        f"&attributes=none&dimensionAtObservation={layout}"
    )
    answer = ask(parser=address)
    assert answer.get("name") == "Foreign-born population by country of birth", answer
    assert tuple(answer["dimensions"]) == KEY
    rows = [
        {
            **{name: codes[row[name]] for name, codes in answer["dimensions"].items()},
            "OBS_VALUE": row["value"],
        }
        for row in answer["found"]
    ]
    columns = (*KEY, "OBS_VALUE")
    assert alike(rows, columns) == alike(plain(FLOW), columns)
    sliced = ask(parser=address, slice={"REF_AREA": ["Sweden"]})["found"]
    assert len(sliced) == sum(row["REF_AREA"] == "SWE" for row in plain(FLOW))
