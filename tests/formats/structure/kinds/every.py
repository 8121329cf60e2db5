"""All artefacts, by the standard that has them."""

from __future__ import annotations

from hub.model import (
    Maintainable,
)
from tests.formats.structure.kinds.constraints import (
    ATTACHED,
    ATTACHED_TO_SETS,
    CONSTRAINT,
    CONSTRAINT_3,
    CONSTRAINT_OF_PROVIDER,
    METADATA_CONSTRAINT,
    METADATA_CONSTRAINT_OF_PROVIDER,
    OF_METADATA_21,
    OF_SETS,
    OF_URL,
)
from tests.formats.structure.kinds.flows import (
    AGREEMENT_21,
    FLOWS,
    META_AGREEMENT,
    METADATA_STRUCTURE,
    METADATA_STRUCTURE_21,
    STRUCTURE,
    TARGETED,
)
from tests.formats.structure.kinds.maps import (
    SCHEME_MAPS,
    STRUCTURE_MAP,
    STRUCTURE_SET,
    VALUE_MAPPING,
)
from tests.formats.structure.kinds.schemes import (
    CATEGORISATIONS,
    CATEGORY_SCHEME,
    CODE_LIST,
    CONCEPT_SCHEME,
    EXTENDED,
    GEOGRAPHIC,
    GRID,
    ISO,
    META_PROVIDER_SCHEME,
    ORGANISATIONS,
    TAXONOMY,
    VALUES,
)
from tests.formats.structure.kinds.trees import (
    ASSOCIATION,
    HIERARCHICAL,
    HIERARCHY,
    PROCESS,
)
from tests.formats.structure.kinds.vtl import (
    VTL,
)

#: Artefacts of every kind, by the standard that has all of them.
IN_EVERY_STANDARD: tuple[Maintainable, ...] = (
    *ORGANISATIONS,
    CATEGORY_SCHEME,
    *CATEGORISATIONS,
    TAXONOMY,
    CONCEPT_SCHEME,
    CODE_LIST,
    *FLOWS,
    METADATA_STRUCTURE,
    PROCESS,
    CONSTRAINT,
    CONSTRAINT_OF_PROVIDER,
)
SINCE_30: tuple[Maintainable, ...] = (
    META_PROVIDER_SCHEME,
    EXTENDED,
    GEOGRAPHIC,
    GRID,
    VALUES,
    TARGETED,
    META_AGREEMENT,
    HIERARCHY,
    ASSOCIATION,
    STRUCTURE_MAP,
    VALUE_MAPPING,
    *SCHEME_MAPS,
    CONSTRAINT_3,
    METADATA_CONSTRAINT,
    METADATA_CONSTRAINT_OF_PROVIDER,
    STRUCTURE,
    ISO,
    *VTL,
)
UNTIL_21: tuple[Maintainable, ...] = (
    AGREEMENT_21,
    METADATA_STRUCTURE_21,
    HIERARCHICAL,
    STRUCTURE_SET,
    OF_SETS,
    OF_URL,
    OF_METADATA_21,
    ATTACHED,
    ATTACHED_TO_SETS,
)
