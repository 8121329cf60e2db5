"""What stands in the files of this package, as values, before anything is resolved.

| file               | holds                                                        |
|--------------------|--------------------------------------------------------------|
| `concepts.toml`    | the concept scheme                                           |
| `MIG_*.toml`       | one data structure each, named as the file                   |
| `dataflows.toml`   | the dataflows                                                |
| `constraints.toml` | what dataflows may hold, and what structures may not         |
| `agencies.toml`    | the agencies                                                 |
| `MSD_MIG.toml`     | the metadata structure, its concepts and its flow            |
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from hub.model import TextType

#: Among the values of a key: every area that may report. It has a space, so it is no code.
REPORTING_AREAS = "reporting areas"

Version = Annotated[str, Meta(pattern=r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$")]
Names = dict[str, str]


class _Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry of a file: a key that it does not know is an error."""


class ConceptEntry(_Entry, frozen=True):
    """A concept: coded by a shared list, or of a text type with facets."""

    name: Names
    description: str
    codelist: str | None = None
    text_type: TextType | None = None
    min_value: str | None = None
    max_value: str | None = None


class ConceptFile(_Entry, frozen=True):
    """The concept scheme."""

    id: str
    version: Version
    name: Names
    description: str
    concepts: dict[str, ConceptEntry]


class MeasureEntry(_Entry, frozen=True):
    """The measure of a structure."""

    id: str
    mandatory: bool


class AttributesEntry(_Entry, frozen=True):
    """Attributes that attach alike; `dimensions` are those of the group.

    `lists` are those that hold several values at once, with how many at most.
    """

    attached_to: Literal["observation", "series", "group"]
    mandatory: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    lists: dict[str, int] = {}
    group: str | None = None
    dimensions: tuple[str, ...] = ()


class StructureFile(_Entry, frozen=True):
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


class DataflowEntry(_Entry, frozen=True):
    """A dataflow under a structure of this package."""

    version: Version
    structure: str
    slice_by: str
    name: Names
    description: str
    written_by: Literal["derive"] | None = None


KeyEntries = dict[str, tuple[str, ...]]


class AllowedEntry(_Entry, frozen=True):
    """The slice of its structure that a dataflow holds."""

    version: Version
    dataflow: str
    name: Names
    description: str
    keys: KeyEntries


class ForbiddenEntry(_Entry, frozen=True):
    """A region of some structures that must be empty."""

    version: Version
    structures: tuple[str, ...]
    name: Names
    description: str
    keys: KeyEntries


class ConstraintFile(_Entry, frozen=True):
    """The constraints by their id."""

    allowed: dict[str, AllowedEntry]
    forbidden: dict[str, ForbiddenEntry]


class AgencyEntry(_Entry, frozen=True):
    """An agency."""

    name: Names
    description: str


class AgencyFile(_Entry, frozen=True):
    """The agencies of the scheme of `agency`."""

    agency: str
    name: Names
    description: str
    agencies: dict[str, AgencyEntry]


class MetadataAttributeEntry(_Entry, frozen=True):
    """A metadata attribute and its concept; `in_` is the attribute it is in, `max` 0 any number."""

    kind: Literal["text", "markup", "string", "date", "code", "group"]
    name: Names
    description: str
    codelist: str | None = None
    min: Annotated[int, Meta(ge=0)] = 0
    max: Annotated[int, Meta(ge=0)] = 1
    in_: str | None = field(name="in", default=None)


class NamedEntry(_Entry, frozen=True):
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


class Package(_Entry, frozen=True):
    """All files of a folder."""

    concepts: ConceptFile
    structures: dict[str, StructureFile]
    dataflows: dict[str, DataflowEntry]
    constraints: ConstraintFile
    agencies: AgencyFile
    metadata: MetadataFile
