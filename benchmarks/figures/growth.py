"""How time grows from 10^5 over 10^6 to 10^7 observations."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from benchmarks.bars import BY_NAME
from benchmarks.client import latencies
from benchmarks.figures.publishing import harvest, published_first
from benchmarks.measure import Figure, median_of, worst
from benchmarks.workshop import STOCKS, Workshop, whole

FIGURES = ("growth-publish", "growth-harvest", "growth-download")


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Measure migrant stocks; the worse of the two steps counts."""
    works: dict[str, Callable[[Workshop, int], list[float]]] = {
        "growth-publish": published_first,
        "growth-harvest": harvest,
        "growth-download": _download,
    }
    sizes = sorted({workshop.small, workshop.middle, workshop.large})
    rows = {size: workshop.data(STOCKS, size).rows for size in sizes}
    for name, work in works.items():
        seconds = {size: median_of(work(workshop, size)) for size in sizes}
        steps = {
            f"{rows[less]} to {rows[more]}": seconds[more] / seconds[less] * rows[less] / rows[more]
            for less, more in itertools.pairwise(sizes)
        }
        bar = BY_NAME[name]
        times = {str(rows[size]): found for size, found in seconds.items()}
        yield Figure(bar, worst(bar, steps), {"ratios": steps, "seconds": times})


def _download(workshop: Workshop, size: int) -> list[float]:
    seconds = []
    for _ in range(workshop.runs_of(size)):
        with workshop.served(STOCKS, size) as server:
            seconds.append(latencies(server.port, [whole(STOCKS, "csv")])[0].seconds)
    return seconds
