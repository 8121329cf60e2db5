"""Dataflows, and who provides them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from hub.model.artefact import Maintainable, Mention
from hub.model.classes import ArtefactClass
from hub.model.urn import ItemReference, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataflow(Maintainable):
    """A dataflow: data under one structure, published under a name of its own.

    `dimensions` are those that identify its data where an evolving structure may have more (SDMX
    3.1); none means all.
    """

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.DATAFLOW
    structure: Reference
    dimensions: tuple[str, ...] = ()

    def mentions(self) -> Iterable[Mention]:
        """Its data structure."""
        return (self.structure,)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionAgreement(Maintainable):
    """What says that a data provider provides a dataflow."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.PROVISION_AGREEMENT
    dataflow: Reference
    provider: ItemReference

    def mentions(self) -> Iterable[Mention]:
        """Its dataflow and its provider."""
        return (self.dataflow, self.provider)
