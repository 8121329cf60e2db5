"""Observations lie in what the constraints of the flow, structure and agreement allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hub.engine import literals
from hub.model import Column, CubeRegion, KeyValues, Operator, Schema
from hub.model.period import matches, parse_period
from hub.publish.findings import Findings
from hub.publish.observations import ROW, TABLE, Observations
from hub.publish.rules.rule import ERROR, Rule, Thresholds

#: Up to so many values are listed in a message.
_FEW = 10


def look(observations: Observations, findings: Findings, _thresholds: Thresholds) -> None:
    """Tell every row outside what is allowed, or inside what is not."""
    constraints = observations.schema.constraints
    allowed = [constraint for constraint in constraints if constraint.role == "Allowed"]
    limits = _Limits(observations)
    for constraint in allowed:
        name = str(constraint.reference)
        included = [region for region in constraint.regions if region.include]
        if len(included) == 1:
            for key in (*included[0].keys, *included[0].attributes):
                _check_key(limits, key, name, findings)
        elif included:
            sql = " OR ".join(f"({limits.inside(region)})" for region in included)
            message = f"this combination is in none of the regions that {name} allows"
            for row in _rows(observations, f"NOT ({sql})"):
                findings.add("constraint", message, row=row)
        for region in (region for region in constraint.regions if not region.include):
            what = " and ".join(_in_words(key) for key in (*region.keys, *region.attributes))
            for row in _rows(observations, limits.excluded(region)):
                findings.add("constraint", f"{name} does not allow {what} together", row=row)


@dataclass(frozen=True, slots=True)
class _Limits:
    """Key values and regions as SQL."""

    observations: Observations

    def met(self, key: KeyValues) -> str:
        """What a key value says; null for an observation that has no value there."""
        column = self._schema.by_id[key.component]
        name = self.observations.sql(key.component)
        parts = []
        if key.values:
            parts.append(self._is_among(column, name, key.values))
        if key.start is not None or key.end is not None:
            texts = self.observations.texts(key.component) or []
            fits = [text for text in texts if _within(text, key)]
            parts.append(self._is_among(column, name, fits))
        condition = " AND ".join(parts) or "TRUE"
        return condition if key.include else f"NOT ({condition})"

    def _is_among(self, column: Column, name: str, texts: Sequence[str]) -> str:
        if column.is_list:
            return f"list_has_all([{literals(texts)}], {name})"
        if column.id not in self.observations.ranks.texts:
            return f"CAST({name} AS VARCHAR) IN ({literals(texts)})"
        return f"{name} IN ({self.observations.numbers(column.id, texts)})"

    def inside(self, region: CubeRegion) -> str:
        """True inside a region that is allowed; an attribute may also be absent."""
        keys = [f"coalesce({self.met(key)}, FALSE)" for key in self._known(region.keys)]
        keys += [f"coalesce({self.met(key)}, TRUE)" for key in self._known(region.attributes)]
        return " AND ".join(keys) or "TRUE"

    def excluded(self, region: CubeRegion) -> str:
        """True inside a region that is not allowed; one of other components is empty here."""
        keys = (*region.keys, *region.attributes)
        if not keys or len(self._known(keys)) < len(keys):
            return "FALSE"
        return " AND ".join(f"coalesce({self.met(key)}, FALSE)" for key in keys)

    def _known(self, keys: Iterable[KeyValues]) -> list[KeyValues]:
        return [key for key in keys if key.component in self._schema.by_id]

    @property
    def _schema(self) -> Schema:
        return self.observations.schema


def _within(text: str, key: KeyValues) -> bool:
    period = parse_period(text)
    since = Operator.GT if key.excludes_start else Operator.GE
    until = Operator.LT if key.excludes_end else Operator.LE
    after = key.start is None or matches(period, since, key.start)
    return after and (key.end is None or matches(period, until, key.end))


def _check_key(limits: _Limits, key: KeyValues, constraint: str, findings: Findings) -> None:
    observations = limits.observations
    if key.component not in observations.schema.by_id:
        return
    name = observations.sql(key.component)
    texts = observations.texts(key.component)
    shown = name if texts is not None else f"CAST({name} AS VARCHAR)"
    rows = observations.answer(
        f"SELECT {ROW}, {shown} FROM {TABLE} "
        f"WHERE NOT ({limits.met(key)}) AND {name} IS NOT NULL ORDER BY {ROW}"
    )
    says = f"allows only {_listed(key)}" if key.include else "does not allow it"
    for row, found in rows:
        value = found if texts is None else texts[found]
        message = f"{key.component} is '{value}'; {constraint} {says}"
        findings.add("constraint", message, row=row, column=key.component, value=value)


def _in_words(key: KeyValues) -> str:
    return f"{key.component} {'in' if key.include else 'outside'} ({_listed(key)})"


def _listed(key: KeyValues) -> str:
    if key.start is not None or key.end is not None:
        return f"{key.start or 'any time'} to {key.end or 'any time'}"
    return ", ".join(key.values) if len(key.values) <= _FEW else f"{len(key.values)} values"


def _rows(observations: Observations, condition: str) -> Iterator[int]:
    query = f"SELECT {ROW} FROM {TABLE} WHERE {condition} ORDER BY {ROW}"
    return (row for (row,) in observations.answer(query))


RULE = Rule(
    id="constraint",
    severities=(ERROR,),
    about="outside what the dataflow, the structure or the agreement allows",
    remedy="correct the code, or publish the row under the dataflow it belongs to",
    look=look,
    reads_values=False,
)
