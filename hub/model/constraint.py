"""Constraints: which part of a cube, or of reference metadata, is allowed, there, or annotated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from hub.model.artefact import Maintainable, Mention
from hub.model.classes import ArtefactClass
from hub.model.codelists import Cascade
from hub.model.text import Annotation
from hub.model.urn import ItemReference, ObjectReference, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class SetReference:
    """A data set or metadata set, by its provider and the id it gave (SDMX 2.1)."""

    provider: ItemReference
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryableSource:
    """A service where data or metadata is to be had, and what it speaks."""

    url: str
    wsdl: str | None = None
    wadl: str | None = None
    is_rest: bool = True
    is_web_service: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCalendar:
    """When data come out: durations (ISO 8601) between releases, after the period, and of grace."""

    periodicity: str
    offset: str
    tolerance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueDetail:
    """What more is said of one of the values of a component."""

    value: str
    cascade: Cascade = Cascade.NO
    language: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyValues:
    """The values a component may have in a region (or may not, if `include` is false).

    For time, `start` and `end` bound a range instead of listing values; the bounds belong to it
    unless they are excluded. `details` says more of some values. Regions of metadata in SDMX 2.1
    list objects, data sets or keys of data instead.
    """

    component: str
    values: tuple[str, ...] = ()
    include: bool = True
    start: str | None = None
    end: str | None = None
    excludes_start: bool = False
    excludes_end: bool = False
    removes_prefix: bool = False
    valid_from: str | None = None
    valid_to: str | None = None
    details: tuple[ValueDetail, ...] = ()
    objects: tuple[ObjectReference, ...] = ()
    data_sets: tuple[SetReference, ...] = ()
    data_keys: tuple[CubeRegion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CubeRegion:
    """A region of the cube, or one key of a set: what every key value says, together.

    Since SDMX 3.0 a key, or a region of metadata, may hold for a time only.
    """

    include: bool = True
    keys: tuple[KeyValues, ...] = ()
    attributes: tuple[KeyValues, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataRegion(CubeRegion):
    """A region of reference metadata; in SDMX 2.1 of one report about one target."""

    report: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySet:
    """Keys, full or partial, that are meant, or all but these."""

    keys: tuple[CubeRegion, ...]
    is_included: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataKeySet:
    """Keys of reference metadata that are meant, or all but these (SDMX 2.1)."""

    keys: tuple[MetadataRegion, ...]
    is_included: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint(Maintainable):
    """What all constraints share: the things they are attached to, all of one kind."""

    targets: tuple[Reference, ...] = ()
    provider: ItemReference | None = None
    data_sets: tuple[SetReference, ...] = ()
    metadata_sets: tuple[SetReference, ...] = ()
    simple_sources: tuple[str, ...] = ()
    queryable_sources: tuple[QueryableSource, ...] = ()

    def mentions(self) -> Iterable[Mention]:
        """The artefacts it constrains, and the schemes of the providers it names."""
        sets = (*self.data_sets, *self.metadata_sets)
        return [*self.targets, self.provider, *(each.provider for each in sets)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataConstraint(Constraint):
    """A data constraint: what is allowed (`Allowed`) or present (`Actual`) for its targets.

    SDMX 2.1 calls it ContentConstraint, and there it may be about metadata too. `series_count`
    and `obs_count` are only of use in `Actual` constraints, the answers to availability queries.
    """

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.DATA_CONSTRAINT
    role: str = "Allowed"
    regions: tuple[CubeRegion, ...] = ()
    key_sets: tuple[KeySet, ...] = ()
    metadata_regions: tuple[MetadataRegion, ...] = ()
    metadata_key_sets: tuple[MetadataKeySet, ...] = ()
    calendar: ReleaseCalendar | None = None
    series_count: int | None = None
    obs_count: int | None = None
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataConstraint(Constraint):
    """What reference metadata is allowed (SDMX 3.0)."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.METADATA_CONSTRAINT
    regions: tuple[MetadataRegion, ...] = ()
    calendar: ReleaseCalendar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentConstraint(Constraint):
    """Which keys attributes or reference metadata are attached to (SDMX 2.1)."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.ATTACHMENT_CONSTRAINT
    key_sets: tuple[KeySet, ...] = ()
    metadata_key_sets: tuple[MetadataKeySet, ...] = ()
