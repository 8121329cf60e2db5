"""The one way in: which reader gets which file, and what no reader takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hub.errors import Invalid, NotFound, TooLarge
from hub.formats.limits import Limits
from hub.formats.reading import read_data
from tests.formats.json import messages as json_messages
from tests.formats.ml import messages as ml_messages

CSV = "DATAFLOW,FREQ,OBS_VALUE\nT:FLOW(1.0),A,1\n"
JSON = json.dumps(json_messages.message({"series": {"0": json_messages.series(["1"])}}))
XML = ml_messages.message(ml_messages.data_set(ml_messages.SERIES))


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "data"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("content", [CSV, JSON, XML])
def test_the_form_is_told_by_the_content(tmp_path: Path, content: str) -> None:
    for start in ("", "\ufeff"):
        raw = read_data(written(tmp_path, start + content))
        assert raw.table["OBS_VALUE"].to_pylist() == ["1"]
        assert raw.source == "data"
        assert str(raw.structure) == "T:FLOW(1.0)"


@pytest.mark.parametrize("content", [CSV, JSON, XML])
def test_limits_hold_in_every_form(tmp_path: Path, content: str) -> None:
    path = written(tmp_path, content)
    assert read_data(path, limits=Limits(bytes=len(content))).table.num_rows == 1
    with pytest.raises(TooLarge):
        read_data(path, limits=Limits(bytes=len(content) - 1))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "an empty file, not an SDMX data message; export it again"),
        (b"\x1f\x8b\x08", "a gzip-compressed file, not an SDMX data message; unpack it first"),
        (b"PK\x03\x04 xl/workbook", "an XLSX workbook.*--map"),
        (b"<!DOCTYPE html><html></html>", "an HTML page.*download it again"),
        (XML.encode("utf-16"), "a text in UTF-16.*save it as UTF-8"),
        (b"year,country\n2020,SE\n", "STRUCTURE or DATAFLOW.*--map"),
    ],
)
def test_what_is_no_message_is_called_by_its_name(
    tmp_path: Path, content: bytes, told: str
) -> None:
    with pytest.raises(Invalid, match=told) as refused:
        read_data(written(tmp_path, content))
    assert [finding.file for finding in refused.value.findings] == ["data"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(NotFound, match="cannot be read"):
            read_data(path)


def test_the_bounds_of_readers_are_what_the_docs_say() -> None:
    """Defaults are part of the contract with those who hand in data."""
    defaults = Limits()
    assert (defaults.bytes, defaults.text_bytes, defaults.depth) == (4 << 30, 1 << 20, 64)
    assert (defaults.columns, defaults.cells) == (1_000, 1 << 29)
    assert defaults.distinct_values == 1 << 24
