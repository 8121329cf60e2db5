"""How the exchange stands by the catalogue alone: whichever process asks sees the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from federation.harvest.node import budgets_of
from federation.harvest.patience import Budget
from federation.partners import FinishReason, Partner
from federation.partners.catalogued import CataloguedPartners
from federation.status.values import Exchange, FlowStatus, PartnerStatus
from hub.store import Store
from hub.store.harvests import Harvests, Pair, look_at_harvests
from hub.store.review import held
from hub.store.schedule import Schedule, all_schedules

#: The reasons after which this node knows that it holds what the partner has.
GOOD = (FinishReason.RELEASED, FinishReason.NOT_MODIFIED, FinishReason.UNCHANGED)


def look(store: Store) -> Exchange:
    """How the exchange with each partner stands now."""
    catalogue = store.catalogue
    harvests = look_at_harvests(catalogue, [reason.value for reason in GOOD])
    planned = all_schedules(catalogue)
    waiting = {(one.partner or "", one.flow.partition("(")[0]): one.id for one in held(catalogue)}
    default, now = store.settings.harvest_every, catalogue.now()
    partners, budgets = CataloguedPartners(catalogue).list(), budgets_of(store)
    return Exchange(
        at=now,
        partners=tuple(
            _partner(
                partner,
                planned.get(partner.id),
                budgets[partner.id],
                _flows(partner.id, harvests, waiting),
                default,
                now,
            )
            for partner in partners
            if partner.id in budgets
        ),
    )


_Flows = Callable[[timedelta], tuple[FlowStatus, ...]]


def _flows(partner: str, harvests: Harvests, waiting: Mapping[Pair, int]) -> _Flows:
    """What makes the flows of a partner, when its interval is known."""
    known = {*harvests.flows_of(partner), *(flow for one, flow in waiting if one == partner)}
    return lambda every: tuple(
        _flow((partner, flow), harvests, waiting, every) for flow in sorted(known)
    )


def _partner(
    partner: Partner,
    planned: Schedule | None,
    budget: Budget,
    flows: _Flows,
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
        flows=flows(every),
    )


def _flow(
    place: Pair, harvests: Harvests, waiting: Mapping[Pair, int], every: timedelta
) -> FlowStatus:
    under_way, last = harvests.open.get(place), harvests.last.get(place)
    if last is None:
        return FlowStatus(flow=place[1], held=waiting.get(place), open=under_way)
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
        held=waiting.get(place),
        open=under_way,
    )
