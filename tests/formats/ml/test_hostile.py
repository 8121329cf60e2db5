"""What is broken, malicious or too large is refused, quickly and with its place."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from hub.errors import Invalid, TooLarge
from hub.formats.limits import Limits
from hub.formats.ml import read_ml
from tests.formats.ml.messages import SERIES, STRUCTURES, data_set, message, read

SOUND = message(data_set(SERIES))


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/"> %x;]>',
        '<!DOCTYPE a [<!ATTLIST Obs OBS_VALUE CDATA "1">]>',
    ],
)
def test_document_types_are_refused(tmp_path: Path, declaration: str) -> None:
    start = SOUND.index("\n") + 1
    with pytest.raises(Invalid, match="DOCTYPE") as refused:
        read(tmp_path, SOUND[:start] + declaration + SOUND[start:])
    assert refused.value.findings[0].rule == "ml-doctype"
    assert refused.value.findings[0].line == 2


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (SOUND.replace('"1"', '"&x;"'), 4),
        (SOUND.replace('"1"', '"\0"'), 4),
        (SOUND.replace('"1"', '"&#0;"'), 4),
        (SOUND.replace('"1"', '"\x01"'), 4),
        (SOUND.encode().replace(b'"1"', b'"\xff"'), 4),
        (SOUND.encode().replace(b'"1"', b'"\xed\xa0\x80"'), 4),
        (SOUND.replace("AREA=", "FREQ="), 4),
        (SOUND.replace("</Series>", "</series>"), 4),
        (SOUND + "<a/>", 6),
        (SOUND[: len(SOUND) // 2], 3),
        ("<?xml version='1.0' encoding='latin-1'?>\n<message:A xmlns:message='x'>", 2),
        (SOUND.replace("<Obs", "<ns9:Obs"), 4),
    ],
)
def test_what_is_not_well_formed_is_told_with_its_line(
    tmp_path: Path, content: str | bytes, line: int
) -> None:
    with pytest.raises(Invalid) as refused:
        read(tmp_path, content)
    (finding,) = refused.value.findings
    assert finding.file == "data.xml"
    assert finding.line == line


def test_a_message_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    for length in range(1, len(SOUND) - 2, 7):
        with pytest.raises(Invalid):
            read(tmp_path, SOUND[:length])


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16", "cp1252"])
def test_declared_encodings(tmp_path: Path, encoding: str) -> None:
    text = SOUND.replace("UTF-8", encoding).replace('"1"', '"é"')
    assert read(tmp_path, text.encode(encoding)).table["OBS_VALUE"].to_pylist() == ["é"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-7", "no-such", "rot13"])
def test_encodings_that_cannot_be_read(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(Invalid):
        read(tmp_path, SOUND.replace("UTF-8", encoding))


def nested(depth: int) -> str:
    """Elements in each other, where anything may stand."""
    return "<common:Annotations>" * depth + "</common:Annotations>" * depth


def test_depth_is_bounded(tmp_path: Path) -> None:
    assert read(tmp_path, message(data_set(nested(62) + SERIES))).table.num_rows == 1
    with pytest.raises(TooLarge, match=r"line 4: elements nested deeper than 64"):
        read(tmp_path, message(data_set(nested(63) + SERIES)))
    with pytest.raises(TooLarge, match="nested deeper"):
        read(tmp_path, message(data_set(nested(1_000_000) + SERIES)))


def test_a_tag_and_a_text_are_bounded(tmp_path: Path) -> None:
    limits = Limits(text_bytes=10_000, record_bytes=10_000)
    for size, fits in ((9_000, True), (400_000, False)):
        value = "x" * size
        comp = f'<Obs><Comp id="A"><Value>{value}</Value></Comp></Obs>'
        for body in (f'<Obs A="{value}"/>', f"<Obs/><!--{value}-->", comp):
            text = message(data_set(body))
            if fits:
                assert read(tmp_path, text, limits=limits).table.num_rows == 1
            else:
                with pytest.raises(TooLarge, match="limit of this node is 10,000"):
                    read(tmp_path, text, limits=limits)


def test_an_endless_tag_is_refused_with_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "data.xml"
    with path.open("w") as file:
        file.write(SOUND[: SOUND.index("<Series")] + '<Series A="')
        for _ in range(64):
            file.write("x" * (1 << 20))
    tracemalloc.start()
    with pytest.raises(TooLarge, match="line 4: a tag or comment of more than 1,048,576 bytes"):
        read_ml(path, STRUCTURES, limits=Limits(record_bytes=1 << 20))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


def test_components_are_bounded(tmp_path: Path) -> None:
    attributes = " ".join(f'A{number}=""' for number in range(100_000))
    with pytest.raises(TooLarge, match="more than 1,000 components"):
        read(tmp_path, message(data_set(f"<Obs {attributes}/>")))
    small = Limits(columns=4)
    assert read(tmp_path, SOUND, limits=small).table.num_rows == 1
    with pytest.raises(TooLarge, match="more than 4 components"):
        read(tmp_path, SOUND.replace("TIME_PERIOD=", 'A="" B="" C="" TIME_PERIOD='), limits=small)


def test_a_short_message_cannot_stand_for_very_many_values(tmp_path: Path) -> None:
    wide = " ".join(f'A{number}="x"' for number in range(900))
    text = message(data_set(f"<Series {wide}>{'<Obs/>' * 100_000}</Series>"))
    limits = Limits(cells=50_000_000)
    with pytest.raises(TooLarge, match="100,000 observations or more with 900 components"):
        read(tmp_path, text, limits=limits)
    assert read(tmp_path, SOUND, limits=Limits(cells=8)).table.num_rows == 1
    with pytest.raises(TooLarge, match="4 values, the limit of this node is 3"):
        read(tmp_path, SOUND, limits=Limits(cells=3))


def test_bytes_and_distinct_values_are_bounded(tmp_path: Path) -> None:
    limits = Limits(bytes=len(SOUND), distinct_values=1)
    assert read(tmp_path, SOUND, limits=limits).table.num_rows == 1
    with pytest.raises(TooLarge, match="the setting max_submission_bytes"):
        read(tmp_path, SOUND + " ", limits=limits)
    twice = message(data_set(SERIES + SERIES.replace("SE", "NO")))
    with pytest.raises(TooLarge, match="AREA has 2 different values, the limit"):
        read(tmp_path, twice, limits=replace(limits, bytes=10_000))


def test_a_file_that_grows_while_it_is_read_is_bounded_too(tmp_path: Path) -> None:
    class Growing(type(tmp_path)):  # type: ignore[misc]
        """A file whose size is told as it was a moment ago."""

        def stat(self, *, follow_symlinks: bool = True) -> object:
            class Before:
                st_size = 10

            return Before()

    path = tmp_path / "data.xml"
    path.write_text(SOUND)
    with pytest.raises(TooLarge, match="more than 100 bytes"):
        read_ml(Growing(path), STRUCTURES, limits=Limits(bytes=100))
