"""Errors as SDMX messages, in the family that was negotiated (SDMX REST 2.2, "Status codes").

| asked for            | API 1.x                           | API 2.x                     |
|----------------------|-----------------------------------|-----------------------------|
| SDMX-ML              | 2.1 Error message, SDMX code      | 3.0 Error message, HTTP code |
| SDMX-JSON            | `errors`, SDMX code               | `errors`, HTTP code         |
| SDMX-CSV, or nothing | as SDMX-ML                        | as SDMX-JSON                |
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from hub.errors import CorridorError, Invalid, codes_of
from hub.formats.message import instant
from hub.rest.conditional import digest

_NAMESPACES = {
    1: (
        "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message",
        "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common",
    ),
    2: (
        "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/message",
        "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common",
    ),
}
_JSON_TYPE = "application/vnd.sdmx.data+json;version=2.0.0"
_XML_TYPE = "application/xml"
_CONTROL = {code: " " for code in range(32) if code not in (9, 10, 13)} | {127: " "}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a message, and what tells when the node last showed something new (UTC).

    An error is prepared as of then: equal requests to equal nodes have equal errors.
    """

    id: str
    changed: Callable[[], datetime]


def error_type(negotiated: str | None, major: int) -> str:
    """The content type of an error message, from that of the answer; None where there is none.

    Data and structure messages of SDMX-JSON both have a place for errors, so theirs is kept.
    """
    text = (negotiated or "").lower()
    if "schema+json" in text:
        return _JSON_TYPE
    if "json" in text:
        return text
    if "xml" in text:
        return _XML_TYPE
    return _XML_TYPE if major == 1 else _JSON_TYPE


def status_of(error: CorridorError, major: int) -> int:
    """The HTTP status that tells an error in an API version."""
    codes = codes_of(error)
    return codes.http_v1 if major == 1 else codes.http_v2


def fault(error: CorridorError, content_type: str, major: int, sender: Sender) -> bytes:
    """Write an error as an SDMX message of a type that `error_type` gave."""
    code = codes_of(error).sdmx if major == 1 else status_of(error, major)
    return fault_message(code, _texts(error), content_type, major, sender)


def fault_message(
    code: int, texts: list[str], content_type: str, major: int, sender: Sender
) -> bytes:
    """Write texts under a code as an SDMX message of a type that `error_type` gave."""
    clean = [text.translate(_CONTROL) for text in texts]
    if content_type == _XML_TYPE:
        return _xml(code, clean, major)
    return _json(code, clean, sender)


def _texts(error: CorridorError) -> list[str]:
    findings = error.findings if isinstance(error, Invalid) else ()
    return [error.message, *(str(finding) for finding in findings)]


def _xml(code: int, texts: list[str], major: int) -> bytes:
    message, common = _NAMESPACES[major]
    body = "".join(f'<com:Text xml:lang="en">{escape(text)}</com:Text>' for text in texts)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<mes:Error xmlns:mes="{message}" xmlns:com="{common}">'
        f'<mes:ErrorMessage code="{code}">{body}</mes:ErrorMessage></mes:Error>\n'
    ).encode()


def _json(code: int, texts: list[str], sender: Sender) -> bytes:
    title, *details = texts
    entry: dict[str, object] = {"code": code, "title": title}
    if details:
        entry["detail"] = "\n".join(details)
    prepared = sender.changed()
    meta = {
        "id": f"E{digest(code, texts, prepared)[:24]}",
        "test": False,
        "prepared": instant(prepared),
        "sender": {"id": sender.id},
    }
    return json.dumps({"meta": meta, "errors": [entry]}, ensure_ascii=False).encode()
