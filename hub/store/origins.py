"""The raw bytes a slice version says it came from, in its origin.

`raw` is the digest of the bytes that brought it. Where these told only what changed, `raw_before`
names those that brought what was there before: everything first, then one increment after another.
"""

from __future__ import annotations

from collections.abc import Mapping

RAW, RAW_BEFORE = "raw", "raw_before"


def raw_of(detail: Mapping[str, str]) -> tuple[str, ...]:
    """The digests of all raw bytes an origin names, in the order in which they came."""
    before = [digest for digest in detail.get(RAW_BEFORE, "").split(",") if digest]
    return (*before, detail[RAW]) if detail.get(RAW) else tuple(before)


def without_raw(detail: Mapping[str, str], kept_as: str, **more: str) -> dict[str, str]:
    """An origin whose bytes are gone: it names them as a detail that says so, and no others."""
    kept = {name: value for name, value in detail.items() if name not in (RAW, RAW_BEFORE)}
    return {**kept, kept_as: detail.get(RAW, ""), **more}
