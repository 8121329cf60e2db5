"""How time and memory grow from 10^5 over 10^6 to 10^7 observations."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping

from benchmarks.bars import BY_NAME
from benchmarks.child import Done
from benchmarks.client import latencies
from benchmarks.figures.publishing import harvest, megabytes, published_first
from benchmarks.measure import Figure, median_of, worst
from benchmarks.workshop import STOCKS, Workshop, whole

FIGURES = ("growth-publish", "publish-memory-large", "growth-harvest", "growth-download")
_WORKS: Mapping[str, Callable[[Workshop, int], list[Done]]] = {
    "growth-publish": published_first,
    "growth-harvest": harvest,
}


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Measure migrant stocks."""
    sizes = sorted({workshop.small, workshop.middle, workshop.large})
    rows = {size: workshop.data(STOCKS, size).rows for size in sizes}
    for name, work in _WORKS.items():
        done = {rows[size]: work(workshop, size) for size in sizes}
        seconds = {count: median_of(each.seconds for each in some) for count, some in done.items()}
        memory = {str(count): megabytes(some) for count, some in done.items()}
        cores = {str(count): median_of(each.cores for each in some) for count, some in done.items()}
        yield _growth(name, seconds, {"cores": cores, "memory, MB": memory})
        if name == "growth-publish":
            most = memory[str(rows[workshop.large])]
            yield Figure(BY_NAME["publish-memory-large"], most, {"by size, MB": memory})
    downloads = {rows[size]: median_of(_download(workshop, size)) for size in sizes}
    yield _growth("growth-download", downloads, {})


def _growth(
    name: str, seconds: Mapping[int, float], detail: Mapping[str, Mapping[str, float]]
) -> Figure:
    """How much faster than linear time grows with observations; the worse of the steps counts."""
    bar = BY_NAME[name]
    steps = {
        f"{less} to {more}": seconds[more] / seconds[less] * less / more
        for less, more in itertools.pairwise(seconds)
    }
    times = {str(count): found for count, found in seconds.items()}
    return Figure(bar, worst(bar, steps), {"ratios": steps, "seconds": times, **detail})


def _download(workshop: Workshop, size: int) -> list[float]:
    seconds = []
    for _ in range(workshop.runs_of(size)):
        with workshop.served(STOCKS, size) as server:
            seconds.append(latencies(server.port, [whole(STOCKS, "csv")])[0].seconds)
    return seconds
