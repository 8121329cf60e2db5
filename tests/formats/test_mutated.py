"""Broken messages are read or refused with a finding; never anything else, never a part of one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import CorridorError, Invalid, TooLarge
from hub.formats import bulk
from hub.formats.data import FORMS, DataForm, Family
from hub.formats.kinds import CODES, LIST, TEXTS
from hub.formats.limits import Limits
from hub.formats.message import RawData
from hub.formats.reading import read_data
from hub.model import Schema
from tests.formats.data.conftest import SIMPLE, STRUCTURES, make_rows
from tests.formats.effort import examples

_TOKENS = re.compile(rb'"[^"]*"|<[^>]*>|[\[\]{},:]|\r\n|[^"<>\[\]{},:\r\n]+|[\s\S]')
_FRAGMENTS = (
    *(b"null", b"[]", b"{}", b'""', b"-1", b"99999999999999999999", b"true", b"1.5", b"[[1]]"),
    *(b'{"en":"x"}', b'["a"]', b"1e5", b'"0"', b"<Obs/>", b"</Series>", b"<Group>", b"&amp;"),
    *(b"&x;", b"<!DOCTYPE a>", b"<!--", b"]]>", b"\x00", b"\xff", b'xsi:type="a"', b" "),
    *(b'"observations":{}', b'"series":{"0":{}}', b"NaN", b'"\\ud800"', b"\r\n", b"\n\n", b'"""'),
    *(b"\xef\xbb\xbf", "é".encode("utf-16"), "é".encode("latin-1"), b"D", b"en:x;en:y"),
)
#: Rules of findings about a whole file, which have no place in it.
_OF_FILE = ("data-kind", "csv-kind", "json-message")
#: Small enough for what is written here, so that a changed number cannot ask for much.
_LIMITS = Limits(unpacked_bytes=1 << 26, cells=1 << 22, record_bytes=1 << 20)
places = st.floats(0, 1, exclude_max=True)
Changes = list[tuple[str, float, float, bytes]]


@st.composite
def changes(draw: st.DrawFn) -> Changes:
    """What is done to the tokens of a message, one after another."""
    kinds = st.sampled_from(["delete", "insert", "replace", "copy", "repeat", "swap", "spoil"])
    fragment = st.sampled_from(_FRAGMENTS) | st.binary(max_size=3)
    return draw(st.lists(st.tuples(kinds, places, places, fragment), min_size=1, max_size=4))


def changed(content: bytes, done: Changes) -> bytes:
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
        elif kind == "swap":
            tokens[place], tokens[source] = tokens[source], tokens[place]
        else:
            token = tokens[place]
            at = int(other * len(token))
            tokens[place] = token[:at] + fragment + token[at + 1 :]
    return b"".join(tokens)


@st.composite
def damages(draw: st.DrawFn) -> list[tuple[str, float, int]]:
    """What is done to the bytes of a message, as a bad disk or line does it."""
    kinds = st.sampled_from(["flip", "zero", "cut", "drop", "double"])
    return draw(st.lists(st.tuples(kinds, places, st.integers(1, 200)), min_size=1, max_size=3))


def damaged(content: bytes, done: list[tuple[str, float, int]]) -> bytes:
    found = bytearray(content)
    for kind, where, much in done:
        at = int(where * len(found))
        if kind == "flip":
            found[at : at + 1] = bytes(byte ^ 1 << much % 8 for byte in found[at : at + 1])
        elif kind == "zero":
            found[at : at + much] = bytes(len(found[at : at + much]))
        elif kind == "cut":
            del found[at:]
        elif kind == "drop":
            del found[at : at + much]
        else:
            found[at:at] = found[at : at + much]
    return bytes(found)


def outcome(path: Path) -> tuple[RawData | None, CorridorError | None]:
    """What was read, or why not; an error of another kind passes through and fails the test."""
    try:
        return read_data(path, STRUCTURES, limits=_LIMITS), None
    except (Invalid, TooLarge) as refused:
        return None, refused


def check_outcome(path: Path) -> None:
    raw, refused = outcome(path)
    if raw is None:
        check_refusal(refused)
        return
    raw.table.validate(full=True)
    kinds = {column.type for column in raw.table.columns}
    plain = {CODES if pa.types.is_dictionary(kind) else kind for kind in kinds}
    assert plain <= {CODES, pa.string(), LIST, TEXTS}
    assert "" not in (value for column in raw.table.columns for value in column.to_pylist())
    for row in range(raw.table.num_rows):
        assert raw.line(row) or raw.place(row)
    assert raw.actions is None or len(raw.actions) == raw.table.num_rows
    again, _ = outcome(path)
    assert again is not None
    assert again.table.equals(raw.table)


def check_refusal(refused: CorridorError | None) -> None:
    """A refusal names the file, each finding its place."""
    assert refused is not None
    assert refused.message.startswith("data")
    findings = refused.findings if isinstance(refused, Invalid) else ()
    assert bool(findings) == isinstance(refused, Invalid)
    for finding in findings:
        assert finding.file == "data"
        has_place = finding.line is not None or ", at /" in finding.message
        is_bulk = finding.rule.startswith("bulk-") or finding.rule == "csv-structure"
        assert has_place or is_bulk or finding.rule in _OF_FILE, finding


@pytest.fixture
def written(build: Any, message: Any, header: Any, schema: Schema) -> Any:
    """A small message in a form, flat or not."""

    def make(form: Any, flat: bool) -> bytes:
        if isinstance(form, bulk.BulkForm):
            return b"".join(bulk.write(header, [build(make_rows()[:9])], form))
        columns = SIMPLE if form.is_simple else tuple(c.id for c in schema.columns)
        at = "AllDimensions" if flat and not form.is_time_series else None
        content: bytes = message(build(make_rows()[:9], columns, dimension_at_observation=at), form)
        return content.replace(b"\x00", b"")  # which SDMX-CSV does not take

    return make


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.media_type)
@examples(50)
@given(done=changes(), flat=st.booleans())
def test_whatever_is_changed(
    tmp_path: Path, form: DataForm, written: Any, done: Changes, flat: bool
) -> None:
    path = tmp_path / "data"
    path.write_bytes(changed(written(form, flat), done))
    check_outcome(path)


@pytest.mark.parametrize("form", [*FORMS, *bulk.FORMS], ids=lambda form: form.media_type)
@examples(25)
@given(done=damages())
def test_whatever_is_damaged(
    tmp_path: Path, form: Any, written: Any, done: list[tuple[str, float, int]]
) -> None:
    path = tmp_path / "data"
    path.write_bytes(damaged(written(form, False), done))
    check_outcome(path)


@pytest.mark.parametrize("form", [*FORMS, *bulk.FORMS], ids=lambda form: form.media_type)
def test_what_is_cut_off_is_never_read_in_part(tmp_path: Path, form: Any, written: Any) -> None:
    """SDMX-CSV has no mark of its end: cut off after a line, or in a last cell, it is whole."""
    content = written(form, False)
    path = tmp_path / "data"
    for length in range(1, len(content) - 1, 1 + len(content) // 150):
        path.write_bytes(content[:length])
        raw, refused = outcome(path)
        if raw is not None:
            assert isinstance(form, DataForm)
            assert form.family is Family.CSV
        elif refused is not None:
            check_refusal(refused)
