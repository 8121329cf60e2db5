"""An agency with an artefact of every type, as conformance tests want them.

Every item scheme has two items or more, every artefact a description. What a data set needs is
there too: a dataflow with two agreements of different providers, constraints of what is allowed
on the structure, the flow and the agreements, and figures dense in all values of all dimensions.
The id sorts before that of the shared structures, so that these artefacts come first in lists.
"""

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
    codes,
)
from tests.tck.agency.every_3x import (
    OF_3X,
)
from tests.tck.agency.every_21 import (
    OF_21,
)
from tests.tck.agency.figures import (
    figures,
)
from tests.tck.agency.metadata import (
    CATEGORIES,
    CATEGORISATIONS,
    METADATA_FLOW,
    METADATA_STRUCTURE,
    TAXONOMY,
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
from tests.tck.agency.organisations import (
    AGENCIES,
    DATA_CONSUMERS,
    DATA_PROVIDERS,
    UNITS,
)
from tests.tck.agency.said import (
    AGENCY,
    AREAS,
    INDICATORS,
    PROVIDERS,
    SEXES,
    YEARS,
    about,
    item,
    words,
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

__all__ = [
    "AGENCIES",
    "AGENCY",
    "AGREEMENTS",
    "AREAS",
    "AREA_LIST",
    "ASSOCIATION",
    "ATTACHED",
    "CATEGORIES",
    "CATEGORISATIONS",
    "CELLS",
    "CONCEPTS",
    "CONSTRAINTS",
    "DATA_CONSUMERS",
    "DATA_PROVIDERS",
    "FLOW",
    "HIERARCHICAL",
    "HIERARCHY",
    "INDICATORS",
    "INDICATOR_LIST",
    "METADATA_AGREEMENT",
    "METADATA_CONSTRAINT",
    "METADATA_FLOW",
    "METADATA_PROVIDERS",
    "METADATA_STRUCTURE",
    "NAMES",
    "OF_3X",
    "OF_21",
    "OLD_SEX_LIST",
    "OPERATORS",
    "OTHER_CONCEPTS",
    "PLACES",
    "PROCESS",
    "PROGRAM",
    "PROVIDERS",
    "RULESETS",
    "SCHEME_MAPS",
    "SEXES",
    "SEX_LIST",
    "SEX_MAP",
    "STATUS_LIST",
    "STRUCTURE",
    "STRUCTURE_MAP",
    "STRUCTURE_SET",
    "TAXONOMY",
    "TYPES",
    "UNITS",
    "UNIT_LIST",
    "UNIT_MAP",
    "UNIT_VALUES",
    "VTL_MAPPINGS",
    "WIDER_AREAS",
    "YEARS",
    "about",
    "codes",
    "figures",
    "item",
    "words",
]
