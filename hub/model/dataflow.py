"""Dataflows, provision agreements and the constraints that narrow them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.model.artefact import Maintainable
from hub.model.urn import ArtefactClass, ItemReference, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataflow(Maintainable):
    """A dataflow: data under one structure, published under a name of its own."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.DATAFLOW
    structure: Reference

    def references(self) -> tuple[Reference, ...]:
        """Its data structure."""
        return (self.structure,)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionAgreement(Maintainable):
    """What says that a data provider provides a dataflow."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.PROVISION_AGREEMENT
    dataflow: Reference
    provider: ItemReference

    def references(self) -> tuple[Reference, ...]:
        """Its dataflow and the scheme of its provider."""
        return (self.dataflow, self.provider.scheme)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyValues:
    """The values a component may have in a cube region (or may not, if `include` is false).

    For time, `start` and `end` bound a range (inclusive) instead of listing values.
    """

    component: str
    values: tuple[str, ...] = ()
    include: bool = True
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CubeRegion:
    """A region of the cube: what every key value says, together."""

    include: bool = True
    keys: tuple[KeyValues, ...] = ()
    attributes: tuple[KeyValues, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DataConstraint(Maintainable):
    """A data constraint: what is allowed (`Allowed`) or present (`Actual`) for its targets.

    SDMX 2.1 calls it ContentConstraint. `series_count` and `obs_count` are only of use in
    `Actual` constraints, the answers to availability queries.
    """

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.DATA_CONSTRAINT
    role: str = "Allowed"
    targets: tuple[Reference, ...] = ()
    regions: tuple[CubeRegion, ...] = ()
    series_count: int | None = None
    obs_count: int | None = None
    start: str | None = None
    end: str | None = None

    def references(self) -> tuple[Reference, ...]:
        """The artefacts it constrains."""
        return self.targets


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentationMap(Maintainable):
    """Maps values of one list to those of another (SDMX 3.0).

    `source` and `target` are lists, or None for plain strings; `mappings` are (source, target)
    pairs. `is_one_to_one` promises that no source and no target occurs twice.
    """

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.REPRESENTATION_MAP
    source: Reference | None = None
    target: Reference | None = None
    mappings: tuple[tuple[str, str], ...] = ()
    is_one_to_one: bool = False

    def references(self) -> tuple[Reference, ...]:
        """The lists it maps between."""
        return tuple(ref for ref in (self.source, self.target) if ref is not None)
