"""What stands above the series: from the rows at hand, or found batch by batch."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.model import Schema, Selection, resolve
from hub.rest import create_app
from hub.rest.distinct import DistinctRows, distinct_rows
from tests.rest.client import Client
from tests.rest.memory import Long, MemoryBackend

VALUES = st.sampled_from(["a", "b", None])
ROWS = st.lists(st.tuples(VALUES, VALUES), max_size=30)


def naive(rows: list[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
    return list(dict.fromkeys(rows))


def table(rows: list[tuple[str | None, ...]]) -> pa.Table:
    columns = {"A": [a for a, _ in rows], "B": [b for _, b in rows]}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def listed(found: pa.Table) -> list[tuple[str | None, ...]]:
    return [tuple(row.values()) for row in found.to_pylist()]


@settings(deadline=None)
@given(ROWS)
def test_rows_are_kept_once_in_their_order(rows):
    assert listed(distinct_rows(table(rows))) == naive(rows)


def test_of_lists_and_texts_presence_counts():
    texts = pa.array([[("en", "x")], None, [("en", "x")]], pa.map_(pa.string(), pa.string()))
    found = distinct_rows(pa.table({"A": ["a", "a", "a"], "T": texts}))
    assert found.to_pylist() == [{"A": "a", "T": [("en", "x")]}, {"A": "a", "T": None}]


class _Source:
    def __init__(self, rows: list[tuple[str | None, ...]], *, encoded: bool) -> None:
        whole = table(rows)
        pieces = [whole.slice(at, 3) for at in range(0, len(rows), 3)]
        if encoded:  # each piece with a dictionary of its own
            pieces = [
                pa.table({n: p[n].combine_chunks().dictionary_encode() for n in ("A", "B")})
                for p in pieces
            ]
        self.schema = pieces[0].schema if pieces else whole.schema
        self.batches = [batch for piece in pieces for batch in piece.to_batches()]
        self.reads = 0

    def __call__(self, *_asked: object) -> pa.RecordBatchReader:
        self.reads += 1
        return pa.RecordBatchReader.from_batches(self.schema, self.batches)


@settings(deadline=None)
@given(ROWS, st.booleans())
def test_batches_are_gathered(rows, encoded):
    backend = MemoryBackend()
    release = backend.release(next(iter(backend.rows)))
    schema = _schema(backend)
    find = DistinctRows(_Source(rows, encoded=encoded))
    assert listed(find(release, schema, Selection(), ("A", "B"))) == naive(rows)


def test_what_a_whole_release_has_is_found_once():
    backend = MemoryBackend()
    release, schema = backend.release(next(iter(backend.rows))), _schema(backend)
    source = _Source([("a", "b")], encoded=False)
    find = DistinctRows(source)
    any_key = Selection(keys=(((), (), ()),))
    for selection in (Selection(), any_key, Selection()):
        find(release, schema, selection, ("A", "B"))
    assert source.reads == 1
    for selection in (
        Selection(keys=((("A",),),)),
        Selection(limit=1),
        Selection(keys=(((), ()), (("A",),))),
    ):
        find(release, schema, selection, ("A", "B"))
    assert source.reads == 4


def _schema(backend: MemoryBackend) -> Schema:
    return resolve(next(iter(backend.rows)), backend.structures)


@pytest.mark.parametrize("backend", [MemoryBackend(), Long(batches=8)], ids=["short", "long"])
def test_an_attribute_of_the_data_set_is_said_once(backend):
    client = Client(create_app(backend))
    target = "/sdmx/v2/data/dataflow/TEST/DF_A/1.0.0"
    message = client.get(target, "application/vnd.sdmx.data+json;version=2.0.0")
    data = json.loads(message.content)["data"]
    (noted,) = data["structures"][0]["attributes"]["dataSet"]
    assert noted["id"] == "NOTE"
    assert data["dataSets"][0]["attributes"] == ["n"]


def test_a_short_answer_is_read_once():
    backend = MemoryBackend()
    client = Client(create_app(backend))
    client.get("/sdmx/v2/data/dataflow/TEST/DF_A/1.0.0", "application/json")
    assert backend.reads == 1
