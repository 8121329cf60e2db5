"""Names and descriptions in several languages, and the annotations of SDMX artefacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InternationalString:
    """A text in one or more languages; all of them are kept, in the order they came.

    `texts` holds (BCP 47 language tag, text) pairs.
    """

    texts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, text: str | Mapping[str, str] | None) -> InternationalString:
        """Make one from a plain English text or a mapping language → text; empty texts go."""
        if not text:
            return cls()
        pairs = {"en": text} if isinstance(text, str) else text
        return cls(tuple((language, value) for language, value in pairs.items() if value))

    def __bool__(self) -> bool:
        return bool(self.texts)

    def __str__(self) -> str:
        return self.best()

    def best(self, languages: Sequence[str] = ()) -> str:
        """Return the text in the first language that is there (RFC 4647 lookup), else English.

        Where English is missing too, the first text; "" when there is none at all.
        """
        language = self.best_language(languages)
        return next((text for tag, text in self.texts if tag == language), "")

    def best_language(self, languages: Sequence[str] = ()) -> str | None:
        """Return the tag under which `best` finds its text."""
        available = {tag.lower(): tag for tag, _ in reversed(self.texts)}
        for wanted in (*languages, "en"):
            tag = wanted.lower()
            while tag:
                if tag in available:
                    return available[tag]
                tag = tag.rpartition("-")[0]
        return self.texts[0][0] if self.texts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A note attached to an artefact (SDMX information model, AnnotableArtefact)."""

    id: str | None = None
    type: str | None = None
    title: str | None = None
    url: str | None = None
    value: str | None = None
    text: InternationalString = InternationalString()
