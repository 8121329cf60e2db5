"""The same rows give the same bytes, however they are cut and encoded."""

from __future__ import annotations

import json
import struct

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.formats.data import FORMS
from hub.formats.data import piece as pieces
from hub.formats.data.escape import csv_subfield, json_string, xml_attribute
from hub.formats.data.nested import simplified
from hub.formats.data.piece import TEXT, Fixed, Varied, chunks, spell, spell_floats
from hub.formats.data.rows import Rows

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
translations = st.dictionaries(st.sampled_from(["en", "fr"]), texts, min_size=1).map(
    lambda found: list(found.items())
)
ordinary = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def cubes(draw):
    """Rows in key order, with any gaps and any texts."""
    keys = st.tuples(st.sampled_from("AM"), st.sampled_from(["NOR", "SWE"]), texts)
    rows = []
    for freq, area, kind in sorted(draw(st.sets(keys, max_size=4))):
        title = draw(st.none() | texts)
        rows += [
            {
                "FREQ": freq,
                "AREA": area,
                "KIND": kind,
                "TIME_PERIOD": str(2000 + year),
                "OBS_VALUE": draw(st.none() | st.floats()),
                "TITLE": title,
                "STATUS": draw(st.none() | st.sampled_from("AEP")),
                "COMMENT": draw(st.none() | texts),
                "NOTES": draw(st.none() | st.lists(texts, min_size=1, max_size=3)),
                "REMARK": draw(st.none() | translations),
            }
            for year in range(draw(st.integers(1, 4)))
        ]
    return rows


COLUMNS = (
    *("FREQ", "AREA", "KIND", "TIME_PERIOD", "OBS_VALUE", "TITLE", "STATUS"),
    *("COMMENT", "NOTES", "REMARK"),
)


@pytest.mark.parametrize(
    "form", [f for f in FORMS if not f.is_time_series], ids=lambda f: f.media_type
)
@ordinary
@given(rows=cubes(), size=st.integers(1, 5), encoded=st.booleans(), flat=st.booleans())
def test_batches_make_no_difference(build, message, form, rows, size, encoded, flat) -> None:
    at = "AllDimensions" if flat else None
    whole = message(build(rows, COLUMNS, dimension_at_observation=at), form)
    cut = build(rows, COLUMNS, dimension_at_observation=at, size=size, encoded=encoded)
    assert message(cut, form) == whole


def test_chunks_are_bounded_by_the_widest_text(monkeypatch) -> None:
    monkeypatch.setattr(pieces, "CHUNK_BYTES", 100)
    values = pa.array(["x", "y" * 60], TEXT)
    index = pa.array([0, 1, 0, 0, 1], pa.int32())
    found = list(chunks([Varied(values, index), Fixed(";")], 5))
    assert found == [b"x;", b"y" * 60 + b";", b"x;", b"x;", b"y" * 60 + b";"]


@given(st.lists(st.none() | st.floats(), min_size=1))
def test_doubles_read_back_exactly(values) -> None:
    found = spell_floats(pa.array(values, pa.float64())).to_pylist()
    for value, text in zip(values, found, strict=True):
        if value is None:
            assert text is None
        elif value != value:
            assert text == "NaN"
        else:
            assert struct.pack("d", float(text.replace("INF", "inf"))) == struct.pack(
                "d", value + 0
            )


@given(st.lists(texts, min_size=1))
def test_json_strings_are_those_of_the_standard_library(values) -> None:
    assert [json.loads(text) for text in json_string(pa.array(values, TEXT)).to_pylist()] == values


def test_the_escaping_of_attributes_survives_normalisation() -> None:
    (text,) = xml_attribute(pa.array(["a\tb\nc\rd\x0be\ufffe&<>\"'"], TEXT)).to_pylist()
    assert text == "a&#9;b&#10;c&#13;d\ufffde\ufffd&amp;&lt;&gt;&quot;'"


def test_subfields_are_quoted_for_their_own_separator_only() -> None:
    found = csv_subfield(pa.array(["a,b", "a;b", 'a"b'], TEXT)).to_pylist()
    assert found == ["a,b", '"a;b"', '"a""b"']


def test_nulls_inside_a_dictionary_are_gaps() -> None:
    array = pa.DictionaryArray.from_arrays(pa.array([0, 1, None]), pa.array(["x", None]))
    piece = spell(array, lambda values: values).or_else("-")
    assert b"".join(chunks([piece], 3)) == b"x--"


def test_slices_of_nested_columns_keep_their_rows() -> None:
    lists = pa.array([["a"], ["b", "c"], None, ["d"]]).slice(1)
    batch = pa.RecordBatch.from_arrays([lists], names=["L"])
    assert simplified(Rows(batch), ()).column("L").to_pylist() == ["b c", None, "d"]
    typed = pa.array(
        [[("en", "1")], [("fr", "2"), ("en", "3")], None, [("de", "4")]],
        pa.map_(pa.string(), pa.string()),
    ).slice(1)
    batch = pa.RecordBatch.from_arrays([typed], names=["M"])
    assert simplified(Rows(batch), ("fr-BE",)).column("M").to_pylist() == ["2", None, "4"]
