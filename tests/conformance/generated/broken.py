"""A legal request in pieces, for a fault to be put into one of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.conformance.agency.plan import Flow
from tests.conformance.generated.drawing import Draw
from tests.conformance.generated.places import ONE_FLOW
from tests.conformance.generated.spelling import hand

P = "application/vnd.sdmx."
_JSON = {
    "data": (f"{P}data+json;version=1.0.0", f"{P}data+json;version=2.1.0"),
    "structure": (f"{P}structure+json;version=1.0.0", f"{P}structure+json;version=2.1.0"),
}
#: What errors are asked for as: without a preference they come in the default of the API.
ACCEPTED = (None, "*/*", "application/xml", "application/json", "text/html, application/xml;q=0.1")


def type_of_error(accept: str | None, kind: str, *, is_v1: bool) -> str | None:
    """The Content-Type of an error for what was accepted; None where this does not tell it."""
    if accept not in ACCEPTED:
        return None
    wants_xml = is_v1 if accept in (None, "*/*") else "xml" in accept
    return "application/xml" if wants_xml else _JSON[kind][0 if is_v1 else 1]


@dataclass
class Request:
    """A legal query of one flow, in pieces, for a fault to be put in."""

    draw: Draw
    flow: Flow
    is_v1: bool
    resource: str
    path: list[str]
    pairs: list[tuple[str, str]]
    accept: str | None
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "GET"

    @property
    def target(self) -> str:
        root = f"/v1/{self.resource}" if self.is_v1 else f"/v2/{self.resource}"
        query = hand(self.draw).query(self.pairs)
        return "/".join([root, *self.path]) + query

    @property
    def semantic(self) -> int:
        """What a query with a meaningless name in it answers."""
        return 403 if self.is_v1 else 422

    @property
    def is_data(self) -> bool:
        return self.resource == "data"

    @property
    def has_time(self) -> bool:
        return self.flow.shape.time is not None

    def key(self, key: str) -> None:
        self.path = [*self.path[: 1 if self.is_v1 else 4], key]


def legal_request(draw: Draw) -> Request:
    """A query of one flow that nothing is wrong with."""
    flow, is_v1 = draw.pick(ONE_FLOW), draw.chance(0.35)
    while is_v1 and ("-" in flow.version or not flow.shape.is_simple):
        flow = draw.pick(ONE_FLOW)
    resource = draw.pick(("data", "data", "data", "availability"))
    if is_v1 and resource == "availability":
        resource = "availableconstraint"
    path = ["dataflow", flow.agency, flow.id, flow.version]
    if is_v1:
        path = [",".join(path[1:])]
    pairs = draw.some([("apikey", "1"), ("startPeriod", "2000"), ("endPeriod", "2030")], 0, 2)
    if flow.shape.time is None:
        pairs = []
    return Request(draw, flow, is_v1, resource, path, pairs, draw.pick(ACCEPTED))
