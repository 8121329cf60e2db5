"""How `status` shows the exchange with partners: those that are late or wait for a person first."""

from __future__ import annotations

from datetime import datetime

from federation.status import Exchange, FlowStatus, PartnerStatus
from hub.commands.showing import print_rows


def show_exchange(exchange: Exchange) -> None:
    """Show a line for each partner, then one for each flow that somebody should look at."""
    if not exchange.partners:
        return
    now = exchange.at
    partners = sorted(exchange.partners, key=lambda one: (not one.is_late(now), one.id))
    print_rows([_partner(one, now) for one in partners], title="partners", empty="")
    flows = [
        _flow(partner, flow, now)
        for partner in partners
        for flow in partner.flows
        if flow.held is not None or (flow.flow and flow.is_late(now)) or _has_failed(flow)
    ]
    if flows:
        print_rows(flows, title="to look at", empty="")


def _partner(partner: PartnerStatus, now: datetime) -> dict[str, object]:
    confirmed = [one.confirmed for one in partner.data_flows if one.confirmed is not None]
    return {
        "partner": partner.id,
        "every": str(partner.every),
        "next": partner.due or "when a worker runs",
        "oldest": min(confirmed) if confirmed else "never",
        "late": "late" if partner.is_late(now) else "no",
        "failures": partner.failures,
        "requests_left": partner.budget.left,
        "held": sum(one.held is not None for one in partner.flows),
        "open": sum(one.open is not None for one in partner.flows),
    }


def _flow(partner: PartnerStatus, flow: FlowStatus, now: datetime) -> dict[str, object]:
    return {
        "partner": partner.id,
        "flow": flow.flow or "(node document)",
        "attempt": str(flow.attempt or flow.open or ""),
        "reason": flow.reason or "open",
        "confirmed": flow.confirmed or "never",
        "late": "late" if flow.is_late(now) else "no",
        "review": flow.held,
        "note": flow.note,
    }


def _has_failed(flow: FlowStatus) -> bool:
    return flow.reason in ("FAILED", "REFUSED", "ABORTED")
