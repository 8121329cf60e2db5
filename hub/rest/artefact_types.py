"""The artefact types that URLs name, and the classes of this node that they mean.

Types of the standard that no artefact here can have mean (): a query for them finds nothing, as
the standard has it, rather than failing (SDMX REST 2.2 and 1.5, "Structural metadata queries").
"""

from __future__ import annotations

from hub.errors import BadRequest
from hub.model import ArtefactClass

_V2_NAMES = """
datastructure metadatastructure categoryscheme conceptscheme codelist hierarchy
hierarchyassociation valuelist agencyscheme dataproviderscheme metadataproviderscheme
dataconsumerscheme organisationunitscheme dataflow metadataflow reportingtaxonomy
provisionagreement metadataprovisionagreement structuremap representationmap conceptschememap
categoryschememap organisationschememap reportingtaxonomymap process categorisation dataconstraint
metadataconstraint transformationscheme rulesetscheme userdefinedoperatorscheme customtypescheme
namepersonalisationscheme vtlmappingscheme
""".split()
_V1_NAMES = """
datastructure metadatastructure categoryscheme conceptscheme codelist hierarchicalcodelist
organisationscheme agencyscheme dataproviderscheme dataconsumerscheme organisationunitscheme
dataflow metadataflow reportingtaxonomy provisionagreement structureset process categorisation
contentconstraint actualconstraint allowedconstraint attachmentconstraint transformationscheme
rulesetscheme userdefinedoperatorscheme customtypescheme namepersonalisationscheme
vtlmappingscheme structure
""".split()

_BY_NAME = {cls.rest_name: (cls,) for cls in ArtefactClass}

#: The classes that SDMX 2.1 has.
CLASSES_V1 = tuple(
    cls
    for cls in ArtefactClass
    if cls not in (ArtefactClass.VALUE_LIST, ArtefactClass.REPRESENTATION_MAP)
)
_V1_MEANINGS = {
    "structure": CLASSES_V1,
    "organisationscheme": (ArtefactClass.AGENCY_SCHEME, ArtefactClass.DATA_PROVIDER_SCHEME),
    "contentconstraint": (ArtefactClass.DATA_CONSTRAINT,),
    "actualconstraint": (ArtefactClass.DATA_CONSTRAINT,),
    "allowedconstraint": (ArtefactClass.DATA_CONSTRAINT,),
}
_ROLES_V1 = {"actualconstraint": "Actual", "allowedconstraint": "Allowed"}

TYPES_V2: dict[str, tuple[ArtefactClass, ...] | None] = {
    name: _BY_NAME.get(name, ()) for name in _V2_NAMES
} | {"*": None, "all": None}
TYPES_V1: dict[str, tuple[ArtefactClass, ...] | None] = {
    name: _V1_MEANINGS.get(name) or _BY_NAME.get(name, ()) for name in _V1_NAMES
}


def classes_of_type(name: str, *, v1: bool) -> tuple[ArtefactClass, ...] | None:
    """The classes that an artefact type in a URL means, None for every class.

    Raises BadRequest for a type the API version does not know.
    """
    types = TYPES_V1 if v1 else TYPES_V2
    if name not in types:
        raise BadRequest(f"there is no artefact type '{name}'; there are {', '.join(types)}")
    return types[name]


def constraint_role(name: str) -> str | None:
    """The role that the constraint types of 1.x narrow data constraints to."""
    return _ROLES_V1.get(name)
