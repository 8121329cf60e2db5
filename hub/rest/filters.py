"""Component filters, `c[COMPONENT]=…` (SDMX REST 2.2, "Component filters").

`,` is OR, `+` is AND and binds tighter; an operator belongs to its own value only:
`c[X]=ge:A+le:B,ne:C` is (X ≥ A and X ≤ B) or X ≠ C. A component given twice must satisfy both, an
extension that clients rely on for ranges.
"""

from __future__ import annotations

import re

from hub.errors import BadRequest
from hub.model import (
    EXACT_TEXT,
    FLOATS,
    INTEGERS,
    Column,
    ComponentFilter,
    Operator,
    Predicate,
    Role,
    TextType,
    ValueList,
)
from hub.rest.declared import Declared
from hub.rest.parameters import Parameters, decode

_NAME = re.compile(r"c\[([A-Za-z][A-Za-z0-9_-]*)\]")
_OPERATOR = re.compile(r"([a-z]{2}):(.*)", re.DOTALL)
_OPERATORS = {operator.value: operator for operator in Operator}
#: AND between values that hold no plus; it may have become a blank on its way.
_BETWEEN = re.compile(r"[+ ]")
#: As `_BETWEEN`, but for the plus of a zone, such as that of 2020-01-01T00:00:00+01:00, and for one
#: that a part of such a text ends or begins with.
_BETWEEN_TIMES = re.compile(r"(?<!:)[+ ](?!(?:eq:)?\d\d:\d\d|$|[+ ])")
#: As `_BETWEEN`, but for the signs of numbers, such as those of +5 and 1e+16.
_BETWEEN_NUMBERS = re.compile(r" |(?<=[^:+])(?<![\d.][eE])\+")
_NUMERIC = INTEGERS | FLOATS | EXACT_TEXT
#: Types of values that hold neither commas nor blanks, nor plus signs but those of numbers.
_BARE = _NUMERIC | {TextType.BOOLEAN}
_ZONE = re.compile(r"[+ ](?:eq:)?(?=\d\d:\d\d$)")


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


_VALUE = r"[^,+\x00-\x1f\x7f]+"
#: A value with its operator, or one that does not look as if it had one.
_COMPARED = rf"(?:(?:{'|'.join(_OPERATORS)}):|(?![a-z]{{2}}:)){_VALUE}"
FILTERS_PATTERN = rf"^{_COMPARED}(?:[,+]{_COMPARED})*$"
FILTERS = Declared(
    "c",
    parse_filters,
    {
        "type": "object",
        "propertyNames": {"pattern": "^[A-Za-z][A-Za-z0-9_-]*$"},
        "additionalProperties": {"type": "string", "pattern": FILTERS_PATTERN},
    },
    "Filters by component, `c[SEX]=F,M`: `,` is OR, `+` is AND and binds tighter; each value may "
    f"have an operator before it: {', '.join(f'`{name}:`' for name in _OPERATORS)}.",
    {"SEX": "F,M"},
    {"style": "deepObject", "explode": True},
)


def parse_alternatives(raw: str, where: str) -> tuple[tuple[Predicate, ...], ...]:
    """Parse the raw value of a component filter into alternatives of conjunctions.

    What is encoded is part of a value until the component is known (`precise`).
    """
    return tuple(
        tuple(_predicate(decode(value, where), where) for value in alternative.split("+"))
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


def precise(wanted: ComponentFilter, column: Column) -> ComponentFilter:
    """Let encoded separators separate too where no value of the component can hold one.

    Encoded, they are data in free text and in value lists. But many clients encode everything, and
    no code, number or period holds a comma, a plus or a blank, but for the plus of a zone and those
    of numbers.
    """
    if _may_hold_separators(column):
        return wanted
    where = f"c[{wanted.component}]"
    between = _between(column)
    spelt = ",".join(
        "+".join(f"{predicate.operator.value}:{predicate.value}" for predicate in conjunction)
        for conjunction in wanted.alternatives
    )
    alternatives = tuple(
        tuple(_predicate(_ZONE.sub("+", piece), where) for piece in between.split(alternative))
        for alternative in spelt.split(",")
    )
    return ComponentFilter(wanted.component, alternatives)


def _between(column: Column) -> re.Pattern[str]:
    if column.role is Role.TIME:
        return _BETWEEN_TIMES
    is_number = column.text_type in _NUMERIC and not column.is_coded
    return _BETWEEN_NUMBERS if is_number else _BETWEEN


def _may_hold_separators(column: Column) -> bool:
    if column.role in (Role.DIMENSION, Role.TIME):
        return False
    if column.is_coded:
        return isinstance(column.enumeration, ValueList)
    return column.text_type not in _BARE
