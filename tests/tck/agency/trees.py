"""Hierarchies, and a process."""

from __future__ import annotations

from hub.model import (
    CodeHierarchy,
    Codelist,
    Computation,
    HierarchicalCode,
    HierarchicalCodelist,
    IncludedCodelist,
    ObjectReference,
    Process,
    ProcessObject,
    ProcessStep,
    Transition,
)
from tests.tck.agency.data import (
    AREA_LIST,
    FLOW,
)
from tests.tck.agency.said import (
    about,
    item,
    words,
)


def hierarchy_of(codelist: Codelist) -> tuple[HierarchicalCode, ...]:
    """The codes of a list as a tree."""
    below = tuple(
        HierarchicalCode(id=code.id, code=codelist.reference.item(code.id))
        for code in codelist.items
        if code.parent
    )
    top = codelist.items[0].id
    return (HierarchicalCode(id=top, code=codelist.reference.item(top), codes=below),)


HIERARCHICAL = HierarchicalCodelist(
    **about("HCL"),
    included=(IncludedCodelist(codelist=AREA_LIST.reference, alias="AREAS"),),
    items=(
        CodeHierarchy(**item("BY_REGION"), codes=hierarchy_of(AREA_LIST)),
        CodeHierarchy(**item("FLAT"), codes=hierarchy_of(AREA_LIST)[0].codes),
    ),
)
PROCESS = Process(
    **about("PROCESS"),
    steps=(
        ProcessStep(
            **item("COLLECT"),
            outputs=(ProcessObject(reference=ObjectReference(FLOW.reference), local_id="OUT"),),
            transitions=(Transition(id="NEXT", target="CHECK", condition=words("complete")),),
        ),
        ProcessStep(
            **item("CHECK"),
            inputs=(ProcessObject(reference=ObjectReference(FLOW.reference)),),
            computation=Computation(description=words("Validate")),
        ),
    ),
)
