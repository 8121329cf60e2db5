"""Quoting for SQL over observations: identifiers come from structures, values are bound.

Where a value must stand in the text of a statement (a file list, a COPY target), `literal`
quotes it.
"""

from __future__ import annotations

from collections.abc import Iterable


def identifier(name: str) -> str:
    """Quote a column or table name."""
    if "\x00" in name:
        raise ValueError("a name may not hold NUL")
    return '"' + name.replace('"', '""') + '"'


def identifiers(names: Iterable[str]) -> str:
    """Quote several names, separated by commas."""
    return ", ".join(identifier(name) for name in names)


def literal(text: str) -> str:
    """Quote a string value."""
    if "\x00" in text:
        raise ValueError("a value may not hold NUL")
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """Quote several string values, separated by commas."""
    return ", ".join(literal(text) for text in texts)
