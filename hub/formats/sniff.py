"""What a file is, told from its first bytes; its name is not asked.

Nothing is decoded or unpacked: a file of any size and malice costs one read of `HEAD` bytes, and a
ZIP archive another of its last `TAIL` bytes, where its list of contents is.
"""

from __future__ import annotations

import codecs
import os
import re
from enum import Enum
from pathlib import Path

HEAD = 4096
TAIL = 65_557  # the longest a ZIP's end record may be, plus room for some of its list of contents

_BOM = codecs.BOM_UTF8


class Kind(Enum):
    """What a file is: a name, what to call it, and what to do with it where it is not wanted."""

    SDMX_CSV = ("sdmx-csv", "an SDMX-CSV message", "read it without --map")
    CSV = ("csv", "a table in text (CSV)", "describe its columns in a mapping file (--map)")
    XLSX = ("xlsx", "an XLSX workbook", "publish it with a mapping file (--map)")
    XLS = ("xls", "an old Excel workbook (XLS)", "save it as XLSX and publish it with --map")
    ODS = ("ods", "an OpenDocument spreadsheet", "save it as XLSX and publish it with --map")
    ZIP = ("zip", "a ZIP archive", "unpack it and hand in the file inside")
    GZIP = ("gzip", "a gzip-compressed file", "unpack it first (gunzip)")
    PARQUET = ("parquet", "a Parquet file", "read it without --map")
    ARROW = ("arrow", "an Arrow stream or file", "read it without --map")
    XML = ("xml", "an XML document", "hand it in as an SDMX-ML message (.xml)")
    HTML = ("html", "an HTML page", "it is often the error page of a download: download it again")
    JSON = ("json", "a JSON document", "hand it in as an SDMX-JSON message (.json)")
    UTF16 = ("utf-16", "a text in UTF-16", "save it as UTF-8 (in Excel: 'CSV UTF-8')")
    BINARY = ("binary", "a binary file", "hand in a CSV, XLSX or SDMX file")
    EMPTY = ("empty", "an empty file", "export it again")

    @property
    def title(self) -> str:
        """What to call it in a sentence."""
        return self.value[1]

    @property
    def remedy(self) -> str:
        """What to do with such a file where another kind was expected."""
        return self.value[2]


_MAGIC = (
    (b"\x1f\x8b", Kind.GZIP),
    (b"PAR1", Kind.PARQUET),
    (b"ARROW1", Kind.ARROW),
    (b"\xff\xff\xff\xff", Kind.ARROW),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.XLS),
    (b"%PDF-", Kind.BINARY),
    (codecs.BOM_UTF16_LE, Kind.UTF16),
    (codecs.BOM_UTF16_BE, Kind.UTF16),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_SDMX = re.compile(rb'"?(?:STRUCTURE(?:\[.\])?"?.STRUCTURE_ID|STRUCTURE\[|DATAFLOW)(?:"|\W|$)')


def sniff(path: Path) -> Kind:
    """Tell what a file is. Raises OSError where it cannot be read."""
    head = head_of(path, HEAD)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(head + _tail(path))
    return _content(head)


def head_of(path: Path, size: int) -> bytes:
    """The first bytes of a file, so many at most; raises OSError where it cannot be read."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        return os.read(handle, size)
    finally:
        os.close(handle)


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - TAIL))
        return file.read(TAIL)


def _archive(names: bytes) -> Kind:
    if b"xl/workbook" in names:
        return Kind.XLSX
    return Kind.ODS if b"opendocument.spreadsheet" in names else Kind.ZIP


def _content(head: bytes) -> Kind:
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if b"\x00" in head:
        return Kind.BINARY
    text = head.removeprefix(_BOM).lstrip()
    if not text:
        return Kind.EMPTY
    if text.startswith(b"<"):
        return Kind.HTML if _HTML.match(text) else Kind.XML
    if text.startswith((b"{", b"[")):
        return Kind.JSON
    return Kind.SDMX_CSV if _SDMX.match(text) else Kind.CSV
