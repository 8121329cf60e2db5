"""What stands in the files of this package, as values, before anything is resolved.

| file               | holds                                                        |
|--------------------|--------------------------------------------------------------|
| `concepts.toml`    | the concept scheme                                           |
| `MIG_*.toml`       | one data structure each, named as the file                   |
| `dataflows.toml`   | the dataflows                                                |
| `constraints.toml` | what dataflows may hold, and what structures may not         |
| `agencies.toml`    | the agencies                                                 |
| `MSD_MIG.toml`     | the metadata structure, its concepts and its flow            |
| `maps/*.toml`      | maps from dataflows of other agencies: `dsd.map_entries`     |
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from dsd.entry import Entry, Names, Version
from dsd.map_entries import MapFile
from hub.model import TextType

#: Among the values of a key: every area that may report. It has a space, so it is no code.
REPORTING_AREAS = "reporting areas"


class ConceptEntry(Entry, frozen=True):
    """A concept: coded by a shared list, or of a text type with facets."""

    name: Names
    description: str
    codelist: str | None = None
    text_type: TextType | None = None
    min_value: str | None = None
    max_value: str | None = None


class ConceptFile(Entry, frozen=True):
    """The concept scheme."""

    id: str
    version: Version
    name: Names
    description: str
    concepts: dict[str, ConceptEntry]


class MeasureEntry(Entry, frozen=True):
    """The measure of a structure."""

    id: str
    mandatory: bool


class AttributesEntry(Entry, frozen=True):
    """Attributes that attach alike; `dimensions` are those of the group.

    `lists` are those that hold several values at once, with how many at most.
    """

    attached_to: Literal["observation", "series", "group"]
    mandatory: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    lists: dict[str, int] = field(default_factory=dict)
    group: str | None = None
    dimensions: tuple[str, ...] = ()


class StructureFile(Entry, frozen=True):
    """A data structure; every component has the id of its concept. `dimensions` in key order."""

    version: Version
    name: Names
    description: str
    dimensions: tuple[str, ...]
    time: str
    measure: MeasureEntry
    attributes: tuple[AttributesEntry, ...]

    @property
    def components(self) -> tuple[str, ...]:
        """The ids of all components, in order; one that is there twice is given twice."""
        attributes = [id_ for e in self.attributes for id_ in (*e.mandatory, *e.optional)]
        return (*self.dimensions, self.time, self.measure.id, *attributes)


class DataflowEntry(Entry, frozen=True):
    """A dataflow under a structure of this package."""

    version: Version
    structure: str
    slice_by: str
    name: Names
    description: str
    written_by: Literal["derive"] | None = None


KeyEntries = dict[str, tuple[str, ...]]


class AllowedEntry(Entry, frozen=True):
    """The slice of its structure that a dataflow holds."""

    version: Version
    dataflow: str
    name: Names
    description: str
    keys: KeyEntries


class ForbiddenEntry(Entry, frozen=True):
    """A region of some structures that must be empty."""

    version: Version
    structures: tuple[str, ...]
    name: Names
    description: str
    keys: KeyEntries


class ConstraintFile(Entry, frozen=True):
    """The constraints by their id."""

    allowed: dict[str, AllowedEntry]
    forbidden: dict[str, ForbiddenEntry]


class AgencyEntry(Entry, frozen=True):
    """An agency."""

    name: Names
    description: str


class AgencyFile(Entry, frozen=True):
    """The agencies of the scheme of `agency`."""

    agency: str
    name: Names
    description: str
    agencies: dict[str, AgencyEntry]


class MetadataAttributeEntry(Entry, frozen=True):
    """A metadata attribute and its concept; `in_` is the attribute it is in, `max` 0 any number."""

    kind: Literal["text", "markup", "string", "date", "code", "group"]
    name: Names
    description: str
    codelist: str | None = None
    min: Annotated[int, Meta(ge=0)] = 0
    max: Annotated[int, Meta(ge=0)] = 1
    in_: str | None = field(name="in", default=None)


class NamedEntry(Entry, frozen=True):
    """An artefact that is made of what else stands in the file."""

    id: str
    version: Version
    name: Names
    description: str


class MetadataflowEntry(NamedEntry, frozen=True):
    """The flow; `targets` are URNs of what sets may be about, with `*` for any."""

    targets: tuple[str, ...]


class MetadataFile(NamedEntry, frozen=True):
    """The metadata structure; every attribute has the id of its concept."""

    scheme: NamedEntry
    flow: MetadataflowEntry
    attributes: dict[str, MetadataAttributeEntry]


class Package(Entry, frozen=True):
    """All files of a folder."""

    concepts: ConceptFile
    structures: dict[str, StructureFile]
    dataflows: dict[str, DataflowEntry]
    constraints: ConstraintFile
    agencies: AgencyFile
    metadata: MetadataFile
    maps: dict[str, MapFile] = field(default_factory=dict)
