"""Raw columns become typed ones: every value is a code of its list or of its declared type.

Decided once for each distinct value, then applied to all rows.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from hub.engine import storage_type
from hub.errors import BadRequest
from hub.model import FLOATS, INTEGERS, Column, Representation, Role, TextType
from hub.model.period import parse_period
from hub.publish.findings import Findings
from hub.publish.suggest import suggest_code

_FLOAT = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|NaN")
_INTEGER = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)|NaN")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[,. '\u00a0\u202f]\d{3})+(?:[.,]\d+)?")
_BOOLEAN = {"true": True, "1": True, "false": False, "0": False}
_EXACT = {TextType.DECIMAL: _DECIMAL, TextType.BIG_INTEGER: _INTEGER, TextType.NUMERIC: _DECIMAL}
#: What no value of a dimension may hold: it would break keys (sdmx-csv issue 28).
_BREAKS_KEYS = re.compile(r"[.+,\s]")


def typed(raw: pa.ChunkedArray, column: Column, findings: Findings) -> pa.Array:
    """Type a raw column; values that do not fit become findings and null."""
    target = storage_type(column)
    flat = raw.combine_chunks() if raw.num_chunks != 1 else raw.chunk(0)
    if pa.types.is_list(target) or pa.types.is_map(target):
        return _nested(flat, column, findings, target)
    if pa.types.is_list(flat.type) or pa.types.is_map(flat.type):
        _refuse_nested(flat, column, findings)
        return pa.nulls(len(flat), target)
    encoded = flat if pa.types.is_dictionary(flat.type) else flat.dictionary_encode()
    faults: dict[int, str] = {}
    values: list[object] = []
    for index, text in enumerate(encoded.dictionary.to_pylist()):
        value, fault = _value(text, column)
        values.append(value)
        if fault:
            faults[index] = fault
    _report(encoded, faults, column, findings)
    return pa.array(values, target).take(encoded.indices)


def _report(
    encoded: pa.DictionaryArray, faults: dict[int, str], column: Column, findings: Findings
) -> None:
    if not faults:
        return
    rule = "unknown-code" if column.is_coded else "not-of-type"
    bad = pc.is_in(encoded.indices, pa.array(list(faults), encoded.indices.type))
    for row in pc.indices_nonzero(bad).to_pylist():
        index = encoded.indices[row].as_py()
        text = encoded.dictionary[index].as_py()
        findings.add(rule, faults[index], row=row, column=column.id, value=text)


def _value(text: str | None, column: Column) -> tuple[object, str]:
    """The typed value of a text, and what is wrong with it ("" if nothing)."""
    if text is None:
        return None, ""
    if column.enumeration is not None:
        if text in column.enumeration.by_id:
            return text, ""
        hint = suggest_code(column.enumeration, text)
        where = f"'{text}' is not a code of {column.enumeration.reference}"
        return None, f"{where}; {hint}" if hint else where
    if column.role is Role.TIME:
        return _period(text)
    value, fault = _scalar(text, column.text_type)
    if not fault:
        fault = _outside_facets(text, value, column.representation)
    if column.role is Role.DIMENSION and _BREAKS_KEYS.search(text):
        fault = f"'{text}' cannot be a dimension value: dots, commas, + and spaces break keys"
    return (None if fault else value), fault


def _period(text: str) -> tuple[object, str]:
    try:
        parse_period(text)
    except BadRequest as error:
        return None, error.message
    return text, ""


def _scalar(text: str, kind: TextType) -> tuple[object, str]:
    if kind in FLOATS:
        if _FLOAT.fullmatch(text) and abs(float(text)) != float("inf"):
            return float(text), ""
        return None, _not_a_number(text)
    if kind in INTEGERS:
        if _INTEGER.fullmatch(text) and -(2**63) <= int(text) < 2**63:
            return int(text), ""
        return None, _not_a_number(text, whole=True)
    if kind in _EXACT:
        return (text, "") if _EXACT[kind].fullmatch(text) else (None, _not_a_number(text))
    if kind is TextType.BOOLEAN:
        known = text in _BOOLEAN
        return _BOOLEAN.get(text), "" if known else f"'{text}' is not true or false"
    return text, ""


def _not_a_number(text: str, *, whole: bool = False) -> str:
    kind = "whole number" if whole else "number"
    if _GROUPED.fullmatch(text):
        plain = re.sub(r"[,. '\u00a0\u202f]", "", text)
        return f"'{text}' is not a {kind}: write it without separators, {plain}"
    return f"'{text}' is not a {kind}: write digits with a point for decimals, like 1234.5"


def _outside_facets(text: str, value: object, facets: Representation) -> str:
    if facets.max_length is not None and len(text) > facets.max_length:
        return f"'{text[:40]}' is longer than {facets.max_length} characters"
    if facets.min_length is not None and len(text) < facets.min_length:
        return f"'{text}' is shorter than {facets.min_length} characters"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if facets.min_value is not None and value < float(facets.min_value):
            return f"{text} is below {facets.min_value}"
        if facets.max_value is not None and value > float(facets.max_value):
            return f"{text} is above {facets.max_value}"
    return ""


def _nested(flat: pa.Array, column: Column, findings: Findings, target: pa.DataType) -> pa.Array:
    if flat.type == target:
        values = flat
    elif pa.types.is_list(target):  # a single value stands for a list of one
        plain = flat.cast(pa.string())
        values = pa.array([None if v is None else [v] for v in plain.to_pylist()], target)
    else:
        plain = flat.cast(pa.string())
        values = pa.array([None if v is None else [("en", v)] for v in plain.to_pylist()], target)
    if column.enumeration is not None:
        _check_items(values, column, findings)
    return values


def _check_items(values: pa.ListArray, column: Column, findings: Findings) -> None:
    if column.enumeration is None:
        return
    items, rows = pc.list_flatten(values), pc.list_parent_indices(values)
    known = pc.is_in(items, pa.array(list(column.enumeration.by_id), pa.string()))
    for index in pc.indices_nonzero(pc.invert(known)).to_pylist():
        text = items[index].as_py()
        _, fault = _value(text, column)
        findings.add("unknown-code", fault, row=rows[index].as_py(), column=column.id, value=text)


def _refuse_nested(flat: pa.Array, column: Column, findings: Findings) -> None:
    given = "several values" if pa.types.is_list(flat.type) else "several languages"
    findings.add(
        "not-of-type",
        f"{column.id} takes one value, the source gives {given}: write one plain column",
        column=column.id,
    )
