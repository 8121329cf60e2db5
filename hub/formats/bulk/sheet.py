"""The columns of a data set as they stand in a bulk file: types, metadata, even pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import pyarrow as pa

from hub.engine import arrow_field, repeated
from hub.formats.message import DataSet, Header, instant
from hub.model import Attachment, Column

#: Metadata is named as here, after this prefix.
PREFIX = "sdmx."


def sheet_schema(header: Header, dataset: DataSet) -> pa.Schema:
    """The Arrow schema of a data set: its columns in the order of the structure, and what it is.

    The metadata of the schema names the message (`id`, `sender`, `prepared`), what it is data of
    (`context`, `structure`: URNs), what to do with it (`action`) and, where that is told, when it
    is valid (`validFrom`, `validTo`); that of a field its `role`, the list of its codes
    (`enumeration`) and, for attributes, what it is `attached` to.
    """
    columns = [column for column in dataset.schema.columns if column.id in dataset.columns]
    facts = {
        "id": header.id,
        "sender": header.sender,
        "prepared": instant(header.prepared),
        "context": dataset.schema.context.urn,
        "structure": dataset.schema.structure.reference.urn,
        "action": dataset.action.value,
    }
    for name, at in (("validFrom", dataset.valid_from), ("validTo", dataset.valid_to)):
        if at is not None:
            facts[name] = instant(at)
    fields = [arrow_field(column).with_metadata(_named(_facts(column))) for column in columns]
    return pa.schema(fields, _named(facts))


def _facts(column: Column) -> dict[str, str]:
    facts = {"role": column.role.value}
    if column.enumeration is not None:
        facts["enumeration"] = column.enumeration.reference.urn
    if column.attachment is not Attachment.OBSERVATION:
        facts["attached"] = " ".join(column.dimensions)
    return facts


def _named(facts: dict[str, str]) -> dict[str, str]:
    return {PREFIX + name: value for name, value in facts.items()}


def even_pieces(
    batches: Iterable[pa.RecordBatch],
    schema: pa.Schema,
    rows: int,
    fixed: Mapping[str, pa.Array] = MappingProxyType({}),
) -> Iterator[pa.RecordBatch]:
    """The observations in pieces of so many rows, the last with what is left.

    However they came, the pieces are the same: they have the types of the schema, borders are
    moved, and what is `fixed` is on every row. At most one piece and one batch are held.
    """
    held: list[pa.Table] = []
    count = 0
    for batch in batches:
        table = _plain(batch, schema, fixed)
        while count + table.num_rows >= rows:
            taken = rows - count
            yield _one([*held, table.slice(0, taken)])
            held, count, table = [], 0, table.slice(taken)
        if table.num_rows:
            held.append(table)
            count += table.num_rows
    if count:
        yield _one(held)


def _plain(batch: pa.RecordBatch, schema: pa.Schema, fixed: Mapping[str, pa.Array]) -> pa.Table:
    columns = [
        repeated(fixed[field.name], batch.num_rows, field.type)
        if field.name in fixed
        else batch.column(field.name).cast(field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _one(tables: list[pa.Table]) -> pa.RecordBatch:
    # A single slice would stay one, and what lies around it would show in the bytes written; with
    # something to combine it is copied.
    together = pa.concat_tables([*tables, tables[0].slice(0, 0)]).combine_chunks()
    (batch,) = together.to_batches()
    return batch
