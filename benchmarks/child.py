"""Work whose time and memory are measured in a process of its own: `python -m benchmarks.child`.

Prints one JSON line: what was done, the seconds it took without starting Python, and the most bytes
of memory the process held, with Python and every library in it.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import generate, plain
from federation.harvest.node import add_partner_to, harvest_into
from federation.partners import FinishReason
from hub.commands.submitting import flow_of, limits_of, read_file
from hub.model import Origin
from hub.publish import Outcome, Submission, publish
from hub.store import Store, init_home, open_store

NODE = "BENCH"
_KILOBYTE = 1024


@dataclass(frozen=True, slots=True)
class Done:
    """What a piece of work took: seconds, bytes of memory at most, and its observations."""

    seconds: float
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


def _publish(store: Store, given: argparse.Namespace) -> tuple[float, int]:
    """Read, validate, compare and release a file."""
    flow = flow_of(given.flow, store.structures)
    store.schema(flow)  # structures are at hand in a node that runs
    begun = time.perf_counter()
    raw = read_file(given.file, None, store.structures, limits_of(store.settings))
    origin = Origin(kind="submission", name=NODE, detail=(("file", raw.source),))
    report = publish(store, flow, Submission(raw=raw, source=NODE, origin=origin))
    seconds = time.perf_counter() - begun
    if report.outcome is not Outcome.RELEASED:
        raise RuntimeError(f"{given.file} was not released: {report.outcome}")
    return seconds, raw.table.num_rows


def _index(store: Store, given: argparse.Namespace) -> tuple[float, int]:
    """Make the index of what a flow holds."""
    flow = flow_of(given.flow, store.structures)
    release, schema = store.release(flow), store.schema(flow)
    if release is None:
        raise RuntimeError(f"nothing of {flow} is published")
    begun = time.perf_counter()
    store.build_index(release, schema)
    return time.perf_counter() - begun, release.rows


def _harvest(store: Store, given: argparse.Namespace) -> tuple[float, int]:
    """Harvest one flow of a node that is known as a partner after its document was read."""
    add_partner_to(store, given.url, generate.REPORTERS)
    flow = flow_of(given.flow, store.structures)
    begun = time.perf_counter()
    report = harvest_into(store, flows=[f"{flow.agency}:{flow.id}"])
    seconds = time.perf_counter() - begun
    last = report.outcomes[-1]
    if last.reason is not FinishReason.RELEASED or last.counts is None:
        raise RuntimeError(f"{given.url} was not harvested: {last.reason} {last.note}")
    return seconds, last.counts.added


_WORK: dict[str, Callable[[Store, argparse.Namespace], tuple[float, int]]] = {
    "publish": _publish,
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
        seconds, rows = _WORK[given.work](store, given)
    finally:
        store.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KILOBYTE
    json.dump(asdict(Done(seconds, memory, rows)), sys.stdout)


if __name__ == "__main__":
    main()
