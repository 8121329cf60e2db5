"""Clients without a library for SDMX: urllib, httpx, pandas, the tools of a shell."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import httpx
import pandas as pd
import pytest

DATA = "/sdmx/v2/data/dataflow/MIGX"


def test_pandas_reads_a_url(url: str, plain: Any) -> None:
    frame = pd.read_csv(f"{url}{DATA}/DF_STOCK_BIRTH/1.0.0/A.SWE?format=csvdata")
    rows = [row for row in plain("DF_STOCK_BIRTH") if row["REF_AREA"] == "SWE"]
    assert len(frame) == len(rows) == 84
    assert frame.OBS_VALUE.sum() == sum(float(row["OBS_VALUE"]) for row in rows)


def test_the_readme_s_address_answers(url: str) -> None:
    with urlopen(f"{url}{DATA}/DF_EMIGRANTS/1.0.0/A.POL._T?format=csvdata") as answer:  # noqa: S310
        frame = pd.read_csv(io.BytesIO(answer.read()))
    total = frame[(frame.SEX == "_T") & (frame.TIME_PERIOD == 2020)].OBS_VALUE
    assert total.tolist() == [2_165_063]


@pytest.mark.parametrize("coding", ["gzip", "identity", "zstd", "br"])
def test_the_rows_are_the_same_however_they_are_packed(url: str, coding: str) -> None:
    address = f"{url}{DATA}/DF_STOCK_BIRTH/1.0.0/*?format=csvdata"
    plain = httpx.get(address, headers={"Accept-Encoding": "identity"})
    packed = httpx.get(address, headers={"Accept-Encoding": coding})
    assert packed.status_code == plain.status_code == 200
    assert packed.content == plain.content


def test_json_and_csv_say_the_same(url: str, plain: Any) -> None:
    accept = "application/vnd.sdmx.data+json;version=2.0.0"
    message = httpx.get(f"{url}{DATA}/DF_STOCK_BIRTH/1.0.0/*", headers={"Accept": accept}).json()
    (dataset,) = message["data"]["dataSets"]
    values = [
        float(cell[0])
        for series in dataset["series"].values()
        for cell in series["observations"].values()
    ]
    assert sorted(values) == sorted(float(row["OBS_VALUE"]) for row in plain("DF_STOCK_BIRTH"))


def test_a_second_request_costs_nothing(url: str) -> None:
    address = f"{url}{DATA}/DF_STOCK_BIRTH/1.0.0/*?format=csvdata"
    first = httpx.get(address)
    again = httpx.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_errors_are_told_in_sdmx_form(url: str) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{url}{DATA}/DF_NOTHING/1.0.0/*")  # noqa: S310
    with refused.value as error:
        assert error.code == 404
        assert "DF_NOTHING" in error.read().decode()
    missing = httpx.get(f"{url}/sdmx/v2/nothing", headers={"Accept": "application/json"})
    assert missing.status_code == 404
    assert json.loads(missing.text)["errors"]


def test_the_node_says_who_it_is(url: str) -> None:
    about = httpx.get(f"{url}/.well-known/sdmx-node").json()
    assert (about["id"], about["role"]) == ("OBSERVATORY", "observatory")
    served = {flow["id"]: flow.get("rows") for flow in about["dataflows"]}
    assert served["DF_STOCK_BIRTH"] == 612
    assert httpx.get(f"{url}/health").json()["status"] == "ok"
