"""Work whose time and memory are measured in a process of its own: `python -m benchmarks.child`.

Prints one JSON line: the seconds it took without starting Python, those of the processors, and the
most bytes of memory the process held, with Python and every library in it.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from unittest import mock

from benchmarks import generate, plain
from federation.harvest.node import add_partner_to, harvest_into
from federation.partners import FinishReason
from hub.commands.submitting import flow_of, read_file
from hub.formats.limits import limits_of
from hub.model import Origin
from hub.publish import Outcome, Submission, door, publish, validate
from hub.publish.rules import STRUCTURAL
from hub.store import Store, init_home, open_store

NODE = "BENCH"
_KILOBYTE = 1024
#: Seconds by the clock and of all cores, and observations.
_Took = tuple[tuple[float, float], int]


@dataclass(frozen=True, slots=True)
class Done:
    """What a piece of work took, and its observations.

    `seconds` by the clock, `cores` those of all cores, which neighbours move less; `memory` is the
    most bytes the process held.
    """

    seconds: float
    cores: float
    memory: int
    rows: int


def make_home(home: Path) -> None:
    """Make the home of a hub that knows the plain structure."""
    init_home(home, {"node": NODE, "name": "Benchmark", "role": "hub", "areas": ["*"]})
    store = open_store(home)
    try:
        store.load_structures(plain.artefacts())
    finally:
        store.close()


def make_observatory(home: Path) -> None:
    """Make the home of an observatory that may harvest a node on this machine."""
    about = {"node": "OBSERVER", "role": "observatory", "partner_networks": ["127.0.0.1/32"]}
    init_home(home, about)


class _Watch:
    """Seconds by the clock and those of all cores, from when it was made."""

    def __init__(self) -> None:
        self._begun = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        clock, cores = self._begun
        return time.perf_counter() - clock, time.process_time() - cores


def _publish(store: Store, given: argparse.Namespace) -> _Took:
    """Read, validate, compare and release a file."""
    flow = flow_of(given.flow, store.structures)
    store.schema(flow)  # structures are at hand in a node that runs
    watch = _Watch()
    raw = read_file(given.file, None, store.structures, limits_of(store.settings))
    origin = Origin(kind="submission", name=NODE, detail=(("file", raw.source),))
    report = publish(store, flow, Submission(raw=raw, source=NODE, origin=origin))
    took = watch.read()
    if report.outcome is not Outcome.RELEASED:
        raise RuntimeError(f"{given.file} was not released: {report.outcome}")
    return took, raw.table.num_rows


def _publish_structurally(store: Store, given: argparse.Namespace) -> _Took:
    """The same with the structural rules only, to tell what the others cost."""
    with mock.patch.object(door, "validate", partial(validate, rules=STRUCTURAL)):
        return _publish(store, given)


def _index(store: Store, given: argparse.Namespace) -> _Took:
    """Make the index of what a flow holds."""
    flow = flow_of(given.flow, store.structures)
    release, schema = store.release(flow), store.schema(flow)
    if release is None:
        raise RuntimeError(f"nothing of {flow} is published")
    watch = _Watch()
    store.build_index(release, schema)
    return watch.read(), release.rows


def _harvest(store: Store, given: argparse.Namespace) -> _Took:
    """Harvest one flow of a node that is known as a partner after its document was read."""
    add_partner_to(store, given.url, generate.REPORTERS)
    flow = flow_of(given.flow, store.structures)
    watch = _Watch()
    report = harvest_into(store, flows=[f"{flow.agency}:{flow.id}"])
    took = watch.read()
    last = report.outcomes[-1]
    if last.reason is not FinishReason.RELEASED or last.counts is None:
        raise RuntimeError(f"{given.url} was not harvested: {last.reason} {last.note}")
    return took, last.counts.added


_WORK: dict[str, Callable[[Store, argparse.Namespace], _Took]] = {
    "publish": _publish,
    "publish-structurally": _publish_structurally,
    "index": _index,
    "harvest": _harvest,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Do one piece of work and print what it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.child")
    parser.add_argument("work", choices=_WORK)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--flow", required=True)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--url")
    given = parser.parse_args(arguments)
    store = open_store(given.home)
    try:
        took, rows = _WORK[given.work](store, given)
    finally:
        store.close()
    json.dump(asdict(Done(*took, _most_memory(), rows)), sys.stdout)


def _most_memory() -> int:
    """The most bytes of memory this process held."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux counts the process that started this one into `ru_maxrss`
        lines = status.read_text("ascii").splitlines()
        (most,) = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
        return int(most) * _KILOBYTE
    most_resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most_resident if sys.platform == "darwin" else most_resident * _KILOBYTE


if __name__ == "__main__":
    main()
