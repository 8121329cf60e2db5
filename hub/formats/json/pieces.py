"""The pieces of a large JSON object, decoded one at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hub.errors import Conflict
from hub.formats.json.document import refuse
from hub.formats.json.scan import Span

Members = tuple[tuple[str, Any], ...]


class PieceFile:
    """The file that spans are of; the text in them is well-formed JSON."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path

    def members(self, span: Span, place: str) -> Members:
        """The members in a span, in order, also those with equal names.

        Objects in them become tuples of (name, value), arrays lists; numbers with a fraction or
        exponent stay as they are spelt. Raises Invalid for numbers of thousands of digits, with
        the JSON pointer of what the members are in, and Conflict for a file that has changed.
        """
        with self._path.open("rb") as file:
            file.seek(span.start)
            text = file.read(span.stop - span.start)
        try:
            found: Members = json.loads(
                b"{" + text.removesuffix(b",") + b"}", parse_float=str, object_pairs_hook=tuple
            )
        except json.JSONDecodeError:
            raise Conflict(f"{self.name} was changed while it was read: try again") from None
        except ValueError as error:
            message = f"a number that cannot be read: {error}"
            raise refuse(self.name, "json-number", message, place) from None
        return found
