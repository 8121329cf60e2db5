"""Maps of SDMX 3.x: between structures, between their values, between item schemes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from hub.model.artefact import Maintainable, Mention
from hub.model.classes import ArtefactClass
from hub.model.representation import TextType
from hub.model.text import Annotation
from hub.model.urn import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedColumn:
    """A column of a representation map: the values of a list, or values of a type."""

    values: Reference | None = None
    text_type: TextType = TextType.STRING


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedValue:
    """A value that is mapped: as it stands, as a pattern, or a part of it.

    `start` and `end` are character positions in the value.
    """

    value: str
    is_pattern: bool = False
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueMapping:
    """One row of a representation map: a value for each source, and for each target.

    The dates bound the time in which it holds.
    """

    sources: tuple[MappedValue, ...]
    targets: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    annotations: tuple[Annotation, ...] = ()

    @classmethod
    def of(cls, source: str, target: str) -> ValueMapping:
        """Map one value to one value."""
        return cls(sources=(MappedValue(value=source),), targets=(target,))


def _mapped(scheme: Reference | None, values: Sequence[MappedValue]) -> Iterator[Mention]:
    """The items of a scheme that values name; the scheme where they are patterns or parts."""
    if scheme is None:
        return
    if not values or any(each.is_pattern or each.start or each.end for each in values):
        yield scheme
    else:
        yield from (scheme.item(each.value) for each in values)


@dataclass(frozen=True, kw_only=True)
class RepresentationMap(Maintainable):
    """Maps values of some lists or types to those of others.

    `is_one_to_one` promises that no source and no target occurs twice.
    """

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.REPRESENTATION_MAP
    sources: tuple[MappedColumn, ...] = (MappedColumn(),)
    targets: tuple[MappedColumn, ...] = (MappedColumn(),)
    mappings: tuple[ValueMapping, ...] = ()
    is_one_to_one: bool = False

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The first source and the first target of each row that has a target."""
        return tuple((row.sources[0].value, row.targets[0]) for row in self.mappings if row.targets)

    def mentions(self) -> Iterable[Mention]:
        """The codes it maps, or the lists as a whole."""
        for index, column in enumerate(self.sources):
            values = [row.sources[index] for row in self.mappings if len(row.sources) > index]
            yield from _mapped(column.values, values)
        for index, column in enumerate(self.targets):
            texts = [row.targets[index] for row in self.mappings if len(row.targets) > index]
            yield from _mapped(column.values, [MappedValue(value=text) for text in texts])


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentMap:
    """Maps components of one structure, by id, to those of another."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    values: Reference | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedValueMap:
    """Gives a component of the source, or of the target, values that do not change."""

    source: str | None = None
    target: str | None = None
    values: tuple[str, ...] = ()
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMap:
    """What the two kinds of maps between times share.

    `components` are pairs of component ids, of the source and of the target. The frequency of
    the target is either that of a dimension (for the frequencies `mapped`), or one and the same.
    """

    id: str | None = None
    components: tuple[tuple[str, str], ...] = ()
    frequency_dimension: str | None = None
    mapped: tuple[str, ...] = ()
    target_frequency: str | None = None
    resolve: str | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochMap(TimeMap):
    """Maps a number of units since a base period to a time."""

    base: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatePatternMap(TimeMap):
    """Maps times that are written after a pattern of a locale."""

    pattern: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyFormat:
    """How times of a frequency are written in the target."""

    frequency: str
    pattern: str
    id: str | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StructureMap(Maintainable):
    """Maps data of one structure or flow to another."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.STRUCTURE_MAP
    source: Reference
    target: Reference
    epochs: tuple[EpochMap, ...] = ()
    dates: tuple[DatePatternMap, ...] = ()
    frequencies: tuple[FrequencyFormat, ...] = ()
    components: tuple[ComponentMap, ...] = ()
    fixed: tuple[FixedValueMap, ...] = ()

    def mentions(self) -> Iterable[Mention]:
        """Source and target, and the maps of values it uses."""
        return [self.source, self.target, *(each.values for each in self.components)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMap:
    """Maps an item, or what matches a pattern, to another; the dates bound when that holds."""

    source: MappedValue
    target: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ItemSchemeMap(Maintainable):
    """Maps the items of one scheme to those of another."""

    source: Reference
    target: Reference
    items: tuple[ItemMap, ...] = ()

    def mentions(self) -> Iterable[Mention]:
        """The items it maps, or the schemes as a whole."""
        yield from _mapped(self.source, [each.source for each in self.items])
        targets = [MappedValue(value=each.target) for each in self.items if each.target]
        yield from _mapped(self.target, targets)


@dataclass(frozen=True, kw_only=True)
class ConceptSchemeMap(ItemSchemeMap):
    """Maps concepts."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.CONCEPT_SCHEME_MAP


@dataclass(frozen=True, kw_only=True)
class CategorySchemeMap(ItemSchemeMap):
    """Maps categories."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.CATEGORY_SCHEME_MAP


@dataclass(frozen=True, kw_only=True)
class OrganisationSchemeMap(ItemSchemeMap):
    """Maps organisations."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.ORGANISATION_SCHEME_MAP


@dataclass(frozen=True, kw_only=True)
class ReportingTaxonomyMap(ItemSchemeMap):
    """Maps reporting categories."""

    artefact_class: ClassVar[ArtefactClass] = ArtefactClass.REPORTING_TAXONOMY_MAP
