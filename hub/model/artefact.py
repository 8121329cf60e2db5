"""The base of SDMX artefacts: what every maintainable artefact and every item carries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from hub.model.classes import ArtefactClass
from hub.model.text import Annotation, InternationalString
from hub.model.urn import ItemReference, ObjectReference, Reference

#: What an artefact may refer to; None where it could and does not.
Mention = Reference | ItemReference | ObjectReference | None


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


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
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

    def mentions(self) -> Iterable[Mention]:
        """Whatever this refers to directly: artefacts, items of schemes, parts of artefacts."""
        return ()

    def references(self) -> tuple[Reference, ...]:
        """The artefacts this one refers to directly, or to parts of, each once, in order."""
        owners = (owner(mention) for mention in self.mentions() if mention is not None)
        return tuple(dict.fromkeys(owners))


def owner(reference: Reference | ItemReference | ObjectReference) -> Reference:
    """The artefact a reference means, or whose part it means."""
    if isinstance(reference, ItemReference):
        return reference.scheme
    return reference.artefact if isinstance(reference, ObjectReference) else reference
