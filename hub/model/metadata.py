"""Structures of reference metadata, their flows, and who provides them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from hub.errors import BadRequest
from hub.model.artefact import Maintainable, Mention
from hub.model.classes import ArtefactClass
from hub.model.representation import Representation
from hub.model.text import Annotation
from hub.model.urn import ItemReference, Reference, parse_object_urn


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataAttribute:
    """An attribute of reference metadata, with the attributes in it.

    `max_occurs` None means unbounded. A presentational attribute has no value of its own.
    """

    id: str
    concept: ItemReference
    representation: Representation | None = None
    min_occurs: int = 1
    max_occurs: int | None = 1
    is_presentational: bool = False
    attributes: tuple[MetadataAttribute, ...] = ()
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetObject:
    """One thing that identifies what metadata is about, in SDMX 2.1.

    `kind` is the class of the information model, such as IdentifiableObjectTarget, which alone
    has an `object_type`: the class of the objects meant.
    """

    kind: str
    id: str
    object_type: str | None = None
    representation: Representation | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataTarget:
    """What the metadata of a report is about (SDMX 2.1 only)."""

    id: str
    objects: tuple[TargetObject, ...] = ()
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportStructure:
    """The attributes of a report, and the ids of the targets it may be about (SDMX 2.1 only)."""

    id: str
    attributes: tuple[MetadataAttribute, ...] = ()
    targets: tuple[str, ...] = ()
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MetadataStructure(Maintainable):
    """A structure of reference metadata.

    SDMX 3.0 has one tree of `attributes`; 2.1 has several `reports`, each with a tree, and the
    `targets` they are about.
    """

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.METADATA_STRUCTURE
    attributes: tuple[MetadataAttribute, ...] = ()
    reports: tuple[ReportStructure, ...] = ()
    targets: tuple[MetadataTarget, ...] = ()

    @property
    def every_attribute(self) -> tuple[MetadataAttribute, ...]:
        """The attributes at the top of all trees."""
        return (*self.attributes, *(top for report in self.reports for top in report.attributes))

    def mentions(self) -> Iterable[Mention]:
        """The concept schemes and lists its attributes and targets use."""
        attributes = list(_walk(self.every_attribute))
        objects = [part for target in self.targets for part in target.objects]
        formats = [each.representation for each in attributes]
        formats += [each.representation for each in objects]
        lists = [each.enumeration for each in formats if each is not None]
        return [*(attribute.concept for attribute in attributes), *lists]


def _walk(attributes: Iterable[MetadataAttribute]) -> Iterator[MetadataAttribute]:
    for attribute in attributes:
        yield attribute
        yield from _walk(attribute.attributes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadataflow(Maintainable):
    """Reference metadata under one structure.

    `targets` are URNs of the objects it may be about, with `*` for any (SDMX 3.0).
    """

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.METADATAFLOW
    structure: Reference
    targets: tuple[str, ...] = ()

    def mentions(self) -> Iterable[Mention]:
        """Its structure, and the artefacts its targets name without a wildcard."""
        return [self.structure, *_named(self.targets)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataProvisionAgreement(Maintainable):
    """What says that a provider provides a flow of reference metadata (SDMX 3.0).

    `targets` as in the flow.
    """

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.METADATA_PROVISION_AGREEMENT
    metadataflow: Reference
    provider: ItemReference
    targets: tuple[str, ...] = ()

    def mentions(self) -> Iterable[Mention]:
        """Its flow, the scheme of its provider, and the artefacts its targets name."""
        return [self.metadataflow, self.provider, *_named(self.targets)]


def _named(targets: Iterable[str]) -> Iterator[Reference]:
    for target in targets:
        if "*" not in target:
            try:
                yield parse_object_urn(target).artefact
            except BadRequest:
                continue  # a class the node does not know has no artefact here
