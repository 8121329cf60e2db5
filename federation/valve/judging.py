"""When a person should look: what is no growth and no usual revision, by the weight of a change.

Judged is every slice, since one country's slip is lost in the sum of thirty, and all slices of a
source together, since thirty small ones each have too few observations to be judged by shares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from hub.publish.weights import Weight
from hub.settings import Settings

_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From where on a change is held; see `docs/review.md` for what each is good for.

    `vanished` and `changed` are shares, `jump` a factor, `jump_least` a sum of figures in single
    units, `least` a number of observations.
    """

    vanished: float
    changed: float
    jump: float
    jump_least: float
    least: int


def limits_of(settings: Settings) -> Limits:
    """The limits an operator has set."""
    return Limits(
        vanished=settings.valve_vanished,
        changed=settings.valve_changed,
        jump=settings.valve_jump,
        jump_least=settings.valve_jump_least,
        least=settings.valve_least,
    )


def doubts_of(weights: Sequence[Weight], limits: Limits) -> Mapping[str, str]:
    """The sources of which a person should look at what they sent, and why; by source."""
    found: dict[str, str] = {}
    ordered = sorted(weights, key=lambda weight: (weight.source, weight.slice))
    for source, own in groupby(ordered, key=lambda weight: weight.source):
        reasons = list(dict.fromkeys(_reasons(list(own), limits)))
        if reasons:
            more = f"; and {len(reasons) - _NAMED} more" if len(reasons) > _NAMED else ""
            found[source] = "; ".join(reasons[:_NAMED]) + more
    return found


def _reasons(own: Sequence[Weight], limits: Limits) -> Iterator[str]:
    """Why to look at what one source sent, the source as a whole first."""
    whole = _together(own)
    if whole.before and not whole.after:
        yield f"nothing is left of {whole.before:,} observations"
        return
    yield from _of(whole, limits, "" if len(own) > 1 else _named(own[0]))
    for weight in own:
        if len(own) > 1:
            yield from _of(weight, limits, _named(weight))
        yield from _lost(weight, limits)


def _named(weight: Weight) -> str:
    return f"{weight.slice}: " if weight.slice else ""


def _together(own: Sequence[Weight]) -> Weight:
    """All slices of a source as one."""
    return Weight(
        source=own[0].source,
        slice="",
        before=sum(one.before for one in own),
        after=sum(one.after for one in own),
        vanished=sum(one.vanished for one in own),
        changed=sum(one.changed for one in own),
        was=sum(one.was for one in own),
        becomes=sum(one.becomes for one in own),
        went_before=sum(one.went_before for one in own),
        goes_on=sum(one.goes_on for one in own),
    )


def _of(weight: Weight, limits: Limits, where: str) -> Iterator[str]:
    if weight.before >= limits.least and weight.vanished > limits.vanished * weight.before:
        share = weight.vanished / weight.before
        yield (
            f"{where}{weight.vanished:,} of {weight.before:,} observations vanish ({share:.0%}; "
            f"more than {limits.vanished:.0%} is held)"
        )
    stay = weight.before - weight.vanished
    had_figures = weight.was > 0 or not weight.becomes  # after zeros alone, anything is a repair
    if stay >= limits.least and had_figures and weight.changed > limits.changed * stay:
        share = weight.changed / stay
        yield (
            f"{where}{weight.changed:,} of {stay:,} figures change ({share:.0%}; more than "
            f"{limits.changed:.0%} is held)"
        )
    if _jumps(weight.was, weight.becomes, limits):
        yield f"{where}the total of what stays is {_step(weight.was, weight.becomes)}"
    if _jumps(weight.went_before, weight.goes_on, limits):
        step = _step(weight.went_before, weight.goes_on)
        yield f"{where}the total of new periods is {step}"


def _lost(weight: Weight, limits: Limits) -> Iterator[str]:
    """Codes and attributes that no observation of a slice has any more."""
    where = _named(weight)
    codes: dict[str, list[str]] = {}
    for dimension, code, count in weight.lost_codes:
        if count >= limits.least:
            codes.setdefault(dimension, []).append(code)
    for dimension, gone in codes.items():
        more = f" and {len(gone) - _NAMED} more" if len(gone) > _NAMED else ""
        yield f"{where}{dimension} {', '.join(gone[:_NAMED])}{more} vanish"
    emptied = [name for name, count in weight.emptied if count >= limits.least]
    if emptied:
        yield f"{where}nothing has {', '.join(emptied)} any more"


def _jumps(was: float, becomes: float, limits: Limits) -> bool:
    """True where two sums are an order of magnitude apart, and not both small.

    After nothing but zeros there is nothing to compare with.
    """
    small, large = sorted((was, becomes))
    return was > 0 and large >= limits.jump_least and large >= limits.jump * small


def _step(was: float, becomes: float) -> str:
    if not becomes:
        return f"0, and was {was:,.0f}"
    times = max(was, becomes) / min(was, becomes)
    factor = f"{times:,.0f}" if times >= 100 else f"{times:.1f}"
    named = f"{factor} times" if becomes > was else f"1/{factor} of"
    return f"{named} what it was ({was:,.0f}, now {becomes:,.0f}): a slip of units?"


def together_with(doubts: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """Doubts of two kinds about the same sources."""
    return {
        source: "; ".join(told[source] for told in (more, doubts) if source in told)
        for source in {**more, **doubts}
    }
