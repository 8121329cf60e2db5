"""Thirty-two ways in which a partner, or something on the way to it, goes wrong."""

from __future__ import annotations

import gzip
import json
import re
import socket
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.federation.chaos.honest import Recorded
from tests.federation.chaos.partner import Ask, ChaosHandler, Play

_YEARS = timedelta(days=3_650)
_SOAP = (
    b'<?xml version="1.0"?><env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope">'
    b"<env:Body><status>SUBMITTED</status></env:Body></env:Envelope>"
)
_OLD_XML = (
    b'<?xml version="1.0"?><message:GenericData xmlns:message="http://www.sdmx.org/resources/'
    b'sdmxml/schemas/v2_1/message"><message:Header/></message:GenericData>'
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault, and what the log must say of it where it was noticed (a regular expression).

    `rows` is how many rows a partner that has it, and says so, would name in its document: the
    data's own fault, not the way's.
    """

    name: str
    play: Play
    says: str
    rows: Callable[[int], int] | None = None


def _answer(status: int, body: bytes, **headers: str) -> Play:
    def play(handler: ChaosHandler, _ask: Ask) -> None:
        handler.send(Recorded(status, {k.replace("_", "-"): v for k, v in headers.items()}, body))

    return play


def _body(change: Callable[[bytes, Ask], bytes], **headers: str) -> Play:
    """Send a good head with another body."""

    def play(handler: ChaosHandler, ask: Ask) -> None:
        handler.send(ask.good.with_body(change(ask.good.body, ask), **headers))

    return play


def _too_many(handler: ChaosHandler, ask: Ask) -> None:
    if ask.number == 1:
        handler.send(Recorded(429, {"retry-after": "0"}, b"slow down"))
    else:
        handler.send(ask.good)


def _retry_at(handler: ChaosHandler, _ask: Ask) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    handler.send(Recorded(503, {"retry-after": at}, b"maintenance"))


def _ignores(handler: ChaosHandler, ask: Ask) -> None:
    """A middle layer that passes over what it does not know: the query, the conditions."""
    server = handler.server
    whole = server.act.state.full if server.act is not None else ask.good
    handler.send(ask.good if ask.is_document else whole)


def _reset(handler: ChaosHandler, ask: Ask) -> None:
    handler.begin(ask.good)
    handler.wfile.write(ask.good.body[: ask.draw.randrange(len(ask.good.body) or 1)])
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def _short(handler: ChaosHandler, ask: Ask) -> None:
    size = ask.draw.randrange(len(ask.good.body) or 1)
    handler.send(ask.good.with_body(ask.good.body[:size]), announced=len(ask.good.body) + 1)


def _drip(handler: ChaosHandler, ask: Ask) -> None:
    handler.begin(ask.good)
    until = time.monotonic() + 3
    for byte in ask.good.body:
        if time.monotonic() > until or handler.server.closing.wait(0.05):
            return
        handler.wfile.write(bytes([byte]))


def _wrong_length(handler: ChaosHandler, ask: Ask) -> None:
    """The announced length ends the body at the end of a line."""
    lines = ask.good.body.splitlines(keepends=True)
    size = len(b"".join(lines[: max(1, len(lines) - ask.draw.randrange(1, 3))]))
    handler.send(ask.good, announced=size)


def _never(handler: ChaosHandler, _ask: Ask) -> None:
    handler.server.closing.wait(3)


def _stale(handler: ChaosHandler, ask: Ask) -> None:
    handler.send(Recorded(304, {"etag": ask.old.headers.get("etag", '"x"')}, b""))


def _old_copy(handler: ChaosHandler, ask: Ask) -> None:
    handler.send(ask.old)


def _skewed(handler: ChaosHandler, ask: Ask) -> None:
    handler.send(ask.good, skew=ask.draw.choice((-_YEARS, _YEARS)))


def _loop(handler: ChaosHandler, ask: Ask) -> None:
    handler.send(Recorded(302, {"location": handler.path}, b""))


def _elsewhere(handler: ChaosHandler, ask: Ask) -> None:
    where = ask.draw.choice(("http://127.0.0.1:9/", "http://169.254.169.254/x", "file:///etc/x"))
    handler.send(Recorded(301, {"location": where}, b""))


def _gzip(body: bytes, _ask: Ask) -> bytes:
    return gzip.compress(body)


def _cut_gzip(body: bytes, ask: Ask) -> bytes:
    packed = gzip.compress(body)
    return packed[: ask.draw.randrange(20, len(packed) - 1)]


def _bomb(body: bytes, _ask: Ask) -> bytes:
    return gzip.compress(body + b" " * (9 << 20), compresslevel=1)


def _recoded(body: bytes, ask: Ask) -> bytes:
    """In another character set than it says."""
    text = body.decode().replace("Statistics Sweden", "Statistikmyndigheten Åland")
    return text.encode(ask.draw.choice(("latin-1", "utf-16-le", "cp500")))


def _rows(change: Callable[[list[list[str]], list[str], Ask], list[list[str]]]) -> Play:
    """Change the rows of data; of a document, its dataflows."""

    def changed(body: bytes, ask: Ask) -> bytes:
        head, *lines = body.decode().splitlines()
        rows = change([line.split(",") for line in lines], head.split(","), ask)
        return "\n".join([head, *(",".join(row) for row in rows), ""]).encode()

    return _body(changed)


def _flows(
    change: Callable[[list[dict[str, object]], Ask], object],
) -> Callable[[bytes, Ask], bytes]:
    def changed(body: bytes, ask: Ask) -> bytes:
        document = json.loads(body)
        document["dataflows"] = change(document["dataflows"], ask)
        return json.dumps(document).encode()

    return changed


def _either(document: Callable[[bytes, Ask], bytes], data: Play) -> Play:
    def play(handler: ChaosHandler, ask: Ask) -> None:
        (_body(document) if ask.is_document else data)(handler, ask)

    return play


def _shuffled(rows: list[list[str]], _head: list[str], ask: Ask) -> list[list[str]]:
    return ask.draw.sample(rows, len(rows))


def _doubled(rows: list[list[str]], _head: list[str], ask: Ask) -> list[list[str]]:
    return [*rows, ask.draw.choice(rows)]


def _respelt(rows: list[list[str]], head: list[str], _ask: Ask) -> list[list[str]]:
    place = head.index("REF_AREA")
    return [[*row[:place], "SE", *row[place + 1 :]] for row in rows]


def _values(change: Callable[[str], str]) -> Callable[..., list[list[str]]]:
    def changed(rows: list[list[str]], head: list[str], _ask: Ask) -> list[list[str]]:
        place = head.index("OBS_VALUE")
        return [
            [*row[:place], change(row[place]) if row[place] else "", *row[place + 1 :]]
            for row in rows
        ]

    return changed


def _vanished(rows: list[list[str]], head: list[str], _ask: Ask) -> list[list[str]]:
    """Everything of all counterparts but one is gone."""
    place = head.index("COUNTERPART_AREA")
    return [row for row in rows if row[place] == "POL"]


def _restructured(body: bytes, ask: Ask) -> bytes:
    """From the middle on, the columns are others."""
    lines = body.decode().splitlines()
    middle = len(lines) // 2
    cut = [line.replace(",A,", ",", 1) for line in lines[middle:]]
    return "\n".join([*lines[:middle], lines[0], *cut, ""]).encode()


def _numbers(change: Callable[[int], int]) -> Callable[[bytes, Ask], bytes]:
    """A document that says other numbers of rows than there are."""
    return _flows(
        lambda flows, _ask: [
            {**flow, "rows": change(flow["rows"])} if isinstance(flow.get("rows"), int) else flow
            for flow in flows
        ]
    )


_CUT = r"broke off|breaks off|is broken|sent .* observations|not a node document|no usable|SDMX-CSV"
_NOT_DATA = r"instead of (SDMX-CSV|data|a node document)|not a node document"
_COUNT = r"sent \d+ observations"

FAULTS: Sequence[Fault] = (
    Fault("429 with Retry-After 0", _too_many, "answered 429"),
    Fault("Retry-After as a date", _retry_at, r"asks to wait|answered 503|left alone"),
    Fault("not there", _answer(404, b"gone"), "answered 404"),
    Fault("gzip that is not declared", _body(_gzip), "-"),
    Fault("SUBMITTED", _body(lambda _b, _a: _SOAP), _NOT_DATA),
    Fault("conditions ignored", _ignores, "-"),
    Fault("nothing to tell", _answer(204, b""), rf"answered 204|{_COUNT}"),
    Fault("2.1 in the body", _body(lambda _b, _a: _OLD_XML), _NOT_DATA),
    Fault(
        "own spelling",
        _either(lambda body, _a: body.replace(b'"SWE"', b'"SE"'), _rows(_respelt)),
        r"says it is SE|may speak for SWE only|no code|SE",
    ),
    Fault("reset", _reset, _CUT),
    Fault("short body", _short, _CUT),
    Fault("slow drip", _drip, "did not send everything|stopped sending"),
    Fault("wrong length", _wrong_length, _CUT),
    Fault("truncated gzip", _body(_cut_gzip, content_encoding="gzip"), "breaks off"),
    Fault("bomb", _body(_bomb, content_encoding="gzip"), "unpack to more than"),
    Fault("redirect loop", _loop, "redirects more than"),
    Fault("redirect to another host", _elsewhere, "redirects to"),
    Fault(
        "wrong charset", _body(_recoded), r"UTF-8|utf-8|sniff|instead of|not a node document|NUL"
    ),
    Fault("HTML", _answer(200, b"<!doctype html><title>Sign in</title>"), "an HTML page"),
    Fault("SOAP fault", _answer(500, _SOAP, content_type="text/xml"), "answered 500"),
    Fault("clock skew", _skewed, "-"),
    Fault("stale ETag", _stale, "304"),
    Fault("old copy", _old_copy, rf"{_COUNT}|answered 204"),
    Fault(
        "duplicates",
        _either(_flows(lambda flows, _a: [*flows, *flows]), _rows(_doubled)),
        rf"{_COUNT}|error",
    ),
    Fault(
        "shuffled",
        _either(_flows(lambda flows, ask: ask.draw.sample(flows, len(flows))), _rows(_shuffled)),
        "-",
    ),
    Fault(
        "structure changed in the middle",
        _either(_flows(lambda flows, _a: {"flows": flows}), _body(_restructured)),
        r"not a node document|fields|columns|value|error|header",
    ),
    Fault(
        "vanished codes",
        _either(_flows(lambda _f, _a: []), _rows(_vanished)),
        rf"{_COUNT}|vanish",
        rows=lambda _rows: -1,
    ),
    Fault(
        "values x 1000",
        _either(_numbers(lambda n: n * 1_000), _rows(_values(lambda text: f"{text}000"))),
        rf"{_COUNT}|magnitude|total",
    ),
    Fault(
        "all zeros",
        _either(_numbers(lambda _n: 0), _rows(_values(lambda _text: "0"))),
        rf"{_COUNT}|magnitude|total",
    ),
    Fault("401", _answer(401, b"who are you"), "answered 401"),
    Fault("503", _answer(503, b"down"), "answered 503"),
    Fault("never answers", _never, "did not answer"),
)
#: Faults of the figures themselves, which nothing but a comparison with earlier ones can notice.
OF_FIGURES = frozenset({"vanished codes", "values x 1000", "all zeros"})
_NAMES = re.compile(r"[^a-z0-9]+")


def slug(fault: Fault) -> str:
    """The name of a fault in the name of a test."""
    return _NAMES.sub("-", fault.name.lower()).strip("-")
