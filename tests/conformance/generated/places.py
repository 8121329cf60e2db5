"""What a data query is about: drawn, named on each API that has words for it, looked up naively.

A place that is one artefact can be named on both APIs; lists and wildcards are those of 2.x.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.conformance.agency.plan import Agreement, Flow
from tests.conformance.agency.shapes import (
    AGREEMENTS,
    DF_EMPTY,
    DF_MAIN,
    DF_PERIODS,
    DF_QUARTERS,
    DF_RICH,
    DF_SHARED,
    DF_TIMELESS,
    FILLED,
    FLOWS,
    SHAPES,
)
from tests.conformance.cases.data_case import Source, of_agreement, of_flow, of_structure
from tests.conformance.cases.versions import VALID
from tests.conformance.generated.drawing import Draw
from tests.conformance.reference.versions import newest, select

#: Flows that queries are about, the more often the more there is to ask of them.
_FLOWS = (*DF_MAIN, DF_MAIN[3], DF_PERIODS, DF_PERIODS, DF_PERIODS, DF_QUARTERS, DF_QUARTERS)
ONE_FLOW = (*_FLOWS, DF_RICH, DF_RICH, DF_RICH, DF_RICH, DF_TIMELESS, DF_TIMELESS, DF_SHARED)
#: The flows of the shared structures: they are there, and hold nothing.
_SHARED = [("dataflow", "MIGX", "DF_STOCK_BIRTH", "1.0.0")]
_SHARED_STRUCTURE = [("datastructure", "MIGX", "MIG_STOCK", "1.0.0")]
Known = tuple[str, str, str, str]


@dataclass(frozen=True)
class Place:
    """Where data is asked for: its sources, and the words for it on each API, decoded.

    `v2` are context, agency, id and version; `v1` is a flow and a provider, None where 1.x has no
    words. `exists` is False where nothing there has that name.
    """

    sources: tuple[Source, ...]
    v2: tuple[str, str, str, str]
    v1: tuple[str, str] | None = None
    exists: bool = True


def draw_place(draw: Draw) -> Place:
    """A flow, mostly; sometimes an agreement, or what lists and wildcards find."""
    if draw.chance(0.72):
        return of_one_flow(draw, draw.pick(ONE_FLOW) if draw.chance(0.97) else DF_EMPTY)
    if draw.chance(0.35):
        return _of_one_agreement(draw.pick(AGREEMENTS))
    return _of_many(draw)


def of_one_flow(draw: Draw, flow: Flow) -> Place:
    """One flow, its version written or meant by a wildcard."""
    siblings = [f.version for f in FLOWS if f.name == flow.name]
    versions = [flow.version] + [v for v in VALID if select(v, siblings) == {flow.version}]
    version = draw.pick(versions) if draw.chance(0.3) else flow.version
    names = [f"{flow.agency},{flow.id},{flow.version}"]
    if flow.version == newest(v for v in siblings if "-" not in v):
        names += [f"{flow.agency},{flow.id}", flow.id, f"{flow.agency},{flow.id},latest"]
    name = None if "-" in flow.version else (draw.pick(names), "all")
    return Place(_sources([of_flow(flow)]), ("dataflow", flow.agency, flow.id, version), name)


def _of_one_agreement(agreement: Agreement) -> Place:
    flow, is_draft = agreement.flow, "-" in agreement.flow.version
    name = f"{flow.agency},{flow.id},{flow.version}"
    v1 = None if is_draft else (name, f"{agreement.agency},{agreement.provider}")
    v2 = ("provisionagreement", agreement.agency, agreement.id, agreement.version)
    return Place(_sources([of_agreement(agreement)]), v2, v1)


def _of_many(draw: Draw) -> Place:
    context = draw.pick(("dataflow", "dataflow", "datastructure", "provisionagreement", "*"))
    agencies = draw.pick((["*"], ["CONF"], ["CONF", "CONF.SUB"], ["CONF.SUB"], ["MIGX.NODE"]))
    ids = sorted({name for cls, _, name, _ in _KNOWN if context in ("*", cls)} - {"MIG_STOCK"})
    id_ = draw.pick((["*"], draw.some([*ids, "NOPE"], 1, 3), draw.some(ids, 2, 4)))
    version = draw.pick(("*", "~", "+", "1.0.0", draw.pick(VALID)))
    found: list[Known] = []
    for cls in _ANY_CONTEXT if context == "*" else (context,):
        found = found or _look_up(cls, agencies, id_, version)
    sources = [source for known in found for source in _behind(known)]
    v2 = (context, ",".join(agencies), ",".join(id_), version)
    return Place(_sources(sources), v2, exists=bool(found) or (agencies == id_ == ["*"]))


_ANY_CONTEXT = ("dataflow", "provisionagreement", "datastructure")
_KNOWN: list[Known] = [
    *(("dataflow", f.agency, f.id, f.version) for f in FLOWS),
    *_SHARED,
    *(("provisionagreement", a.agency, a.id, a.version) for a in AGREEMENTS),
    *(("datastructure", "CONF", shape.id, shape.version) for shape in SHAPES),
    *_SHARED_STRUCTURE,
]


def _look_up(cls: str, agencies: list[str], ids: list[str], version: str) -> list[Known]:
    named = [
        known
        for known in _KNOWN
        if known[0] == cls
        and ("*" in agencies or known[1] in agencies)
        and ("*" in ids or known[2] in ids)
    ]
    return [
        one
        for one in named
        if one[3] in select(version, [other[3] for other in named if other[:3] == one[:3]])
    ]


def _behind(known: Known) -> list[Source]:
    """What an artefact has data of; of a structure, one version of each flow under it."""
    cls, agency, id_, version = known
    if cls == "dataflow":
        return [of_flow(f) for f in FLOWS if (f.agency, f.id, f.version) == known[1:]]
    if cls == "provisionagreement":
        return [of_agreement(a) for a in AGREEMENTS if (a.agency, a.id, a.version) == (known[1:])]
    flows = [f for f in FLOWS if (f.shape.id, f.shape.version) == (id_, version)]
    one_of_each = {f.name: f for f in flows} if agency == "CONF" else {}
    return [of_structure(f) for f in one_of_each.values()]


def _sources(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Those that have data."""
    return tuple(s for s in sources if s.flow in FILLED and s.areas != ())
