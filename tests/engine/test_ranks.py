"""Numbers in place of texts: equal and ordered as the texts are, and turned back into them."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.engine.ranks import ranked

FIELDS = pa.schema(
    [("A", pa.string()), ("B", pa.string()), ("N", pa.float64()), ("L", pa.list_(pa.string()))]
)
TEXTS = st.none() | st.sampled_from(["", "a", "b", "B", "aa", "ü", "\U0001f600", "\uffff"])
ROWS = st.fixed_dictionaries(
    {
        "A": TEXTS,
        "B": TEXTS,
        "N": st.none() | st.sampled_from([0.0, 1.5]),
        "L": st.none() | st.lists(st.sampled_from("xy"), max_size=2),
    }
)
Rows = list[dict[str, object]]


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    """A table in pieces, with texts plain or encoded."""
    pieces = draw(st.lists(st.lists(ROWS, max_size=5), min_size=1, max_size=2))
    table = pa.concat_tables([pa.Table.from_pylist(rows, FIELDS) for rows in pieces])
    for name in draw(st.sets(st.sampled_from("AB"))):
        at = table.schema.get_field_index(name)
        table = table.set_column(at, name, table.column(name).dictionary_encode())
    return table


@settings(deadline=None)
@given(st.lists(tables(), min_size=1, max_size=3))
def test_texts_come_back_as_they_were(given_: list[pa.Table]) -> None:
    numbered, ranks = ranked(given_)
    for before, after in zip(given_, numbered, strict=True):
        assert not set(after.column_names) & ranks.settled
        spelt = ranks.spelt(after if after.num_columns else before, FIELDS)
        assert spelt.to_pylist() == before.to_pylist()


@settings(deadline=None)
@given(st.lists(tables(), min_size=1, max_size=3))
def test_numbers_are_ordered_as_texts(given_: list[pa.Table]) -> None:
    """By code points, as Python and the engine order texts; the same text is the same number."""
    numbered, ranks = ranked(given_, keep=["A"])
    pairs = {
        (text, number)
        for before, after in zip(given_, numbered, strict=True)
        for text, number in zip(
            before.column("A").to_pylist(), after.column("A").to_pylist(), strict=True
        )
    }
    known = sorted((text, number) for text, number in pairs if text is not None)
    assert [number for _, number in known] == list(range(len(known)))
    assert all(number is None for text, number in pairs if text is None)
    assert ranks.texts["A"].to_pylist() == [text for text, _ in known]


def test_what_does_not_vary_stays_out_of_the_tables() -> None:
    same, absent = pa.table({"A": ["x", "x"]}), pa.table({"A": pa.nulls(2, pa.string())})
    mixed = pa.table({"A": ["x", None]})
    for tables_, value in (([same, same], "0"), ([absent], "NULL"), ([mixed], '"A"')):
        _, ranks = ranked(tables_)
        assert ranks.sql("A") == value
        assert ranks.varying(["A"]) == (["A"] if value == '"A"' else [])
    (table,), ranks = ranked([same], keep=["A"])
    assert table.column("A").to_pylist() == [0, 0]
    assert ranks.sql("A") == '"A"'


def test_only_texts_that_occur_have_a_number() -> None:
    dictionary = pa.array(["c", "unused", "a"])
    column = pa.DictionaryArray.from_arrays(pa.array([0, 2], pa.int8()), dictionary)
    _, ranks = ranked([pa.table({"A": column})])
    assert ranks.texts["A"].to_pylist() == ["a", "c"]
    assert ranks.numbers("A", ["c", "unused", "other", "a"]) == [1, 0]
