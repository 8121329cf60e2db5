"""Observations on their way from the backend to a writer: opened, peeked at, closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

import pyarrow as pa

from hub.formats.data import DataForm, Family, with_upper_attributes
from hub.formats.message import Action, DataSet
from hub.model import Attachment, Selection
from hub.rest.backend import Backend
from hub.rest.packaging import Packaging
from hub.rest.targets import Target


@dataclass(frozen=True, slots=True)
class Planned:
    """A data set to be, with the way it is packed."""

    target: Target
    packaging: Packaging


def open_data_set(backend: Backend, planned: Planned, form: DataForm) -> DataSet | None:
    """Open a data set for writing; None where it has no observations."""
    target, packaging = planned.target, planned.packaging
    batches = _opened(_read(backend, planned, packaging.selection, packaging.columns))
    if batches is None:
        return None
    data_set = DataSet(
        schema=target.schema,
        batches=batches,
        columns=packaging.columns,
        action=_action(form, packaging),
        dimension_at_observation=packaging.dimension_at_observation,
    )
    upper = _upper_columns(planned)
    if not upper or form.family is Family.CSV:
        return data_set
    reader = _read(backend, planned, _one_row_a_series(packaging.selection), upper)
    filled = with_upper_attributes(data_set, reader.read_all())
    if filled.dataset_attributes is not None and not filled.dataset_attributes.num_rows:
        return replace(filled, dataset_attributes=None)  # no value: nothing stands above the series
    return filled


def paged(planned: Iterable[Planned], backend: Backend) -> list[Planned]:
    """Distribute `offset` and `limit` over several data sets, as if their rows were one sequence.

    A single data set is paged by the backend alone.
    """
    sets = list(planned)
    if len(sets) < 2 or not sets:
        return sets
    selection = sets[0].packaging.selection
    if not selection.offset and selection.limit is None:
        return sets
    skip, left = selection.offset, selection.limit
    pages = []
    for one in sets:
        most = None if left is None else skip + left
        rows = _count(backend, one, replace(one.packaging.selection, offset=0, limit=most))
        taken = max(0, rows - skip) if left is None else max(0, min(rows - skip, left))
        if taken:
            page = replace(one.packaging.selection, offset=skip, limit=taken)
            pages.append(replace(one, packaging=replace(one.packaging, selection=page)))
        skip = max(0, skip - rows)
        left = None if left is None else left - taken
        if left == 0:
            break
    return pages


def _count(backend: Backend, planned: Planned, selection: Selection) -> int:
    first = planned.packaging.columns[:1]
    return sum(batch.num_rows for batch in _read(backend, planned, selection, first))


def _read(
    backend: Backend, planned: Planned, selection: Selection, columns: tuple[str, ...]
) -> pa.RecordBatchReader:
    target = planned.target
    return backend.read(target.release, target.schema, selection, columns, planned.packaging.order)


def _opened(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch] | None:
    """Look for the first batch with rows; None where there is none."""
    batches = _closing(reader)
    first = next(batches, None)
    return None if first is None else chain((first,), batches)


def _closing(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    with reader:
        for batch in reader:
            if batch.num_rows:
                yield batch


def _action(form: DataForm, packaging: Packaging) -> Action:
    """The action of a data set: what is incomplete must not make a replica drop the rest.

    The 3.1 family tells it by Replace and Merge, older ones by Information.
    """
    if form.model != "3.1":
        return Action.INFORMATION
    return Action.MERGE if packaging.is_partial else Action.REPLACE


def _upper_columns(planned: Planned) -> tuple[str, ...]:
    """The columns from which attributes of data set and groups are found; () without such."""
    schema, chosen = planned.target.schema, planned.packaging.columns
    attributes = [
        column.id
        for column in schema.attributes
        if column.id in chosen and column.attachment in (Attachment.DATASET, Attachment.GROUP)
    ]
    return (*(column.id for column in schema.key), *attributes) if attributes else ()


def _one_row_a_series(selection: Selection) -> Selection:
    """The same series with one row each; a page keeps its rows, which say what series it has."""
    if selection.offset or selection.limit is not None:
        return selection
    return replace(selection, first_n=None, last_n=1, sort=())
