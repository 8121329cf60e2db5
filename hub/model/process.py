"""Processes: their steps, what goes in and comes out, and which step follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from hub.model.artefact import Item, Maintainable, Mention
from hub.model.classes import ArtefactClass
from hub.model.text import Annotation, InternationalString
from hub.model.urn import ObjectReference


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessObject:
    """An input or output of a step: an object, with a name for it within the step."""

    reference: ObjectReference
    local_id: str | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Computation:
    """How a step computes, in words, and with which software."""

    description: InternationalString
    local_id: str | None = None
    software: str | None = None
    language: str | None = None
    software_version: str | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """Under which condition the process goes on to which step, by dotted ids from the top."""

    target: str
    condition: InternationalString
    id: str | None = None
    local_id: str | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStep(Item):
    """A step, with the steps in it."""

    inputs: tuple[ProcessObject, ...] = ()
    outputs: tuple[ProcessObject, ...] = ()
    computation: Computation | None = None
    transitions: tuple[Transition, ...] = ()
    steps: tuple[ProcessStep, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Process(Maintainable):
    """A process as its steps."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.PROCESS
    steps: tuple[ProcessStep, ...] = ()

    def mentions(self) -> Iterable[Mention]:
        """The artefacts that are or hold what its steps take and give."""
        return [
            each.reference for step in _walk(self.steps) for each in (*step.inputs, *step.outputs)
        ]


def _walk(steps: Iterable[ProcessStep]) -> Iterator[ProcessStep]:
    for step in steps:
        yield step
        yield from _walk(step.steps)
