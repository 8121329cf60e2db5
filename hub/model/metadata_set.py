"""Sets of reference metadata: what a provider reports about objects, under a metadata structure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from hub.model.artefact import Maintainable, Mention
from hub.model.classes import ArtefactClass
from hub.model.text import Annotation, InternationalString
from hub.model.urn import Reference

#: The version of a set that names none.
NO_VERSION = "1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedAttribute:
    """One occurrence of a metadata attribute: what is reported, and what is reported below it.

    At most one of three holds what is reported: `value` a code, number, date or plain text as it
    is spelt; `texts` a text in one or several languages; `markup` XHTML in one or several
    languages, without the declaration of its namespace. A presentational attribute has none. An
    attribute reported several times stands several times among its siblings.
    """

    id: str
    value: str | None = None
    texts: InternationalString = InternationalString()
    markup: InternationalString = InternationalString()
    attributes: tuple[ReportedAttribute, ...] = ()
    annotations: tuple[Annotation, ...] = ()

    @property
    def has_value(self) -> bool:
        """True where it reports something itself."""
        return self.value is not None or bool(self.texts) or bool(self.markup)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataSet(Maintainable):
    """Reference metadata about some objects (SDMX 3.0, MetadataSet).

    Its agency is the metadata provider. It is reported for a metadataflow, or for an agreement to
    provide one. `targets` are the URNs of the objects it is about. Periods and years are as the
    message gave them.
    """

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.METADATA_SET
    metadataflow: Reference | None = None
    agreement: Reference | None = None
    targets: tuple[str, ...] = ()
    attributes: tuple[ReportedAttribute, ...] = ()
    reporting_begin: str | None = None
    reporting_end: str | None = None
    publication_period: str | None = None
    publication_year: str | None = None

    @property
    def context(self) -> Reference | None:
        """What it is reported for: the agreement or the flow."""
        return self.agreement or self.metadataflow

    def mentions(self) -> Iterable[Mention]:
        """What it is reported for."""
        return [self.context]


def walk(
    attributes: Iterable[ReportedAttribute], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], ReportedAttribute]]:
    """All attributes, outer ones first, each with the ids from the outermost to its own."""
    for attribute in attributes:
        own = (*path, attribute.id)
        yield own, attribute
        yield from walk(attribute.attributes, own)
