"""Component filters, `c[COMPONENT]=…` (SDMX REST 2.2, "Component filters").

`,` is OR, `+` is AND and binds tighter; an operator belongs to its own value only:
`c[X]=ge:A+le:B,ne:C` is (X ≥ A and X ≤ B) or X ≠ C. A component given twice must satisfy both, an
extension that clients rely on for ranges.
"""

from __future__ import annotations

import re

from hub.errors import BadRequest
from hub.model import Column, ComponentFilter, Operator, Predicate
from hub.rest.parameters import Parameters, decode, split_and

_NAME = re.compile(r"c\[([A-Za-z][A-Za-z0-9_-]*)\]")
_OPERATOR = re.compile(r"([a-z]{2}):(.*)", re.DOTALL)
_OPERATORS = {operator.value: operator for operator in Operator}


def parse_filters(parameters: Parameters) -> tuple[ComponentFilter, ...]:
    """Read all component filters of a request; raises BadRequest for malformed ones."""
    filters = []
    for name, raw in parameters.pairs:
        if name == "c" or name.startswith("c["):
            match = _NAME.fullmatch(name)
            if match is None:
                raise BadRequest(f"'{name}' is no component filter: write c[COMPONENT_ID]=value")
            filters.append(ComponentFilter(match[1], parse_alternatives(raw, name)))
    return tuple(filters)


def parse_alternatives(raw: str, where: str) -> tuple[tuple[Predicate, ...], ...]:
    """Parse the raw value of a component filter into alternatives of conjunctions."""
    return tuple(
        tuple(_predicate(decode(value, where), where) for value in split_and(alternative))
        for alternative in raw.split(",")
    )


def _predicate(text: str, where: str) -> Predicate:
    match = _OPERATOR.fullmatch(text)
    if match is not None and match[1] not in _OPERATORS:
        raise BadRequest(
            f"{where}: there is no operator '{match[1]}'; use {', '.join(_OPERATORS)} "
            f"(for a value that begins so, write eq:{text})"
        )
    operator, value = (_OPERATORS[match[1]], match[2]) if match else (Operator.EQ, text)
    if not value:
        raise BadRequest(f"{where} has an empty value; give one, for example {where}=A")
    return Predicate(operator, value)


def split_encoded_commas(wanted: ComponentFilter, column: Column) -> ComponentFilter:
    """Let an encoded comma separate too where no value of the component can hold one.

    `%2C` is data by itself; but many clients encode every comma, and no code holds one.
    """
    if not column.is_coded or "," not in "".join(
        predicate.value for conjunction in wanted.alternatives for predicate in conjunction
    ):
        return wanted
    where = f"c[{wanted.component}]"
    alternatives: list[tuple[Predicate, ...]] = []
    for conjunction in wanted.alternatives:
        current: list[Predicate] = []
        for predicate in conjunction:
            first, *others = predicate.value.split(",")
            current.append(_predicate(f"{predicate.operator.value}:{first}", where))
            for other in others:
                alternatives.append(tuple(current))
                current = [_predicate(other, where)]
        alternatives.append(tuple(current))
    return ComponentFilter(wanted.component, tuple(alternatives))
