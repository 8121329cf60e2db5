"""Whole downloads of 10^6 observations: first time, and cached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import duckdb

from benchmarks.bars import BY_NAME
from benchmarks.client import Timed, latencies, request
from benchmarks.figures import reference
from benchmarks.measure import Figure, median_of, timed, worst
from benchmarks.serving import Server
from benchmarks.workshop import FORMS, PLAIN, STOCKS, Workshop, whole
from hub.engine import literal

FIGURES = (
    "download-csv",
    "download-json",
    "download-xml",
    "download-xml-pysdmx",
    "download-cached",
)
Samples = defaultdict[str, list[float]]


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Measure both kinds of data; a figure is the worse of the two."""
    medians: dict[str, dict[str, float]] = {}
    for kind in (STOCKS, PLAIN):
        samples: Samples = defaultdict(list)
        _measure_kind(workshop, kind, samples)
        medians[kind] = {name: median_of(found) for name, found in samples.items()}
    for form in FORMS:
        ratios = {kind: found[form] / found["copy"] for kind, found in medians.items()}
        bar = BY_NAME[f"download-{form}"]
        seconds = {kind: found[form] for kind, found in medians.items()}
        copies = {kind: found["copy"] for kind, found in medians.items()}
        yield Figure(
            bar,
            worst(bar, ratios),
            {"ratios": ratios, "download": seconds, "copy": copies, **_sizes(workshop)},
        )
    yield _against_pysdmx(workshop, medians)
    yield _cached(medians)


def _measure_kind(workshop: Workshop, kind: str, samples: Samples) -> None:
    workshop.messages(kind, workshop.middle)
    with workshop.table(kind, workshop.middle) as rows:
        for _ in range(workshop.runs):
            with workshop.served(kind, workshop.middle) as server:
                for form in FORMS:
                    samples["copy"].append(timed(lambda: _copy(rows, workshop)))
                    samples[form].append(_get(server, whole(kind, form)).seconds)
                    samples[f"{form}-cached"].append(_get(server, whole(kind, form)).seconds)
                    static = request(f"/static/{kind}-{workshop.middle}.{form}")
                    samples[f"{form}-static"].append(_get(server, static).seconds)


def _copy(rows: duckdb.DuckDBPyConnection, workshop: Workshop) -> None:
    file = literal(str(workshop.scratch("copy.csv")))
    rows.execute(f"COPY observations TO {file} (FORMAT csv, HEADER)")


def _get(server: Server, sent: bytes) -> Timed:
    return latencies(server.port, [sent])[0]


def _against_pysdmx(workshop: Workshop, medians: dict[str, dict[str, float]]) -> Figure:
    bar = BY_NAME["download-xml-pysdmx"]
    seconds = {
        kind: reference.pysdmx_seconds(workshop, kind) * workshop.data(kind, workshop.middle).rows
        for kind in medians
    }
    ours = {kind: found["xml"] for kind, found in medians.items()}
    ratios = {kind: seconds[kind] / ours[kind] for kind in medians}
    detail = {"ratios": ratios, "pysdmx, scaled": seconds, "download": ours}
    return Figure(bar, worst(bar, ratios), detail)


def _cached(medians: dict[str, dict[str, float]]) -> Figure:
    bar = BY_NAME["download-cached"]
    times = {
        f"{kind} {form}": (found[f"{form}-cached"], found[f"{form}-static"])
        for kind, found in medians.items()
        for form in FORMS
    }
    shares = {name: 100 * static / cached for name, (cached, static) in times.items()}
    detail = {
        "% of static": shares,
        "cached": {name: cached for name, (cached, _) in times.items()},
        "static": {name: static for name, (_, static) in times.items()},
    }
    return Figure(bar, worst(bar, shares), detail)


def _sizes(workshop: Workshop) -> dict[str, object]:
    rows = {kind: workshop.data(kind, workshop.middle).rows for kind in (STOCKS, PLAIN)}
    return {"rows": rows, "runs": workshop.runs}
