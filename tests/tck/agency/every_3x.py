"""The artefacts that SDMX 3.x alone has."""

from __future__ import annotations

from hub.model import (
    Maintainable,
)
from tests.tck.agency.newer import (
    ASSOCIATION,
    CELLS,
    HIERARCHY,
    METADATA_AGREEMENT,
    METADATA_CONSTRAINT,
    METADATA_PROVIDERS,
    PLACES,
    SCHEME_MAPS,
    SEX_MAP,
    STRUCTURE_MAP,
    UNIT_LIST,
    UNIT_MAP,
    UNIT_VALUES,
    WIDER_AREAS,
)

#: What SDMX 3.x alone has.
OF_3X: tuple[Maintainable, ...] = (
    UNIT_VALUES,
    UNIT_LIST,
    WIDER_AREAS,
    PLACES,
    CELLS,
    HIERARCHY,
    ASSOCIATION,
    METADATA_PROVIDERS,
    METADATA_AGREEMENT,
    METADATA_CONSTRAINT,
    UNIT_MAP,
    SEX_MAP,
    STRUCTURE_MAP,
    *SCHEME_MAPS,
)
