"""Queries for data and availability as values: what REST v1 and v2 URLs parse into.

Section numbers refer to SDMX REST 2.2, "Data queries" and "Component filters".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hub.model.classes import ArtefactClass
from hub.model.version import VersionQuery, parse_version_query

ALL_DIMENSIONS = "AllDimensions"


class Operator(StrEnum):
    """The operators of component filters."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    CONTAINS = "co"
    NOT_CONTAINS = "nc"
    STARTS_WITH = "sw"
    ENDS_WITH = "ew"


@dataclass(frozen=True, slots=True)
class Predicate:
    """One operator with its value."""

    operator: Operator
    value: str


@dataclass(frozen=True, slots=True)
class ComponentFilter:
    """A filter on one component: any of `alternatives`, each of which all must hold.

    `c[X]=A,ge:B+le:C` is `((eq A), (ge B, le C))`.
    """

    component: str
    alternatives: tuple[tuple[Predicate, ...], ...]


#: A (partial) series key: for each position the values wanted, () for a wildcard. Positions that
#: are missing at the end are wildcards.
KeyPattern = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which observations of a flow are wanted, apart from how they are written.

    `keys` are alternatives; none means all. `attributes` and `measures` hold component ids or the
    standard's keywords. Counts and offsets are in observations. `as_of` is the instant whose state
    is meant, None for now; with `updated_after` only what changed since counts, in the state it
    came to, with `include_history` every change there was.
    """

    keys: tuple[KeyPattern, ...] = ()
    filters: tuple[ComponentFilter, ...] = ()
    first_n: int | None = None
    last_n: int | None = None
    offset: int = 0
    limit: int | None = None
    sort: tuple[tuple[str, bool], ...] = ()
    attributes: tuple[str, ...] = ("dsd",)
    measures: tuple[str, ...] = ("all",)
    updated_after: datetime | None = None
    as_of: datetime | None = None
    include_history: bool = False
    reporting_year_start: str = "--01-01"

    @property
    def is_about_changes(self) -> bool:
        """True where changes are asked for instead of a state."""
        return self.include_history or self.updated_after is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextQuery:
    """Which flows, structures or agreements a data query is about; empty tuples mean all.

    `providers` are (agency, id) pairs of API 1.x, agency None for any: only data that one of them
    provides is meant. Without `drafts`, versions with an extension are not meant: 1.x has no way
    to name them, and its `latest` is the latest in production.
    """

    context: ArtefactClass | None = None
    agencies: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    versions: VersionQuery = field(default_factory=lambda: parse_version_query("*"))
    providers: tuple[tuple[str | None, str], ...] = ()
    drafts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DataQuery:
    """A data query: context, selection, and how observations are packed."""

    context: ContextQuery
    selection: Selection = Selection()
    dimension_at_observation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityQuery:
    """An availability query; `components` empty means all dimensions.

    `mode` is `exact` or `available`; `references` as in structure queries. `is_v1` tells that it
    is asked in the words of API 1.x: about a dataflow, whoever provides it.
    """

    context: ContextQuery
    is_v1: bool = False
    selection: Selection = Selection()
    components: tuple[str, ...] = ()
    mode: str = "exact"
    references: tuple[str, ...] = ("none",)


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureQuery:
    """A structure query.

    `classes` are those of the artefact type; `is_v1` tells that it is asked in the words of API
    1.x, about what SDMX 2.1 has.
    `constraint_role` narrows data constraints to one role (API 1.x: `actualconstraint`).
    `references` holds the standard's keywords and REST names of artefact types. `drafts` as in
    `ContextQuery`. `as_of` is the instant whose artefacts are meant, None for now.
    """

    classes: tuple[ArtefactClass, ...]
    is_v1: bool = False
    constraint_role: str | None = None
    agencies: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    versions: VersionQuery = field(default_factory=lambda: parse_version_query("~"))
    drafts: bool = True
    items: tuple[str, ...] = ()
    detail: str = "full"
    references: tuple[str, ...] = ("none",)
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaQuery:
    """A schema query: what data may hold that is reported for one artefact.

    `context` is the REST name of the artefact's type. `deletion` tells whether the data deletes
    observations; None where the query does not say. `drafts` as in `ContextQuery`. `as_of` is the
    instant whose artefacts are meant, None for now.
    """

    context: str
    agency: str
    id: str
    versions: VersionQuery = field(default_factory=lambda: parse_version_query("~"))
    drafts: bool = True
    dimension_at_observation: str | None = None
    deletion: bool | None = None
    as_of: datetime | None = None
