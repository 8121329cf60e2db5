"""Rows to delete single values: which components they mark.

A row to delete may be empty beside its key, or mark every measure: then the observation goes. One
that marks some attributes or measures, with whatever value, deletes these alone (SDMX 3.1,
"Action": a deletion takes place at the lowest level present).
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from hub.formats.message import Action
from hub.model import Role, Schema
from hub.publish.actions import asks_for
from hub.publish.findings import Findings

#: By component, which rows ask to delete its value alone; those that no row marks are left out.
Marks = Mapping[str, pa.BooleanArray]


def without_marks(
    table: pa.Table, actions: pa.DictionaryArray, schema: Schema
) -> tuple[pa.Table, Marks]:
    """Clear what rows to delete say beside their key, and tell what single values they mark."""
    deleted = asks_for(actions, Action.DELETE)
    if not pc.any(deleted).as_py():
        return table, {}
    there = [c for c in (*schema.measures, *schema.attributes) if c.id in table.column_names]
    given = {c.id: table.column(c.id).is_valid().combine_chunks() for c in there}
    whole = pa.repeat(bool(schema.measures), table.num_rows)
    for column in schema.measures:
        whole = pc.and_(whole, given.get(column.id, pa.scalar(False)))
    partial = pc.and_not(deleted, whole)
    for column in there:
        values = table.column(column.id)
        cleared = pc.if_else(deleted, pa.scalar(None, values.type), values)
        table = table.set_column(table.schema.get_field_index(column.id), column.id, cleared)
    marks = {name: pc.and_(is_given, partial) for name, is_given in given.items()}
    return table, {name: marked for name, marked in marks.items() if marked.true_count}


def check_marks(marks: Marks, schema: Schema, findings: Findings) -> None:
    """Tell rows that would leave an observation without something mandatory."""
    for name, marked in marks.items():
        column = schema.by_id[name]
        if column.is_mandatory:
            kind = "measure" if column.role is Role.MEASURE else "attribute"
            message = (
                f"{name} is a mandatory {kind}, so its value cannot be deleted by itself: leave "
                "all but the dimensions empty to delete the observation, or give another value "
                "with the action M"
            )
            findings.add_rows(pc.indices_nonzero(marked), "mandatory-delete", message, name)


def is_marking(marks: Marks, rows: int) -> pa.BooleanArray:
    """Which of so many rows delete single values."""
    found = pa.repeat(False, rows)
    for marked in marks.values():
        found = pc.or_(found, marked)
    return found
