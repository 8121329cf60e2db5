"""The base of SDMX artefacts: what every maintainable artefact and every item carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hub.model.text import Annotation, InternationalString
from hub.model.urn import ArtefactClass, ItemReference, Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of an item scheme: identified, named, annotated."""

    id: str
    name: InternationalString = InternationalString()
    description: InternationalString = InternationalString()
    annotations: tuple[Annotation, ...] = ()

    def annotation(self, type_: str) -> str | None:
        """Return the title of the first annotation of a type."""
        return next((note.title for note in self.annotations if note.type == type_), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintainable:
    """A maintainable artefact: owned by an agency, versioned, with its names and notes.

    `valid_from` and `valid_to` are ISO 8601 dates or instants, as the message gave them.
    """

    artefact_class: ClassVar[ArtefactClass]

    agency: str
    id: str
    version: str = "1.0.0"
    name: InternationalString = InternationalString()
    description: InternationalString = InternationalString()
    annotations: tuple[Annotation, ...] = ()
    is_partial: bool = False
    valid_from: str | None = None
    valid_to: str | None = None

    @property
    def reference(self) -> Reference:
        """How other artefacts refer to this one."""
        return Reference(self.artefact_class, self.agency, self.id, self.version)

    @property
    def urn(self) -> str:
        """The URN in the spelling of SDMX 3.x."""
        return self.reference.urn

    def annotation(self, type_: str) -> str | None:
        """Return the title of the first annotation of a type."""
        return next((note.title for note in self.annotations if note.type == type_), None)

    def references(self) -> tuple[Reference, ...]:
        """The artefacts this one refers to directly, each once, in order."""
        return ()


def unique(references: list[Reference | ItemReference | None]) -> tuple[Reference, ...]:
    """Reduce a list of references to the maintainable artefacts meant, each once, in order."""
    schemes = (ref.scheme if isinstance(ref, ItemReference) else ref for ref in references)
    return tuple(dict.fromkeys(ref for ref in schemes if ref is not None))
