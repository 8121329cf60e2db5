"""Releases that tell which one they are: every observation of release n has the value n.

So does what stands above the series: the provider of release n is "Office n". Which areas have
figures spells n in binary, so slices come and go, and even an answer without values tells (almost)
which release it is of.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product
from pathlib import Path

import pyarrow as pa

from codelists import reporting_areas
from hub.formats.message import RawData
from hub.model import Origin
from hub.publish import Submission, publish
from hub.store import Store, open_store
from tests.publish.stock import FLOW, PLAIN

ALWAYS = "NOR"
#: The area of each binary digit.
DIGITS = ("AUT", "BEL", "DNK", "FIN", "ISL")
SEXES = ("F", "M")
YEARS = tuple(str(year) for year in range(2000, 2020))
#: How long it lasts. A long run has downloads so large that they are streamed.
SECONDS = float(os.environ.get("CORRIDOR_SOAK_SECONDS", "8"))
_SIZE = 50 if SECONDS >= 60 else 10
ORIGINS = tuple(sorted(set(reporting_areas()) - {ALWAYS, *DIGITS}))[:_SIZE]
CELLS = tuple(product(ORIGINS, SEXES, YEARS))
_LEAST = 5
#: Of so many releases, one is held back for a moment.
_HELD_EACH, _HELD_FOR = 4, timedelta(seconds=0.3)

#: Area, origin, sex, year.
Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Released:
    """A release and when it became visible: not before `earliest`, at `latest` at the latest.

    Seconds since 1970, for every process has the same clock.
    """

    number: int
    earliest: float
    latest: float


@cache
def areas(number: int) -> tuple[str, ...]:
    """The areas that have figures in a release."""
    return (ALWAYS, *(area for digit, area in enumerate(DIGITS) if number >> digit & 1))


def keys(number: int) -> Iterator[Key]:
    """The key of every observation of a release."""
    return ((area, *cell) for area in areas(number) for cell in CELLS)


def release(store: Store, number: int, visible_from: datetime | None = None) -> Released:
    """Publish a release."""
    there = areas(number)
    columns = {name: pa.repeat(value, len(there) * len(CELLS)) for name, value in PLAIN.items()}
    columns["REF_AREA"] = pa.array([area for area in there for _ in CELLS])
    for place, name in enumerate(("COUNTERPART_AREA", "SEX", "TIME_PERIOD")):
        columns[name] = pa.array([cell[place] for cell in CELLS] * len(there))
    for name, value in (("OBS_VALUE", str(number)), ("DATA_PROVIDER", f"Office {number}")):
        columns[name] = pa.repeat(value, len(columns["SEX"]))
    submission = Submission(
        raw=RawData(source="soak", table=pa.table(columns)),
        source="HUB",
        origin=Origin(kind="submission", name="HUB"),
        replaces=True,
        covers=(ALWAYS, *DIGITS),
    )
    begun = time.time()
    report = publish(store, FLOW, submission, visible_from=visible_from)
    ended = time.time()
    assert report.visible_from is not None
    visible = report.visible_from.timestamp()
    is_held = visible_from is not None and visible > ended
    return Released(number, visible if is_held else begun, max(visible, ended))


def publish_until(home: Path, first: int, until: float, stop: Path) -> list[Released]:
    """Publish one release after another, from a number on, for a time; then make a file.

    At least some, however slow the machine is.
    """
    store, done = open_store(home), []
    try:
        while time.time() < until or len(done) < _LEAST:
            number = first + len(done)
            held = datetime.now(UTC) + _HELD_FOR if number % _HELD_EACH == 0 else None
            done.append(release(store, number, held))
            time.sleep(max(0.0, done[-1].latest - time.time()))  # none may overtake what is held
    finally:
        stop.touch()
        store.close()
    return done
