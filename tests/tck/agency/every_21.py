"""The artefacts that SDMX 2.1 has."""

from __future__ import annotations

from hub.model import (
    Maintainable,
)
from tests.tck.agency.constraints import (
    ATTACHED,
    CONSTRAINTS,
)
from tests.tck.agency.data import (
    AGREEMENTS,
    AREA_LIST,
    CONCEPTS,
    FLOW,
    INDICATOR_LIST,
    OLD_SEX_LIST,
    OTHER_CONCEPTS,
    SEX_LIST,
    STATUS_LIST,
    STRUCTURE,
)
from tests.tck.agency.metadata import (
    CATEGORIES,
    CATEGORISATIONS,
    METADATA_FLOW,
    METADATA_STRUCTURE,
    TAXONOMY,
)
from tests.tck.agency.organisations import (
    AGENCIES,
    DATA_CONSUMERS,
    DATA_PROVIDERS,
    UNITS,
)
from tests.tck.agency.sets import (
    STRUCTURE_SET,
)
from tests.tck.agency.trees import (
    HIERARCHICAL,
    PROCESS,
)
from tests.tck.agency.vtl import (
    NAMES,
    OPERATORS,
    PROGRAM,
    RULESETS,
    TYPES,
    VTL_MAPPINGS,
)

#: What SDMX 2.1 has.
OF_21: tuple[Maintainable, ...] = (
    AGENCIES,
    DATA_PROVIDERS,
    DATA_CONSUMERS,
    UNITS,
    AREA_LIST,
    SEX_LIST,
    OLD_SEX_LIST,
    INDICATOR_LIST,
    STATUS_LIST,
    CONCEPTS,
    OTHER_CONCEPTS,
    STRUCTURE,
    FLOW,
    *AGREEMENTS,
    METADATA_STRUCTURE,
    METADATA_FLOW,
    CATEGORIES,
    *CATEGORISATIONS,
    TAXONOMY,
    *CONSTRAINTS,
    ATTACHED,
    HIERARCHICAL,
    PROCESS,
    STRUCTURE_SET,
    VTL_MAPPINGS,
    RULESETS,
    OPERATORS,
    TYPES,
    NAMES,
    PROGRAM,
)
