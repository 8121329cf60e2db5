"""Hierarchies in the words of both standards, and a process."""

from __future__ import annotations

from hub.model import (
    CodeHierarchy,
    Computation,
    HierarchicalCode,
    HierarchicalCodelist,
    Hierarchy,
    HierarchyAssociation,
    IncludedCodelist,
    Level,
    ObjectReference,
    Process,
    ProcessObject,
    ProcessStep,
    Representation,
    TextType,
    Transition,
)
from tests.formats.structure.kinds.said import (
    CATEGORIES,
    CODES,
    DIMENSION,
    FLOW,
    NOTES,
    about,
    item,
    words,
)

HIERARCHY_CODES = (
    HierarchicalCode(
        id="H1",
        code=CODES.item("X"),
        level="L1",
        annotations=NOTES[:1],
        codes=(
            HierarchicalCode(
                id="H2",
                code=CODES.item("Y"),
                level="L2",
                valid_from="2000-01-01T00:00:00Z",
                valid_to="2010-12-31T23:59:59Z",
            ),
        ),
    ),
    HierarchicalCode(id="H3", code=CODES.item("_T")),
)
LEVEL = Level(
    **item("L1"),
    coding=Representation(text_type=TextType.ALPHA, min_length=1, max_length=3, pattern="[A-Z]+"),
    below=Level(**item("L2")),
)
HIERARCHY = Hierarchy(**about("HIER"), codes=HIERARCHY_CODES, level=LEVEL, has_formal_levels=True)
ASSOCIATION = HierarchyAssociation(
    **about("HA"), hierarchy=HIERARCHY.reference, linked=DIMENSION, context=ObjectReference(FLOW)
)
HIERARCHICAL = HierarchicalCodelist(
    **about("HCL"),
    included=(IncludedCodelist(codelist=CODES, alias="LIST"), IncludedCodelist(codelist=CODES)),
    items=(
        CodeHierarchy(**item("ONE"), codes=HIERARCHY_CODES, level=LEVEL, has_formal_levels=True),
        CodeHierarchy(
            **item("TWO"), codes=(HierarchicalCode(id="H", code=CODES.item("X"), version="1.1"),)
        ),
    ),
)
PROCESS = Process(
    **about("PROC"),
    steps=(
        ProcessStep(
            **item("S1"),
            inputs=(ProcessObject(reference=ObjectReference(FLOW), local_id="IN"),),
            outputs=(
                ProcessObject(reference=DIMENSION, annotations=NOTES),
                ProcessObject(reference=ObjectReference(CATEGORIES, "Category", "A.B")),
            ),
            computation=Computation(
                description=words(en="add", sv="addera"),
                local_id="C",
                software="R",
                language="R",
                software_version="4",
                annotations=NOTES,
            ),
            transitions=(
                Transition(
                    id="T1",
                    local_id="L",
                    target="S1.S2",
                    condition=words(en="always", sv="alltid"),
                    annotations=NOTES,
                ),
            ),
            steps=(ProcessStep(**item("S2")),),
        ),
        ProcessStep(**item("S3"), computation=Computation(description=words(en="nothing"))),
    ),
)
