"""Requests with one fault each, and the status that it has ("Errors" in SDMX REST)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.conformance.generated import (
    faults_in_components,
    faults_in_paths,
    faults_in_requests,
    faults_in_values,
)
from tests.conformance.generated.broken import Request, legal_request, type_of_error
from tests.conformance.generated.drawing import Draw


@dataclass(frozen=True)
class Fault:
    """A request that must fail: with a status, as an error of a family."""

    target: str
    status: int
    accept: str | None = None
    content_type: str | None = None
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def code(self) -> int:
        """The code in the message: that of SDMX 2.1 on API 1.x, where it has one."""
        if not self.target.startswith("/v1"):
            return self.status
        known = {400: 140, 403: 150, 404: 100, 501: 501}
        return known.get(self.status, 1000 + self.status)


_FAULTS: list[tuple[Callable[[Request], int], Callable[[Request], bool]]] = [
    *faults_in_paths.FAULTS,
    *faults_in_values.FAULTS,
    *faults_in_components.FAULTS,
    *faults_in_requests.FAULTS,
]


def draw_fault(draw: Draw) -> Fault:
    """A request with one fault."""
    request = legal_request(draw)
    usable = [fault for fault, fits in _FAULTS if fits(request)]
    status = draw.pick(usable)(request)
    kind = "data" if request.resource == "data" else "structure"
    return Fault(
        request.target,
        status,
        request.accept,
        type_of_error(request.accept, kind, is_v1=request.is_v1),
        request.method,
        request.headers,
    )
