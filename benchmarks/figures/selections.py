"""Small answers out of much: one series, and one origin over all destinations."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks import keys
from benchmarks.bars import BY_NAME
from benchmarks.client import latencies, request
from benchmarks.measure import Figure, median_of, percentile, worst
from benchmarks.serving import Server
from benchmarks.workshop import FORMS, STOCKS, Workshop, key

FIGURES = ("series", "series-p99", "series-growth", "origin")


@dataclass
class Latencies:
    """Seconds of distinct requests by form, and of a constant of the same size beside them."""

    asked: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    constant: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    sizes: dict[str, int] = field(default_factory=dict)

    def median(self, form: str) -> float:
        """The median over all runs."""
        return median_of(self.asked[form])

    def ratio(self, form: str) -> float:
        """The median against that of the constant."""
        return self.median(form) / median_of(self.constant[form])

    def detail(self) -> dict[str, object]:
        """Medians by form."""
        return {
            "ratios": {form: self.ratio(form) for form in self.asked},
            "median": {form: self.median(form) for form in self.asked},
            "constant": {form: median_of(found) for form, found in self.constant.items()},
            "bytes": self.sizes,
            "requests": {form: len(found) for form, found in self.asked.items()},
        }


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Measure migrant stocks; the worst of the formats counts."""
    with workshop.served(STOCKS, workshop.middle) as server:
        middle = _measure(workshop, server, keys.series(workshop.middle))
    with workshop.served(STOCKS, workshop.large) as server:
        large = _measure(workshop, server, keys.series(workshop.large))
        over_all = _measure(workshop, server, keys.origins_over_destinations(workshop.large))
    bar = BY_NAME["series"]
    ratios = {form: large.ratio(form) for form in FORMS}
    yield Figure(bar, worst(bar, ratios), large.detail())
    bar = BY_NAME["series-p99"]
    tails = {form: percentile(large.asked[form], 0.99) for form in FORMS}
    against = {form: tail / large.median(form) for form, tail in tails.items()}
    yield Figure(bar, worst(bar, against), {"ratios": against, "p99": tails})
    bar = BY_NAME["series-growth"]
    growth = {form: large.median(form) / middle.median(form) for form in FORMS}
    yield Figure(bar, worst(bar, growth), {"ratios": growth, "median at 10^6": middle.detail()})
    bar = BY_NAME["origin"]
    ratios = {form: over_all.ratio(form) for form in FORMS}
    yield Figure(bar, worst(bar, ratios), over_all.detail())


def _measure(workshop: Workshop, server: Server, distinct: Iterator[str]) -> Latencies:
    found = Latencies()
    for _ in range(workshop.runs):
        for form, media_type in FORMS.items():
            chosen = itertools.islice(distinct, workshop.samples)
            asked = [request(key(STOCKS, each), accept=media_type) for each in chosen]
            replies = latencies(server.port, asked)
            found.asked[form].extend(reply.seconds for reply in replies)
            size = int(median_of(reply.size for reply in replies))
            found.sizes[form] = size
            constants = latencies(server.port, [request(f"/constant/{size}")] * workshop.samples)
            found.constant[form].extend(reply.seconds for reply in constants)
    return found
