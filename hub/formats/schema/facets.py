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


def of_years(first: int | None, last: int | None) -> str | None:
    """A pattern of periods that begin with one of these years; None where any may be."""
    if first is None and last is None:
        return None
    low, high = max(first or 0, 0), min(9999 if last is None else last, 9999)
    years = _between(f"{low:04}", f"{high:04}") if low <= high else "-"
    return f"{years}([^0-9].*)?"


def _between(low: str, high: str) -> str:
    """A pattern of the numbers between two, all with as many digits."""
    rest = len(low) - 1
    if rest < 0 or low == high:
        return low
    if low[0] == high[0]:
        return low[0] + _between(low[1:], high[1:])
    start, end = int(low[0]), int(high[0])
    parts = []
    if low[1:].strip("0"):
        parts.append(low[0] + _between(low[1:], "9" * rest))
        start += 1
    if high[1:].strip("9"):
        parts.append(high[0] + _between("0" * rest, high[1:]))
        end -= 1
    if start <= end:
        parts.append(f"[{start}-{end}]" + "[0-9]" * rest)
    return f"({'|'.join(parts)})"
