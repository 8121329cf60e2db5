"""Where the components of a structure stand in a data set, and which of them must be there.

Both schema languages are written from this. It follows the rules for structure-specific schemas
(SDMX-ML, "Data-Structure-Specific Schema"); an attribute stands at the lowest level that has one
of its dimensions, and may also stand above it where a rule names that level.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from hub.formats.schema.form import Usage
from hub.model import ALL_DIMENSIONS, Attachment, Column, Group, Role, Schema


@dataclass(frozen=True, kw_only=True)
class Places:
    """The components of a schema by the level they stand at.

    `at` is the dimension at observation level, or `AllDimensions`.
    """

    schema: Schema
    at: str
    usage: Usage = Usage.DECLARED

    @property
    def is_flat(self) -> bool:
        """True where observations stand without series."""
        return self.at == ALL_DIMENSIONS

    @cached_property
    def key(self) -> tuple[Column, ...]:
        """The dimensions of a series."""
        return () if self.is_flat else tuple(c for c in self.schema.dimensions if c.id != self.at)

    @cached_property
    def observation(self) -> tuple[Column, ...]:
        """The dimensions of an observation."""
        return self.schema.dimensions if self.is_flat else (self.schema.by_id[self.at],)

    @cached_property
    def dataset_attributes(self) -> tuple[Column, ...]:
        """The attributes of the whole data set."""
        return self._attached(Attachment.DATASET)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The groups whose dimensions the structure has."""
        known = {column.id for column in self.schema.dimensions}
        return tuple(g for g in self.schema.structure.groups if known.issuperset(g.dimensions))

    def group_dimensions(self, group: Group) -> tuple[Column, ...]:
        """The dimensions of a group."""
        return tuple(self.schema.by_id[id_] for id_ in group.dimensions)

    def group_attributes(self, group: Group) -> tuple[Column, ...]:
        """The attributes of a group."""
        return tuple(c for c in self._attached(Attachment.GROUP) if c.group == group.id)

    @cached_property
    def series_attributes(self) -> tuple[Column, ...]:
        """The attributes that are the same in all of a series."""
        return tuple(c for c in self._partial if self._is_of_series(c))

    @cached_property
    def observation_attributes(self) -> tuple[Column, ...]:
        """The attributes that may differ from observation to observation."""
        below = [c for c in self._partial if not self._is_of_series(c)]
        held = {c.id for c in (*below, *self._attached(Attachment.OBSERVATION))}
        return tuple(c for c in self.schema.attributes if c.id in held)

    @cached_property
    def split_attributes(self) -> tuple[Column, ...]:
        """The attributes of the observation that have a dimension of the series too."""
        return tuple(
            c
            for c in self._partial
            if self.key and not self._is_of_series(c) and {*c.dimensions} - {self.at}
        )

    @property
    def _partial(self) -> tuple[Column, ...]:
        return self._attached(Attachment.DIMENSIONS)

    def _is_of_series(self, column: Column) -> bool:
        return bool(self.key) and self.at not in column.dimensions

    def _attached(self, attachment: Attachment) -> tuple[Column, ...]:
        return tuple(c for c in self.schema.attributes if c.attachment is attachment)

    def requires(self, column: Column) -> bool:
        """Whether a component must be there, at the level it stands at."""
        if column.role in (Role.DIMENSION, Role.TIME):
            return self.usage is not Usage.DELETION
        return self.usage is Usage.DECLARED and column.is_mandatory
