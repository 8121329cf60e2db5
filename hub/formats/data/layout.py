"""At which level of a message each column of a data set is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.errors import Internal, Unprocessable
from hub.formats.memo import derived
from hub.formats.message import DataSet
from hub.model import ALL_DIMENSIONS, Attachment, Column, Role, Schema


@dataclass(frozen=True, slots=True)
class Levels:
    """Which levels above the series a form has a place for."""

    dataset: bool = True
    groups: bool = True
    #: A key must tell its group: two groups with the same dimensions cannot be told apart.
    groups_by_key: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a data set, by the level they are written at.

    `at_observation` is what the header calls dimensionAtObservation. `key` are the dimensions of
    the series, empty for a flat data set; `observation` those of an observation: all for a flat
    data set, none where only series are written.
    """

    at_observation: str
    key: tuple[Column, ...]
    observation: tuple[Column, ...]
    measures: tuple[Column, ...]
    dataset_attributes: tuple[Column, ...]
    group_attributes: tuple[tuple[str, tuple[Column, ...]], ...]
    series_attributes: tuple[Column, ...]
    observation_attributes: tuple[Column, ...]

    @property
    def is_flat(self) -> bool:
        """True for `AllDimensions`: observations without series."""
        return not self.key

    @property
    def dimensions(self) -> tuple[Column, ...]:
        """The dimensions written: those of the series, then those of the observation."""
        return (*self.key, *self.observation)

    @property
    def signature(self) -> tuple[tuple[str, ...], ...]:
        """The ids at each level: equal for data sets that can share a description."""
        levels = (
            self.key,
            self.observation,
            self.measures,
            self.dataset_attributes,
            *(held for _, held in self.group_attributes),
            self.series_attributes,
            self.observation_attributes,
        )
        return tuple(tuple(column.id for column in level) for level in levels)

    def group_dimensions(self, group: str, schema: Schema) -> tuple[Column, ...]:
        """The dimensions of a group."""
        named = next(g.dimensions for g in schema.structure.groups if g.id == group)
        return tuple(schema.by_id[dimension] for dimension in named)


def at_observation(dataset: DataSet) -> str:
    """The dimension at observation level of a data set, or `AllDimensions`."""
    return dimension_at_observation(dataset.schema, dataset.dimension_at_observation)


def dimension_at_observation(schema: Schema, wanted: str | None) -> str:
    """The dimension at observation level: what is wanted, else time, else `AllDimensions`.

    A structure whose only dimension is that one has no series: it is flat. Raises Unprocessable
    where the dimension asked for is not one of the structure's.
    """
    if wanted is None:
        wanted = schema.time.id if schema.time is not None else ALL_DIMENSIONS
    known = [dimension.id for dimension in schema.dimensions]
    if wanted not in (*known, ALL_DIMENSIONS):
        raise Unprocessable(
            f"dimensionAtObservation={wanted}: {schema.context} has no such dimension; "
            f"it has {', '.join(known)}, and {ALL_DIMENSIONS} asks for a flat data set"
        )
    return ALL_DIMENSIONS if known == [wanted] else wanted


def lay_out(dataset: DataSet, levels: Levels, columns: tuple[str, ...] | None = None) -> Layout:
    """Find the level of each column; `columns` overrides those of the data set.

    An attribute above the level of the observation goes to the series where the series' key has
    all of its dimensions, else to the observation.
    """
    columns = dataset.columns if columns is None else columns
    upper = _upper(dataset, levels)
    at, groups = at_observation(dataset), tuple(dataset.groups)
    key = ("layout", at, columns, groups, *upper.items())
    return derived(
        dataset.schema, key, lambda: _lay_out(dataset.schema, at, columns, upper, groups)
    )


def _lay_out(
    schema: Schema,
    at: str,
    columns: tuple[str, ...],
    upper: Mapping[str, str],
    groups: Sequence[str],
) -> Layout:
    chosen = _chosen(schema, columns)
    dimensions = [c for c in chosen if c.role in (Role.DIMENSION, Role.TIME)]
    key = tuple(c for c in dimensions if c.id != at) if at != ALL_DIMENSIONS else ()
    attributes = [c for c in chosen if c.role is Role.ATTRIBUTE]
    key_ids = {c.id for c in key}
    at_series = [
        c
        for c in attributes
        if c.id not in upper
        and key
        and c.attachment is not Attachment.OBSERVATION
        and key_ids.issuperset(c.dimensions)
    ]
    taken = upper.keys() | {c.id for c in at_series}
    return Layout(
        at_observation=at,
        key=key,
        observation=tuple(c for c in dimensions if c not in key),
        measures=tuple(c for c in chosen if c.role is Role.MEASURE),
        dataset_attributes=tuple(c for c in attributes if upper.get(c.id) == ""),
        group_attributes=tuple(
            (group, found)
            for group in groups
            if (found := tuple(c for c in attributes if upper.get(c.id) == group))
        ),
        series_attributes=tuple(at_series),
        observation_attributes=tuple(c for c in attributes if c.id not in taken),
    )


def _chosen(schema: Schema, columns: tuple[str, ...]) -> list[Column]:
    unknown = [name for name in columns if name not in schema.by_id]
    if unknown:
        raise Internal(f"{schema.context} has no components {', '.join(unknown)} to write")
    wanted = set(columns)
    return [column for column in schema.columns if column.id in wanted]


def _upper(dataset: DataSet, levels: Levels) -> dict[str, str]:
    """For attributes written above the series: the group, or "" for the data set."""
    schema, upper = dataset.schema, dict[str, str]()
    table = dataset.dataset_attributes
    if levels.dataset and table is not None and table.num_rows:
        upper.update(dict.fromkeys(table.column_names, ""))
    if not levels.groups:
        return upper
    keys: set[frozenset[str]] = set()
    known = {group.id: frozenset(group.dimensions) for group in schema.structure.groups}
    for group, table in dataset.groups.items():
        if group not in known:
            raise Internal(f"{schema.structure.reference} has no group {group}")
        if levels.groups_by_key and known[group] in keys:
            continue
        keys.add(known[group])
        for name in table.column_names:
            if schema.by_id[name].group == group:
                upper[name] = group
    return upper
