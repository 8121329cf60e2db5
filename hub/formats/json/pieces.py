"""The pieces of a large JSON object, decoded one at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hub.errors import Conflict
from hub.formats.json.document import decode
from hub.formats.json.scan import Span

Members = tuple[tuple[str, Any], ...]


class PieceFile:
    """The file that spans are of; the text in them is well-formed JSON."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path

    def members(self, span: Span, place: str) -> Members:
        """The members in a span, in order, also those with equal names.

        Objects in them become tuples of (name, value), arrays lists, numbers as in `decode`. Raises
        Invalid as that does, with the JSON pointer of what the members are in, and Conflict for a
        file that has changed.
        """
        with self._path.open("rb") as file:
            file.seek(span.start)
            text = file.read(span.stop - span.start)
        try:
            found: Members = decode(b"{" + text.removesuffix(b",") + b"}", self.name, place, tuple)
        except json.JSONDecodeError:
            raise Conflict(f"{self.name} was changed while it was read: try again") from None
        return found
