"""What a foreign service answered, judged by what it is: data, nothing, a note to wait, rubbish."""

from __future__ import annotations

import re
from pathlib import Path

from connectors.http import Fetched, excerpt, refuse_open_end, unpack
from hub.errors import PartnerInvalid, PartnerUnavailable
from hub.formats.sniff import HEAD, Kind, sniff

NO_CONTENT, NOT_FOUND = 204, 404
#: What services write under 404 where a query is right and there is nothing (SDMX error code 100).
_NOTHING = re.compile(r"no\s*(records?|results?|data)\s*(were\s*)?found", re.IGNORECASE)
_NOTHING_CODE = re.compile(rb"""<(?:\w+:)?ErrorMessage\b[^>]*\bcode=["']100["']""")
_SOAP = re.compile(rb"<(?:\w+:)?Envelope\b[^>]*schemas\.xmlsoap\.org", re.DOTALL)
_LATER = re.compile(rb"\b(SUBMITTED|PROCESSING|QUEUED)\b")
_DATA = frozenset({Kind.SDMX_CSV, Kind.CSV, Kind.XML, Kind.JSON, Kind.PARQUET, Kind.ARROW})


def data_file(fetched: Fetched, limit: int) -> Path | None:
    """The unpacked data message, at most `limit` bytes; None where the service has nothing.

    Raises PartnerUnavailable for a note that the answer is being prepared, and where a packed body
    breaks off; PartnerInvalid for any other answer that is no data.
    """
    if fetched.status == NO_CONTENT:
        return None
    if fetched.status == NOT_FOUND and _says_nothing(fetched, limit):
        return None
    if fetched.status != 200:
        said = excerpt(fetched)
        raise PartnerInvalid(
            f"{fetched.url} answered {fetched.status} instead of data"
            f"{f': “{said}”' if said else ''}"
        )
    path = unpack(fetched, limit)
    kind = sniff(path)
    if kind is Kind.XML:
        _refuse_note(fetched, path)
    if kind not in _DATA:
        said = excerpt(fetched)
        raise PartnerInvalid(
            f"{fetched.url} sent {kind.title} instead of an SDMX message"
            f"{f': “{said}”' if said else ''}"
        )
    refuse_open_end(fetched, path)
    return path


def _says_nothing(fetched: Fetched, limit: int) -> bool:
    if _NOTHING.search(excerpt(fetched, 1_000)):
        return True
    return bool(_NOTHING_CODE.search(_head(unpack(fetched, limit))))


def _refuse_note(fetched: Fetched, path: Path) -> None:
    """Raise for a SOAP envelope: no data ever comes in one."""
    head = _head(path)
    if not _SOAP.search(head):
        return
    if _LATER.search(head):
        raise PartnerUnavailable(
            f"{fetched.url} answered that it has begun to prepare the data (a SOAP note in place "
            "of data): harvest again later"
        )
    raise PartnerInvalid(f"{fetched.url} sent a SOAP message instead of data: “{excerpt(fetched)}”")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)
