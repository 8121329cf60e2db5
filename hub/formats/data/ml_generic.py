"""The text of generic data (SDMX-ML 2.1): components are `Value` elements with id and value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.data.escape import xml_attribute
from hub.formats.data.layout import Layout
from hub.formats.data.piece import TEXT, Piece, constant, spell
from hub.formats.data.series import SeriesText
from hub.model import Column


@dataclass(frozen=True, slots=True)
class GenericText:
    """Spells generic data."""

    def data_set_attributes(self, columns: Sequence[Column], batch: pa.RecordBatch) -> list[Piece]:
        """The end of the start tag, and the attributes of the data set."""
        return [constant(">"), *_attributes(columns, batch)]

    def group(
        self, group: str, key: Sequence[Column], held: Sequence[Column], batch: pa.RecordBatch
    ) -> list[Piece]:
        """A `Group` element; its key, then its attributes."""
        start = f'\n<generic:Group type="{group}"><generic:GroupKey>'
        return [
            constant(start),
            *_values(key, batch),
            constant("</generic:GroupKey>"),
            *_attributes(held, batch),
            constant("</generic:Group>"),
        ]

    def series(self, layout: Layout) -> SeriesText:
        """`Series` elements around `Obs` elements."""
        return SeriesText(
            opening=lambda batch: _opening(layout, batch),
            observation=lambda batch: _observation(layout, batch),
            closing="</generic:Series>",
        )

    def flat(self, layout: Layout, batch: pa.RecordBatch) -> list[Piece]:
        """An `Obs` element with all dimensions."""
        return [
            constant("\n<generic:Obs><generic:ObsKey>"),
            *_values(layout.observation, batch),
            constant("</generic:ObsKey>"),
            *_end_of_observation(layout, batch),
        ]


def _opening(layout: Layout, batch: pa.RecordBatch) -> list[Piece]:
    return [
        constant("\n<generic:Series><generic:SeriesKey>"),
        *_values(layout.key, batch),
        constant("</generic:SeriesKey>"),
        *_attributes(layout.series_attributes, batch),
    ]


def _observation(layout: Layout, batch: pa.RecordBatch) -> list[Piece]:
    if not layout.observation:
        return []
    (dimension,) = layout.observation
    key = _element("ObsDimension", dimension, batch)
    return [constant("\n<generic:Obs>"), key, *_end_of_observation(layout, batch)]


def _end_of_observation(layout: Layout, batch: pa.RecordBatch) -> list[Piece]:
    return [
        *(_element("ObsValue", measure, batch) for measure in layout.measures),
        *_attributes(layout.observation_attributes, batch),
        constant("</generic:Obs>"),
    ]


def _values(columns: Sequence[Column], batch: pa.RecordBatch) -> list[Piece]:
    return [_element("Value", column, batch) for column in columns]


def _element(name: str, column: Column, batch: pa.RecordBatch) -> Piece:
    start = f'<generic:{name} id="{column.id}" value="'
    return spell(batch.column(column.id), xml_attribute).affixed(start, '"/>').or_else("")


def _attributes(columns: Sequence[Column], batch: pa.RecordBatch) -> list[Piece]:
    """The `Attributes` element, left out on rows that have none: it may not be empty."""
    if not columns:
        return []
    missing = reduce(pc.and_, (pc.is_null(batch.column(c.id)) for c in columns))
    index = missing.cast(pa.int32())
    start = Piece(pa.array(["<generic:Attributes>", ""], TEXT), index)
    end = Piece(pa.array(["</generic:Attributes>", ""], TEXT), index)
    return [start, *_values(columns, batch), end]
