"""Series keys in paths: the two dialects of the standard become the same patterns.

2.x: `D.USD,D.CHF.*` — keys are separated by `,`, one value or `*` per position.
1.x: `D.USD+CHF..` — one key, values separated by `+`, an empty position is a wildcard.
"""

from __future__ import annotations

from hub.errors import BadRequest
from hub.model import KeyPattern


def parse_keys(text: str) -> tuple[KeyPattern, ...]:
    """Parse the decoded key of a 2.x query; () means all.

    An empty position, 1.x syntax, is accepted as a wildcard; `+` within a key is refused, because
    it would silently find nothing.
    """
    if text in ("*", "all"):
        return ()
    if "+" in text:
        raise BadRequest(
            f"key '{text}': in API 2.x alternatives are whole keys separated by commas, "
            "for example A.USD,A.CHF"
        )
    return tuple(tuple(_position_v2(part) for part in key.split(".")) for key in text.split(","))


def _position_v2(part: str) -> tuple[str, ...]:
    return () if part in ("", "*") else (part,)


def parse_key_v1(text: str) -> tuple[KeyPattern, ...]:
    """Parse the decoded key of a 1.x query; () means all."""
    if text in ("all", "*"):
        return ()
    if "," in text:
        raise BadRequest(f"key '{text}': in API 1.x values are separated by '+', not by commas")
    return (tuple(_position_v1(part, text) for part in text.split(".")),)


def _position_v1(part: str, key: str) -> tuple[str, ...]:
    if part in ("", "*"):
        return ()
    values = tuple(part.split("+"))
    if not all(values):
        raise BadRequest(f"key '{key}' has an empty value beside a '+' in '{part}'")
    return values
