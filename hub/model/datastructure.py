"""Data structure definitions: dimensions, measures, attributes and how attributes attach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import ClassVar

from hub.model.artefact import Maintainable, Mention
from hub.model.classes import ArtefactClass
from hub.model.representation import Representation
from hub.model.text import Annotation
from hub.model.urn import ItemReference, Reference

TIME_PERIOD = "TIME_PERIOD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A component of a data structure: an id, the concept it takes its meaning from, its values.

    Without a representation of its own it has the concept's.
    """

    id: str
    concept: ItemReference
    representation: Representation | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension(Component):
    """A dimension; its place in the key is its place in the structure."""

    roles: tuple[ItemReference, ...] = ()
    is_time: bool = False

    @property
    def is_measure(self) -> bool:
        """True for a measure dimension (SDMX 2.1): its values are the concepts of a scheme."""
        list_ = self.representation.enumeration if self.representation else None
        return list_ is not None and list_.artefact_class is ArtefactClass.CONCEPT_SCHEME


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Component):
    """A measure; SDMX 2.1 knows only one, the primary measure OBS_VALUE."""

    is_mandatory: bool = True
    roles: tuple[ItemReference, ...] = ()


class Attachment(StrEnum):
    """At which level of a data set an attribute attaches."""

    DATASET = "dataset"
    GROUP = "group"
    DIMENSIONS = "dimensions"
    OBSERVATION = "observation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute(Component):
    """An attribute with its relationship.

    `dimensions` for attachment `dimensions`, `group` for attachment `group`;
    `measures` names the measures it is about (none: all).
    """

    attachment: Attachment = Attachment.OBSERVATION
    dimensions: tuple[str, ...] = ()
    group: str | None = None
    measures: tuple[str, ...] = ()
    is_mandatory: bool = False
    roles: tuple[ItemReference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A partial key by which attributes attach to groups of series."""

    id: str
    dimensions: tuple[str, ...]
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataUsage:
    """How a metadata attribute, by its (dotted) id, attaches to the data (SDMX 3.0).

    Attachment, dimensions and group as in `Attribute`.
    """

    attribute: str
    attachment: Attachment = Attachment.OBSERVATION
    dimensions: tuple[str, ...] = ()
    group: str | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DataStructure(Maintainable):
    """A data structure definition; `dimensions` are in key order, time last where there is one.

    `metadata` is the structure of the reference metadata that goes with the data, `usages` tell
    where its attributes attach. An evolving structure may get dimensions in a minor version.
    """

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.DATA_STRUCTURE
    dimensions: tuple[Dimension, ...] = ()
    measures: tuple[Measure, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    groups: tuple[Group, ...] = ()
    metadata: Reference | None = None
    usages: tuple[MetadataUsage, ...] = ()
    is_evolving: bool = False

    @cached_property
    def components(self) -> tuple[Component, ...]:
        """All components: dimensions, measures, attributes."""
        return (*self.dimensions, *self.measures, *self.attributes)

    @cached_property
    def key_dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions of the series key: all but time."""
        return tuple(dim for dim in self.dimensions if not dim.is_time)

    @cached_property
    def time_dimension(self) -> Dimension | None:
        """The time dimension, if the structure has one."""
        return next((dim for dim in self.dimensions if dim.is_time), None)

    def mentions(self) -> Iterable[Mention]:
        """The concept schemes and lists its components use, and its metadata structure."""
        wanted: list[Mention] = []
        for component in self.components:
            wanted.append(component.concept)
            if component.representation is not None:
                wanted.append(component.representation.enumeration)
            roles = getattr(component, "roles", ())
            wanted.extend(roles)
        return [*wanted, self.metadata]
