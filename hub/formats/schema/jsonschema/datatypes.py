"""The data types of SDMX as JSON Schema has them: JSON types, and patterns for lexical forms."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from hub.formats.schema.facets import anchored, bound, lengths
from hub.model import FLOATS, INTEGERS, Representation, TextType

Json = dict[str, Any]

_ZONE = r"(Z|[+-](14:00|(0[0-9]|1[0-3]):[0-5][0-9]))?"
_MONTH, _DAY = "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])"
_YEAR = "-?[0-9]{4,}"
_CLOCK = r"([01][0-9]|2[0-4]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?"
_DATE = f"{_YEAR}-{_MONTH}-{_DAY}"
_DURATION = (
    r"P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?"
)
_WHOLE = "[+-]?[0-9]+"
_DECIMAL = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
_FLOAT = f"({_DECIMAL}([eE][+-]?[0-9]+)?|NaN|-?INF)"
_REPORTING = {
    TextType.REPORTING_YEAR: "A1",
    TextType.REPORTING_SEMESTER: "S[12]",
    TextType.REPORTING_TRIMESTER: "T[1-3]",
    TextType.REPORTING_QUARTER: "Q[1-4]",
    TextType.REPORTING_MONTH: f"M{_MONTH}",
    TextType.REPORTING_WEEK: "W(0[1-9]|[1-4][0-9]|5[0-3])",
    TextType.REPORTING_DAY: "D([0-2][0-9][0-9]|3[0-5][0-9]|36[0-6])",
}
_SINGLE = {
    TextType.ALPHA: "[A-Za-z]+",
    TextType.ALPHA_NUMERIC: "[A-Za-z0-9]+",
    TextType.NUMERIC: "[0-9]+",
    TextType.BIG_INTEGER: _WHOLE,
    TextType.COUNT: _WHOLE,
    TextType.DECIMAL: _DECIMAL,
    TextType.INCLUSIVE_VALUE_RANGE: _DECIMAL,
    TextType.EXCLUSIVE_VALUE_RANGE: _DECIMAL,
    TextType.INCREMENTAL: _DECIMAL,
    TextType.BOOLEAN: "(true|false|0|1)",
    TextType.GREGORIAN_YEAR: _YEAR + _ZONE,
    TextType.GREGORIAN_YEAR_MONTH: f"{_YEAR}-{_MONTH}{_ZONE}",
    TextType.GREGORIAN_DAY: _DATE + _ZONE,
    TextType.DATE_TIME: f"{_DATE}T{_CLOCK}{_ZONE}",
    TextType.TIME_RANGE: f"[0-9]{{4}}-{_MONTH}-{_DAY}(T{_CLOCK})?{_ZONE}/{_DURATION}",
    TextType.MONTH: f"--{_MONTH}{_ZONE}",
    TextType.MONTH_DAY: f"--{_MONTH}-{_DAY}{_ZONE}",
    TextType.DAY: f"---{_DAY}{_ZONE}",
    TextType.TIME: _CLOCK + _ZONE,
    TextType.DURATION: f"-?{_DURATION}",
    **dict.fromkeys(INTEGERS, _WHOLE),
    **dict.fromkeys(FLOATS, _FLOAT),
    **{kind: f"[0-9]{{4}}-{part}{_ZONE}" for kind, part in _REPORTING.items()},
}


def _any_of(*kinds: TextType) -> str:
    return "|".join(f"({_PATTERNS[kind]})" for kind in kinds)


_PATTERNS = dict(_SINGLE)
_PATTERNS[TextType.REPORTING_TIME_PERIOD] = _any_of(*_REPORTING)
_PATTERNS[TextType.GREGORIAN_TIME_PERIOD] = _any_of(
    TextType.GREGORIAN_YEAR, TextType.GREGORIAN_YEAR_MONTH, TextType.GREGORIAN_DAY
)
_PATTERNS[TextType.BASIC_TIME_PERIOD] = _any_of(TextType.GREGORIAN_TIME_PERIOD, TextType.DATE_TIME)
_PATTERNS[TextType.STANDARD_TIME_PERIOD] = _any_of(
    TextType.BASIC_TIME_PERIOD, TextType.REPORTING_TIME_PERIOD
)
_PATTERNS[TextType.OBSERVATIONAL_TIME_PERIOD] = _any_of(
    TextType.STANDARD_TIME_PERIOD, TextType.TIME_RANGE
)
#: What XML Schema has and regular expressions elsewhere have not.
_FOREIGN = re.compile(r"\\[icICpP]|-\[")
_RANGES = {
    TextType.SHORT: (-(2**15), 2**15 - 1),
    TextType.INTEGER: (-(2**31), 2**31 - 1),
    TextType.LONG: (-(2**63), 2**63 - 1),
}
_NOT_FINITE = ["NaN", "INF", "-INF"]


def lexical(kind: TextType, facets: Representation) -> Json:
    """The schema of a value that is written as a string, whatever its type."""
    found: Json = {"type": "string"}
    if kind not in INTEGERS | FLOATS:
        least, most = lengths(facets)
        found |= {} if least is None else {"minLength": least}
        found |= {} if most is None else {"maxLength": most}
    patterns = [_PATTERNS[kind]] if kind in _PATTERNS else []
    own = anchored(facets.pattern) if facets.pattern else None
    if own is not None and _is_portable(own):
        patterns.append(own)
    if len(patterns) == 1:
        return found | {"pattern": f"^({patterns[0]})$"}
    return found | ({"allOf": [{"pattern": f"^({p})$"} for p in patterns]} if patterns else {})


def typed(kind: TextType, facets: Representation) -> Json:
    """The schema of a value that is written as its JSON type (SDMX-JSON, data types)."""
    if kind is TextType.BOOLEAN:
        return {"type": "boolean"}
    if kind in INTEGERS:
        return {"type": "integer", **_bounds(kind, facets)}
    if kind in FLOATS:
        return {"anyOf": [{"type": "number", **_bounds(kind, facets)}, {"enum": _NOT_FINITE}]}
    if kind is TextType.NUMERIC:
        return {"anyOf": [{"type": "number", **_bounds(kind, facets)}, lexical(kind, facets)]}
    return lexical(kind, facets)


def _bounds(kind: TextType, facets: Representation) -> Json:
    lowest, highest = _RANGES.get(kind, (None, None))
    least, most = bound(facets.min_value), bound(facets.max_value)
    if least is not None and most is not None and least > most:
        least = most = None
    lows = [number for number in (lowest, least) if number is not None]
    highs = [number for number in (highest, most) if number is not None]
    found = {"minimum": _number(max(lows))} if lows else {}
    return found | ({"maximum": _number(min(highs))} if highs else {})


def _number(value: Decimal | int) -> int | float:
    return int(value) if value == int(value) else float(value)


def _is_portable(pattern: str) -> bool:
    if _FOREIGN.search(pattern):
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
