"""Offers of partners in the catalogue, as rows; `federation` gives them their meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from hub.model import Reference
from hub.store.catalogue import Catalogue
from hub.store.releases import flow_name
from hub.store.tables import offers


def offers_of(
    catalogue: Catalogue, flow: Reference | None = None, partner: str | None = None
) -> list[dict[str, Any]]:
    """The offers of a flow, a partner, or all; ordered by flow, slice and partner."""
    order = (offers.c.flow, offers.c.slice, offers.c.partner)
    query = select(offers).order_by(*order)
    if flow is not None:
        query = query.where(offers.c.flow == flow_name(flow))
    if partner is not None:
        query = query.where(offers.c.partner == partner)
    with catalogue.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def replace_offers(
    catalogue: Catalogue, flow: Reference, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Write down the offers of a flow, in the place of all that were there; all or none."""
    named = [{**row, "flow": flow_name(flow)} for row in rows]
    with catalogue.writing() as connection:
        connection.execute(offers.delete().where(offers.c.flow == flow_name(flow)))
        if named:
            connection.execute(offers.insert(), named)
