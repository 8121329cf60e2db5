"""The XML parser takes well-formed documents within bounds, and no document types."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import Invalid, TooLarge
from hub.formats import xml
from hub.formats.limits import Limits

LIMITS = Limits(bytes=100_000, depth=10, text_bytes=1_000)
LAUGHS = b"""<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;"><!ENTITY z "&y;&y;&y;&y;">]>
<a b="&z;">&z;</a>"""


def test_a_document_is_parsed_without_comments_and_instructions() -> None:
    root = xml.parse(
        b"<?xml version='1.0'?><!-- c --><?p i?><a>1<!-- c --><b/>2<?p i?></a>", LIMITS
    )
    assert [child.tag for child in root] == ["b"]
    assert "".join(root.itertext()) == "12"


@pytest.mark.parametrize(
    "document",
    [
        LAUGHS,
        b"<!DOCTYPE a><a/>",
        b"<!-- " + b"x" * 50_000 + b" --><!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
    ],
    ids=["entities", "bare", "after a long comment", "utf-16"],
)
def test_a_document_type_is_refused(document: bytes) -> None:
    with pytest.raises(Invalid, match="document type"):
        xml.parse(document, LIMITS)


def test_a_streaming_parser_refuses_a_document_type() -> None:
    with pytest.raises(Invalid, match="document type"):
        xml.expat_parser().Parse(LAUGHS, True)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"<a>" * 11 + b"</a>" * 11, "deeper than the 10 levels"),
        (b"<a>" * 400 + b"</a>" * 400, "depth"),
        (b"<a>" + b"x" * 1_001 + b"</a>", "more than 1000 characters"),
        (b"<a b='" + b"x" * 1_001 + b"'/>", "more than 1000 characters"),
        (b"<a>" + b" " * 100_000 + b"</a>", "100007 bytes, more than the 100000"),
    ],
)
def test_bounds_are_kept(document: bytes, reason: str) -> None:
    with pytest.raises(TooLarge, match=reason):
        xml.parse(document, LIMITS)


def test_what_is_at_the_bound_is_taken() -> None:
    xml.parse(b"<a>" * 10 + b"x" * 1_000 + b"</a>" * 10, LIMITS)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<a>",
        b"<a/><b/>",
        b"<a>&nbsp;</a>",
        b"\x00",
        b"<?xml version='1.0' encoding='x'?><a/>",
    ],
)
def test_what_is_not_well_formed_is_refused(document: bytes) -> None:
    with pytest.raises(Invalid, match="not well-formed"):
        xml.parse(document, LIMITS)


def test_a_file_is_measured_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.xml"
    path.write_bytes(b"<a>" + b" " * 100_000 + b"</a>")
    with pytest.raises(TooLarge, match="100007 bytes"):
        xml.parse(path, LIMITS)
