"""The data structure behind what a message says it is data of."""

from __future__ import annotations

from hub.model import (
    ArtefactClass,
    Dataflow,
    DataStructure,
    Maintainable,
    ProvisionAgreement,
    Reference,
    Structures,
    latest,
)

#: The measure of SDMX 2.1, where a message does not name it.
OBS_VALUE = "OBS_VALUE"
#: What data can be of.
CONTEXTS = (
    ArtefactClass.DATAFLOW,
    ArtefactClass.PROVISION_AGREEMENT,
    ArtefactClass.DATA_STRUCTURE,
)


def structure_of(context: Reference | None, structures: Structures | None) -> DataStructure | None:
    """The data structure of a dataflow, agreement or structure; None where it is not known here.

    A version that is not here is taken for another of the same major version. A stub, which has
    no components, tells nothing.
    """
    if context is None or structures is None:
        return None
    found = structures.find(context) or _of_same_major(context, structures)
    if isinstance(found, ProvisionAgreement):
        return structure_of(found.dataflow, structures)
    if isinstance(found, Dataflow):
        return structure_of(found.structure, structures)
    return found if isinstance(found, DataStructure) and found.dimensions else None


def _of_same_major(context: Reference, structures: Structures) -> Maintainable | None:
    major = context.version.partition(".")[0]
    same = {
        artefact.version: artefact
        for artefact in structures.of_class(context.artefact_class)
        if (artefact.agency, artefact.id) == (context.agency, context.id)
        and artefact.version.partition(".")[0] == major
    }
    return same[latest(same)] if same else None


def measures_of(structure: DataStructure | None) -> tuple[str, ...]:
    """The ids of the measures; OBS_VALUE where the structure is not known."""
    if structure is None or not structure.measures:
        return (OBS_VALUE,)
    return tuple(measure.id for measure in structure.measures)
