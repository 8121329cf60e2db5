"""Histories that are too long to be held, and replicas that live on what changed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hub.errors import Conflict
from hub.formats.reading import read_data
from hub.model import Origin, Structures
from hub.publish import Submission, publish
from hub.rest.serving import build_app
from hub.store import Store, open_store
from tests.rest.client import Client
from tests.rest.test_vintages import FORMS
from tests.rest.told import told
from tests.store.naive import Row
from tests.store.test_history import SOURCES, publications
from tests.store.vintages import ARTEFACTS, FLOW, START, Clock, hand_in, observation

AREAS, SEXES = ("DNK", "NOR", "SWE"), ("F", "M", "_T")
PERIODS = [f"{year}-{month:02}" for year in range(1900, 2000) for month in range(1, 13)]


def vintage(value: int) -> list[Row]:
    return [
        observation(area, sex, period, value, LICENCE=area, SOURCE=f"Vintage {value}")
        for area in AREAS
        for sex in SEXES
        for period in PERIODS
    ]


@pytest.fixture(scope="module")
def long_node(vintage_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """All observations, then half of them revised and the others withdrawn."""
    clock = Clock()
    home = shutil.copytree(vintage_home, tmp_path_factory.mktemp("long") / "home")
    store = open_store(home, clock)
    hand_in(store, vintage(1))
    clock.pass_(hours=1)
    hand_in(store, vintage(2)[:5_400], vintage(1)[5_400:])
    clock.pass_(hours=1)
    yield Client(build_app(store))
    store.close()


@pytest.mark.parametrize("form", FORMS)
def test_long_histories_are_streamed(long_node: Client, form: str) -> None:
    """More rows than are read before the first byte: the same data sets, one after another."""
    response = long_node.get(f"{FORMS[form][0]}?includeHistory=true", form)
    found = told(response)
    assert [len(each.rows) for each in found] == [10_800, 5_400, 5_400]
    expected = (vintage(1), vintage(2)[:5_400], vintage(1)[5_400:])
    for data_set, rows in zip(found, expected, strict=True):
        for name in ("FREQ", "AREA", "SEX", "TIME_PERIOD"):
            assert [row[name] for row in data_set.rows] == [row[name] for row in rows]
    values = [{row.get("OBS_VALUE") for row in each.rows} for each in found]
    assert values == [{"1"}, {"2"}, {None}]
    for text in ("Vintage 1", "Vintage 2"):
        assert text in response.text, "the attributes of each data set are told"


@settings(
    max_examples=8,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # making it smaller takes minutes
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(published=st.lists(publications(), min_size=2, max_size=4), data=st.data())
def test_a_replica_that_asks_what_changed_holds_what_the_node_holds(
    vintage_home: Path, published: list[dict[str, Any]], data: st.DataObject
) -> None:
    """It asks now and then, in any form, for what changed since it asked last."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        node = open_store(shutil.copytree(vintage_home, Path(folder) / "node"), clock)
        replica = open_store(shutil.copytree(vintage_home, Path(folder) / "replica"), clock)
        client = Client(build_app(node))
        try:
            since = START - timedelta(days=1)
            for one in published:
                clock.pass_(microseconds=1)  # no reader looks at the very instant of a commit
                with suppress(Conflict):
                    hand_in(
                        node,
                        one["rows"],
                        one["withdrawn"],
                        source=one["source"],
                        kind=SOURCES[one["source"]],
                        visible_from=clock() + timedelta(seconds=one["held"]),
                    )
                clock.pass_(seconds=one["pause"])
                if data.draw(st.booleans(), "asks"):
                    form = data.draw(st.sampled_from(sorted(FORMS)), "form")
                    file = Path(folder) / "message"
                    since = catch_up(client, replica, since, clock(), form, file)
                    assert rows_of(replica) == rows_of(node)
        finally:
            node.close()
            replica.close()


def catch_up(
    client: Client, replica: Store, since: datetime, now: datetime, form: str, file: Path
) -> datetime:
    """Bring a replica to the present; returns when it looked, by a clock of whole seconds."""
    looked = now.replace(microsecond=0)
    response = client.get(f"{FORMS[form][0]}?updatedAfter={since.isoformat()}", form)
    if response.status_code in (204, 404):
        return looked
    assert response.status_code == 200, response.text
    file.write_bytes(response.content)
    raw = read_data(file, Structures(ARTEFACTS))
    submission = Submission(raw=raw, source="NODE", origin=Origin(kind="harvest", name="NODE"))
    publish(replica, FLOW.reference, submission)
    return looked


def rows_of(store: Store) -> list[Row]:
    """What readers of a store see."""
    release = store.release(FLOW.reference)
    if release is None:
        return []
    rows: list[Row] = store.read(release, store.schema(FLOW.reference)).read_all().to_pylist()
    return rows
