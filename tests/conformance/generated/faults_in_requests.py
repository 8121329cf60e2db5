"""Faults in encodings, headers, methods and sizes."""

from __future__ import annotations

from collections.abc import Callable

from tests.conformance.generated.broken import P, Request

_UNCODED = "%2g", "%", "%f", "%zz", "%u0041", "A%"
_BROKEN_BYTES = "%ff", "%c3%28", "%ed%a0%80", "%00", "%0a", "%7F", "%1b[2J"


def broken_encoding(r: Request) -> int:
    text = r.draw.pick((*_UNCODED, *_BROKEN_BYTES))
    place = r.draw.number(0, 2)
    if place == 0:
        r.key(f"A.{text}" if len(r.flow.shape.key) > 1 else text)
    elif place == 1:
        r.pairs.append(
            (r.draw.pick(("startPeriod", "updatedAfter", "dimensionAtObservation")), text)
        )
        r.pairs = [p for p in r.pairs if p[0] != r.pairs[-1][0] or p[1] == text]
        if r.resource != "data":
            r.pairs[-1] = ("mode", text)
    else:
        r.path[-1] += text
    return 400


def unacceptable(r: Request) -> int:
    if r.draw.chance(0.5):
        value = r.draw.pick(("nonsense", "text/html", "image/png", "schema", "jsonschema"))
        r.pairs.append(("format", value))
        r.accept = "text/html"
    else:
        kind = "data" if r.resource == "data" else "structure"
        r.accept = r.draw.pick((
            "text/html", "image/*", f"{P}{kind}+json;version=9.0.0", f"{P}{kind}+yaml",
            f"{P}{kind}+xml;version=2.0", "application/json;q=0", "*/*;q=0", "nonsense", "/",
            f"{P}{kind}+json;version=x.y", f"{P}{kind}+json;version=~.0.*",
        ))  # fmt: skip
    return 406


def bad_weight(r: Request) -> int:
    weight = r.draw.pick(("2", "-1", "x", "1.5", "", "nan", "inf", "1e400", "0,5"))
    r.accept = f"{r.draw.pick(('*/*', 'application/xml', 'application/json'))};q={weight}"
    if weight == "0,5":
        r.accept = "application/xml;q=1,application/json;q=two"
    return 400


def bad_compression(r: Request) -> int:
    r.pairs.append(("compression", r.draw.pick(("rot13", "GZIPP", "exi", "*"))))
    return 406


def no_such_language(r: Request) -> int:
    r.pairs.append(("lang", r.draw.pick(("sv", "zh-Hant", "x"))))
    return 406


def too_long(r: Request) -> int:
    if r.draw.chance(0.5):
        r.pairs.append(("x", r.draw.pick(("y", "%41", "+", "[")) * 9000))
    else:
        r.key(r.draw.pick(("A.", "A,", "%2C", "*")) * 9000)
    return 414


def wrong_method(r: Request) -> int:
    r.method = r.draw.pick(
        ("POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "get", "PROPFIND")
    )
    return 405


#: The faults, and the requests each can be put in.
FAULTS: tuple[tuple[Callable[[Request], int], Callable[[Request], bool]], ...] = (
    (broken_encoding, lambda r: True),
    (unacceptable, lambda r: True),
    (bad_weight, lambda r: True),
    (bad_compression, lambda r: r.is_data),
    (no_such_language, lambda r: r.is_data),
    (too_long, lambda r: True),
    (wrong_method, lambda r: True),
)
