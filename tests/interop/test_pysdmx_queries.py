"""pysdmx asks for data and for what is available, on both APIs, in every format it knows."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("pysdmx")

from pysdmx.api.dc.query import LogicalOperator, MultiFilter, NumberFilter, Operator, TextFilter
from pysdmx.api.qb import (
    ApiVersion,
    AvailabilityFormat,
    AvailabilityMode,
    AvailabilityQuery,
    DataContext,
    DataFormat,
    DataQuery,
    RestService,
)
from pysdmx.api.qb.data import SortBy
from pysdmx.errors import Invalid, NotImplemented
from pysdmx.io import read_sdmx

# pysdmx uses parts of pandas that are about to go
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]

FLOW = "DF_STOCK_BIRTH"
KEY = ("REF_AREA", "COUNTERPART_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS")
SERIES = ("REF_AREA", "COUNTERPART_AREA", "SEX")
VERSIONS = {"v1": ApiVersion.V1_5_0, "v2": ApiVersion.V2_2_0}
#: Formats of SDMX 2.1, which are those of API 1.5.
OLD = [form for form in DataFormat if form.name.startswith(("SDMX_ML_2", "SDMX_CSV_1"))]
JSON = [form for form in DataFormat if "JSON" in form.name]
NEW = [form for form in DataFormat if form not in OLD and form not in JSON]


def _service(url: str, api: str, **formats: Any) -> RestService:
    return RestService(f"{url}/sdmx/{api}", VERSIONS[api], timeout=60, **formats)


def _query(**more: Any) -> DataQuery:
    return DataQuery(DataContext.DATAFLOW, "MIGX", FLOW, "1.0.0", **more)


def _read(raw: bytes) -> Any:
    return read_sdmx(io.BytesIO(raw), validate=False)


def _rows(raw: bytes) -> list[dict[str, Any]]:
    (dataset,) = _read(raw).get_datasets()
    frame = dataset.data.astype(object)
    found: list[dict[str, Any]] = frame.where(frame.notna(), None).to_dict("records")
    return found


@pytest.mark.parametrize(
    ("api", "form"),
    [*(("v1", form) for form in OLD), *(("v2", form) for form in (*OLD, *NEW))],
    ids=lambda value: getattr(value, "name", value),
)
@pytest.mark.parametrize("at", [None, "AllDimensions"], ids=["series", "flat"])
def test_it_reads_the_data(
    url: str, plain: Any, alike: Any, api: str, form: DataFormat, at: str | None
) -> None:
    if at is not None and form.name.endswith("TS"):
        at = None  # time series are never flat
    raw = _service(url, api, data_format=form).data(_query(obs_dimension=at))
    assert alike(_rows(raw), KEY) == alike(plain(FLOW), KEY)


@pytest.mark.parametrize("form", NEW, ids=lambda form: form.name)
def test_api_1_5_has_no_newer_format(url: str, form: DataFormat) -> None:
    with pytest.raises(Invalid, match="406"):
        _service(url, "v1", data_format=form).data(_query())


@pytest.mark.parametrize("form", JSON, ids=lambda form: form.name)
def test_it_has_no_reader_of_json_data(url: str, form: DataFormat) -> None:
    """pysdmx 1.21 fetches SDMX-JSON, and says that it does not read it."""
    raw = _service(url, "v2", data_format=form).data(_query())
    with pytest.raises(NotImplemented, match="SDMX-JSON is not supported"):
        _read(raw)


FROM, TO = Operator.GREATER_THAN_OR_EQUAL, Operator.LESS_THAN_OR_EQUAL
Holds = Callable[[dict[str, str]], bool]
CASES: dict[str, tuple[str, dict[str, Any], Holds]] = {
    "key on v1": ("v1", {"key": "A.SWE+NOR......"}, lambda r: r["REF_AREA"] in ("SWE", "NOR")),
    "key on v2": ("v2", {"key": "A.SWE"}, lambda r: r["REF_AREA"] == "SWE"),
    "several keys": (
        "v2",
        {"key": ["A.SWE.*.*.*._T", "A.NOR.*.*.*._T"]},
        lambda r: r["REF_AREA"] in ("SWE", "NOR") and r["SEX"] == "_T",
    ),
    "one of": (
        "v2",
        {"components": TextFilter("REF_AREA", Operator.IN, ["SWE", "NOR"])},
        lambda r: r["REF_AREA"] in ("SWE", "NOR"),
    ),
    "not": (
        "v2",
        {"components": TextFilter("REF_AREA", Operator.NOT_EQUALS, "SWE")},
        lambda r: r["REF_AREA"] != "SWE",
    ),
    "starts with": (
        "v2",
        {"components": TextFilter("COUNTERPART_AREA", Operator.LIKE, "D%")},
        lambda r: r["COUNTERPART_AREA"].startswith("D"),
    ),
    "time": (
        "v2",
        {
            "components": MultiFilter(
                [TextFilter("TIME_PERIOD", FROM, "2015"), TextFilter("TIME_PERIOD", TO, "2020")],
                LogicalOperator.AND,
            )
        },
        lambda r: "2015" <= r["TIME_PERIOD"] <= "2020",
    ),
    "values": (
        "v2",
        {"components": NumberFilter("OBS_VALUE", Operator.GREATER_THAN, 100_000)},
        lambda r: float(r["OBS_VALUE"]) > 100_000,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_filters_leave_what_they_should(url: str, plain: Any, alike: Any, case: str) -> None:
    api, more, holds = CASES[case]
    raw = _service(url, api, data_format=DataFormat.SDMX_CSV_1_0_0).data(_query(**more))
    wanted = [row for row in plain(FLOW) if holds(row)]
    assert 0 < len(wanted) < 612
    assert alike(_rows(raw), KEY) == alike(wanted, KEY)


@pytest.mark.parametrize("api", VERSIONS)
@pytest.mark.parametrize("end", ["first", "last"])
def test_the_ends_of_every_series(url: str, plain: Any, alike: Any, api: str, end: str) -> None:
    query = _query(**{f"{end}_n_obs": 1})
    raw = _service(url, api, data_format=DataFormat.SDMX_CSV_1_0_0).data(query)
    rows = sorted(plain(FLOW), key=lambda row: row["TIME_PERIOD"], reverse=end == "first")
    wanted = {tuple(row[name] for name in SERIES): row for row in rows}
    assert alike(_rows(raw), KEY) == alike(list(wanted.values()), KEY)


def test_pages_in_an_order(url: str, plain: Any) -> None:
    service = _service(url, "v2", data_format=DataFormat.SDMX_CSV_2_1_0)
    pages = [
        _rows(service.data(_query(sort=[SortBy("OBS_VALUE", "desc")], offset=start, limit=200)))
        for start in range(0, 800, 200)
    ]
    assert [len(page) for page in pages] == [200, 200, 200, 12]
    found = [float(row["OBS_VALUE"]) for page in pages for row in page]
    assert found == sorted((float(row["OBS_VALUE"]) for row in plain(FLOW)), reverse=True)


@pytest.mark.parametrize("mode", AvailabilityMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize(
    ("api", "form"),
    [
        ("v1", AvailabilityFormat.SDMX_ML_2_1),
        ("v2", AvailabilityFormat.SDMX_ML_2_1),
        ("v2", AvailabilityFormat.SDMX_JSON_2_0_0),
        ("v2", AvailabilityFormat.SDMX_ML_3_0),
        ("v2", AvailabilityFormat.SDMX_ML_3_1),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_it_reads_what_is_available(
    url: str, plain: Any, api: str, form: AvailabilityFormat, mode: AvailabilityMode
) -> None:
    key = "A.SWE......" if api == "v1" else "A.SWE"
    query = AvailabilityQuery(DataContext.DATAFLOW, "MIGX", FLOW, "1.0.0", key, mode=mode)
    raw = _service(url, api, avail_format=form).availability(query)
    (constraint,) = _read(raw).structures
    rows = plain(FLOW)
    swedish = [row for row in rows if row["REF_AREA"] == "SWE"]
    wanted = {name: {row[name] for row in swedish} for name in SERIES}
    if mode is AvailabilityMode.AVAILABLE:  # what is chosen of a dimension does not restrict it
        wanted["REF_AREA"] = {row["REF_AREA"] for row in rows}
    region = constraint.cube_region
    found = {each.id: {code.value for code in each.values} for each in region.key_values}
    assert {name: found[name] for name in SERIES} == wanted
    if form is not AvailabilityFormat.SDMX_ML_2_1:  # where coverage stands at the values
        years = sorted(row["TIME_PERIOD"] for row in swedish)
        for each in region.key_values:
            assert (str(each.valid_from.year), str(each.valid_to.year)) == (years[0], years[-1])


def test_json_of_1_0_is_not_read(url: str) -> None:
    """pysdmx 1.21 asks for SDMX-JSON 1.0 structures, and has no reader of them."""
    query = AvailabilityQuery(DataContext.DATAFLOW, "MIGX", FLOW, "1.0.0")
    raw = _service(url, "v1", avail_format=AvailabilityFormat.SDMX_JSON_1_0_0).availability(query)
    with pytest.raises(NotImplemented, match="SDMX-JSON is not supported"):
        _read(raw)
