"""The figures of a submission as SQL: their size in single units, and how far each may be off.

A figure is the first measure, multiplied as UNIT_MULT says. Rules that compare figures allow for
rounding: that of disclosure control (SDC_METHOD), and half a unit of the last digit where figures
are in hundreds, thousands or more, since these are rounded.
"""

from __future__ import annotations

from dataclasses import dataclass

from hub.engine import duckdb_type
from hub.model import FLOATS, INTEGERS, Column
from hub.publish.observations import Observations

UNIT = "UNIT_MEASURE"
#: Units whose figures add up, and are never below zero unless they are a difference; no two of
#: them add up with each other.
COUNTS = ("PS", "DEC", "CROSS")
#: What adding up floating-point numbers may lose, as a share of the figures.
EPSILON = 1e-9
_METHOD, _POWER = "SDC_METHOD", "UNIT_MULT"
#: How far each method of disclosure control may move one cell: b-1 for rounding to base b.
_MOVED = {2: ("RR3",), 4: ("RR5", "CR"), 10: ("CKM",)}


def has_figures(observations: Observations) -> bool:
    """True where the first measure is a number and there is a unit to go by.

    A structure that was loaded may call anything so: a unit that is no single text is none.
    """
    measures = observations.schema.measures
    is_number = bool(measures) and _is_number(measures[0])
    return is_number and observations.texts(UNIT) is not None


def _is_number(measure: Column) -> bool:
    is_number = measure.text_type in INTEGERS | FLOATS
    return is_number and not measure.is_coded and not measure.is_list


@dataclass(frozen=True, slots=True)
class Figures:
    """Expressions over the table of observations; every one fits into a larger expression."""

    observations: Observations

    @property
    def given(self) -> str:
        """The figure as it was given; null where it is absent or intentionally missing."""
        measure = self.observations.schema.measures[0]
        value = f"CAST({self.observations.sql(measure.id)} AS {duckdb_type(measure)})"
        return f"nullif({value}, 'NaN')" if measure.text_type in FLOATS else value

    @property
    def size(self) -> str:
        """The figure in single units; whole numbers stay whole."""
        powers = self._powers()
        if not powers:
            return self.given
        whens = " ".join(f"WHEN {number} THEN 1e{power}" for number, power in powers)
        return f"({self.given} * CASE {self._power} {whens} ELSE 1 END)"

    @property
    def slack(self) -> str:
        """How far rounding may have moved the figure, in single units."""
        whens = [
            f"WHEN {self._power} = {number} THEN {0.5 * 10**power}"
            for number, power in self._powers()
            if power > 0
        ]
        if self.observations.texts(_METHOD) is not None:
            method = self.observations.sql(_METHOD)
            whens += [
                f"WHEN {method} IN ({self.observations.numbers(_METHOD, methods)}) THEN {most}"
                for most, methods in _MOVED.items()
            ]
        return f"CASE {' '.join(whens)} ELSE 0 END" if whens else "0"

    def is_in(self, name: str, codes: tuple[str, ...]) -> str:
        """True where a component has one of some codes; never null."""
        if self.observations.texts(name) is None:
            return "FALSE"
        column = self.observations.sql(name)
        return f"coalesce({column} IN ({self.observations.numbers(name, codes)}), FALSE)"

    @property
    def counts(self) -> str:
        """True where the unit is one that adds up."""
        return self.is_in(UNIT, COUNTS)

    @property
    def _power(self) -> str:
        return self.observations.sql(_POWER)

    def _powers(self) -> list[tuple[int, int]]:
        """The powers of ten other than 0 that occur, by the number of their code."""
        texts = self.observations.texts(_POWER) or []
        powers = [(number, whole_power(text)) for number, text in enumerate(texts)]
        return [(number, power) for number, power in powers if power]


def whole_power(text: str) -> int:
    """A power of ten from -15 to 15; 0 for what is none: not all structures code it so."""
    digits = text.removeprefix("-")
    is_power = digits.isascii() and digits.isdigit() and len(digits) <= 2
    return int(text) if is_power and abs(int(text)) <= 15 else 0
