"""What became of attempts, over all partners: the last of each flow, and how many ended how."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from hub.store.catalogue import Catalogue
from hub.store.tables import attempts

#: A partner and a flow of it; "" is its node document.
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvests:
    """The attempts of a catalogue as one transaction saw them.

    `last` and `last_good` are the rows of the attempts opened last of each partner and flow: that
    ended, and that ended well. `open` are those that have not ended.
    """

    last: Mapping[Pair, Mapping[str, Any]]
    last_good: Mapping[Pair, datetime]
    open: tuple[Mapping[str, Any], ...]


def look_at_harvests(catalogue: Catalogue, good: Collection[str]) -> Harvests:
    """What became of attempts; `good` are the reasons for which one ended well."""
    ended = attempts.c.reason.is_not(None)
    with catalogue.reading() as connection:
        last = _newest(connection, ended)
        well = _newest(connection, attempts.c.reason.in_(list(good)))
        query = select(attempts).where(attempts.c.reason.is_(None)).order_by(attempts.c.id)
        still = tuple(dict(row) for row in connection.execute(query).mappings())
    return Harvests(
        last=last, last_good={pair: row["finished"] for pair, row in well.items()}, open=still
    )


def count_attempts(catalogue: Catalogue) -> Mapping[tuple[str, str], int]:
    """How many attempts of each partner ended for each reason."""
    query = (
        select(attempts.c.partner, attempts.c.reason, func.count())
        .where(attempts.c.reason.is_not(None))
        .group_by(attempts.c.partner, attempts.c.reason)
    )
    with catalogue.reading() as connection:
        return {(partner, reason): n for partner, reason, n in connection.execute(query)}


def _newest(connection: Connection, condition: Any) -> dict[Pair, Mapping[str, Any]]:
    """The attempt opened last of each partner and flow, of those for which a condition holds."""
    newest = (
        select(func.max(attempts.c.id))
        .where(condition)
        .group_by(attempts.c.partner, attempts.c.flow)
    )
    query = select(attempts).where(attempts.c.id.in_(newest))
    rows = connection.execute(query).mappings()
    return {(row["partner"], row["flow"]): dict(row) for row in rows}
