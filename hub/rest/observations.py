"""Observations on their way from the backend to a writer: opened, peeked at, closed."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from hub.engine import repeated, storage_type
from hub.formats.bulk import BulkForm
from hub.formats.data import upper_columns, with_upper_attributes
from hub.formats.message import Action, DataSet
from hub.model import ChangeLog, Role, Schema, Selection
from hub.rest.backend import Backend
from hub.rest.offers import Form, is_flat
from hub.rest.packaging import Packaging
from hub.rest.targets import Target

#: Rows read before the first byte. An answer of no more is short: it is written before it is sent,
#: and needs no second query for what stands above its series.
FEW_ROWS = 10_000
#: Rows of the first piece that is written.
_FIRST_CUT = 1_024


@dataclass(frozen=True, slots=True)
class Planned:
    """A data set to be, with the way it is packed."""

    target: Target
    packaging: Packaging


@dataclass(frozen=True, slots=True)
class Opened:
    """A data set that has observations; `is_read` where all of them have been read already."""

    data_set: DataSet
    is_read: bool


def change_log(backend: Backend, target: Target, selection: Selection) -> ChangeLog:
    """What changed in a target, as far back as a selection asks."""
    log = backend.change_log(target.release, selection.updated_after)
    return log.of_provider(target.provider)


def open_data_set(
    backend: Backend, planned: Planned, form: Form, few: int = FEW_ROWS
) -> Opened | None:
    """Open a data set for writing; None where it has no observations.

    Reading begins here, with `few` rows. What is not read to its end must be closed, as its
    generator is.
    """
    target, packaging = planned.target, planned.packaging
    known = backend.fixed(target.release, target.schema)
    fixed = {name: known[name] for name in packaging.columns if name in known}
    varying = tuple(name for name in packaging.columns if name not in fixed)
    # Something must be read to tell the rows.
    read = varying or (target.schema.dimensions[-1].id,)
    batches = closing_batches(_read(backend, planned, packaging.selection, read))
    first, is_all = _first_rows(batches, few)
    if not first:
        return None
    data_set = DataSet(
        schema=target.schema,
        batches=first if is_all else _growing(first, batches),
        columns=packaging.columns,
        fixed=fixed,
        action=_action(form, packaging),
        dimension_at_observation=packaging.dimension_at_observation,
        languages=_languages(backend, planned, varying, first if is_all else None)
        if is_flat(form)
        else (),
        valid_from=packaging.selection.as_of,
        valid_to=packaging.selection.as_of,
    )
    upper = upper_columns(target.schema, packaging.columns)
    if upper and not is_flat(form):
        varied = _varied(target.schema, upper, fixed)
        if not varied:
            rows = pa.table({})
        elif is_all:
            rows = pa.Table.from_batches(first)
        else:
            rows = _distinct(backend, planned, varied)
        data_set = with_upper_attributes(data_set, _whole(rows, upper, data_set))
    return Opened(data_set, is_all)


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
        rows = count_rows(backend, one, replace(one.packaging.selection, offset=0, limit=most))
        taken = max(0, rows - skip) if left is None else max(0, min(rows - skip, left))
        if taken:
            page = replace(one.packaging.selection, offset=skip, limit=taken)
            pages.append(replace(one, packaging=replace(one.packaging, selection=page)))
        skip = max(0, skip - rows)
        left = None if left is None else left - taken
        if left == 0:
            break
    return pages


def count_rows(backend: Backend, planned: Planned, selection: Selection) -> int:
    """How many rows the data sets of a plan have."""
    target, packaging = planned.target, planned.packaging
    if selection.is_about_changes:
        log = change_log(backend, target, selection)
        with closing(backend.changes(log, target.schema, selection, packaging.columns)) as changes:
            return changes.rows
    first = (target.schema.dimensions[-1].id,)
    return sum(batch.num_rows for batch in _read(backend, planned, selection, first))


def _read(
    backend: Backend, planned: Planned, selection: Selection, columns: tuple[str, ...]
) -> pa.RecordBatchReader:
    target = planned.target
    return backend.read(target.release, target.schema, selection, columns, planned.packaging.order)


def _first_rows(batches: Iterator[pa.RecordBatch], few: int) -> tuple[list[pa.RecordBatch], bool]:
    """The first batches, some rows at least, and whether they are all."""
    first: list[pa.RecordBatch] = []
    while sum(batch.num_rows for batch in first) < few:
        batch = next(batches, None)
        if batch is None:
            return first, True
        first.append(batch)
    return first, False


def _growing(
    first: Sequence[pa.RecordBatch], batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """All batches, the first cut so that the first bytes leave before many rows are written."""
    for number, batch in enumerate(first):
        start, rows = 0, _FIRST_CUT
        while not number and batch.num_rows - start > rows:
            yield batch.slice(start, rows)
            start, rows = start + rows, rows * 4
        yield batch.slice(start)
    yield from batches


def closing_batches(reader: pa.RecordBatchReader) -> Generator[pa.RecordBatch]:
    """The batches of a reader that have rows; it is closed with them."""
    with reader:
        for batch in reader:
            if batch.num_rows:
                yield batch


def _action(form: Form, packaging: Packaging) -> Action:
    """The action of a data set: what is incomplete must not make a replica drop the rest.

    The 3.1 family and bulk files tell it by Replace and Merge, older ones by Information.
    """
    if not isinstance(form, BulkForm) and form.model != "3.1":
        return Action.INFORMATION
    return Action.MERGE if packaging.is_partial else Action.REPLACE


def _languages(
    backend: Backend,
    planned: Planned,
    varying: Sequence[str],
    rows: Sequence[pa.RecordBatch] | None,
) -> tuple[str, ...]:
    """The languages that texts come in: SDMX-CSV names them before the first row.

    They are in columns that vary; one that does not has no text at all. `rows` None means that
    there are more than are held; then these columns are read once before.
    """
    by_id = planned.target.schema.by_id
    names = tuple(name for name in varying if by_id[name].is_multilingual)
    if not names:
        return ()
    batches: Iterable[pa.RecordBatch] = rows or ()
    if rows is None:
        batches = closing_batches(_read(backend, planned, planned.packaging.selection, names))
    found: set[str] = set()
    for batch in batches:
        for name in names:
            array = batch.column(name) if name in batch.schema.names else pa.nulls(0)
            if pa.types.is_map(array.type):
                pairs = pc.list_flatten(array.cast(pa.list_(array.type.field(0).type)))
                found.update(pc.unique(pairs.field(0)).to_pylist())
    return tuple(sorted(found))


def _varied(schema: Schema, upper: Sequence[str], fixed: Mapping[str, pa.Array]) -> tuple[str, ...]:
    """Those of the columns above the series that must be read; () where no attribute has a value.

    A group has no row where its attributes have no value.
    """
    attributes = [name for name in upper if schema.by_id[name].role is Role.ATTRIBUTE]
    if all(name in fixed and fixed[name].null_count for name in attributes):
        return ()
    varied = tuple(name for name in upper if name not in fixed)
    return varied or (schema.dimensions[-1].id,)


def _whole(rows: pa.Table, columns: Sequence[str], data_set: DataSet) -> pa.Table:
    """Rows with all of some columns, fixed ones too."""
    kinds = {name: storage_type(data_set.schema.by_id[name]) for name in columns}
    return pa.table(
        {
            name: rows.column(name)
            if name in rows.column_names
            else repeated(data_set.fixed.get(name, pa.nulls(1)), rows.num_rows, kind)
            for name, kind in kinds.items()
        }
    )


def _distinct(backend: Backend, planned: Planned, columns: tuple[str, ...]) -> pa.Table:
    """The different rows in some columns; of a series any observation tells them.

    A page keeps its rows, which say what series it has.
    """
    target, selection = planned.target, planned.packaging.selection
    if not selection.offset and selection.limit is None:
        selection = replace(selection, first_n=None, last_n=None, sort=())
    return backend.distinct(target.release, target.schema, selection, columns)
