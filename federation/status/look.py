"""How the exchange stands by the catalogue alone: whichever process asks sees the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from federation.harvest.node import budgets_of
from federation.harvest.patience import Budget
from federation.partners import FinishReason, Partner
from federation.partners.catalogued import CataloguedPartners
from federation.status.values import Exchange, FlowStatus, PartnerStatus
from hub.store import Store
from hub.store.harvests import Harvests, look_at_harvests
from hub.store.schedule import Schedule, all_schedules

#: The reasons after which this node knows that it holds what the partner has.
GOOD = (FinishReason.RELEASED, FinishReason.NOT_MODIFIED, FinishReason.UNCHANGED)


def look(store: Store) -> Exchange:
    """How the exchange with each partner stands now."""
    catalogue = store.catalogue
    harvests = look_at_harvests(catalogue, [reason.value for reason in GOOD])
    planned = all_schedules(catalogue)
    default, now = store.settings.harvest_every, catalogue.now()
    partners, budgets = CataloguedPartners(catalogue).list(), budgets_of(store)
    return Exchange(
        at=now,
        partners=tuple(
            _partner(partner, planned.get(partner.id), budgets[partner.id], harvests, default, now)
            for partner in partners
            if partner.id in budgets
        ),
    )


def _partner(
    partner: Partner,
    planned: Schedule | None,
    budget: Budget,
    harvests: Harvests,
    default: timedelta,
    now: datetime,
) -> PartnerStatus:
    every = (planned.every if planned else None) or default
    return PartnerStatus(
        id=partner.id,
        name=partner.name,
        url=partner.url,
        areas=partner.areas,
        every=every,
        due=planned.due if planned else None,
        not_before=planned.not_before if planned else None,
        announced=planned.announced if planned else None,
        failures=planned.failures if planned else 0,
        taken_by=planned.taken_by if planned and planned.is_taken(now) else None,
        budget=budget,
        flows=tuple(
            _flow((partner.id, flow), harvests, every) for flow in harvests.flows_of(partner.id)
        ),
    )


def _flow(place: tuple[str, str], harvests: Harvests, every: timedelta) -> FlowStatus:
    under_way, last = harvests.open.get(place), harvests.last.get(place)
    if last is None:
        return FlowStatus(flow=place[1], open=under_way)
    confirmed = harvests.confirmed.get(place)
    return FlowStatus(
        flow=place[1],
        attempt=last["id"],
        opened=last["opened"],
        finished=last["finished"],
        reason=last["reason"],
        note=last["note"],
        confirmed=confirmed,
        fresh_until=None if confirmed is None else confirmed + every,
        open=under_way,
    )
