"""Legal requests with random damage: what comes of it is not known, but what may not come is."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.conformance.agency.plan import Shape
from tests.conformance.agency.rows import ROWS
from tests.conformance.agency.shapes import FLOWS
from tests.conformance.generated.drawing import Draw
from tests.conformance.judging.answers import told
from tests.conformance.reading.answers import canonical, read

_PIECES = (
    "%00", "%", "%2", "%ff", "%2F", "%2C", "%2B", "%20", "%5B", "%25", "..", "//", "/", "?", "&",
    "=", "+", ",", ".", "*", "~", "[", "]", ":", ";", "'", '"', "<", "\\", "|", "^", "`", "{",
    "\x7f", "\u00e9", "\u6771", "c[", "eq:", "ne:", "latest", "all", "none", "A", "0", "9" * 30,
    "$", "@", "!", "-", "_", "limit=1", "offset=2", "%E2%80%AE", "%F0%9F%98%80",
)  # fmt: skip
_HEADERS = (
    "accept-language", "if-none-match", "if-modified-since", "accept-encoding", "range",
    "x-forwarded-for", "authorization", "content-length", "content-type", "cookie",
)  # fmt: skip
_VALUES = (
    "",
    "*",
    "x",
    "\xff",
    "de;q=2",
    "gzip;q=x",
    '"',
    'W/"',
    "Thu, 99 Foo 2026",
    "bytes=0-1",
    "Bearer x",
    "Basic \xe9",
    "0" * 200,
    ",,,",
    "a" * 2000,
    "2026-99-99T00:00:00Z",
    "br;q=0",
)
#: Statuses that a damaged request may have.
_POSSIBLE = {200, 204, 304, 400, 403, 404, 405, 406, 413, 414, 422, 501}


@dataclass(frozen=True)
class Damaged:
    """A request that was legal before."""

    target: str
    accept: str | None
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)


def damaged(draw: Draw, target: str, accept: str | None) -> Damaged:
    """Damage the target, mostly; else a header that has nothing to do with what is asked for."""
    if draw.chance(0.2):
        return Damaged(target, accept, headers={draw.pick(_HEADERS): draw.pick(_VALUES)})
    for _ in range(draw.pick((1, 1, 1, 2, 4))):
        target = _edited(draw, target)
    if draw.chance(0.1):
        accept = _edited(draw, accept or "*/*").encode("ascii", "replace").decode().strip()
    return Damaged(target, accept)


def _edited(draw: Draw, text: str) -> str:
    """One edit behind the name of the API."""
    start = min(4, len(text))
    at = draw.number(start, len(text))
    end = min(len(text), at + draw.pick((0, 0, 1, 1, 3)))
    kind = draw.number(0, 5)
    if kind == 0:  # leave out
        return text[:at] + text[end:]
    if kind == 1:  # repeat
        return text[:end] + text[at:]
    if kind == 2:  # the other case
        return text[:at] + text[at:end].swapcase() + text[end:]
    if kind == 3:  # cut off
        return text[:at]
    return text[:at] + draw.pick(_PIECES) + text[end:]


def assert_sane(response: httpx.Response, plain: httpx.Response, damage: Damaged) -> None:
    """Whatever it means now, both ways of reading agree on it, and rows are rows that exist."""
    assert response.status_code in _POSSIBLE, response.text
    assert plain.status_code == response.status_code
    if response.status_code >= 400:
        code, text = told(response)
        assert text.strip()
        is_v1 = damage.target.startswith("/v1")
        assert code == response.status_code or is_v1
        return
    is_data = re.match(r"/v[12]/data(?![a-z])", damage.target) is not None
    if response.status_code == 200 and is_data:
        if "VALID_FROM" in response.text[:2000]:
            return
        assert _rows(response) == _rows(plain)


def _rows(response: httpx.Response) -> Counter[Any]:
    """The rows of an answer, each of which must be one of those published, or a part of one."""
    found: Counter[Any] = Counter()
    for data_set in read(response.content, response.headers["content-type"]):
        shapes = _shapes(data_set.about)
        for row in data_set.rows:
            assert any(_is_published(row, name, shape) for name, shape in shapes), row
            found[data_set.about, repr(sorted(row.items()))] += 1
    return found


def _shapes(about: str) -> list[tuple[str, Shape]]:
    """The flows that may be meant: an agreement or a structure may be about several."""
    named = [(flow.name, flow.shape) for flow in FLOWS if about == f"dataflow {flow}"]
    return named or [(flow.name, flow.shape) for flow in FLOWS]


def _is_published(row: dict[str, Any], name: str, shape: Shape) -> bool:
    names = [*row]
    if not {*names} <= {part.id for part in shape.parts}:
        return False
    wanted = canonical([row], shape, names)[0]
    return wanted in canonical(ROWS.get(name, []), shape, names)
