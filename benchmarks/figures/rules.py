"""What the rules about content cost when 10^6 observations are published."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bars import BY_NAME
from benchmarks.child import Done, make_home
from benchmarks.measure import Figure, median_of
from benchmarks.workshop import STOCKS, Workshop, run_child

FIGURES = ("publish-rules",)


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Publish migrant stocks as a first release, in turns with every rule and with few."""
    every, structural = [], []
    for _ in range(workshop.runs_of(workshop.middle)):
        every.append(_publish(workshop, "publish"))
        structural.append(_publish(workshop, "publish-structurally"))
    seconds = median_of(each.seconds for each in every)
    few = median_of(each.seconds for each in structural)
    detail = {
        "every rule": seconds,
        "structural rules": few,
        "cores, every rule": median_of(each.cores for each in every),
        "cores, structural rules": median_of(each.cores for each in structural),
        "rows": every[0].rows,
    }
    yield Figure(BY_NAME["publish-rules"], seconds / few, detail)


def _publish(workshop: Workshop, work: str) -> Done:
    home = workshop.spare_home()
    make_home(home)
    file = workshop.data(STOCKS, workshop.middle).file
    return run_child(work, home, STOCKS, "--file", str(file))
