"""The artefact types that URLs name, and the classes of this node that they mean.

A type of either standard is answered by what is on the node, and finds nothing where there is
none (SDMX REST 2.2 and 1.5, "Structural metadata queries").
"""

from __future__ import annotations

from hub.errors import BadRequest
from hub.model import (
    ITEM_CLASSES,
    ORGANISATION_SCHEMES,
    SINCE_30,
    UNTIL_21,
    ArtefactClass,
    DataConstraint,
    Maintainable,
)

#: The classes that SDMX 2.1 has, and those that 3.x has, as structural metadata.
CLASSES_V1 = tuple(cls for cls in ArtefactClass if cls not in SINCE_30)
CLASSES_V2 = tuple(
    cls for cls in ArtefactClass if cls not in (*UNTIL_21, ArtefactClass.METADATA_SET)
)
#: The classes whose items a query may name.
WITH_ITEMS_V1 = (*ITEM_CLASSES, ArtefactClass.HIERARCHICAL_CODELIST)
WITH_ITEMS_V2 = tuple(ITEM_CLASSES)

_CONSTRAINT = (ArtefactClass.DATA_CONSTRAINT,)
_MEANINGS_V1: dict[str, tuple[ArtefactClass, ...]] = {
    "structure": CLASSES_V1,
    "organisationscheme": tuple(cls for cls in ORGANISATION_SCHEMES if cls in CLASSES_V1),
    "contentconstraint": _CONSTRAINT,
    "actualconstraint": _CONSTRAINT,
    "allowedconstraint": _CONSTRAINT,
}
_ROLES_V1 = {"actualconstraint": "Actual", "allowedconstraint": "Allowed"}

TYPES_V2: dict[str, tuple[ArtefactClass, ...]] = {cls.rest_name: (cls,) for cls in CLASSES_V2} | {
    "*": CLASSES_V2,
    "all": CLASSES_V2,
}
TYPES_V1: dict[str, tuple[ArtefactClass, ...]] = {
    cls.rest_name: (cls,) for cls in CLASSES_V1 if cls not in _CONSTRAINT
} | _MEANINGS_V1
#: The words of 2.x that mean every type.
ANY_TYPE = ("*", "all")


def classes_of_type(name: str, *, v1: bool) -> tuple[ArtefactClass, ...]:
    """The classes that an artefact type in a URL means.

    Raises BadRequest for a type the API version does not know.
    """
    types = TYPES_V1 if v1 else TYPES_V2
    if name not in types:
        raise BadRequest(f"there is no artefact type '{name}'; there are {', '.join(types)}")
    return types[name]


def constraint_role(name: str) -> str | None:
    """The role that the constraint types of 1.x narrow data constraints to."""
    return _ROLES_V1.get(name)


def is_of_type(artefact: Maintainable, name: str, *, v1: bool) -> bool:
    """Tell whether an artefact is of a type as an API names it."""
    if artefact.artefact_class not in classes_of_type(name, v1=v1):
        return False
    role = constraint_role(name) if v1 else None
    return role is None or (isinstance(artefact, DataConstraint) and artefact.role == role)
