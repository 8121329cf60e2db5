"""What an honest partner answers, recorded from a real node: before and after a change."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hub.formats.csv import read_csv
from hub.model import ArtefactClass, Origin, Reference
from hub.publish import Submission, publish
from hub.rest.serving import build_app
from hub.store import init_home, open_store
from tests.rest.client import Client

FLOW = Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_STOCK_BIRTH", "1.0.0")
FLOW_NAME = "MIGX:DF_STOCK_BIRTH"
DOCUMENT = "/.well-known/sdmx-node"
DATA = "/sdmx/v2/data/dataflow/MIGX/DF_STOCK_BIRTH/1.0.0/*"
CSV = "application/vnd.sdmx.data+csv;version=2.0.0"

#: A value for each (counterpart area, period).
Figures = Mapping[tuple[str, str], int]
_AREAS = ("POL", "NOR", "FIN", "DEU")


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer as a node gave it, without its date."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def with_body(self, body: bytes, **headers: str) -> Recorded:
        """The same with another body, and other headers; "" leaves one out."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, body=body, headers={**self.headers, **named})


@dataclass(frozen=True, slots=True)
class State:
    """What a node says at one time: its document and its data."""

    figures: Figures
    document: Recorded
    full: Recorded


@dataclass(frozen=True, slots=True)
class Honest:
    """A partner before and after its figures changed; `increment` leads from one to the other."""

    before: State
    after: State
    increment: Recorded


def figures_of(seed: int) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    """Figures, and what they are after two revisions, three additions and a withdrawal."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    keys = [(area, str(year)) for area in _AREAS for year in range(1991, 2021)]
    before = {key: draw.randrange(1_000, 9_000) for key in keys}
    after = dict(before)
    revised = draw.sample(keys, 3)
    del after[revised.pop()]
    for key in revised:
        after[key] += draw.randrange(1, 50)
    for area in _AREAS[:3]:
        after[area, "2021"] = after.get((area, "2020"), 1_500) + draw.randrange(1, 50)
    return before, after


def record(folder: Path, table: Any, host: str, seed: int) -> Honest:
    """Publish at a real node, and write down what it answers to somebody who asks at `host`."""
    home = folder / f"SWE-{seed}"
    init_home(home, {"node": "SWE", "name": "Statistics Sweden", "areas": ["SWE"]})
    before, after = figures_of(seed)
    store = open_store(home)
    try:
        client = Client(build_app(store))

        def answer(target: str, accept: str) -> Recorded:
            given = client.get(target, accept, {"host": host})
            kept = {name: value for name, value in given.headers.items() if name != "date"}
            return Recorded(given.status_code, kept, given.content)

        def state(figures: Figures, name: str) -> State:
            rows = [
                {"COUNTERPART_AREA": area, "TIME_PERIOD": year, "OBS_VALUE": value}
                for (area, year), value in sorted(figures.items())
            ]
            file = table.write(folder / f"{name}-{seed}.csv", *rows)
            raw = read_csv(file, store.structures)
            origin = Origin(kind="submission", name="SWE")
            publish(store, FLOW, Submission(raw=raw, source="SWE", origin=origin, replaces=True))
            return State(figures, answer(DOCUMENT, "application/json"), answer(DATA, CSV))

        first = state(before, "before")
        since = store.present().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        second = state(after, "after")
        return Honest(first, second, answer(f"{DATA}?updatedAfter={since}", CSV))
    finally:
        store.close()
