"""The query string of a request, taken apart before it is decoded.

Form decoding would turn the `+` of `c[TIME_PERIOD]=ge:2020+le:2022` into a space; so names are
decoded here, values stay as they came and are decoded after they have been split
(SDMX REST 2.2, "Component filters").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from hub.errors import BadRequest

#: What is no encoding of a byte, though Python would leave it as it is.
_BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
#: How an AND may arrive: as it is, encoded, or form-decoded by something in between.
_AND = re.compile(r"\+|%2[Bb]|%20| ")
#: The largest whole number that is read: what a signed number of 64 bits holds in any case.
LARGEST = 10**18 - 1
_NUMBER = re.compile(r"[0-9]{1,18}")
_YEAR = re.compile(r"\d{4}")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def decode(text: str, where: str) -> str:
    """Decode percent-encoded text.

    Raises BadRequest for a percent sign that encodes nothing, broken UTF-8 and control characters.
    """
    if _BROKEN.search(text):
        raise BadRequest(
            f"{where} has a percent sign that encodes no byte: '{text[:80]}'; write %25 for one"
        )
    try:
        decoded = unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise BadRequest(f"{where} is not percent-encoded UTF-8: '{text[:80]}'") from error
    if _CONTROL.search(decoded):
        raise BadRequest(f"{where} holds a control character; leave it out")
    return decoded


def split_and(raw: str) -> list[str]:
    """Split raw text at the AND of the standard, `+`."""
    return _AND.split(raw)


@dataclass(frozen=True, slots=True)
class Parameters:
    """The query parameters in the order they came: names decoded, values raw."""

    pairs: tuple[tuple[str, str], ...] = ()

    def raw(self, name: str) -> str | None:
        """The raw value of a parameter that may be given once; None where it is absent."""
        values = {value for given, value in self.pairs if given == name}
        if len(values) > 1:
            raise BadRequest(f"parameter '{name}' is given several times; give it once")
        return values.pop() if values else None

    def text(self, name: str) -> str | None:
        """The decoded value of a parameter; None where it is absent, BadRequest where empty."""
        raw = self.raw(name)
        if raw is None:
            return None
        value = decode(raw, f"parameter '{name}'").strip()
        if not value:
            raise BadRequest(f"parameter '{name}' has no value; give one or leave it out")
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """The values of a comma-separated parameter; () where it is absent."""
        value = self.text(name)
        words = tuple(word.strip() for word in value.split(",")) if value else ()
        if not all(words):
            raise BadRequest(f"parameter '{name}' has an empty value between commas: '{value}'")
        return words

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """The value of a parameter that takes one of some words."""
        value = self.text(name)
        if value is None:
            return default
        if value not in allowed:
            raise BadRequest(f"{name}={value} is not possible: use {', '.join(allowed)}")
        return value

    def integer(self, name: str, minimum: int) -> int | None:
        """The value of a whole-number parameter that has a minimum."""
        value = self.text(name)
        if value is None:
            return None
        if not _NUMBER.fullmatch(value) or int(value) < minimum:
            raise BadRequest(f"{name}={value}: give a whole number from {minimum} upwards")
        return int(value)

    def boolean(self, name: str) -> bool:
        """The value of a yes-or-no parameter; absent means false."""
        value = self.text(name)
        if value is None:
            return False
        if value.lower() not in _BOOLEANS:
            raise BadRequest(f"{name}={value}: use true or false")
        return _BOOLEANS[value.lower()]

    def instant(self, name: str) -> datetime | None:
        """The value of a date-time parameter, in UTC, which is also the node's local time.

        A `+` that became a space on the way is read as `+`; a year alone is its first instant.
        """
        value = self.text(name)
        return None if value is None else parse_instant(value, f"{name}={value}")


def parse_instant(text: str, where: str) -> datetime:
    """Parse an xs:dateTime, a date or a year into UTC; raises BadRequest, naming `where`."""
    written = re.sub(r"(?<=\d) (?=\d\d:\d\d$)", "+", text.strip())
    try:
        if _YEAR.fullmatch(written):
            return datetime(int(written), 1, 1, tzinfo=UTC)
        instant = datetime.fromisoformat(written)
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise BadRequest(
            f"{where}: give a date and time such as 2026-01-31T12:00:00Z or ...T12:00:00%2B01:00"
        ) from error


def parse_parameters(query_string: bytes) -> Parameters:
    """Take a raw query string apart; raises BadRequest where it is not UTF-8."""
    try:
        text = query_string.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest("the query string is not UTF-8; percent-encode its bytes") from error
    pieces = (piece.partition("=") for piece in text.split("&") if piece)
    return Parameters(tuple((decode(name, "a parameter"), value) for name, _, value in pieces))
