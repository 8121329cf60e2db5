"""Times of a source as SDMX spells them: dates after a pattern, and counts of units since a day.

(SDMX 3.0, information model, "DatePatternMap" and "EpochMap".)
"""

from __future__ import annotations

import re

from hub.engine import identifier, literal
from hub.errors import NotSupported
from hub.model import DatePatternMap, EpochMap

#: The letters of a pattern (Unicode CLDR) and what the engine reads them by.
_LETTERS = {
    "yyyy": "%Y",
    "yy": "%y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "M": "%m",
    "dd": "%d",
    "d": "%d",
    "HH": "%H",
    "mm": "%M",
    "ss": "%S",
}
_PATTERN = re.compile(r"'(?P<text>[^']*)'|(?P<letters>([A-Za-z])\3*)|(?P<sign>[^A-Za-z'])")
#: How a day is written as a period of a frequency.
_WRITTEN = {
    "A": "strftime({day}, '%Y')",
    "S": "strftime({day}, '%Y-S') || ((month({day}) + 5) // 6)::VARCHAR",
    "T": "strftime({day}, '%Y-T') || ((month({day}) + 3) // 4)::VARCHAR",
    "Q": "strftime({day}, '%Y-Q') || quarter({day})::VARCHAR",
    "M": "strftime({day}, '%Y-%m')",
    "W": "strftime({day}, '%G-W%V')",
    "D": "strftime({day}, '%Y-%m-%d')",
}
_UNITS = {"day": "to_days", "week": "to_weeks", "month": "to_months", "year": "to_years"}


def dated(mapping: DatePatternMap, source: str, frequency: str | None) -> str:
    """SQL of a date written after a pattern, as a period; null for a text that is none.

    `source` is the column, `frequency` the SQL of the frequency where a dimension tells it.
    Raises NotSupported for letters and locales that are not known.
    """
    parts = []
    for found in _PATTERN.finditer(mapping.pattern):
        letters = found["letters"]
        if letters is not None and letters not in _LETTERS:
            raise NotSupported(f"the letters {letters} of the date pattern {mapping.pattern}")
        sign = found["text"] if letters is None and found["text"] is not None else found["sign"]
        parts.append(_LETTERS[letters] if letters else (sign or "").replace("%", "%%"))
    if re.search("MMM", mapping.pattern) and not mapping.locale.startswith("en"):
        raise NotSupported(f"names of months in the language {mapping.locale}")
    day = f"try_strptime({identifier(source)}, {literal(''.join(parts))})"
    return _as_period(day, mapping.target_frequency, frequency)


def counted(mapping: EpochMap, source: str, frequency: str | None) -> str:
    """SQL of a number of units since the base period, as a period; null for what is no number."""
    unit = _UNITS.get(mapping.unit.lower())
    if unit is None:
        raise NotSupported(f"times in units of {mapping.unit}; known: {', '.join(_UNITS)}")
    base = f"try_cast({literal(mapping.base[:10])} AS DATE)"
    day = f"({base} + {unit}(try_cast({identifier(source)} AS INTEGER)))"
    return _as_period(day, mapping.target_frequency, frequency)


def _as_period(day: str, fixed: str | None, told: str | None) -> str:
    if fixed is not None and fixed not in _WRITTEN:
        raise NotSupported(f"times of the frequency {fixed}; known: {', '.join(_WRITTEN)}")
    if fixed is not None:
        return _WRITTEN[fixed].format(day=day)
    if told is None:
        return _WRITTEN["D"].format(day=day)
    cases = " ".join(
        f"WHEN {literal(code)} THEN {sql.format(day=day)}" for code, sql in _WRITTEN.items()
    )
    return f"CASE {told} {cases} END"
