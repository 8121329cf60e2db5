"""SDMX-ML data messages: header, data sets, groups, series; structure-specific or generic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Protocol

import pyarrow as pa

from hub.formats.data.form import DataForm, Family
from hub.formats.data.layout import Layout, Levels, lay_out
from hub.formats.data.ml_generic import GenericText
from hub.formats.data.ml_header import (
    Payload,
    close_message,
    open_data_set,
    open_message,
    payloads,
)
from hub.formats.data.ml_specific import SpecificText
from hub.formats.data.nested import simplified
from hub.formats.data.piece import Piece, spell_column, value_bytes
from hub.formats.data.rows import Rows, first_row, rows_of, rows_of_table
from hub.formats.data.series import SeriesText, write_rows, write_series
from hub.formats.message import DataSet, Header
from hub.model import Column


class _Dialect(Protocol):
    """What differs between structure-specific and generic messages."""

    def data_set_attributes(self, columns: Sequence[Column], batch: Rows) -> list[Piece]: ...

    def group(
        self, group: str, key: Sequence[Column], held: Sequence[Column], batch: Rows
    ) -> list[Piece]: ...

    def series(self, layout: Layout) -> SeriesText: ...

    def flat(self, layout: Layout, batch: Rows) -> list[Piece]: ...


def write_ml(
    header: Header, datasets: Sequence[DataSet], form: DataForm, languages: tuple[str, ...]
) -> Iterator[bytes]:
    """Write an SDMX-ML message.

    In SDMX 3.x, several values and texts in several languages become `Comp` elements, typed
    `<id>_ATTRIBUTE` or `<id>_MEASURE` as in the standard's sample; in 2.1 they are simplified.
    """
    structures = payloads(datasets)
    yield open_message(header, form, structures).encode()
    for dataset, payload in zip(datasets, structures, strict=True):
        yield from _data_set(dataset, form, payload, languages)
    yield close_message(form).encode()


def _data_set(
    dataset: DataSet, form: DataForm, payload: Payload, languages: tuple[str, ...]
) -> Iterator[bytes]:
    layout = lay_out(dataset, Levels())
    dialect: _Dialect = (
        GenericText() if form.family is Family.GENERIC else SpecificText(form, payload.prefix)
    )

    def prepared(batches: Iterable[Rows]) -> Iterable[Rows]:
        return (simplified(b, languages) for b in batches) if form.is_simple else batches

    yield open_data_set(dataset, form, payload).encode()
    table = dataset.dataset_attributes if layout.dataset_attributes else None
    first = Rows(pa.RecordBatch.from_pylist([{}])) if table is None else first_row(table)
    (row,) = prepared([first])
    yield value_bytes(spell_column(dialect.data_set_attributes(layout.dataset_attributes, row), 1))
    for group, held in layout.group_attributes:
        key = layout.group_dimensions(group, dataset.schema)
        batches = prepared(rows_of_table(dataset.groups[group]))
        yield from write_rows(batches, partial(dialect.group, group, key, held))
    if layout.is_flat:
        yield from write_rows(prepared(rows_of(dataset)), partial(dialect.flat, layout))
    else:
        key_ids = [column.id for column in layout.key]
        yield from write_series(prepared(rows_of(dataset)), key_ids, dialect.series(layout))
    yield b"</message:DataSet>\n"
