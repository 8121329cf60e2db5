"""The small facts of releases are those of their observations."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.engine import arrow_schema
from hub.model import Schema, Structures, resolve
from hub.store import Store, facts_of_table
from hub.store.facts import combine
from tests.publish.stock import FLOW, raw, submit
from tests.store import everything
from tests.store.naive import distinct

SCHEMA: Schema = resolve(everything.FLOW.reference, Structures(everything.ARTEFACTS))
KEYS = st.tuples(
    st.sampled_from(["DNK", "NOR"]), st.sampled_from("ab"), st.sampled_from(["2019", "2020"])
)


def table(keys: list[tuple[str, str, str]]) -> pa.Table:
    names = ("AREA", "KIND", "TIME_PERIOD")
    rows = [dict(zip(names, key, strict=True)) for key in keys]
    return pa.Table.from_pylist(rows, arrow_schema(SCHEMA))


@settings(deadline=None)
@given(st.lists(KEYS, unique=True))
def test_facts_of_slices_together_are_those_of_the_whole(keys: list[tuple[str, str, str]]) -> None:
    slices = [table([key for key in keys if key[0] == area]) for area in ("DNK", "NOR")]
    combined = combine(SCHEMA, [facts_of_table(SCHEMA, one) for one in slices])
    rows: list[dict[str, Any]] = table(keys).to_pylist()
    assert combined.obs_count == len(keys)
    assert combined.series_count == len({key[:2] for key in keys})
    assert combined.values == {c.id: distinct(rows, c.id) for c in SCHEMA.dimensions}


def test_facts_of_a_release_are_those_of_what_it_holds(store: Store) -> None:
    def check() -> None:
        release, schema = store.release(FLOW), store.schema(FLOW)
        assert release is not None
        facts = store.facts(release, schema)
        held = store.read(release, schema).read_all()
        assert facts.obs_count == held.num_rows == release.rows
        for column in schema.dimensions:
            assert facts.values[column.id] == tuple(sorted(pc.unique(held[column.id]).to_pylist()))
        assert store.facts(release, schema) is facts

    norway = {"REF_AREA": "NOR", "DATA_PROVIDER": "SSB"}
    submit(store, raw({}, {"TIME_PERIOD": "2021"}, {"COUNTERPART_AREA": "FIN"}, norway))
    check()
    submit(store, raw({"TIME_PERIOD": "2021"}), replaces=True)
    check()
    submit(store, raw(), replaces=True, covers=("SWE", "NOR"))
    check()
