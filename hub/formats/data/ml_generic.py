"""The text of generic data (SDMX-ML 2.1): components are `Value` elements with id and value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.data.escape import xml_attribute
from hub.formats.data.layout import Layout
from hub.formats.data.piece import TEXT, Fixed, Piece, Varied, spell
from hub.formats.data.rows import Rows
from hub.formats.data.series import SeriesText
from hub.model import Column


@dataclass(frozen=True, slots=True)
class GenericText:
    """Spells generic data."""

    def data_set_attributes(self, columns: Sequence[Column], batch: Rows) -> list[Piece]:
        """The end of the start tag, and the attributes of the data set."""
        return [Fixed(">"), *_attributes(columns, batch)]

    def group(
        self, group: str, key: Sequence[Column], held: Sequence[Column], batch: Rows
    ) -> list[Piece]:
        """A `Group` element; its key, then its attributes."""
        start = f'\n<generic:Group type="{group}"><generic:GroupKey>'
        return [
            Fixed(start),
            *_values(key, batch),
            Fixed("</generic:GroupKey>"),
            *_attributes(held, batch),
            Fixed("</generic:Group>"),
        ]

    def series(self, layout: Layout) -> SeriesText:
        """`Series` elements around `Obs` elements."""
        return SeriesText(
            opening=lambda batch: _opening(layout, batch),
            observation=lambda batch: _observation(layout, batch),
            closing="</generic:Series>",
        )

    def flat(self, layout: Layout, batch: Rows) -> list[Piece]:
        """An `Obs` element with all dimensions."""
        return [
            Fixed("\n<generic:Obs><generic:ObsKey>"),
            *_values(layout.observation, batch),
            Fixed("</generic:ObsKey>"),
            *_end_of_observation(layout, batch),
        ]


def _opening(layout: Layout, batch: Rows) -> list[Piece]:
    return [
        Fixed("\n<generic:Series><generic:SeriesKey>"),
        *_values(layout.key, batch),
        Fixed("</generic:SeriesKey>"),
        *_attributes(layout.series_attributes, batch),
    ]


def _observation(layout: Layout, batch: Rows) -> list[Piece]:
    if not layout.observation:
        return []
    (dimension,) = layout.observation
    key = _element("ObsDimension", dimension, batch)
    return [Fixed("\n<generic:Obs>"), key, *_end_of_observation(layout, batch)]


def _end_of_observation(layout: Layout, batch: Rows) -> list[Piece]:
    return [
        *(_element("ObsValue", measure, batch) for measure in layout.measures),
        *_attributes(layout.observation_attributes, batch),
        Fixed("</generic:Obs>"),
    ]


def _values(columns: Sequence[Column], batch: Rows) -> list[Piece]:
    return [_element("Value", column, batch) for column in columns]


def _element(name: str, column: Column, batch: Rows) -> Piece:
    start = f'<generic:{name} id="{column.id}" value="'
    return spell(batch.column(column.id), xml_attribute).affixed(start, '"/>').or_else("")


def _attributes(columns: Sequence[Column], batch: Rows) -> list[Piece]:
    """The `Attributes` element, left out on rows that have none: it may not be empty."""
    if not columns:
        return []
    if any(column.id in batch.fixed and batch.column(column.id)[0].is_valid for column in columns):
        start, end = Fixed("<generic:Attributes>"), Fixed("</generic:Attributes>")
        return [start, *_values(columns, batch), end]
    varied = [column for column in columns if column.id not in batch.fixed]
    if not varied:
        return []
    missing = reduce(pc.and_, (pc.is_null(batch.column(c.id)) for c in varied))
    index = missing.cast(pa.int32())
    return [
        Varied(pa.array(["<generic:Attributes>", ""], TEXT), index),
        *_values(varied, batch),
        Varied(pa.array(["</generic:Attributes>", ""], TEXT), index),
    ]
