"""Why rows are left out, in the order in which it counts: the first reason of a row is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectors.sdmx.lookup import Reason
from hub.engine import literal

#: The rule of rows that another map, or none, is about.
OTHER = "map-other"


@dataclass(frozen=True, slots=True)
class Case:
    """A condition under which rows are left out; SQL of the reason's number and of the value."""

    condition: str
    number: str
    said: str
    column: str


@dataclass(slots=True)
class Reasons:
    """The reasons, known by their numbers, and the conditions they hold under."""

    _numbers: dict[Reason, int] = field(default_factory=dict)
    _rules: dict[int, str] = field(default_factory=dict)
    _cases: list[Case] = field(default_factory=list)

    def add(
        self, condition: str, said: str, reason: Reason, rule: str, column: str | None = None
    ) -> None:
        """Leave out rows for which a condition holds, and tell the value `said` (both SQL)."""
        number = self.number(reason)
        self._rules[number] = rule
        self._cases.append(Case(condition, str(number), said, column or ""))

    def add_looked_up(self, number: str, said: str, column: str) -> None:
        """Leave out rows that have the number of a reason in a column."""
        self._cases.append(Case(f"{number} IS NOT NULL", number, said, column))

    def number(self, reason: Reason) -> int:
        """The number of a reason, new where it was not known."""
        return self._numbers.setdefault(reason, len(self._numbers))

    def of(self, number: int) -> tuple[Reason, str]:
        """A reason by its number, and the rule that findings about it name."""
        reason = next(one for one, known in self._numbers.items() if known == number)
        return reason, self._rules.get(number, _rule_of(reason))

    def why(self) -> str:
        """SQL of the number of the first reason; null for a row that is kept."""
        return _cases([(case.condition, case.number) for case in self._cases])

    def said(self) -> str:
        """SQL of the column and the value the first reason is about, a line each."""
        return _cases(
            [
                (case.condition, f"{literal(case.column)} || chr(10) || coalesce({case.said}, '')")
                for case in self._cases
            ]
        )


def _rule_of(reason: Reason) -> str:
    if reason.is_error:
        return "map-unknown"
    return "map-unnamed" if reason.is_unnamed else "map-dropped"


def _cases(pairs: list[tuple[str, str]]) -> str:
    whens = " ".join(f"WHEN {condition} THEN {result}" for condition, result in pairs)
    return f"CASE {whens} END" if whens else "NULL"
