"""A case of a data query: a URL, and what the reference evaluator is to be asked instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.conformance.agency.plan import Agreement, Flow
from tests.conformance.agency.shapes import DF_MAIN
from tests.conformance.reference.questions import Question

CSV_21 = "application/vnd.sdmx.data+csv;version=2.1.0"
GENERIC = "application/vnd.sdmx.genericdata+xml;version=2.1"
#: The version of the flow that most cases are about.
MAIN = DF_MAIN[3]


@dataclass(frozen=True)
class Source:
    """A data set that an answer holds: `about` names it as readers do."""

    about: str
    flow: Flow
    areas: tuple[str, ...] | None = None


def of_flow(flow: Flow) -> Source:
    return Source(f"dataflow {flow}", flow)


def of_agreement(agreement: Agreement) -> Source:
    return Source(f"provisionagreement {agreement}", agreement.flow, agreement.areas)


def of_structure(flow: Flow) -> Source:
    return Source(f"datastructure CONF:{flow.shape.id}({flow.shape.version})", flow)


@dataclass(frozen=True)
class DataCase:
    """`target` is path and query below /sdmx; `sources` empty means that nothing may be found."""

    clause: str
    target: str
    sources: tuple[Source, ...]
    asks: Question = field(default_factory=Question)
    accept: str | None = CSV_21
    is_ordered: bool = False


def v2(clause: str, tail: str, flow: Flow = MAIN, **asks: Any) -> DataCase:
    """A case about one flow on API 2.2: the key and query that follow its version."""
    target = f"/v2/data/dataflow/{flow.agency}/{flow.id}/{flow.version}{tail}"
    return DataCase(clause, target, (of_flow(flow),), Question(**asks))


def v1(clause: str, tail: str, flow: Flow = MAIN, **asks: Any) -> DataCase:
    """A case about one flow on API 1.5."""
    target = f"/v1/data/{flow.agency},{flow.id},{flow.version}{tail}"
    return DataCase(clause, target, (of_flow(flow),), Question(**asks), GENERIC)
