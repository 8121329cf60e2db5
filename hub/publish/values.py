"""One text as a value of its component: a code, a period, a number, or what is wrong with it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from hub.engine import storage_type
from hub.errors import BadRequest
from hub.model import EXACT_TEXT, FLOATS, INTEGERS, Column, Representation, Role, TextType
from hub.model.period import parse_period
from hub.publish.suggest import Suggestions

_INTEGER = r"[+-]?[0-9]+"
_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_FLOAT = rf"{_DECIMAL}(?:[eE][+-]?[0-9]{{1,5}})?"
_PATTERNS = (
    dict.fromkeys(INTEGERS, re.compile(_INTEGER))
    | dict.fromkeys(FLOATS, re.compile(rf"{_FLOAT}|NaN"))
    | {
        TextType.BIG_INTEGER: re.compile(_INTEGER),
        TextType.DECIMAL: re.compile(rf"{_DECIMAL}|NaN"),
        TextType.NUMERIC: re.compile(rf"{_DECIMAL}|NaN"),
    }
)
#: Thousands with one kind of separator, perhaps with decimals after another.
_GROUPED = re.compile(
    r"([+-]?[0-9]{1,3}(?:([,. '\u00a0\u202f])[0-9]{3})(?:\2[0-9]{3})*)(?:(?!\2)[.,]([0-9]+))?"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_BOOLEAN = {"true": True, "1": True, "false": False, "0": False}
#: What no value of a dimension may hold: it would break keys (sdmx-csv issue 28).
_BREAKS_KEYS = re.compile(r"[.+,\s]")
_SHOWN = 60
#: More digits than any 64-bit number has.
_MANY_DIGITS = 30


def numbers_at_once(texts: pa.Array, column: Column, target: pa.DataType) -> pa.Array | None:
    """All texts of a column as numbers; None where each has to be looked at by itself."""
    pattern = _PATTERNS.get(column.text_type)
    facets = column.representation
    bounds = (facets.min_value, facets.max_value, facets.min_length, facets.max_length)
    is_free = all(bound is None for bound in bounds) and column.role is not Role.DIMENSION
    if pattern is None or column.is_coded or not is_free:
        return None
    if not pc.all(pc.match_substring_regex(texts, rf"\A(?:{pattern.pattern})\z")).as_py():
        return None
    try:
        numbers = texts.cast(target)
    except pa.ArrowInvalid:  # beyond 64 bits, or with a plus sign
        return None
    is_finite = not pa.types.is_floating(target) or not pc.any(pc.is_inf(numbers)).as_py()
    return numbers if is_finite else None


def texts_at_once(texts: pa.Array, column: Column) -> pa.Array | None:
    """Texts of a column that takes any; None where each has to be looked at by itself."""
    kind, facets = column.text_type, column.representation
    is_plain = kind not in _PATTERNS and kind not in (TextType.BOOLEAN, TextType.GREGORIAN_DAY)
    is_free = not column.is_coded and column.role not in (Role.DIMENSION, Role.TIME)
    if not (is_plain and is_free and len(texts)):
        return None
    bounds = pc.min_max(pc.utf8_length(texts)).as_py()
    too_long = facets.max_length is not None and bounds["max"] > facets.max_length
    too_short = facets.min_length is not None and bounds["min"] < facets.min_length
    return None if too_long or too_short else texts


def value_of(
    text: str | None, column: Column, suggestions: Suggestions | None
) -> tuple[object, str]:
    """The value of a text, and what is wrong with it ("" if nothing; the value is None then)."""
    if text is None:
        return None, ""
    if column.enumeration is not None:
        if text in column.enumeration.by_id:
            return text, ""
        fault = f"'{text[:_SHOWN]}' is not a code of {column.enumeration.reference}"
        hint = suggestions.of(text) if suggestions is not None else ""
        return None, f"{fault}; {hint}" if hint else fault
    if column.role is Role.TIME:
        return _period(text)
    if column.role is Role.DIMENSION and _BREAKS_KEYS.search(text):
        fault = "cannot be a dimension value: dots, commas, + and spaces break keys"
        return None, f"'{text[:_SHOWN]}' {fault}"
    value, fault = _plain(text, column.text_type)
    fault = fault or _outside_facets(text, column.text_type, column.representation)
    if fault:
        return None, fault
    return (text if storage_type(column) == pa.string() else value), ""


def _period(text: str) -> tuple[object, str]:
    try:
        parse_period(text)
    except BadRequest as error:
        return None, error.message
    return text, ""


def _plain(text: str, kind: TextType) -> tuple[object, str]:
    pattern = _PATTERNS.get(kind)
    if pattern is not None and pattern.fullmatch(text) is None:
        return None, _not_a_number(text, kind)
    if kind in FLOATS:
        number = float(text)
        beyond = abs(number) == float("inf")
        return number, f"'{text[:_SHOWN]}' is beyond what a {kind.value} holds" if beyond else ""
    if kind in INTEGERS:
        # Python refuses to read numbers of thousands of digits.
        whole = int(text) if len(text) < _MANY_DIGITS else 1 << 64
        beyond = not -(2**63) <= whole < 2**63
        return whole, f"'{text[:_SHOWN]}' is beyond what 64 bits hold" if beyond else ""
    if kind is TextType.BOOLEAN:
        known = text in _BOOLEAN
        return _BOOLEAN.get(text), "" if known else f"'{text[:_SHOWN]}' is not true or false"
    if kind is TextType.GREGORIAN_DAY and not _is_day(text):
        return None, f"'{text[:_SHOWN]}' is not a day of the calendar: write it as 2020-12-31"
    return text, ""


def _is_day(text: str) -> bool:
    """True for an ISO day, with or without a zone."""
    if _DAY.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _not_a_number(text: str, kind: TextType) -> str:
    whole = kind in INTEGERS or kind is TextType.BIG_INTEGER
    fault = f"'{text[:_SHOWN]}' is not a {'whole number' if whole else 'number'}"
    grouped = _GROUPED.fullmatch(text)
    if grouped is not None and not (whole and grouped[3]):
        digits = re.sub(r"[^0-9+-]", "", grouped[1]) + (f".{grouped[3]}" if grouped[3] else "")
        return f"{fault}: write it without separators, {digits}"
    if whole:
        return f"{fault}: write digits only, like 1234"
    return f"{fault}: write digits with a point for decimals, like 1234.5"


def _outside_facets(text: str, kind: TextType, facets: Representation) -> str:
    if facets.max_length is not None and len(text) > facets.max_length:
        return f"'{text[:_SHOWN]}' is longer than {facets.max_length} characters"
    if facets.min_length is not None and len(text) < facets.min_length:
        return f"'{text[:_SHOWN]}' is shorter than {facets.min_length} characters"
    if kind not in INTEGERS | FLOATS | EXACT_TEXT or text == "NaN":
        return ""
    if facets.min_value is not None and Decimal(text) < Decimal(facets.min_value):
        return f"{text[:_SHOWN]} is below {facets.min_value}"
    if facets.max_value is not None and Decimal(text) > Decimal(facets.max_value):
        return f"{text[:_SHOWN]} is above {facets.max_value}"
    return ""
