"""Bulk forms over HTTP."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

FLOW = "/sdmx/v2/data/dataflow/TEST/DF_A/1.0.0"
PARQUET = "application/vnd.apache.parquet"
ARROW = "application/vnd.apache.arrow.stream"


def table(content: bytes, media_type: str) -> pa.Table:
    if media_type == PARQUET:
        return pq.read_table(io.BytesIO(content))
    return pa.ipc.open_stream(content).read_all()


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("", PARQUET, PARQUET),
        ("", ARROW, ARROW),
        ("?format=parquet", None, PARQUET),
        ("?format=arrow", "text/csv", ARROW),
        (f"?format={PARQUET.replace('/', '%2F')}", None, PARQUET),
        ("", f"{ARROW};q=0.5, text/csv;q=0.1", ARROW),
    ],
)
def test_the_rows_are_those_of_the_message(client, backend, query, accept, media_type):
    response = client.get(FLOW + query, accept)
    assert (response.status_code, response.headers["content-type"]) == (200, media_type)
    found = table(response.content, media_type)
    rows = backend.rows[next(iter(backend.rows))]
    names = ("REF_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE", "NOTE")
    assert [tuple(row[n] for n in names) for row in found.to_pylist()] == [
        tuple(row[n] for n in names)
        for row in sorted(rows, key=lambda row: (row["REF_AREA"], row["SEX"], row["TIME_PERIOD"]))
    ]


def test_columns_and_rows_are_chosen_as_in_a_message(client):
    target = f"{FLOW}/A.SWE.F?attributes=none&sort=TIME_PERIOD:desc"
    found = table(client.get(target, PARQUET).content, PARQUET)
    assert found.column_names == ["FREQ", "REF_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE"]
    assert found["TIME_PERIOD"].to_pylist() == ["2021", "2020", "2019"]


def test_nothing_found_is_no_file(client):
    assert client.get(f"{FLOW}/A.XXX.F", PARQUET).status_code == 204


def test_several_structures_do_not_fit_in_one_file(client):
    response = client.get("/sdmx/v2/data/dataflow/*/*/*", PARQUET)
    assert response.status_code == 406
    assert "one of them" in response.text


def test_who_does_not_name_them_gets_a_message(client):
    for accept in (None, "*/*", "application/*", "application/xml, application/json"):
        assert "vnd.sdmx" in client.get(FLOW, accept).headers["content-type"]


def test_they_belong_to_version_2(client):
    assert client.get("/sdmx/v1/data/DF_A", PARQUET).status_code == 406


def test_parquet_is_packed_already(client):
    codings = {"accept-encoding": "gzip, zstd, br"}
    assert "content-encoding" not in client.get(FLOW, PARQUET, codings).headers
    assert "content-encoding" in client.get(FLOW, ARROW, codings).headers
