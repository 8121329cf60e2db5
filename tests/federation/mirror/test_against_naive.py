"""The program against the same method written cell by cell."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation.mirror import derive_emigrants
from tests.federation.mirror.naive import emigrants
from tests.federation.mirror.observations import figures, stock, totals

DESTINATIONS = ("DEU", "DEU", "UKR", "SRB", "M49_150")
ORIGINS = ("DEU", "RUS", "SUN", "YUG", "SCG", "SRB", "HRV", "_T", "_U", "_O", "STLS", "M49_002")
YEARS = (1990, 2000, 2004, 2007, 2010)

persons = st.one_of(
    st.integers(0, 20).map(float),
    st.integers(0, 10**6).map(float),
    st.sampled_from(["Q", "O", "M"]),
)
tables = st.dictionaries(
    st.tuples(st.sampled_from(DESTINATIONS), st.sampled_from(YEARS), st.sampled_from(["_T", "F"])),
    st.dictionaries(st.sampled_from(ORIGINS), persons, min_size=3, max_size=len(ORIGINS)),
    max_size=6,
)


@st.composite
def stocks(draw: st.DrawFn) -> list[tuple]:
    rows = []
    for (destination, year, sex), cells in draw(tables).items():
        for origin, value in cells.items():
            status = value if isinstance(value, str) else "A"
            number = None if isinstance(value, str) else value
            more = {"SEX": sex, "OBS_STATUS": status}
            rows.append((destination, origin, year, number, more))
    return rows


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stocks(), stocks())
def test_every_figure_is_what_the_text_says(birth_rows: list, citizen_rows: list) -> None:
    birth, citizens = stock(birth_rows), stock(citizen_rows, "CTZ")
    expected = emigrants(birth.to_pylist(), citizens.to_pylist())
    result = derive_emigrants(birth, citizens, totals({}))
    found = figures(result.table)
    assert len(found) == result.table.num_rows
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert found[key] == pytest.approx(value, rel=1e-9, abs=1e-6), key


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stocks(), stocks(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_bit(birth_rows: list, citizen_rows: list, random) -> None:
    first = derive_emigrants(stock(birth_rows), stock(citizen_rows, "CTZ"), totals({}))
    random.shuffle(birth_rows)
    random.shuffle(citizen_rows)
    second = derive_emigrants(stock(birth_rows), stock(citizen_rows, "CTZ"), totals({}))
    assert first.table.equals(second.table)
    assert first.inputs.equals(second.inputs)
    assert first.coverage.equals(second.coverage)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stocks(), stocks())
def test_inputs_add_up_to_every_figure(birth_rows: list, citizen_rows: list) -> None:
    result = derive_emigrants(stock(birth_rows), stock(citizen_rows, "CTZ"), totals({}))
    for (item, treatment, origin, destination, sex, year), value in figures(result.table).items():
        rows = result.inputs_of(
            origin, destination, year, item=item, treatment=treatment, sex=sex
        ).to_pylist()
        assert rows
        made_of = sum(row["FACTOR"] * row["INPUT_VALUE"] for row in rows)
        assert made_of == pytest.approx(value, rel=1e-9, abs=1e-6)
