"""What a node holds, as its status tells it."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def status_of(corridor: Any, home: Path) -> dict[str, Any]:
    """The status of a node, without the instant at which it was asked for."""
    told: dict[str, Any] = corridor("--home", home, "status", "--json").json
    return {name: value for name, value in told.items() if name != "at"}
