"""What agreements allow: a partner's flow at an instant, for which areas; nothing else is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from federation.harvest.ports import NotAgreed
from federation.partners import Partner
from hub.errors import Forbidden
from hub.store import Store
from hub.store.agreements import Agreement, all_agreements

#: A partner as it may be harvested for a flow ("": for any); raises Forbidden where it may not.
Granting = Callable[[Partner, str], Partner]


def granting(store: Store) -> Granting:
    """What the agreements of a node allow now; they are read once."""
    by_partner: dict[str, list[Agreement]] = {}
    for one in all_agreements(store.catalogue):
        by_partner.setdefault(one.terms.partner, []).append(one)

    def grant(partner: Partner, flow: str) -> Partner:
        known = by_partner.get(partner.id, [])
        now = store.catalogue.now()
        return granted(partner, flow, known, now, required=store.settings.require_agreements)

    return grant


def granted(
    partner: Partner,
    flow: str,
    agreements: Sequence[Agreement],
    at: datetime,
    *,
    required: bool,
) -> Partner:
    """The partner with the areas it may speak for in a flow ("" for any) at an instant.

    Without any agreement with it these are the areas it was added with, unless agreements are
    `required`. Where there is one, only what is agreed counts. Raises NotAgreed for a flow that no
    agreement is about, Forbidden where none holds now, each with the command that mends it.
    """
    if not agreements:
        if not required:
            return partner
        raise Forbidden(
            f"there is no agreement with {partner.id}, and the setting require_agreements asks for "
            f"one: {_remedy(partner, flow)}"
        )
    covering = [one for one in agreements if one.covers(flow)]
    if not covering:
        others = sorted({name for one in agreements for name in one.terms.flows})
        raise NotAgreed(
            f"no agreement with {partner.id} is about {flow}, only about {', '.join(others)}: "
            f"{_remedy(partner, flow)}"
        )
    in_force = [one for one in covering if one.is_in_force(at)]
    if not in_force:
        raise Forbidden(f"{_why_not(covering, at)}: {_remedy(partner, flow)}")
    return replace(partner, areas=_areas(partner, in_force, flow))


def _areas(partner: Partner, in_force: Sequence[Agreement], flow: str) -> tuple[str, ...]:
    if any(not one.terms.areas for one in in_force):
        return partner.areas
    agreed = {area for one in in_force for area in one.terms.areas}
    areas = tuple(area for area in partner.areas if area in agreed)
    if not areas:
        raise Forbidden(
            f"the agreement with {partner.id} is about {', '.join(sorted(agreed))}, but it may "
            f"speak for {', '.join(partner.areas)}: {_remedy(partner, flow)}"
        )
    return areas


def _why_not(covering: Sequence[Agreement], at: datetime) -> str:
    """Why none of some agreements holds: the one that is nearest in time tells."""
    over = [one for one in covering if one.until is not None and one.until <= at]
    if over:
        last = max(over, key=lambda one: one.until or at)
        why = f" ({last.ended_why})" if last.ended_why else ""
        return f"agreement {last.id} with {last.terms.partner} ended on {last.until:%Y-%m-%d}{why}"
    first = min(covering, key=lambda one: one.terms.valid_from)
    begins = first.terms.valid_from
    return f"agreement {first.id} with {first.terms.partner} begins on {begins:%Y-%m-%d} only"


def _remedy(partner: Partner, flow: str) -> str:
    about = f" --flow {flow}" if flow else ""
    return f"corridor agreement add {partner.id}{about} --basis TEXT"
