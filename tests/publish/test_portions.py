"""Slices are taken together up to a bound, each row once, wherever it stands in the source."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.engine import arrow_schema
from hub.publish.incoming import Incoming
from hub.publish.portions import ACTION, DELETE, PART, ROW, SOURCE, Portion, portions
from tests.publish.naive import NaiveSubmission
from tests.publish.test_delta import AREAS, SCHEMA, SEXES, incoming

YEARS = tuple(str(year) for year in range(2000, 2004))
KEYS = st.tuples(*(st.sampled_from(codes) for codes in (AREAS, SEXES, YEARS)))


def given_rows(portion: Portion) -> list[tuple[str, int, str | None]]:
    """Source, row and area of what is given in a portion."""
    fields = arrow_schema(SCHEMA).append(pa.field(SOURCE, pa.string()))
    spelt = portion.ranks.spelt(portion.given, fields)
    columns = (spelt.column(SOURCE), portion.given.column(ROW), spelt.column("AREA"))
    return list(zip(*(column.to_pylist() for column in columns), strict=True))


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(["ONE", "TWO"]), st.lists(KEYS, unique=True), min_size=1),
    st.integers(1, 30),
)
def test_every_row_is_in_the_portion_of_its_slice(
    keys: dict[str, list[tuple[str, str, str]]], most_rows: int
) -> None:
    parts = [
        incoming(source, NaiveSubmission([("Replace", key, {"OBS_VALUE": 1.0}) for key in rows]))
        for source, rows in keys.items()
    ]
    found = list(portions(SCHEMA, parts, {}, most_rows))
    slices = [one for portion in found for one in portion.slices]
    assert slices == sorted({(source, key[0]) for source, rows in keys.items() for key in rows})
    for portion in found:
        rows = given_rows(portion)
        assert {(source, area) for source, _, area in rows} == set(portion.slices)
        assert len(rows) <= most_rows or len(portion.slices) == 1
        numbers = portion.given.column(PART).to_pylist()
        assert [parts[number].source for number in numbers] == [source for source, _, _ in rows]
    everything = Counter(row for portion in found for row in given_rows(portion))
    assert everything == Counter(
        (source, row, key[0]) for source, rows in keys.items() for row, key in enumerate(rows)
    )


def test_neighbours_are_taken_together_up_to_the_bound() -> None:
    rows = [("Replace", (area, "F", year), {}) for year in YEARS for area in AREAS]
    part = incoming("ONE", NaiveSubmission(rows))
    sizes = {
        most: [portion.given.num_rows for portion in portions(SCHEMA, [part], {}, most)]
        for most in (4, 7, 8, 12)
    }
    assert sizes == {4: [4, 4, 4], 7: [4, 4, 4], 8: [8, 4], 12: [12]}


def test_a_deletion_in_all_slices_is_in_every_portion() -> None:
    rows = [("Replace", (area, "F", "2000"), {}) for area in AREAS]
    rows.insert(1, ("Delete", (None, None, "2001"), {}))
    part: Incoming = incoming("ONE", NaiveSubmission(rows))
    found = list(portions(SCHEMA, [part], {}, 1))
    assert len(found) == len(AREAS)
    for portion, area in zip(found, AREAS, strict=True):
        assert {row[2] for row in given_rows(portion)} == {area, None}
        assert portion.given.column(ACTION).to_pylist().count(DELETE) == 1
