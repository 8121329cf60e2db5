"""How answers are shown: tables and lines for people, one JSON document for machines.

What came from files and partners is shown as it is: it cannot style the text, nor steer the
terminal with control characters.
"""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

#: Columns of a screen that is none: a file or a pipe, where folded lines would be hard to search.
_UNBOUNDED = 240
_DIGEST_SHOWN = 12
_DIGESTS = ("release", "digest")
#: Embeddings, overrides and isolates, which can show a text in another order than it has.
_BIDI_CONTROLS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def console() -> Console:
    """Where answers for people go."""
    bound = sys.stdout.isatty() or "COLUMNS" in os.environ
    width = None if bound else _UNBOUNDED
    return Console(highlight=False, soft_wrap=True, markup=False, emoji=False, width=width)


def error_console() -> Console:
    """Where progress and complaints go."""
    return Console(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)


def printable(text: object) -> str:
    """A text without the control characters that would steer a terminal."""
    return "".join("\ufffd" if _steers(sign) else sign for sign in str(text))


def _steers(sign: str) -> bool:
    is_control = unicodedata.category(sign) == "Cc" and sign not in "\n\t"
    return is_control or unicodedata.bidirectional(sign) in _BIDI_CONTROLS


def print_json(answer: Mapping[str, Any] | Sequence[Any]) -> None:
    """Print the answer for machines: the one document that a command writes to standard output."""
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=1, default=_json_value))


def print_rows(rows: Sequence[Mapping[str, object]], *, title: str, empty: str) -> None:
    """Print rows with equal keys as a table, or the sentence for no rows at all."""
    if not rows:
        console().print(empty)
        return
    table = Table()
    for name, value in rows[0].items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        table.add_column(
            name.replace("_", " "), justify="right" if is_number else "left", overflow="fold"
        )
    for row in rows:
        table.add_row(*(_cell(name, value) for name, value in row.items()))
    screen = console()
    screen.print(printable(title), style="italic")
    screen.print(table, soft_wrap=False)


def _cell(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%SZ}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return printable(", ".join(str(part) for part in value))
    text = printable(value)
    return text[:_DIGEST_SHOWN] if name in _DIGESTS else text


def _json_value(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
