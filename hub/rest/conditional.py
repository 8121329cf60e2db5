"""Conditional requests: the validators of an answer, and when it need not be sent (RFC 9110, 13).

A release never changes, so the ETag is known before a byte of the answer is written: a digest of
the releases, the structures, the query, the representation and the version of this software.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from weakref import WeakKeyDictionary

from hub.model import Structures

#: What was stamped so long ago is committed, or never will be.
_SETTLED = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Validators:
    """What identifies an answer: the digest behind its strong ETag, and its last change (UTC)."""

    digest: str
    changed: datetime | None = None

    def headers(self, asked: datetime) -> dict[str, str]:
        """The validators as response headers, of an answer looked up after an instant.

        Last-Modified is the first whole second at which the change was there. It is left out while
        a change that the answer does not have may still get an instant up to that second: the two
        would look the same (RFC 9110, 8.8.2). So not when the answer is sent counts, but when it
        was asked for, less the time from the stamping of a change to its commit.
        """
        headers = {"ETag": f'"{self.digest}"'}
        if self.changed is not None:
            told = _whole_second(self.changed.astimezone(UTC))
            if told + _SETTLED <= asked:
                headers["Last-Modified"] = format_datetime(told, usegmt=True)
        return headers

    def are_known_to(self, headers: Mapping[str, str]) -> bool:
        """Tell whether the client has this very answer already (then 304 is the answer).

        `If-None-Match` decides where it is given; else `If-Modified-Since`, as HTTP-date or, as
        the OpenAPI file of SDMX has it, in ISO 8601. What cannot be read is ignored.
        """
        tags = headers.get("if-none-match")
        if tags is not None:
            given = {tag.strip().removeprefix("W/").strip('"') for tag in tags.split(",")}
            return "*" in given or self.digest in given
        since = _since(headers.get("if-modified-since"))
        return since is not None and self.changed is not None and self.changed <= since


def _whole_second(instant: datetime) -> datetime:
    """An instant that is a whole second, else the next one."""
    whole = instant.replace(microsecond=0)
    return whole if whole == instant else whole + timedelta(seconds=1)


def _since(text: str | None) -> datetime | None:
    if text is None:
        return None
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            instant = parse(text.strip())
        except (ValueError, TypeError, OverflowError):
            continue
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return None


def digest(*parts: object) -> str:
    """A digest of values whose `repr` says all there is, such as frozen dataclasses."""
    text = "\x1f".join(repr(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:40]


_structure_digests: WeakKeyDictionary[Structures, str] = WeakKeyDictionary()


def structures_digest(structures: Structures) -> str:
    """A digest of all artefacts of an immutable collection, computed once for each."""
    known = _structure_digests.get(structures)
    if known is None:
        known = digest(*structures)
        _structure_digests[structures] = known
    return known
