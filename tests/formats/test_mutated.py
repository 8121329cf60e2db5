"""Broken messages are read or refused with a finding; never anything else, never a part of one."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.errors import CorridorError, Invalid, TooLarge
from hub.formats.data import FORMS, DataForm, Family
from hub.formats.kinds import CODES, LIST, TEXTS
from hub.formats.message import RawData
from hub.formats.reading import read_data
from hub.model import Schema
from tests.formats.data.conftest import SIMPLE, STRUCTURES, make_rows

_TOKENS = re.compile(rb'"[^"]*"|<[^>]*>|[\[\]{},:]|[^"<>\[\]{},:]+')
_FRAGMENTS = (
    *(b"null", b"[]", b"{}", b'""', b"-1", b"99999999999999999999", b"true", b"1.5", b"[[1]]"),
    *(b'{"en":"x"}', b'["a"]', b"1e5", b'"0"', b"<Obs/>", b"</Series>", b"<Group>", b"&amp;"),
    *(b"&x;", b"<!DOCTYPE a>", b"<!--", b"]]>", b"\x00", b"\xff", b'xsi:type="a"', b" "),
)
places = st.floats(0, 1, exclude_max=True)


@st.composite
def changes(draw: st.DrawFn) -> list[tuple[str, float, float, bytes]]:
    """What is done to the tokens of a message, one after another."""
    kinds = st.sampled_from(["delete", "insert", "replace", "copy", "repeat", "spoil"])
    fragment = st.sampled_from(_FRAGMENTS) | st.binary(max_size=3)
    return draw(st.lists(st.tuples(kinds, places, places, fragment), min_size=1, max_size=4))


def changed(content: bytes, done: list[tuple[str, float, float, bytes]]) -> bytes:
    tokens = _TOKENS.findall(content)
    for kind, where, other, fragment in done:
        place, source = int(where * len(tokens)), int(other * len(tokens))
        if kind == "delete":
            tokens[place : place + 1] = []
        elif kind == "insert":
            tokens[place:place] = [fragment]
        elif kind == "replace":
            tokens[place : place + 1] = [fragment]
        elif kind == "copy":
            tokens[place : place + 1] = [tokens[source]]
        elif kind == "repeat":
            tokens[place:place] = tokens[place : place + int(other * 40)]
        else:
            token = tokens[place]
            at = int(other * len(token))
            tokens[place] = token[:at] + fragment + token[at + 1 :]
    return b"".join(tokens)


def outcome(path: Path) -> tuple[RawData | None, CorridorError | None]:
    """What was read, or why not; an error of another kind passes through and fails the test."""
    try:
        return read_data(path, STRUCTURES), None
    except (Invalid, TooLarge) as refused:
        return None, refused


@pytest.mark.parametrize(
    "one", [f for f in FORMS if f.family is not Family.CSV], ids=lambda one: one.media_type
)
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(done=changes(), flat=st.booleans())
def test_whatever_is_changed(
    tmp_path: Path,
    one: DataForm,
    build,
    message,
    schema: Schema,
    done: list[tuple[str, float, float, bytes]],
    flat: bool,
) -> None:
    columns = SIMPLE if one.is_simple else tuple(c.id for c in schema.columns)
    at = "AllDimensions" if flat and not one.is_time_series else None
    content = message(build(make_rows()[:9], columns, dimension_at_observation=at), one)
    path = tmp_path / "data"
    path.write_bytes(changed(content, done))
    raw, refused = outcome(path)
    if raw is None:
        found = refused.findings if isinstance(refused, Invalid) else ()
        assert isinstance(refused, TooLarge) or found
        assert {finding.file for finding in found} <= {"data"}
        return
    raw.table.validate(full=True)
    assert {column.type for column in raw.table.columns} <= {CODES, pa.string(), LIST, TEXTS}
    assert "" not in (value for column in raw.table.columns for value in column.to_pylist())
    for row in range(raw.table.num_rows):
        assert raw.line(row) or raw.place(row)
    assert raw.actions is None or len(raw.actions) == raw.table.num_rows
