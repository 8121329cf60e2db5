"""Which languages of a text go into a message."""

from __future__ import annotations

from collections.abc import Sequence

from hub.model import InternationalString


class Languages:
    """Chooses the languages to write, and remembers which were written.

    `wanted` None keeps them all; otherwise each text is written once, in the best match (lookup
    of RFC 4647, then English, then whatever there is).
    """

    def __init__(self, wanted: Sequence[str] | None) -> None:
        self.wanted = wanted
        self.written: dict[str, None] = {}

    def choose(self, text: InternationalString) -> tuple[tuple[str, str], ...]:
        """Return the (language, text) pairs to write."""
        pairs = text.texts
        if self.wanted is not None and len(pairs) > 1:
            best = text.best_language(self.wanted)
            pairs = tuple(pair for pair in pairs if pair[0] == best)[:1]
        for language, _ in pairs:
            self.written[language] = None
        return pairs

    def leaves_out(self, text: InternationalString) -> bool:
        """True where a text has languages that are not written."""
        return self.wanted is not None and len(text.texts) > 1

    def best(self, text: InternationalString) -> str:
        """Return the text in the best language there is."""
        return text.best(self.wanted or ())
