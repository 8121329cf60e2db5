"""Instants as options give them."""

from __future__ import annotations

from datetime import UTC, datetime

from hub.errors import BadRequest


def instant_of(text: str, option: str) -> datetime:
    """The instant an option gives, in UTC; raises BadRequest, naming the option."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRequest(
            f"{option} '{text}' is not an instant: write it like 2026-12-01T09:00:00+01:00"
        ) from error
    if instant.tzinfo is None:
        raise BadRequest(f"{option} '{text}' has no zone: add one, for example +01:00 or Z")
    return instant.astimezone(UTC)
