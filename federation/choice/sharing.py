"""Sharing out a flow among the partners that offer it: who is asked for which areas."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.service import Offer
from federation.choice.book import OfferBook
from federation.choice.choose import Candidate, Choice, choose
from federation.partners import Partner
from hub.model import Descent, Schema

#: How many areas a message names.
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Told:
    """A partner that was reached, and its offer of the flow.

    `failing` says that the data of this very release could not be had, time and again.
    """

    partner: Partner
    offer: Offer
    failing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one partner is asked for.

    `offer` is narrowed to the areas wanted where the partner has others. What it sends is taken of
    the areas of `descents`, each with its descent at this node; what is absent of all `areas` is
    withdrawn. It is asked without conditions where it `is_new`: this node has some of it from
    somebody else. `why_not` says why it is asked for nothing.
    """

    partner: Partner
    offer: Offer
    areas: frozenset[str]
    descents: Mapping[str, Descent]
    is_new: bool = False
    why_not: str = ""


def share_out(
    own: str,
    schema: Schema,
    told: Sequence[Told],
    book: OfferBook,
    others: Collection[str],
    at: datetime | None,
) -> list[Share]:
    """Choose a partner for every area of a flow, and write down what was chosen (`at` None: not).

    `others` are the partners there are that were not asked, or not reached: what this node has of
    them still counts by what they offered last. A copy of what its origin, asked just now, does not
    have any more is not taken.
    """
    flow = schema.context
    current, held = book.current(flow), book.held(flow)
    known, idle = _remembered(book.known(flow), told, held, others)
    offered = _offered(told)
    fresh, gone = _without_gone(offered, told)
    sound, failing = _without_failing([*known, *fresh], told, held)
    choices = choose(own, sound, current)
    written = sorted(
        (*choices, *gone, *failing, *idle),
        key=lambda one: (one.candidate.area, one.candidate.partner.id),
    )
    if at is not None:
        book.record(flow, written, at)
    copies = {(one.candidate.partner.id, one.candidate.area) for one in gone}
    by_partner: dict[str, list[Choice]] = {}
    for choice in written:
        by_partner.setdefault(choice.candidate.partner.id, []).append(choice)
    shares = [
        _share(
            one,
            schema,
            by_partner.get(one.partner.id, ()),
            held.get(one.partner.id, frozenset()),
            copies,
        )
        for one in told
    ]
    return [replace(one, is_new=_is_new(one, current)) for one in shares]


def _remembered(
    known: Sequence[Choice],
    told: Sequence[Told],
    held: Mapping[str, frozenset[str]],
    others: Collection[str],
) -> tuple[list[Candidate], list[Choice]]:
    """Of partners that were not asked: what this node has of them, and what else they offered."""
    reached = {one.partner.id for one in told}
    counts: list[Candidate] = []
    idle: list[Choice] = []
    for choice in known:
        one = choice.candidate
        if one.partner.id in reached or one.partner.id not in others:
            continue
        if one.area in one.partner.areas and one.area in held.get(one.partner.id, ()):
            counts.append(one)
        else:
            idle.append(replace(choice, is_chosen=False))
    return counts, idle


def _offered(told: Sequence[Told]) -> list[Candidate]:
    """What partners offer, each area of a partner once: one may have a flow in several parts."""
    found: dict[tuple[str, str], Candidate] = {}
    for one in told:
        for each in _candidates(one):
            found.setdefault((each.partner.id, each.area), each)
    return list(found.values())


def _candidates(one: Told) -> Iterable[Candidate]:
    """What a partner offers, of the areas it may speak for.

    Of one that does not tell it is guessed: it counts itself where it may speak for a single area.
    """
    partner, offer = one.partner, one.offer
    if offer.slices is not None:
        for each in offer.slices:
            if each.area in partner.areas:
                yield Candidate(partner=partner, area=each.area, descent=each.descent)
        return
    if offer.is_empty:
        return
    guess = Descent(
        origin=partner.id,
        release=offer.release,
        updated=offer.updated,
        is_compiled=len(partner.areas) > 1,
    )
    for area in partner.areas:
        yield Candidate(partner=partner, area=area, descent=guess, is_told=False)


def _without_gone(
    offered: Sequence[Candidate], told: Sequence[Told]
) -> tuple[list[Candidate], list[Choice]]:
    """Part off the copies of what the origin itself, which was asked, has no more."""
    asked = {one.partner.id: one for one in told}
    there = {(one.partner.id, one.area) for one in offered}
    fresh: list[Candidate] = []
    gone: list[Choice] = []
    for one in offered:
        origin = asked.get(one.descent.origin)
        is_gone = (
            origin is not None
            and one.area in origin.partner.areas
            and (origin.partner.id, one.area) not in there
        )
        if is_gone:
            why = f"a copy of what {one.descent.origin} itself does not have any more"
            gone.append(Choice(candidate=one, is_chosen=False, why=why))
        else:
            fresh.append(one)
    return fresh, gone


def _without_failing(
    candidates: Sequence[Candidate], told: Sequence[Told], held: Mapping[str, frozenset[str]]
) -> tuple[list[Candidate], list[Choice]]:
    """Part off what keeps failing, where nothing is held of it and somebody else offers it."""
    why = {one.partner.id: one.failing for one in told if one.failing}
    elsewhere = {one.area for one in candidates if one.partner.id not in why}
    sound: list[Candidate] = []
    failing: list[Choice] = []
    for one in candidates:
        id_ = one.partner.id
        if id_ in why and one.area in elsewhere and one.area not in held.get(id_, ()):
            failing.append(Choice(candidate=one, is_chosen=False, why=why[id_]))
        else:
            sound.append(one)
    return sound, failing


def _share(
    one: Told,
    schema: Schema,
    mine: Sequence[Choice],
    held: frozenset[str],
    copies: Collection[tuple[str, str]],
) -> Share:
    """What a partner is asked for: what was chosen of it, and what it has no more."""
    won = {choice.candidate.area: choice.candidate.descent for choice in mine if choice.is_chosen}
    lost = {choice.candidate.area for choice in mine if not choice.is_chosen}
    kept = {area for area in lost if (one.partner.id, area) not in copies}
    gone = held - set(won) - kept
    wanted = frozenset(won) | gone
    offer = one.offer
    has_more = bool(lost) or _passes_on(one)
    if has_more and wanted and schema.slice_by is not None:
        offer = offer.narrowed(wanted, schema.slice_by)
    descents = {area: descent.taken_from(one.partner.id) for area, descent in won.items()}
    return Share(
        partner=one.partner,
        offer=offer,
        areas=wanted,
        descents=descents,
        why_not="" if wanted or offer.slices is None else _nothing(mine, one),
    )


def _is_new(share: Share, current: Mapping[str, str]) -> bool:
    id_ = share.partner.id
    return any(current.get(area, id_) != id_ for area in share.descents)


def _passes_on(one: Told) -> bool:
    """True where a partner has figures of others, or areas it may not speak for here.

    It may have more of them by the time it is asked for data.
    """
    areas = set(one.partner.areas)
    return any(each.area not in areas or each.descent.hops for each in one.offer.slices or ())


def _nothing(mine: Sequence[Choice], one: Told) -> str:
    """Why nothing is asked of a partner that says what it has."""
    if not mine:
        has = " ".join(sorted(each.area for each in one.offer.slices or ())[:_SHOWN]) or "nothing"
        return (
            "it has nothing for the areas it may speak for "
            f"({' '.join(one.partner.areas[:_SHOWN])}); what it has is about {has}"
        )
    told = [f"{choice.candidate.area}: {choice.why}" for choice in mine[:_SHOWN]]
    more = f"; and {len(mine) - _SHOWN} areas more" if len(mine) > _SHOWN else ""
    return f"all it has comes from elsewhere ({'; '.join(told)}{more})"
