"""How many requests are drawn, from which seed; what is drawn can be drawn again alone.

What the numbers are is said in `seeds`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.conformance.generated.artefacts import StructureUrl, draw_structures
from tests.conformance.generated.availabilities import AvailabilityUrl, draw_availability
from tests.conformance.generated.data import DataUrl, draw_data
from tests.conformance.generated.drawing import Draw
from tests.conformance.generated.faults import Fault, draw_fault
from tests.conformance.generated.noise import Damaged, damaged
from tests.conformance.generated.seeds import ONLY, SEED, URLS

Url = DataUrl | AvailabilityUrl | StructureUrl | Fault | Damaged
#: Requests of one test.
CHUNK = 100
#: Of all cases so many are faults and so many damaged; as legal ones often have two spellings, two
#: thirds of all requests are legal.
_FAULTS, _DAMAGED = 0.27, 0.15


@dataclass(frozen=True)
class Case:
    """Requests that ask the same: `number` is that of the first, `is_judged` says whether the
    official schemas look at the answers.
    """

    number: int
    urls: tuple[Url, ...]
    is_judged: bool


def chunks() -> list[int]:
    """The chunks of a run."""
    return [int(ONLY) // CHUNK] if ONLY else [*range(-(-URLS // CHUNK))]


def cases_of(chunk: int) -> Iterator[Case]:
    """The cases of a chunk, so many that it has its number of requests and no more."""
    number = chunk * CHUNK
    attempt = 0
    while number < (chunk + 1) * CHUNK:
        draw = Draw(f"{SEED}/{chunk}/{attempt}")
        attempt += 1
        is_judged = draw.chance(0.25)
        urls = _draw(draw)[: (chunk + 1) * CHUNK - number]
        case = Case(number, tuple(urls), is_judged)
        number += len(urls)
        if not ONLY or case.number <= int(ONLY) < number:
            yield case


def _draw(draw: Draw) -> list[Url]:
    kind = draw.number(1, 1000) / 1000
    if kind <= _FAULTS:
        return [draw_fault(draw)]
    if kind <= _FAULTS + _DAMAGED:
        url = draw.pick(_legal(draw))
        case = url if isinstance(url, StructureUrl) else url.case
        return [damaged(draw, case.target, case.accept)]
    return [*_legal(draw)]


def _legal(draw: Draw) -> list[DataUrl] | list[AvailabilityUrl] | list[StructureUrl]:
    return draw.pick(
        (draw_data, draw_data, draw_data, draw_data, draw_availability, draw_structures)
    )(draw)
