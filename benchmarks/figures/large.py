"""Whole downloads of 10^7 observations: the first byte, and the server's memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from benchmarks.bars import BY_NAME
from benchmarks.client import Connection, latencies, request
from benchmarks.measure import Figure, median_of, worst
from benchmarks.workshop import FORMS, STOCKS, Workshop, whole

FIGURES = ("first-byte", "download-memory")
_MEGABYTE = 1_000_000


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Measure migrant stocks; the worst of the formats counts."""
    yield _first_byte(workshop)
    yield _memory(workshop)


def _first_byte(workshop: Workshop) -> Figure:
    bar = BY_NAME["first-byte"]
    constants: list[float] = []
    first: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(workshop.runs):
        with workshop.served(STOCKS, workshop.large) as server:
            for form in FORMS:
                replies = latencies(server.port, [request("/constant")] * workshop.samples)
                constants.append(median_of(reply.seconds for reply in replies))
                with Connection(server.port) as connection:
                    first[form].append(connection.first_byte(whole(STOCKS, form)))
                server.wait_until_idle()
    constant = median_of(constants)
    seconds = {form: median_of(found) for form, found in first.items()}
    ratios = {form: found / constant for form, found in seconds.items()}
    return Figure(
        bar, worst(bar, ratios), {"ratios": ratios, "first": seconds, "constant": constant}
    )


def _memory(workshop: Workshop) -> Figure:
    bar = BY_NAME["download-memory"]
    grown: dict[str, float] = {}
    before: dict[str, float] = {}
    seconds: dict[str, float] = {}
    for form in FORMS:
        with workshop.served(STOCKS, workshop.large) as server:
            before[form] = server.resident() / _MEGABYTE
            server.forget_peak()
            seconds[form] = latencies(server.port, [whole(STOCKS, form)])[0].seconds
            grown[form] = server.peak() / _MEGABYTE - before[form]
    detail = {"grown, MB": grown, "before, MB": before, "download": seconds}
    rows = workshop.data(STOCKS, workshop.large).rows
    return Figure(bar, worst(bar, grown), {**detail, "rows": rows})
