"""A release has one answer: with an index or without, streamed or written at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from hub.formats.bulk import FORMS as BULK_FORMS
from hub.formats.data import FORMS, Family
from hub.formats.message import RawData
from hub.model import ArtefactClass, Origin, Reference
from hub.publish import Submission, publish
from hub.rest import observations
from hub.rest.serving import build_app
from hub.settings import load_settings
from hub.store import Store, init_home
from tests.rest.client import Client

FLOW = Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_STOCK_BIRTH", "1.0.0")
PATH = "/sdmx/v2/data/dataflow/MIGX/DF_STOCK_BIRTH/1.0.0/"
SAME = {
    "FREQ": "A",
    "MIGRANT_STATUS": "FB",
    "COUNTERPART_BASIS": "BIRTH",
    "AGE": "_T",
    "UNIT_MEASURE": "PS",
    "CONF_STATUS": "F",
    "SOURCE_TYPE": "_U",
    "POP_CONCEPT": "_U",
    "DURATION_CRIT": "_U",
    "DURATION_BASIS": "_U",
    "UNIT_MULT": "0",
    "LICENCE": 'free, "and" <open>',
}
#: One form of each writer.
TYPES = [next(form.media_type for form in FORMS if form.family is family) for family in Family] + [
    BULK_FORMS[0].media_type,
    "application/vnd.sdmx.data+json;version=1.0.0",
]
QUERIES = [
    "*",
    "A.SWE..BIRTH.POL.F",
    "A.SWE,A.DEU.FB.BIRTH.FIN",
    "*?c[TIME_PERIOD]=ge:2019",
    "*?c[OBS_STATUS]=E",
    "*?lastNObservations=1",
    "*?offset=5&limit=20",
    "*?attributes=none&measures=none",
    "*?attributes=dataset,series&measures=none",
    "*?dimensionAtObservation=AllDimensions",
    "*?dimensionAtObservation=SEX",
    "*?sort=TIME_PERIOD:desc",
]


def observations_of(areas: tuple[str, ...]) -> pa.Table:
    """Observations whose attributes vary by area, by year, or not at all."""
    rows = [
        {
            **SAME,
            "REF_AREA": area,
            "COUNTERPART_AREA": origin,
            "SEX": sex,
            "TIME_PERIOD": str(year),
            "OBS_VALUE": str(value),
            "OBS_STATUS": "E" if year == 2020 else "A",
            "DATA_PROVIDER": f"office of {area}",
            "TITLE": "stocks" if area == "SWE" else None,
            "COMMENT_OBS": f'"{year}", {sex}' if origin == "FIN" and year == 2018 else None,
        }
        for area in areas
        for origin in ("POL", "FIN", "_U")
        for sex, value in (("F", 10), ("M", 20))
        for year in (2018, 2019, 2020)
    ]
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in rows[0]})


@pytest.fixture(scope="module", params=[("DEU", "NOR", "SWE"), ("SWE",)], ids=["three", "one"])
def answers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Client, Store]]:
    """A node whose release has no index yet; one of three areas, and one of a single area."""
    home: Path = tmp_path_factory.mktemp("node") / "home"
    none = 10**9  # no release is large enough to get an index by itself
    init_home(
        home,
        {"node": "HUB", "role": "hub", "areas": ["*"], "index_rows": none, "cache_bytes": 0},
    )
    store = Store(load_settings(home))
    raw = RawData(source="test", table=observations_of(request.param))
    publish(
        store,
        FLOW,
        Submission(raw=raw, source="HUB", origin=Origin(kind="submission", name="HUB")),
    )
    yield Client(build_app(store)), store
    store.close()


def test_an_index_changes_no_byte(answers: tuple[Client, Store]) -> None:
    client, store = answers
    asked = [(query, media_type) for query in QUERIES for media_type in TYPES]
    before = {one: _body(client, *one, few=7) for one in asked}
    release = store.release(FLOW)
    assert release is not None
    store.build_index(release, store.schema(FLOW))
    assert store.fixed(release, store.schema(FLOW)), "the index is there"
    for few in (observations.FEW_ROWS, 7):
        for one in asked:
            assert _body(client, *one, few) == before[one], (few, *one)
    assert sum(status == 200 for status, _ in before.values()) > len(asked) / 2


def _body(client: Client, query: str, media_type: str, few: int) -> tuple[int, bytes]:
    """Status and body; `few` rows may be read before the first byte."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(observations, "FEW_ROWS", few)
        patched.setattr("hub.rest.data.FEW_ROWS", few)
        response = client.get(PATH + query, media_type)
    return response.status_code, response.content
