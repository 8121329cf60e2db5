"""How it is shown what differs, observation by observation: old value and new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from hub.commands.showing import console, print_rows
from hub.store.difference import Changed, Difference

ROWS_SHOWN, MOST_ROWS = 20, 100_000


def show_difference(found: Difference, title: str) -> None:
    """Print a table of what differs, and how much more does."""
    shown = [_row(one) for one in found.rows]
    print_rows(shown, title=title, empty=title)
    if len(shown) < _total(found):
        console().print(f"and {_total(found) - len(shown):,} more; --rows shows as many as you say")


def difference_json(found: Difference) -> dict[str, Any]:
    """What differs, for machines."""
    return {
        "counts": asdict(found.counts),
        "rows": [asdict(one) for one in found.rows],
        "not_shown": _total(found) - len(found.rows),
    }


def _total(found: Difference) -> int:
    return found.counts.added + found.counts.revised + found.counts.withdrawn


def _row(one: Changed) -> dict[str, Any]:
    names = dict.fromkeys((*one.old, *one.new))
    changes = [f"{name} {_value(one.old, name)} → {_value(one.new, name)}" for name in names]
    if not (one.old and one.new):
        changes = [f"{name} {_value({**one.old, **one.new}, name)}" for name in names]
    return {"change": one.kind, **one.key, "values": "; ".join(changes)}


def _value(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if value is None:
        return "nothing"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
