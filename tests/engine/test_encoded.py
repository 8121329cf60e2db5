"""Encoded columns keep their texts, whatever the pieces they came in and the types of indices."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.engine.encoded import narrowed, smallest, together, whole

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
