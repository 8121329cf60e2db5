"""Publishing and harvesting 10^6 observations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from benchmarks.bars import BY_NAME
from benchmarks.child import Done, make_home, make_observatory
from benchmarks.measure import Figure, median_of, timed
from benchmarks.workshop import STOCKS, Workshop, run_child
from hub.engine import literal

FIGURES = ("publish-csv", "publish-memory", "publish-json", "publish-xml", "harvest")
_MEGABYTE = 1_000_000


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Measure migrant stocks."""
    rows = workshop.data(STOCKS, workshop.middle).rows
    copies, done = _publish(workshop, "csv")
    yield _against_copy("csv", copies, done)
    yield Figure(BY_NAME["publish-memory"], megabytes(done), {"rows": rows})
    published = median_of(each.seconds for each in published_first(workshop, workshop.middle))
    harvests = harvest(workshop, workshop.middle)
    harvested = median_of(each.seconds for each in harvests)
    detail = {
        "harvest": harvested,
        "publish": published,
        "memory, MB": megabytes(harvests),
        "rows": rows,
    }
    yield Figure(BY_NAME["harvest"], harvested / published, detail)
    for form in ("json", "xml"):
        yield _against_copy(form, *_publish(workshop, form))


def _against_copy(form: str, copies: list[float], done: list[Done]) -> Figure:
    copy, seconds = median_of(copies), median_of(each.seconds for each in done)
    detail = {
        "publish": seconds,
        "cores": median_of(each.cores for each in done),
        "csv to parquet": copy,
        "memory, MB": megabytes(done),
        "rows": done[0].rows,
    }
    return Figure(BY_NAME[f"publish-{form}"], seconds / copy, detail)


def megabytes(done: Sequence[Done]) -> float:
    """The most memory that processes held, in MB."""
    return median_of(each.memory / _MEGABYTE for each in done)


def _publish(workshop: Workshop, form: str) -> tuple[list[float], list[Done]]:
    """DuckDB's seconds for CSV into Parquet, and what publishing onto a revision took."""
    data = workshop.data(STOCKS, workshop.middle)
    file = data.file if form == "csv" else workshop.messages(STOCKS, workshop.middle)[form]
    template = workshop.home(STOCKS, workshop.middle, revised=True)
    copies, done = [], []
    for _ in range(workshop.runs):
        copies.append(timed(lambda: _to_parquet(data.file, workshop.scratch("rows.parquet"))))
        home = workshop.copy_of(template)
        done.append(run_child("publish", home, STOCKS, "--file", str(file)))
    return copies, done


def _to_parquet(file: Path, target: Path) -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            f"COPY (FROM read_csv({literal(str(file))})) "
            f"TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd)"
        )


def published_first(workshop: Workshop, size: int) -> list[Done]:
    """Publish generated data as the first release of a node."""
    done = []
    for _ in range(workshop.runs_of(size)):
        home = workshop.spare_home()
        make_home(home)
        file = str(workshop.data(STOCKS, size).file)
        done.append(run_child("publish", home, STOCKS, "--file", file))
    return done


def harvest(workshop: Workshop, size: int) -> list[Done]:
    """Harvest a node that has rendered nothing yet."""
    done = []
    for _ in range(workshop.runs_of(size)):
        home = workshop.spare_home()
        make_observatory(home)
        with workshop.served(STOCKS, size) as server:
            done.append(run_child("harvest", home, STOCKS, "--url", server.url))
    return done
