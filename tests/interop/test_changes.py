"""What clients make of messages with several data sets, of which some take observations away."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest

from hub.rest.serving import build_app
from hub.store import init_home, open_store
from tests.rest.client import Client
from tests.rest.test_vintages import FEBRUARY, FORMS, GENERIC, MARCH, V1, women
from tests.store.vintages import ARTEFACTS, Clock, hand_in

pytest.importorskip("pysdmx")

from pysdmx.io import read_sdmx
from pysdmx.model.dataset import ActionType

sdmx = pytest.importorskip("sdmx")
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
ML = [form for form in FORMS if "+xml" in form]
CSV_FORMS = [form for form in FORMS if "+csv" in form]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A node that withdrew one observation and added another."""
    home, clock = tmp_path_factory.mktemp("changes") / "home", Clock(FEBRUARY)
    init_home(home, {"node": "SWE", "areas": ["SWE"]}, clock)
    store = open_store(home, clock)
    store.load_structures(ARTEFACTS)
    hand_in(store, [women("2011-12", 1), women("2012-01", 2)])
    clock.time = MARCH
    hand_in(store, [women("2012-02", 3)], [women("2011-12")])
    clock.pass_(days=1)
    yield Client(build_app(store))
    store.close()


def _changes(node: Client, form: str) -> bytes:
    return node.get(f"{FORMS[form][0]}?updatedAfter=2024-02-10", form).content


@pytest.mark.parametrize("form", ML)
def test_pysdmx_is_told_what_went(node: Client, form: str) -> None:
    found = read_sdmx(io.BytesIO(_changes(node, form)), validate=False).get_datasets()
    assert [each.action for each in found] == [ActionType.Delete, ActionType.Replace]
    periods = [each.data["TIME_PERIOD"].tolist() for each in found]
    assert periods == [["2011-12"], ["2012-02"]]


@pytest.mark.parametrize("form", CSV_FORMS)
def test_pysdmx_passes_over_what_went_in_csv(node: Client, form: str) -> None:
    """As docs/clients.md says: it keeps the rows of one action only."""
    (found,) = read_sdmx(io.BytesIO(_changes(node, form)), validate=False).get_datasets()
    assert found.action is ActionType.Replace
    assert found.data["TIME_PERIOD"].tolist() == ["2012-02"]


def test_sdmx1_reads_every_data_set_and_no_action(node: Client) -> None:
    """As docs/clients.md says: what went is an observation without a value."""

    def read(content: bytes) -> list[list[tuple[str, Any]]]:
        message = sdmx.read_sdmx(io.BytesIO(content))
        assert [each.action for each in message.data] == [None] * len(message.data)
        return [
            [(str(o.key.values["TIME_PERIOD"].value), o.value) for o in each.obs]
            for each in message.data
        ]

    assert read(_changes(node, GENERIC)) == [[("2011-12", None)], [("2012-02", "3")]]
    history = node.get(f"{V1}?includeHistory=true", GENERIC).content
    assert read(history) == [
        [("2011-12", "1"), ("2012-01", "2")],
        [("2012-02", "3")],
        [("2011-12", None)],
    ]


def test_pandas_sees_the_action_of_each_row(node: Client) -> None:
    import pandas as pd

    frame = pd.read_csv(io.BytesIO(_changes(node, CSV_FORMS[0])))
    assert frame[["ACTION", "TIME_PERIOD"]].values.tolist() == [["D", "2011-12"], ["R", "2012-02"]]
