"""Until when partners are left alone, by what their attempts remember."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from federation.harvest import FlowOutcome
from federation.harvest.catalogued import CataloguedAttempts
from federation.harvest.node import budgets_of
from federation.harvest.patience import Budget
from federation.partners import NODE_DOCUMENT, FinishReason
from federation.worker.timing import Leave
from hub.store import Store

#: How soon to look again whether a partner's budget has room.
_BUDGET = timedelta(minutes=10)


def leaves_of(store: Store, outcomes: Mapping[str, Collection[FlowOutcome]]) -> Mapping[str, Leave]:
    """Until when each partner is left alone that was in a run; `outcomes` are by partner."""
    budgets, now = budgets_of(store), store.catalogue.now()
    return {
        partner: Leave(
            failed=_earliest(store, partner, ended), whole=_whole(budgets.get(partner), now)
        )
        for partner, ended in outcomes.items()
    }


def _whole(budget: Budget | None, now: datetime) -> datetime | None:
    if budget is None:  # it was removed meanwhile
        return None
    if budget.quiet_until is not None:
        return budget.quiet_until
    return None if budget.left else now + _BUDGET


def _earliest(store: Store, partner: str, ended: Collection[FlowOutcome]) -> datetime | None:
    """When the first of what failed may be tried again; its document, where nothing was asked."""
    failed = {one.flow for one in ended if one.reason is FinishReason.FAILED}
    pasts = CataloguedAttempts(store.catalogue).pasts(failed or {NODE_DOCUMENT}, partner)
    return min((at for past in pasts.values() if (at := past.not_before)), default=None)
