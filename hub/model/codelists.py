"""Code lists and value lists: the values that components may take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import ClassVar

from hub.model.artefact import Item, Maintainable, Mention
from hub.model.classes import ArtefactClass
from hub.model.urn import Reference


class Cascade(StrEnum):
    """Whether naming a code means the codes below it too, and whether itself then."""

    NO = "false"
    YES = "true"
    EXCLUDE_ROOT = "excluderoot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Item):
    """A code of a code list; `parent` is the id of another code of the same list.

    `geometry` is what a geospatial list says of it: a set of features, or a cell of the grid.
    """

    parent: str | None = None
    geometry: str | None = None


class GeoType(StrEnum):
    """The two kinds of geospatial code lists; the values are the names of their elements."""

    FEATURES = "GeographicCodelist"
    GRID = "GeoGridCodelist"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSelection:
    """A code taken from an extended list; `%` in it stands for any characters."""

    value: str
    cascade: Cascade = Cascade.NO


@dataclass(frozen=True, slots=True, kw_only=True)
class CodelistExtension:
    """The codes one list takes over from another (SDMX 3.0).

    Those that are `included`, or all that are not `excluded`; a selection says one or the other.
    Their ids get the prefix.
    """

    codelist: Reference
    prefix: str | None = None
    included: tuple[CodeSelection, ...] = ()
    excluded: tuple[CodeSelection, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Codelist(Maintainable):
    """A list of codes, possibly a tree, that may take over codes of others.

    A geospatial list has a `geo_type`, one over a grid the definition of the grid too.
    """

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.CODELIST
    items: tuple[Code, ...] = ()
    extensions: tuple[CodelistExtension, ...] = ()
    geo_type: GeoType | None = None
    grid: str | None = None

    @cached_property
    def by_id(self) -> dict[str, Code]:
        """The codes by their id, without those of extensions."""
        return {code.id: code for code in self.items}

    def mentions(self) -> Iterable[Mention]:
        """The lists it takes over codes from."""
        return [extension.codelist for extension in self.extensions]


@dataclass(frozen=True, kw_only=True)
class ValueList(Maintainable):
    """A list of values that need not be SDMX identifiers (SDMX 3.0)."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.VALUE_LIST
    items: tuple[Code, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Code]:
        """The values by their id."""
        return {code.id: code for code in self.items}
