"""How many requests a second: two workers, eight connections."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks import keys
from benchmarks.bars import BY_NAME
from benchmarks.client import latencies, request, requests_per_second
from benchmarks.measure import Figure, median_of, worst
from benchmarks.serving import Server
from benchmarks.workshop import FORMS, STOCKS, Workshop, key

FIGURES = ("rate", "rate-cached", "rate-304")
_WORKERS = 2
#: Answers that are asked for again and again.
_REPEATED = 100


@dataclass
class Rates:
    """Requests a second by form: of distinct keys, of repeated ones, of a body of that size."""

    distinct: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    cached: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    constant: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    not_modified: list[float] = field(default_factory=list)
    small: list[float] = field(default_factory=list)


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Measure migrant stocks; the worst of the formats counts."""
    rates = Rates()
    with workshop.served(STOCKS, workshop.large, workers=_WORKERS) as server:
        distinct = keys.thousands(workshop.large)
        for form in FORMS:
            _measure(workshop, server, form, distinct, rates)
    constant = {form: median_of(found) for form, found in rates.constant.items()}
    for name, samples in (("rate", rates.distinct), ("rate-cached", rates.cached)):
        bar = BY_NAME[name]
        found = {form: median_of(samples[form]) for form in FORMS}
        shares = {form: 100 * found[form] / constant[form] for form in FORMS}
        detail: dict[str, object] = {
            "% of constant": shares,
            "per second": found,
            "constant, per second": constant,
        }
        yield Figure(bar, worst(bar, shares), detail)
    answered, small = median_of(rates.not_modified), median_of(rates.small)
    yield Figure(
        BY_NAME["rate-304"],
        100 * answered / small,
        {"per second": answered, "constant, per second": small},
    )


def _measure(
    workshop: Workshop, server: Server, form: str, distinct: Iterator[str], rates: Rates
) -> None:
    def data(chosen: str, **headers: str) -> bytes:
        return request(key(STOCKS, chosen), accept=FORMS[form], **headers)

    def rate(requests: Iterator[bytes], status: int = 200) -> float:
        return requests_per_second(server.port, requests, workshop.seconds, status)

    repeated = list(itertools.islice(distinct, min(_REPEATED, workshop.samples)))
    replies = latencies(server.port, map(data, repeated))
    size = int(median_of(reply.size for reply in replies))
    tags = [reply.headers["etag"] for reply in replies]
    known = [data(each, if_none_match=tag) for each, tag in zip(repeated, tags, strict=True)]
    for _ in range(workshop.runs):
        rates.constant[form].append(rate(itertools.repeat(request(f"/constant/{size}"))))
        rates.distinct[form].append(rate(map(data, distinct)))
        rates.cached[form].append(rate(map(data, itertools.cycle(repeated))))
        rates.small.append(rate(itertools.repeat(request("/constant"))))
        rates.not_modified.append(rate(itertools.cycle(known), 304))
