"""Errors as SDMX messages, in the family that was negotiated (SDMX REST 2.2, "Status codes").

| asked for            | API 1.x                           | API 2.x                     |
|----------------------|-----------------------------------|-----------------------------|
| SDMX-ML              | 2.1 Error message, SDMX code      | 3.0 Error message, HTTP code |
| SDMX-JSON            | `errors`, SDMX code               | `errors`, HTTP code         |
| SDMX-CSV, or nothing | as SDMX-ML                        | as SDMX-JSON                |
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from xml.sax.saxutils import escape

from hub.errors import CorridorError, Invalid, codes_of
from hub.rest.conditional import digest


class Family(StrEnum):
    """The families of error messages."""

    XML = "xml"
    JSON = "json"


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
_JSON_TYPE = {
    1: "application/vnd.sdmx.data+json;version=1.0.0",
    2: "application/vnd.sdmx.data+json;version=2.0.0",
}
_CONTROL = {code: " " for code in range(32) if code not in (9, 10, 13)} | {127: " "}


def family_of(content_type: str | None, major: int) -> Family:
    """The family of error messages that goes with the type asked for, or with the API version."""
    text = (content_type or "").lower()
    if "json" in text:
        return Family.JSON
    if "xml" in text:
        return Family.XML
    return Family.XML if major == 1 else Family.JSON


def status_of(error: CorridorError, major: int) -> int:
    """The HTTP status that tells an error in an API version."""
    codes = codes_of(error)
    return codes.http_v1 if major == 1 else codes.http_v2


def fault(error: CorridorError, family: Family, major: int, sender: str) -> tuple[str, bytes]:
    """Write an error as an SDMX message; returns its content type and the message."""
    code = codes_of(error).sdmx if major == 1 else status_of(error, major)
    return fault_message(code, _texts(error), family, major, sender)


def fault_message(
    code: int, texts: list[str], family: Family, major: int, sender: str
) -> tuple[str, bytes]:
    """Write texts under a code as an SDMX message; returns its content type and the message."""
    clean = [text.translate(_CONTROL) for text in texts]
    if family is Family.XML:
        return "application/xml", _xml(code, clean, major)
    return _JSON_TYPE[major], _json(code, clean, sender)


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


def _json(code: int, texts: list[str], sender: str) -> bytes:
    title, *details = texts
    entry: dict[str, object] = {"code": code, "title": title}
    if details:
        entry["detail"] = "\n".join(details)
    now = datetime.now(UTC).replace(microsecond=0)
    meta = {
        "id": f"E{digest(code, texts, now)[:24]}",
        "test": False,
        "prepared": now.isoformat().replace("+00:00", "Z"),
        "sender": {"id": sender},
    }
    return json.dumps({"meta": meta, "errors": [entry]}, ensure_ascii=False).encode()
