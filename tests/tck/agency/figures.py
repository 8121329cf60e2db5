"""The figures of the providers."""

from __future__ import annotations

from itertools import product

from tests.tck.agency.data import (
    DIMENSIONS,
    FLOW,
)
from tests.tck.agency.said import (
    AREAS,
    INDICATORS,
    SEXES,
    YEARS,
)


def figures(provider: str) -> str:
    """The observations of a provider as SDMX-CSV 1.0."""
    columns = ["DATAFLOW", *DIMENSIONS, "TIME_PERIOD", "OBS_VALUE", "TITLE", "OBS_STATUS"]
    lines = [",".join(columns)]
    for number, key in enumerate(product(INDICATORS, AREAS[provider], SEXES, YEARS)):
        title = " ".join(key[:3])
        lines.append(",".join([str(FLOW.reference), *key, str(100 + number), title, "A"]))
    return "\n".join(lines) + "\n"
