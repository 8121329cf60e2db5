"""Files are told apart by their content, whatever their name."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from hub.formats.sniff import Kind, sniff


def written(tmp_path: Path, content: bytes | str) -> Path:
    path = tmp_path / "data.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "x" * 9000)
    return buffer.getvalue()


TEXT = "STRUCTURE,STRUCTURE_ID,SEX\n"
KINDS = [
    (b"", Kind.EMPTY),
    (b"\xef\xbb\xbf \n\n", Kind.EMPTY),
    (archive("docProps/app.xml", "xl/workbook.xml"), Kind.XLSX),
    (archive("a.csv"), Kind.ZIP),
    (gzip.compress(TEXT.encode(), mtime=0), Kind.GZIP),
    (b"PAR1\x15\x04", Kind.PARQUET),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", Kind.XLS),
    (b'<?xml version="1.0"?><a/>', Kind.XML),
    (b"  <!DOCTYPE html><html>Log in</html>", Kind.HTML),
    (b'{"data": []}', Kind.JSON),
    (TEXT.encode("utf-16"), Kind.UTF16),
    (TEXT.encode("utf-16-le"), Kind.BINARY),
    (b"a,b\0c\n", Kind.BINARY),
]


@pytest.mark.parametrize(("content", "kind"), KINDS, ids=lambda value: str(value)[:24])
def test_kinds(tmp_path: Path, content: bytes, kind: Kind) -> None:
    path = written(tmp_path, content)
    assert sniff(path) is kind


@pytest.mark.parametrize(
    ("first", "kind"),
    [
        ("STRUCTURE,STRUCTURE_ID", Kind.SDMX_CSV),
        ("\ufeffSTRUCTURE[|];STRUCTURE_ID", Kind.SDMX_CSV),
        ('"DATAFLOW","FREQ"', Kind.SDMX_CSV),
        ("DATAFLOWS,FREQ", Kind.CSV),
        ("Land;Jahr", Kind.CSV),
    ],
)
def test_messages_and_tables_are_told_apart(tmp_path: Path, first: str, kind: Kind) -> None:
    assert sniff(written(tmp_path, first + "\n")) is kind
