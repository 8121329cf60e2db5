"""Persons, decisions and crossings: each is counted in its own unit, and they are never added."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from connectors.national.found import of_pairs, of_rows, pairs_of
from connectors.templates import Template
from hub.errors import Finding
from hub.formats.message import RawData
from hub.model import Schema

#: What can be counted, and so could be added by mistake.
COUNTED = {"PS": "persons", "DEC": "decisions", "CROSS": "crossings"}
_UNIT, _TOTAL, _PERSONS = "UNIT_MEASURE", "_T", "PS"
_TEXT = pa.string()


def check_units(kind: Template, raw: RawData, schema: Schema) -> Iterator[Finding]:
    """Events that pass for persons, and totals over units.

    That persons do not pass for events, the validator sees in every submission.
    """
    if _UNIT not in raw.table.column_names:
        return
    for component, units in kind.units.items():
        if component in raw.table.column_names:
            yield from _wrong_units(component, units, raw)
    yield from _mixed(raw, schema)


def _wrong_units(component: str, units: dict[str, list[str]], raw: RawData) -> Iterator[Finding]:
    messages = {}
    for value, found in pairs_of(raw, component, _UNIT):
        right = units.get(value)
        if found == _PERSONS and right is not None and found not in right:
            named = " or ".join(f"{one} ({COUNTED[one]})" for one in right)
            messages[value, found] = (
                f"{component} {value} is counted in {named}, here it is in persons ({found}): "
                "persons, decisions and crossings are never added"
            )
    yield from of_pairs(raw, component, _UNIT, messages, "template-unit", _UNIT)


def _mixed(raw: RawData, schema: Schema) -> Iterator[Finding]:
    """Totals whose parts are all in another unit: somebody added what cannot be added."""
    present = set(pc.unique(raw.table[_UNIT]).to_pylist())
    if len(present & set(COUNTED)) < 2:
        return
    keys = [c.id for c in schema.dimensions if c.id in raw.table.column_names]
    table = pa.table({key: raw.table[key].cast(_TEXT) for key in keys})
    table = table.append_column(" row", pa.arange(0, table.num_rows))
    table = table.filter(pc.is_in(table[_UNIT], pa.array(list(COUNTED), _TEXT)))
    for key in keys:
        if key != _UNIT:
            yield from _mixed_over(table, key, [k for k in keys if k not in (key, _UNIT)], raw)


def _mixed_over(table: pa.Table, key: str, others: list[str], raw: RawData) -> Iterator[Finding]:
    is_total = pc.equal(table[key], _TOTAL)
    totals, parts = table.filter(is_total), table.filter(pc.invert(is_total))
    if not totals.num_rows or not parts.num_rows or not others:
        return
    same = parts.select([*others, _UNIT]).group_by([*others, _UNIT]).aggregate([])
    alone = totals.join(same, [*others, _UNIT], join_type="left anti")
    cells = parts.select(others).group_by(others).aggregate([])
    mixed = alone.join(cells, others, join_type="left semi").sort_by(" row")
    if not mixed.num_rows:
        return
    unit = mixed[_UNIT][0].as_py()
    rows = pc.is_in(pa.arange(0, raw.table.num_rows), mixed[" row"].combine_chunks())
    message = (
        f"this total over {key} is in {unit} ({COUNTED[unit]}), and its parts are in another unit: "
        "persons, decisions and crossings are never added"
    )
    yield from of_rows(raw, rows, message, "template-mixed-units", _UNIT, unit)
