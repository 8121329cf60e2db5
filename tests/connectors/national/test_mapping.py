"""Mapping files: what is not understood is told by its key, with what was probably meant."""

from pathlib import Path

import pytest

from connectors.national import parse_mapping, read_mapping
from hub.errors import Invalid

FLOW = 'dataflow = "MIGX:DF_STOCK_BIRTH"\n'


def findings(text: str) -> dict[str | None, str]:
    with pytest.raises(Invalid) as refused:
        parse_mapping(text, "my.toml")
    assert all(finding.file == "my.toml" for finding in refused.value.findings)
    return {finding.column: finding.message for finding in refused.value.findings}


def test_every_unknown_key_is_told_at_once() -> None:
    told = findings(FLOW + '[source]\nheadr = 1\nsheet = "a"\n[colums]\nX = "a"\n[rows]\ndrop = []')
    assert list(told) == ["source.headr", "colums", "rows.drop"]
    assert "did you mean 'header'?" in told["source.headr"]
    assert "did you mean 'columns'?" in told["colums"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", None),
        ('dataflow = "stock"', "dataflow"),
        (FLOW + '[source]\nheader = "1"', "source.header"),
        (FLOW + "[source]\nheader = 0", "source.header"),
        (FLOW + "[source]\nheader = [4, 2]", "source.header"),
        (FLOW + '[source]\nseparator = ";;"', "source.separator"),
        (FLOW + '[source]\nencoding = "klingon"', "source.encoding"),
        (FLOW + '[source]\nencoding = "base64"', "source.encoding"),
        (FLOW + '[source]\ndecimal = ","\nthousands = ","', "source.thousands"),
        (FLOW + '[source]\nstop = ""', "source.stop"),
        (FLOW + '[columns]\nSEX = "a"\n[constants]\nSEX = "_T"', "SEX"),
        (FLOW + '[codes.SEX]\na = "M"', "codes.SEX"),
        (FLOW + '[unpivot]\ncomponents = ["A", "B"]\ncolumns = ["x"]', "unpivot.components"),
    ],
)
def test_values_without_a_meaning_are_told_by_their_key(text: str, key: str | None) -> None:
    told = findings(text)
    assert [*told] == [key if text else "the file"]


def test_what_is_no_toml_is_told_with_its_line() -> None:
    assert "line 2" in findings(FLOW + "[source\n")[None]


def test_files_are_read_as_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (FLOW + '[columns]\nSEX = "Männer"').encode())
    mapping = read_mapping(path)
    assert (mapping.name, mapping.columns) == ("my.toml", {"SEX": "Männer"})
    assert mapping.flow.version == "~"
    path.write_bytes((FLOW + '[columns]\nSEX = "Männer"').encode("cp1252"))
    with pytest.raises(Invalid, match="not UTF-8 at offset"):
        read_mapping(path)


def test_a_mapping_that_is_too_large_or_too_deep_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(b"#" * (5 << 20))
    with pytest.raises(Invalid, match="at most 4,194,304 bytes"):
        read_mapping(path)
    path.write_text(FLOW + "[columns]\nSEX = " + "[" * 100_000)
    with pytest.raises(Invalid, match="too deep"):
        read_mapping(path)
