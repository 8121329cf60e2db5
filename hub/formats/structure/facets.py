"""The facets of representations and how messages spell their values; shared by all forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum, auto
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


class FacetKind(Enum):
    """What the value of a facet is; decimals are kept in the text they came in."""

    WHOLE = auto()
    DECIMAL = auto()
    BOOLEAN = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet: the attribute of `Representation` and its name in messages of both families.

    `minimum` is the least value the schemas allow; below it the facet says nothing and is left
    out.
    """

    attribute: str
    name: str
    kind: FacetKind = FacetKind.WHOLE
    minimum: int = 1


FACETS = (
    Facet("is_sequence", "isSequence", FacetKind.BOOLEAN),
    Facet("interval", "interval", FacetKind.DECIMAL),
    Facet("start_value", "startValue", FacetKind.DECIMAL),
    Facet("end_value", "endValue", FacetKind.DECIMAL),
    Facet("time_interval", "timeInterval", FacetKind.TEXT),
    Facet("start_time", "startTime", FacetKind.TEXT),
    Facet("end_time", "endTime", FacetKind.TEXT),
    Facet("min_length", "minLength"),
    Facet("max_length", "maxLength"),
    Facet("min_value", "minValue", FacetKind.DECIMAL),
    Facet("max_value", "maxValue", FacetKind.DECIMAL),
    Facet("decimals", "decimals"),
    Facet("pattern", "pattern", FacetKind.TEXT),
)
#: A time dimension is bounded by times and by nothing else.
OF_TIME = frozenset({"startTime", "endTime"})
#: Codes have no decimals; the codes of a level of a hierarchy are not times either.
OF_CODES = frozenset(facet.name for facet in FACETS) - {"decimals"}
OF_LEVELS = OF_CODES - {"timeInterval", *OF_TIME}


def facets_of(
    representation: Representation, allowed: Collection[str] | None = None
) -> dict[str, int | str | bool]:
    """The facets that are set, by their name in messages; only those allowed, where that is said.

    Codes have no decimals.
    """
    if allowed is None and representation.enumeration is not None:
        allowed = OF_CODES
    found: dict[str, int | str | bool] = {}
    for facet in FACETS:
        value = getattr(representation, facet.attribute)
        if value is None or (allowed is not None and facet.name not in allowed):
            continue
        if facet.kind is not FacetKind.WHOLE or value >= facet.minimum:
            found[facet.name] = value
    return found


def has_format(representation: Representation) -> bool:
    """True where an enumerated representation says more than its list."""
    return bool(facets_of(representation)) or representation.text_type is not TextType.STRING


def parse_text_type(text: Any) -> TextType:
    """Parse the name of a text type; raises Fault for one the node does not know."""
    if not isinstance(text, str) or text not in _TEXT_TYPES:
        raise Fault(f"the text type {str(text)[:40]} is not known here", is_unknown=True)
    return TextType(text)


def text_type_in(representation: Representation, is_model_21: bool) -> TextType:
    """The text type to write."""
    kind = representation.text_type
    return TextType.STRING if is_model_21 and kind in _SINCE_30 else kind


def json_facet(name: str, value: int | str | bool) -> int | float | str | bool:
    """Spell the value of a facet as JSON: decimals as numbers; what is no number stays text."""
    if name not in _DECIMALS or not isinstance(value, str):
        return value
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    return int(value) if value.lstrip("+-").isdigit() else float(number)


_DECIMALS = frozenset(facet.name for facet in FACETS if facet.kind is FacetKind.DECIMAL)


def parse_facets(read: Mapping[str, Any]) -> dict[str, Any]:
    """Turn facets by their name in messages into arguments of `Representation`.

    Raises ValueError for what is not of the kind of its facet.
    """
    found: dict[str, Any] = {}
    for facet in FACETS:
        value = read.get(facet.name)
        if value is not None:
            found[facet.attribute] = _PARSERS[facet.kind](value)
    return found


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not text")
    return value


def _boolean(value: Any) -> bool:
    if value not in ("true", "1", "false", "0", True, False):
        raise ValueError(f"'{str(value)[:40]}' is neither true nor false")
    return value in ("true", "1", True)


def _integer(value: Any) -> int:
    text = str(value)
    number = whole_number(text)
    if number is None:
        raise ValueError(f"'{text[:40]}' is not a whole number")
    return number


def _decimal(value: Any) -> str:
    """Check that a text is a decimal number and return it, without an exponent (xs:decimal)."""
    text = str(value)
    if _DECIMAL.fullmatch(text):
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"'{text[:40]}' is not a number") from None
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise ValueError(f"'{text[:40]}' is not a number that a bound can be")
    return format(number, "f")


_PARSERS: dict[FacetKind, Callable[[Any], Any]] = {
    FacetKind.WHOLE: _integer,
    FacetKind.DECIMAL: _decimal,
    FacetKind.BOOLEAN: _boolean,
    FacetKind.TEXT: _text,
}


def whole_number(text: str) -> int | None:
    """Parse a whole number of a reasonable length; None for anything else."""
    return int(text) if _WHOLE.fullmatch(text) else None


def parse_maximum(value: str | int) -> int | None:
    """Parse a maximum number of occurrences; None is unbounded."""
    return None if value == UNBOUNDED else int(value)
