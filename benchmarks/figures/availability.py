"""What data there is: over a whole flow, and with a filter on one dimension."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from benchmarks import keys
from benchmarks.bars import BY_NAME
from benchmarks.client import latencies, request
from benchmarks.measure import Figure, median_of, worst
from benchmarks.serving import Server
from benchmarks.workshop import STOCKS, Workshop, key

FIGURES = ("availability", "availability-filtered")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Measure migrant stocks, answered in SDMX-JSON, the default."""
    with workshop.served(STOCKS, workshop.large) as server:
        asked, constant = _measure(workshop, server, _whole())
        bar = BY_NAME["availability"]
        yield Figure(bar, asked / constant, {"median": asked, "constant": constant})
        found = {
            "sort order": _measure(workshop, server, _filtered(keys.reporters(workshop.large))),
            "not the sort order": _measure(
                workshop, server, _filtered(keys.counterparts(workshop.large))
            ),
        }
    bar = BY_NAME["availability-filtered"]
    ratios = {name: asked / constant for name, (asked, constant) in found.items()}
    detail = {
        "ratios": ratios,
        "median": {name: asked for name, (asked, _) in found.items()},
        "constant": {name: constant for name, (_, constant) in found.items()},
    }
    yield Figure(bar, worst(bar, ratios), detail)


def _whole() -> Iterator[bytes]:
    """The whole flow in one language after another: the same answer, rendered each time."""
    target = key(STOCKS, "*", "availability")
    for pair in itertools.product(_LETTERS, _LETTERS):
        yield request(target, accept_language=f"en, {''.join(pair)};q=0.1")


def _filtered(chosen: Iterator[str]) -> Iterator[bytes]:
    return (request(key(STOCKS, each, "availability")) for each in chosen)


def _measure(workshop: Workshop, server: Server, requests: Iterator[bytes]) -> tuple[float, float]:
    """Medians of distinct requests and of a constant of the same size."""
    asked: list[float] = []
    constant: list[float] = []
    for _ in range(workshop.runs):
        replies = latencies(server.port, itertools.islice(requests, max(1, workshop.samples // 4)))
        asked.extend(reply.seconds for reply in replies)
        size = int(median_of(reply.size for reply in replies))
        same = latencies(server.port, [request(f"/constant/{size}")] * workshop.samples)
        constant.extend(reply.seconds for reply in same)
    return median_of(asked), median_of(constant)
