"""Encoded columns keep their texts, whatever the pieces they came in and the types of indices."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.engine.encoded import narrowed, occurring, smallest, together, trimmed, whole

TEXTS = st.lists(st.none() | st.sampled_from(["", "a", "b", "ü", "aa"]), max_size=8)
TYPES = st.sampled_from([pa.int8(), pa.int16(), pa.int32(), pa.int64()])


@st.composite
def pieces(draw: st.DrawFn) -> pa.DictionaryArray:
    """An encoded array with indices of some type, whose dictionary may hold more than it uses."""
    texts = draw(TEXTS)
    dictionary = [*draw(st.sampled_from([[], ["unused"]])), *dict.fromkeys(t for t in texts if t)]
    dictionary += [""] if "" in texts else []
    places = [None if text is None else dictionary.index(text) for text in texts]
    indices = pa.array(places, draw(TYPES))
    return pa.DictionaryArray.from_arrays(indices, pa.array(dictionary, pa.string()))


@settings(deadline=None)
@given(st.lists(pieces(), max_size=4))
def test_pieces_go_together(given_: list[pa.DictionaryArray]) -> None:
    column = together(given_)
    assert column.to_pylist() == [text for piece in given_ for text in piece.to_pylist()]
    assert len(set(column.dictionary.to_pylist())) == len(column.dictionary)


@settings(deadline=None)
@given(pieces())
def test_narrower_indices_mean_the_same(piece: pa.DictionaryArray) -> None:
    assert narrowed(piece) is piece, "a short one is left as it is"
    if len(piece):
        piece = piece.take(pa.array([place % len(piece) for place in range(300)]))
        assert narrowed(piece).indices.type == pa.int8()
    assert narrowed(piece).to_pylist() == piece.to_pylist()


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=3))
def test_a_column_becomes_one_array(chunks: list[list[str | None]]) -> None:
    plain = pa.chunked_array([pa.array(chunk, pa.string()) for chunk in chunks], pa.string())
    for column in (plain, plain.dictionary_encode()):
        found = whole(column)
        assert isinstance(found, pa.DictionaryArray)
        assert found.to_pylist() == plain.to_pylist()


@pytest.mark.parametrize(("count", "type_"), [(0, pa.int8()), (128, pa.int8()), (129, pa.int16())])
def test_the_smallest_type_holds_the_last_index(count: int, type_: pa.DataType) -> None:
    assert smallest(count) == type_
    texts = pa.array([str(number) for number in range(count)], pa.string())
    assert narrowed(texts.dictionary_encode()).to_pylist() == texts.to_pylist()


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    """A table of some columns of texts, encoded or not, in some chunks."""
    rows = draw(st.lists(st.tuples(*[st.none() | st.sampled_from("abcd")] * 3), max_size=12))
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in range(3)]
    parts = [
        pa.chunked_array([column.slice(0, len(column) // 2), column.slice(len(column) // 2)])
        for column in columns
    ]
    is_encoded = draw(st.tuples(*[st.booleans()] * 3))
    return pa.table(
        [c.dictionary_encode() if so else c for c, so in zip(parts, is_encoded, strict=True)],
        names=["x", "y", "z"],
    )


@settings(deadline=None)
@given(tables(), tables(), st.sampled_from([["x"], ["y", "z"], ["z", "x", "y"]]))
def test_rows_occur_with_all_their_values(
    table: pa.Table, wanted: pa.Table, names: list[str]
) -> None:
    sought = {tuple(row.values()) for row in wanted.select(names).to_pylist()}
    naive = [
        place
        for place, row in enumerate(table.select(names).to_pylist())
        if None not in row.values() and tuple(row.values()) in sought
    ]
    assert occurring(table, wanted.select(names)).tolist() == naive


def test_many_columns_of_many_texts_are_told_apart() -> None:
    texts = [f"{number:03}" for number in range(300)]
    wanted = pa.table({f"c{column}": texts for column in range(12)})  # 300 ** 12 combinations
    other = [*texts[:150], *(["000"] * 150)]
    table = wanted.set_column(11, "c11", pa.array(other))
    assert occurring(table, wanted).tolist() == list(range(150))


@settings(deadline=None)
@given(pieces())
def test_a_trimmed_column_keeps_its_texts_and_no_others(piece: pa.DictionaryArray) -> None:
    found = trimmed(pa.table({"x": piece})).column("x")
    assert found.to_pylist() == piece.to_pylist()
    assert set(whole(found).dictionary.to_pylist()) == set(piece.to_pylist()) - {None}
