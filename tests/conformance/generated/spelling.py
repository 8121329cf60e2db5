"""How text comes into a URL: raw where that is legal, percent-encoded where it may or must be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_letters, digits

from tests.conformance.generated.drawing import Draw

_UNRESERVED = f"{ascii_letters}{digits}-._~"
#: What RFC 3986 lets stand in a segment of a path, and in a query, as it is; what has a meaning
#: there for SDMX is written by itself.
IN_PATH = f"{_UNRESERVED}!$&'()*;=:@,+"
IN_QUERY = f"{_UNRESERVED}!$'()*;:@/?"


@dataclass(frozen=True)
class Hand:
    """How one client writes: the part of what may stand raw that it encodes nevertheless."""

    draw: Draw
    eagerness: float
    is_lower: bool

    def write(self, text: str, free: str) -> str:
        """Encode what must be, and sometimes more."""
        return "".join(self._one(character, free) for character in text)

    def separator(self, mark: str) -> str:
        """A separator, encoded as often as anything."""
        return self._encoded(mark) if self.draw.chance(self.eagerness) else mark

    def query(self, pairs: Sequence[tuple[str, str]]) -> str:
        """A query string of parameters written already, with its question mark."""
        written = [f"{name}={value}" for name, value in self.draw.shuffled(pairs)]
        if self.draw.chance(0.03):
            written.append("")
        return f"?{'&'.join(written)}" if written else ""

    def component(self, id_: str) -> str:
        """The name of the parameter that filters a component."""
        before, after = ("%5B", "%5D") if self.draw.chance(self.eagerness) else ("[", "]")
        return f"c{before}{self.write(id_, _UNRESERVED)}{after}"

    def _one(self, character: str, free: str) -> str:
        if character in free and not self.draw.chance(self.eagerness):
            return character
        return self._encoded(character)

    def _encoded(self, character: str) -> str:
        form = "%{:02x}" if self.is_lower else "%{:02X}"
        return "".join(map(form.format, character.encode()))


def hand(draw: Draw) -> Hand:
    """A client: most encode no more than they must, some all."""
    return Hand(draw, draw.pick((0.0, 0.0, 0.0, 0.2, 1.0)), draw.chance(0.3))
