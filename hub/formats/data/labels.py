"""Localised names beside codes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.data.escape import concat
from hub.formats.data.piece import TEXT
from hub.model import ArtefactClass, Column, InternationalString, Schema


def context_name(schema: Schema) -> InternationalString:
    """The name of what data is written under: the dataflow's, where there is one."""
    is_structure = schema.context.artefact_class is ArtefactClass.DATA_STRUCTURE
    named = schema.structure if is_structure or schema.dataflow is None else schema.dataflow
    return named.name


class Labels:
    """The names of a column's codes in the best of some languages."""

    def __init__(self, column: Column, languages: Sequence[str]) -> None:
        self._column = column
        self._languages = languages

    @cached_property
    def _names(self) -> tuple[pa.Array, pa.Array]:
        codes = self._column.enumeration.items if self._column.enumeration is not None else ()
        named = [(code.id, code.name.best(self._languages)) for code in codes]
        named = [(code, name) for code, name in named if name]
        return (
            pa.array([code for code, _ in named], TEXT),
            pa.array([name for _, name in named], TEXT),
        )

    def name(self, values: pa.Array) -> pa.Array:
        """The name of each code; null where it has none."""
        codes, names = self._names
        return names.take(pc.index_in(values, value_set=codes))

    def name_or_nothing(self, values: pa.Array) -> pa.Array:
        """The name of each code, "" where it has none."""
        return self.name(values).fill_null("")

    def both(self, values: pa.Array) -> pa.Array:
        """`code: name`, or the bare value where there is no name."""
        return pc.coalesce(concat(values, ": ", self.name(values)), values)
