"""Changes on their way to a writer: the data sets of `updatedAfter` and `includeHistory`.

One stream of rows fills them, one after another; a writer takes them in that order.
(SDMX REST 2.2, "Data queries"; the actions follow SDMX 3.1, "Actions".)
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack

import pyarrow as pa

from hub.formats.data import upper_columns, with_upper_attributes
from hub.formats.message import Action, DataSet
from hub.model import Role
from hub.rest.backend import Backend
from hub.rest.observations import (
    FEW_ROWS,
    Opened,
    Planned,
    change_log,
    closing_batches,
)
from hub.rest.offers import Form, is_flat
from hub.store import Part


def open_changes(
    backend: Backend, planned: Planned, form: Form, few: int = FEW_ROWS
) -> list[Opened]:
    """Open the data sets of what changed, those without rows left out.

    Of net changes what went comes first, then what is new or revised; of history, for each
    dissemination what it brought, then what it took away.
    """
    target, packaging = planned.target, planned.packaging
    log = change_log(backend, target, packaging.selection)
    if not log.steps:
        return []
    wanted = packaging.selection, packaging.columns, packaging.order
    changes = backend.changes(log, target.schema, *wanted)
    with ExitStack() as stack:
        stack.callback(changes.close)
        if not changes.parts:
            return []
        is_read = changes.rows <= few
        upper = () if is_flat(form) else upper_columns(target.schema, packaging.columns)
        above = changes.distinct(upper) if upper and not is_read else {}
        rows = _Rows(closing_batches(changes.batches()), changes.rows)
        opened = []
        for part in changes.parts:
            batches = rows.take(part.rows)
            held = list(batches) if is_read else None
            data_set = _data_set(planned, part, batches if held is None else held)
            if upper and not part.is_deletion:
                table = above[part.number] if held is None else pa.Table.from_batches(held)
                data_set = with_upper_attributes(data_set, table)
            opened.append(Opened(data_set, is_read))
        stack.pop_all()
    return opened


class _Rows:
    """A stream of so many rows that is taken piece by piece, and closed with the last."""

    def __init__(self, batches: Generator[pa.RecordBatch], rows: int) -> None:
        self._batches = batches
        self._rows = rows
        self._left: pa.RecordBatch | None = None

    def take(self, rows: int) -> Iterator[pa.RecordBatch]:
        """The next so many rows, once those before have been taken."""
        while rows:
            batch, self._left = self._left or next(self._batches), None
            if batch.num_rows > rows:
                self._left = batch.slice(rows)
                batch = batch.slice(0, rows)
            rows -= batch.num_rows
            self._rows -= batch.num_rows
            if not self._rows:
                self._batches.close()
            yield batch


def _data_set(planned: Planned, part: Part, batches: Iterable[pa.RecordBatch]) -> DataSet:
    """A data set to write.

    What went is told by its key alone. What is incomplete is merged, so that a replica keeps the
    rest; all else replaces what was there.
    """
    schema, packaging = planned.target.schema, planned.packaging
    columns, action = packaging.columns, Action.REPLACE
    if part.is_deletion:
        dimensions = {c.id for c in schema.columns if c.role in (Role.DIMENSION, Role.TIME)}
        columns, action = tuple(c for c in columns if c in dimensions), Action.DELETE
        batches = _only(columns, batches)
    elif packaging.is_partial:
        action = Action.MERGE
    valid_from, valid_to = part.at, None
    if part.at is None and not part.is_deletion:  # the state at an instant, or now
        valid_from = valid_to = packaging.selection.as_of
    elif part.is_deletion:
        valid_from, valid_to = None, part.at
    return DataSet(
        schema=schema,
        batches=batches,
        columns=columns,
        action=action,
        dimension_at_observation=packaging.dimension_at_observation,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _only(columns: Sequence[str], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield batch.select(columns)
