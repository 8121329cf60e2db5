"""What a hostile partner answers: node documents, and answers to a request for data."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from connectors.corridor.document import encode
from tests.connectors.http.server import Act, Answer
from tests.hostile.case import Bait
from tests.hostile.scene import CSV, told
from tests.hostile.sound import csv_2, dumped

GOOD = encode(told())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rude:
    """A partner's answers; `said` is a part of what the harvest says of it."""

    name: str
    said: str
    document: Callable[[Bait], Act] = lambda _: Answer(200, GOOD)
    data: Callable[[Bait], Act] = lambda _: Answer(
        200, csv_2(REF_AREA="SWE"), {"Content-Type": CSV}
    )


def _document(name: str, content: bytes, said: str, **headers: str) -> Rude:
    return Rude(
        name=f"document: {name}", said=said, document=lambda _: Answer(200, content, headers)
    )


def _swap(name: str, old: str, new: str, said: str) -> Rude:
    assert old.encode() in GOOD, GOOD
    return _document(name, GOOD.replace(old.encode(), new.encode()), said)


def _data(name: str, said: str, body: bytes, **headers: str) -> Rude:
    about = {
        "Content-Type": CSV,
        **{key.replace("_", "-"): value for key, value in headers.items()},
    }
    return Rude(name=f"data: {name}", said=said, data=lambda _: Answer(200, body, about))


def _leading(name: str, where: Callable[[Bait], str], said: str) -> Rude:
    return Rude(
        name=f"data: {name}", said=said, data=lambda b: Answer(302, b"", {"Location": where(b)})
    )


DOCUMENTS = [
    _document("a web page", b"<!doctype html><script>x()</script>", "an HTML page"),
    _document(
        "an entity",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "an XML document",
    ),
    _document("levels", b'{"id":' + b"[" * 100_000, "not a node document"),
    _document("5 MB", GOOD + b" " * (5 << 20), "bytes"),
    _document("a bomb", gzip.compress(b" " * (64 << 20)), "unpack", **{"Content-Encoding": "gzip"}),
    _document("a coding no one asked for", GOOD, "Content-Encoding", **{"Content-Encoding": "br"}),
    _document("cut off", GOOD[:-20], "not a node document"),
    _document("not UTF-8", GOOD.replace(b"Norway", b"\xff"), "not a node document"),
    _swap("another node", '"NOR"', '"SWE"', "says it is SWE"),
    _swap("an id with a path", '"id": "NOR"', '"id": "../../NOR"', "id"),
    _swap("a look-alike id", '"id": "NOR"', '"id": "NОR"', "id"),
    _swap("a flow with a path", "DF_STOCK_BIRTH", "../../x", "not a node document"),
    _swap("a version with a query", '"1.0.0"', '"1.0.0?x=1"', "not a node document"),
    _swap("1e400 rows", '"rows": 1', '"rows": 1e400', "not a node document"),
    _swap("fewer rows than none", '"rows": 1', '"rows": -1', "not a node document"),
    _swap("data in a file", "/sdmx/v2", "file:///etc", "urls.v2"),
    _swap("data on another host", "/sdmx/v2", "http://169.254.169.254/latest", "another host"),
    _swap("data at another port", "/sdmx/v2", "http://127.0.0.1:9/x", "another host"),
    _swap("a name of 1 MB", "Norway", "x" * 900_000, "not a node document"),
    _document(
        "more flows than there are", encode(told(dataflows=told().dataflows * 12_000)), "bytes"
    ),
]
ANSWERS = [
    _data("a bomb", "a binary file", gzip.compress(b"\0" * (256 << 20)), Content_Encoding="gzip"),
    _data(
        "a bomb of one line",
        "line",
        gzip.compress(b"STRUCTURE,STRUCTURE_ID," + b"x" * (64 << 20)),
        Content_Encoding="gzip",
    ),
    _data("broken gzip", "broken", b"\x1f\x8b\x08\0" + b"\xff" * 99, Content_Encoding="gzip"),
    _data(
        "a coding no one asked for",
        "Content-Encoding",
        csv_2(REF_AREA="SWE"),
        Content_Encoding="zstd",
    ),
    _data("another type", "instead of", csv_2(REF_AREA="SWE"), Content_Type="text/html"),
    _data("an area of another", "DNK", csv_2(REF_AREA="DNK")),
    _data("an area of no one", "REF_AREA", csv_2(REF_AREA="../NOR")),
    _data("nothing", "empty body", b""),
    _data("a JSON bomb", "a JSON document", dumped({"a": [0] * 10})),
    _leading("to a file", lambda bait: bait.file.as_uri(), ""),
    _leading("to another host", lambda _: "http://169.254.169.254/latest/meta-data", ""),
    _leading("to another port", lambda _: "http://127.0.0.1:9/", ""),
    _leading("in a ring", lambda bait: bait.url.replace("/bait", "/ring"), ""),
]
PARTNERS: list[Rude] = [*DOCUMENTS, *ANSWERS]
__all__: list[Any] = ["PARTNERS", "Rude"]
