"""Changes between two instants against a naive reader that goes from state to state."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hub.errors import Conflict
from hub.model import (
    ComponentFilter,
    Operator,
    Predicate,
    Schema,
    Selection,
    Structures,
    resolve,
)
from hub.store import Store, init_home, open_store
from hub.store.conditions import slices_of
from tests.store import vintages
from tests.store.vintages import (
    ARTEFACTS,
    FLOW,
    START,
    Clock,
    Expected,
    hand_in,
    observation,
    paged,
)

SOURCES = {"SCB": "submission", "DST": "harvest", "UN": "submission"}


@st.composite
def publications(draw: st.DrawFn) -> dict[str, Any]:
    """Some observations of one source, some withdrawn, perhaps held back for a while."""
    keys = st.tuples(
        st.sampled_from(["DNK", "SWE"]),
        st.sampled_from(["F", "M"]),
        st.sampled_from(["2019", "2020", "2020-Q1"]),
    )
    chosen = draw(st.lists(keys, min_size=1, max_size=5, unique=True))
    rows, withdrawn = [], []
    for area, sex, period in chosen:
        value = draw(st.sampled_from([None, 1.0, 2.0, "gone"]))
        if value == "gone":
            withdrawn.append(observation(area, sex, period, None))
        else:
            status = draw(st.sampled_from(["A", "E"]))
            rows.append(observation(area, sex, period, value, STATUS=status, TITLE=f"{area} {sex}"))
    return {
        "rows": rows,
        "withdrawn": withdrawn,
        "source": draw(st.sampled_from(sorted(SOURCES))),
        "held": draw(st.sampled_from([0, 0, 0, 5, 7_200])),
        "pause": draw(st.sampled_from([0.25, 0.25, 3_600])),
    }


SELECTIONS = st.builds(
    Selection,
    keys=st.sampled_from([(), ((("A",), ("SWE",)),), (((), (), ("F",)), ((), ("DNK",), ()))]),
    filters=st.sampled_from(
        [
            (),
            (ComponentFilter("TIME_PERIOD", ((Predicate(Operator.GE, "2020"),),)),),
            (ComponentFilter("STATUS", ((Predicate(Operator.EQ, "E"),),)),),
            (ComponentFilter("AREA", ((Predicate(Operator.EQ, "SWE"),),)),),
        ]
    ),
    first_n=st.sampled_from([None, None, 1]),
    last_n=st.sampled_from([None, None, 1]),
    offset=st.sampled_from([0, 0, 2]),
    limit=st.sampled_from([None, None, 3]),
    sort=st.sampled_from(
        [(), (("OBS_VALUE", False), *((n, True) for n in (*vintages.KEY, "TIME_PERIOD")))]
    ),
    include_history=st.booleans(),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that knows the structures."""
    home = tmp_path_factory.mktemp("history") / "home"
    init_home(home, {"node": "SWE", "areas": ["SWE"]}, lambda: START - timedelta(days=1))
    store = open_store(home, Clock())
    store.load_structures(ARTEFACTS)
    store.close()
    return home


def run(store: Store, clock: Clock, published: list[dict[str, Any]]) -> None:
    """Publish one after another; what would overtake something held back is refused."""
    for one in published:
        clock.pass_(seconds=one["pause"])
        held = timedelta(seconds=one["held"])
        source = one["source"]
        with suppress(Conflict):
            hand_in(
                store,
                one["rows"],
                one["withdrawn"],
                source=source,
                kind=SOURCES[source],
                visible_from=clock() + held if held else None,
            )


def told(
    store: Store, schema: Schema, selection: Selection, since: datetime | None, until: datetime
) -> list[Expected]:
    """What the store tells."""
    release = store.release(FLOW.reference, until)
    if release is None:
        return []
    log = store.change_log(release, since)
    if not log.steps:
        return []
    changes = store.changes(log, schema, selection)
    assert changes.rows == sum(part.rows for part in changes.parts)
    rows = iter(changes.batches().read_all().to_pylist())
    found = [
        Expected(part.at, part.is_deletion, [next(rows) for _ in range(part.rows)])
        for part in changes.parts
    ]
    assert next(rows, None) is None
    return found


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # making it smaller takes minutes
)
@given(data=st.data(), published=st.lists(publications(), min_size=1, max_size=5))
def test_changes_are_those_of_a_naive_reader(
    home: Path, data: st.DataObject, published: list[dict[str, Any]]
) -> None:
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(shutil.copytree(home, Path(folder) / "home"), clock)
        try:
            run(store, clock, published)
            clock.pass_(seconds=data.draw(st.sampled_from([1, 7_200]), "pause"))
            schema = store.schema(FLOW.reference)
            past = vintages.vintages(store, schema)
            instants = [START, *chain.from_iterable(around(v.at) for v in past)]
            for _ in range(6):
                since = data.draw(st.sampled_from(instants), "since")
                until = data.draw(st.sampled_from([*instants, store.present()]), "until")
                selection = data.draw(SELECTIONS, "selection")
                make = vintages.history if selection.include_history else vintages.net
                whole = make(past, schema, selection, since, until)
                expected = paged(whole, selection.offset, selection.limit)
                assert told(store, schema, selection, since, until) == expected
        finally:
            store.close()


def around(instant: datetime) -> list[datetime]:
    """An instant, just before it, and what `Last-Modified` has of it."""
    return [instant, instant - timedelta(microseconds=1), instant.replace(microsecond=0)]


def test_no_index_is_made_of_the_past(home: Path, tmp_path: Path) -> None:
    """It would be read once, and take the place of those that are read often."""
    clock = Clock()
    store = open_store(shutil.copytree(home, tmp_path / "home"), clock)
    for value in (1.0, 2.0):
        clock.pass_(hours=1)
        hand_in(store, [observation("SWE", "F", "2020", value)])
    schema = store.schema(FLOW.reference)
    then = store.release(FLOW.reference, START + timedelta(hours=1))
    now = store.release(FLOW.reference)
    assert then is not None
    assert now is not None
    for release, value in ((then, 1.0), (now, 2.0)):
        assert store.fixed(release, schema) == {}
        rows = store.read(release, schema).read_all().to_pylist()
        assert [row["OBS_VALUE"] for row in rows] == [value]
    store.close()  # an index that is being made is finished first
    made = {path.name for path in store.indexes.folder.iterdir()}
    assert made == {store.indexes.path(now, schema).name}


def pattern(area: str) -> tuple[tuple[str, ...], ...]:
    return ((), tuple(area.split("+")) if area else (), ())


def areas(*alternatives: str) -> tuple[ComponentFilter, ...]:
    """`A` is eq A, `!A` ne A; `A B` is both."""
    conjunctions = (
        tuple(
            Predicate(Operator.NE if word[0] == "!" else Operator.EQ, word.strip("!"))
            for word in alternative.split()
        )
        for alternative in alternatives
    )
    return (ComponentFilter("AREA", tuple(conjunctions)),)


@pytest.mark.parametrize(
    ("keys", "filters", "expected"),
    [
        ((), (), None),
        ((pattern("SWE"),), (), {"SWE"}),
        ((pattern("SWE+DNK"), pattern("NOR")), (), {"SWE", "DNK", "NOR"}),
        ((pattern("SWE"), pattern("")), (), None),
        ((pattern("SWE"), (("A",),)), (), None),
        ((), areas("SWE", "DNK"), {"SWE", "DNK"}),
        ((), areas("SWE", "!DNK"), None),
        ((), areas("!DNK SWE", "NOR"), {"SWE", "NOR"}),
        ((pattern("SWE+DNK"),), areas("SWE", "NOR"), {"SWE"}),
        ((pattern("SWE"),), areas("NOR"), set()),
        ((), (ComponentFilter("SEX", ((Predicate(Operator.EQ, "SWE"),),)),), None),
    ],
)
def test_only_the_slices_asked_for_are_opened(
    keys: Any, filters: Any, expected: set[str] | None
) -> None:
    schema = resolve(FLOW.reference, Structures(ARTEFACTS))
    assert slices_of(schema, Selection(keys=keys, filters=filters)) == expected
