"""Attributes of groups against a plain reading of the rule, row by row."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.formats.groups import ContradictionError, Groups, TooManyKindsError, with_groups
from hub.formats.levels import runs

DIMENSIONS = ("A", "B", "C")
codes = st.sampled_from(["x", "y", "z"])
row = st.fixed_dictionaries({name: codes for name in DIMENSIONS} | {"T": st.none() | codes})
group = st.fixed_dictionaries({name: st.none() | codes for name in DIMENSIONS} | {"T": codes})


def table(rows: list[dict[str, Any]]) -> pa.Table:
    names = (*DIMENSIONS, "T")
    columns = [pa.array([r[name] for r in rows], pa.string()).dictionary_encode() for name in names]
    return pa.table(columns, names)


def key(given: dict[str, Any]) -> tuple[str | None, ...]:
    return tuple(given[name] for name in DIMENSIONS)


def where(one: tuple[dict[str, Any], int]) -> tuple[str | int | None, ...]:
    return (*key(one[0]), one[1])


@given(
    st.lists(st.tuples(row, st.integers(0, 1)), max_size=8),
    st.lists(
        st.tuples(group, st.integers(0, 1)), max_size=8, unique_by=lambda g: (key(g[0]), g[1])
    ),
)
def test_every_row_gets_what_its_key_has(
    rows: list[tuple[dict[str, Any], int]], groups: list[tuple[dict[str, Any], int]]
) -> None:
    found, unmatched = with_groups(
        table([r for r, _ in rows]),
        pa.array([dataset for _, dataset in rows], pa.int32()),
        Groups(
            table([g for g, _ in groups]),
            DIMENSIONS,
            pa.array([dataset for _, dataset in groups], pa.int64()),
        ),
    )
    matched = set()
    for (own, dataset), value in zip(rows, found["T"].to_pylist(), strict=True):
        fitting = [
            (number, g)
            for number, (g, of) in enumerate(groups)
            if of == dataset and all(g[n] in (None, own[n]) for n in DIMENSIONS)
        ]
        matched |= {number for number, _ in fitting}
        sizes = {n: sum(part is not None for part in key(g)) for n, g in fitting}
        longest = [g["T"] for n, g in fitting if sizes[n] == max(sizes.values())]
        assert value == own["T"] if own["T"] else value in (longest or [None])
    assert set(unmatched) == set(range(len(groups))) - matched


def test_what_contradicts_itself_is_told_with_its_row() -> None:
    whole = {"A": "x", "B": None, "C": None, "T": "x"}
    groups = Groups(table([whole, whole, {**whole, "T": "y"}]), DIMENSIONS, pa.array([0, 0, 0]))
    with pytest.raises(ContradictionError) as told:
        with_groups(table([]), pa.array([], pa.int32()), groups)
    assert (told.value.attribute, told.value.group) == ("T", 2)


def test_more_kinds_of_key_than_any_structure_has() -> None:
    names = [f"D{number}" for number in range(7)]
    keys = [[("x" if kind >> n & 1 else None) for kind in range(100)] for n in range(7)]
    groups = Groups(
        pa.table([pa.array(k, pa.string()) for k in keys], names),
        tuple(names),
        pa.repeat(pa.scalar(0, pa.int64()), 100),
    )
    with pytest.raises(TooManyKindsError):
        with_groups(pa.table({"D0": ["x"]}), pa.array([0], pa.int32()), groups)


@given(st.lists(st.integers(0, 5), max_size=6), st.integers(0, 4))
def test_runs(lengths: list[int], before: int) -> None:
    starts = [before + sum(lengths[:number]) for number in range(len(lengths))]
    expected = [None] * before + [n for n, length in enumerate(lengths) for _ in range(length)]
    if not lengths:
        expected = [None] * before
    assert runs(starts, range(len(lengths)), before + sum(lengths)).to_pylist() == expected
