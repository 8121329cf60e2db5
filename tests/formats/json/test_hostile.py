"""What is broken, malicious or too large is refused, quickly and with its place."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from hub.errors import Conflict, Invalid, TooLarge
from hub.formats.json import read_json
from hub.formats.json.pieces import PieceFile
from hub.formats.json.scan import Scanner
from hub.formats.json.text import opened
from hub.formats.limits import Limits
from tests.formats.json.messages import STRUCTURE, coded, message, read, series

SOUND = json.dumps(
    message({"attributes": [0], "series": {"0": series(["1", 0, "n"])}}), indent=1
).encode()


@pytest.mark.parametrize(
    "bad",
    [b"[1,]", b"NaN", b"-Infinity", b"01", b"'x'", b'"\x01"', b'"\\x"', b'"\\ud800"', b"\x00"],
)
def test_what_is_no_json_is_told_with_its_line(tmp_path: Path, bad: bytes) -> None:
    content = SOUND.replace(b'"n"', bad)
    with pytest.raises(Invalid, match="not well-formed JSON") as refused:
        read(tmp_path, content)
    (finding,) = refused.value.findings
    if b"ud800" not in bad:  # told as the end of the text
        assert finding.line == content[: content.index(bad)].count(b"\n") + 1


def test_a_message_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    for length in range(0, len(SOUND), 7):
        with pytest.raises(Invalid):
            read(tmp_path, SOUND[:length])


@pytest.mark.parametrize("before", [0, 40, (1 << 20) - 1, 1 << 20, 3 << 20])
def test_bytes_that_are_not_utf_8_are_told_by_offset_and_line(tmp_path: Path, before: int) -> None:
    content = b"\n" * before + SOUND.replace(b'"n"', b'"\xc3"')
    offset = content.index(b"\xc3")
    line = content[:offset].count(b"\n") + 1
    with pytest.raises(Invalid, match=f"line {line}: byte 0xC3 at offset {offset} is not UTF-8"):
        read(tmp_path, content)
    assert read(tmp_path, b"\xef\xbb\xbf" + SOUND).table.num_rows == 1


@pytest.mark.parametrize("depth", [9, 900, 100_000])
@pytest.mark.parametrize("part", [b'"n"', b"[\n     0\n    ]"])
def test_depth_is_bounded(tmp_path: Path, depth: int, part: bytes) -> None:
    deep = b"[" * depth + b"]" * depth
    assert SOUND.count(part) == 1
    with pytest.raises((TooLarge, Invalid), match=r"nested deeper|of several|index of SOURCE"):
        read(tmp_path, SOUND.replace(part, deep))


def test_numbers_without_end(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="a number that cannot be read"):
        read(tmp_path, SOUND.replace(b'"n"', b"9" * 100_000))
    digits = b"0." + b"9" * 100_000
    assert read(tmp_path, SOUND.replace(b'"n"', digits)).table["NOTE"][0].as_py() == digits.decode()


def test_bytes_texts_and_values_are_bounded(tmp_path: Path) -> None:
    limits = Limits(bytes=len(SOUND))
    assert read(tmp_path, SOUND, limits).table.num_rows == 1
    with pytest.raises(TooLarge, match="the setting max_submission_bytes"):
        read(tmp_path, SOUND + b" ", limits)
    long = SOUND.replace(b'"n"', b'"' + b"x" * 1001 + b'"')
    assert read(tmp_path, long, Limits(text_bytes=1001)).table.num_rows == 1
    with pytest.raises(TooLarge, match="observations/0: a text of NOTE has 1,001 bytes, the limit"):
        read(tmp_path, long, Limits(text_bytes=1000))
    with pytest.raises(TooLarge, match="1 observations or more with 9 components"):
        read(tmp_path, SOUND, Limits(cells=8))
    both = message({"series": {"0": series(["1", 0]), "1": series(["1", 1])}})
    assert read(tmp_path, both, Limits(distinct_values=2)).table.num_rows == 2
    with pytest.raises(TooLarge, match="AREA has 2 different values, the limit"):
        read(tmp_path, both, Limits(distinct_values=1))


def test_many_attributes_stand_for_no_more_than_the_cells(tmp_path: Path) -> None:
    attributes = {"series": [coded(f"A{number}", "x") for number in range(900)]}
    structure = {**STRUCTURE, "attributes": attributes}
    structure["dimensions"] = {"series": [coded("A", "a")], "observation": [coded("T", "t")]}
    observations = ",".join('"0":[]' for _ in range(60_000))
    text = json.dumps(message({"series": {"0": {"attributes": [0] * 900}}}, structure=structure))
    text = text.replace('"attributes": [0,', f'"observations":{{{observations}}},"attributes":[0,')
    with pytest.raises(TooLarge, match="limit of this node is 50,000,000"):
        read(tmp_path, text.encode(), Limits(cells=50_000_000))


def test_data_sets_are_bounded(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="more than 10,000 data sets"):
        read(tmp_path, message(*[{}] * 10_001))


def test_components_are_bounded(tmp_path: Path) -> None:
    attributes = {"series": [coded(f"A{number}", "x") for number in range(1_000)]}
    document = message({}, structure={**STRUCTURE, "attributes": attributes})
    with pytest.raises(TooLarge, match="at /data/structures/0: 1,004 components, the limit"):
        read(tmp_path, document)
    assert read(tmp_path, document, Limits(columns=1_004)).table.num_rows == 0


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
@pytest.mark.parametrize("indent", [None, 2])
def test_pieces_end_between_members(tmp_path: Path, size: int, indent: int | None) -> None:
    """However an object is cut, its members are those of the whole."""
    awkward = ['"', "\\", '\\"', "{", "}", "[", "]", ",", ":", '":[', "\n", "é🧳", "\\\\", ""]
    whole: dict[str, Any] = {f"{n}{text}": [text, n] for n, text in enumerate(awkward)}
    whole |= {"s": "]}", "n": -1, "t": None, "deep": {"a": [[{"b": "}"}]]}, "e": {}}
    path = tmp_path / "data.json"
    path.write_text(json.dumps(whole, indent=indent))
    with opened(path, Limits()) as text:
        entries = Scanner(text, size).entries("")
        assert text.peek() == b""
    found = [pair for span in entries for pair in PieceFile(path).members(span, "")]
    assert [name for name, _ in found] == list(whole)
    assert dict(found)["deep"] == (("a", [[(("b", "}"),)]]),)
    assert [value for name, value in found[: len(awkward)]] == [
        [text, number] for number, text in enumerate(awkward)
    ]


def test_one_series_in_one_line_is_read_with_little_memory(tmp_path: Path) -> None:
    """Twenty-five MB without a line end: neither a line nor an object has to be held."""
    observation = json.dumps(["1", 0, "x" * 200])
    document = json.dumps(message({"series": {"0": {"observations": {"@": 1}}}}))
    before, after = document.split('"@": 1')
    path = tmp_path / "data.json"
    with path.open("w") as file:
        file.write(before)
        for number in range(110_000):
            file.write(f'{"," if number else ""}"{number % 2}": {observation}')
        file.write(after)
    tracemalloc.start()
    raw = read_json(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert raw.table.num_rows == 110_000
    assert raw.place(109_999) == "/data/dataSets/0/series/0/observations/1"
    assert peak < 12 << 20


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(SOUND)
    with opened(path, Limits()) as text:
        (span,) = Scanner(text).entries("")
    path.write_bytes(SOUND[:40])
    with pytest.raises(Conflict, match="was changed while it was read"):
        PieceFile(path).members(span, "")


def test_members_given_twice_are_not_read_in_part(tmp_path: Path) -> None:
    """Of names that stand twice in an object a decoder takes one, and the other is lost."""
    cases = {
        b'"meta":': b'"meta": {}, "meta":',
        b'"structures":': b'"structures": [], "structures":',
        b'"dataSets":': b'"dataSets": [], "dataSets":',
        b'"attributes": [\n     0\n    ],': b'"series": {}, ',
        b'"UNIT"': b'"UNIT", "id": "X"',
    }
    for old, new in cases.items():
        assert SOUND.count(old) == 1
        with pytest.raises(Invalid, match="is given twice, at /"):
            read(tmp_path, SOUND.replace(old, new))
    twice = SOUND.replace(b'"observations": {', b'"observations": {}, "observations": {')
    with pytest.raises(Invalid, match="given twice, at /data/dataSets/0/series/0"):
        read(tmp_path, twice)


def test_what_has_to_be_kept_is_bounded_however_short(tmp_path: Path) -> None:
    """A hundred thousand members of a byte each, where few belong."""
    members = ",".join(f'"{number}":1' for number in range(100_000))
    limits = Limits(structure_bytes=1 << 20)
    with pytest.raises(TooLarge, match=r"at .*the setting max_structure_bytes"):
        read(tmp_path, f"{{{members}}}".encode(), limits)
    long = json.dumps({"x": "x" * 600_000})[1:-1]
    text = json.dumps(message({"series": {"0": {"@": 1}}}))
    with pytest.raises(Invalid, match=r"more than 64 members of a series, column .*/series/0"):
        read(tmp_path, text.replace('"@": 1', f"{members},{long}").encode())
