"""Keys of migrant stocks to ask for, all distinct, spread over the whole flow."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from benchmarks import generate
from benchmarks.generate import AGES, REPORTERS, SEXES, origin

#: Origins that together make a key of about a thousand observations.
_ORIGINS = 5
#: Coprime to any number of keys that occurs, so that stepping by it visits each once.
_STRIDE = 7_919


def series(rows: int) -> Iterator[str]:
    """Keys of one series each (16 observations), of a flow of about so many observations."""
    cells = itertools.product(("_T", *SEXES), ("_T", *AGES))
    all_ = [
        f"A.{area}.FB.BIRTH.{origin(reporter, rank)}.{sex}.{age}.PS"
        for (sex, age), (reporter, area) in itertools.product(cells, enumerate(REPORTERS))
        for rank in range(1, generate.origins(rows, reporter) + 1)
    ]
    return _spread(all_)


def origins_over_destinations(rows: int) -> Iterator[str]:
    """Keys of one origin in every reporting country, for one sex and age."""
    present = _origins_of_the_first(rows)
    cells = list(itertools.product(("_T", *SEXES), ("_T", *AGES)))
    return _spread([f"A..FB.BIRTH.{area}.{s}.{a}.PS" for s, a in cells for area in present])


def thousands(rows: int) -> Iterator[str]:
    """Keys of five origins in one country, all sexes and ages: 960 observations.

    When these are used up, the same with fewer sexes and ages.
    """
    chosen = []
    for reporter, area in enumerate(REPORTERS):
        count = generate.origins(rows, reporter)
        for first in range(1, max(1, count - _ORIGINS + 1) + 1 if count else 1):
            ranks = range(first, min(first + _ORIGINS, count + 1))
            chosen.append([f"A.{area}.FB.BIRTH.{origin(reporter, rank)}" for rank in ranks])
    for sex, age in itertools.product(("", "_T", *SEXES), ("", "_T", *AGES)):
        yield from _spread([",".join(f"{each}.{sex}.{age}.PS" for each in one) for one in chosen])


def reporters(rows: int) -> Iterator[str]:
    """Keys of one reporting country: the first dimension of the sort order that varies."""
    present = [area for place, area in enumerate(REPORTERS) if generate.origins(rows, place)]
    return _spread([f"A.{area}......" for area in present])


def counterparts(rows: int) -> Iterator[str]:
    """Keys of one origin and nothing else."""
    return _spread([f"....{area}..." for area in _origins_of_the_first(rows)])


def _origins_of_the_first(rows: int) -> list[str]:
    """The origins of the first reporter; at full size, nearly all of the others' too."""
    return [origin(0, rank) for rank in range(1, generate.origins(rows, 0) + 1)]


def _spread(keys: list[str]) -> Iterator[str]:
    count = len(keys)
    return (keys[place * _STRIDE % count] for place in range(count))
