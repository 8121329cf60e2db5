"""How processes look."""

from __future__ import annotations

from hub.formats.structure.shape import (
    ID,
    ArtefactShape,
    Has,
    HasMany,
    Named,
    Notes,
    Own,
    RefersToObject,
    Shape,
    TextIn,
    Word,
)
from hub.model import Computation, Process, ProcessObject, ProcessStep, Transition

_OBJECT = Shape(
    make=ProcessObject,
    parts=(
        Word("local_id", "localID"),
        Notes(),
        RefersToObject("reference", "ObjectReference", required=True),
    ),
)
_COMPUTATION = Shape(
    make=Computation,
    parts=(
        Word("local_id", "localID"),
        Word("software", "softwarePackage"),
        Word("language", "softwareLanguage"),
        Word("software_version", "softwareVersion"),
        Notes(),
        TextIn("description", "com:Description", required=True),
    ),
)
_TRANSITION = Shape(
    make=Transition,
    parts=(
        Word("id", "id"),
        Word("local_id", "localID"),
        Notes(),
        Own("target", "TargetStep", kind="ProcessStep", required=True),
        TextIn("condition", "Condition", required=True),
    ),
)
_STEP = Shape(
    make=ProcessStep,
    parts=(
        ID,
        Named(),
        HasMany("inputs", "Input", key="inputs", shape=_OBJECT),
        HasMany("outputs", "Output", key="outputs", shape=_OBJECT),
        Has("computation", "Computation", shape=_COMPUTATION),
        HasMany("transitions", "Transition", key="transitions", shape=_TRANSITION),
        HasMany("steps", "ProcessStep", key="processSteps"),
    ),
)

SHAPES = (
    ArtefactShape(
        make=Process,
        tag="Process",
        array="processes",
        parts=(HasMany("steps", "ProcessStep", key="processSteps", shape=_STEP),),
    ),
)
