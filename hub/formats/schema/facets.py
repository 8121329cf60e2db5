"""Facets of representations as both schema languages need them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from hub.model import EXACT_TEXT, FLOATS, INTEGERS, Representation, TextType

#: The types of numbers, which NaN may stand for where one is missing.
NUMBERS = (
    INTEGERS
    | FLOATS
    | EXACT_TEXT
    | {TextType.INCLUSIVE_VALUE_RANGE, TextType.EXCLUSIVE_VALUE_RANGE, TextType.INCREMENTAL}
)


def lengths(facets: Representation) -> tuple[int | None, int | None]:
    """The least and greatest length; neither where they contradict each other."""
    least, most = facets.min_length, facets.max_length
    if least is not None and most is not None and least > most:
        return None, None
    return least, most


def bound(text: str | None) -> Decimal | None:
    """A bound of values as a number; None where there is none."""
    try:
        number = Decimal(text) if text is not None else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def anchored(pattern: str) -> str:
    """A pattern of the whole value, without anchors, which XML Schema would take literally.

    A representation's pattern speaks of the whole value; many write anchors around it.
    """
    text = pattern.removeprefix("^")
    if not text.endswith("$"):
        return text
    rest = text[:-1]
    escapes = len(rest) - len(rest.rstrip("\\"))
    return text if escapes % 2 else rest
