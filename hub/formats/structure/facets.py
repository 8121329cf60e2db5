"""The facets of representations and how messages spell their values; shared by all forms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from hub.formats.structure.fault import Fault
from hub.model import Representation, TextType

UNBOUNDED = "unbounded"
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_WHOLE = re.compile(r"[0-9]{1,18}")
_MOST_DIGITS = 400
_TEXT_TYPES = frozenset(kind.value for kind in TextType)

#: SDMX 2.1 knows no geospatial values; they are strings in form.
_SINCE_30 = frozenset({TextType.GEOSPATIAL_INFORMATION})


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet: the attribute of `Representation` and its name in messages of both families.

    `minimum` is the least value the schemas allow; below it the facet says nothing and is left
    out. Facets that bound values are decimal numbers in the text they came in.
    """

    attribute: str
    name: str
    is_integer: bool = True
    minimum: int = 1


FACETS = (
    Facet("min_length", "minLength"),
    Facet("max_length", "maxLength"),
    Facet("min_value", "minValue", is_integer=False),
    Facet("max_value", "maxValue", is_integer=False),
    Facet("decimals", "decimals"),
)


def facets_of(representation: Representation) -> dict[str, int | str]:
    """The numeric facets that are set, by their name in messages; codes have no decimals."""
    found: dict[str, int | str] = {}
    for facet in FACETS:
        if representation.enumeration is not None and facet.attribute == "decimals":
            continue
        value = getattr(representation, facet.attribute)
        if value is not None and (not facet.is_integer or value >= facet.minimum):
            found[facet.name] = value
    return found


def has_format(representation: Representation) -> bool:
    """True where an enumerated representation says more than its list."""
    return bool(
        facets_of(representation)
        or representation.pattern is not None
        or representation.text_type is not TextType.STRING
    )


def parse_text_type(text: Any) -> TextType:
    """Parse the name of a text type; raises Fault for one the node does not know."""
    if not isinstance(text, str) or text not in _TEXT_TYPES:
        raise Fault(f"the text type {str(text)[:40]} is not known here", is_unknown=True)
    return TextType(text)


def text_type_in(representation: Representation, is_model_21: bool) -> TextType:
    """The text type to write."""
    kind = representation.text_type
    return TextType.STRING if is_model_21 and kind in _SINCE_30 else kind


def json_number(text: str) -> int | float | str:
    """Spell a bound as a JSON number; what is no number stays text."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return int(text) if text.lstrip("+-").isdigit() else float(number)


def parse_facets(read: dict[str, Any]) -> dict[str, Any]:
    """Turn facets by their name in messages into arguments of `Representation`.

    Raises ValueError for what is no number.
    """
    found: dict[str, Any] = {}
    for facet in FACETS:
        value = read.get(facet.name)
        if value is None:
            continue
        found[facet.attribute] = _integer(str(value)) if facet.is_integer else _decimal(str(value))
    return found


def _integer(text: str) -> int:
    number = whole_number(text)
    if number is None:
        raise ValueError(f"'{text[:40]}' is not a whole number")
    return number


def _decimal(text: str) -> str:
    """Check that a text is a decimal number and return it, without an exponent (xs:decimal)."""
    if _DECIMAL.fullmatch(text):
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"'{text[:40]}' is not a number") from None
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise ValueError(f"'{text[:40]}' is not a number that a bound can be")
    return format(number, "f")


def whole_number(text: str) -> int | None:
    """Parse a whole number of a reasonable length; None for anything else."""
    return int(text) if _WHOLE.fullmatch(text) else None


def parse_maximum(value: str | int) -> int | None:
    """Parse a maximum number of occurrences; None is unbounded."""
    return None if value == UNBOUNDED else int(value)
