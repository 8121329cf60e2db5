"""What is known of an answer before a byte of it is made: type, validators, content codings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.rest.conditional import Validators

#: What the node negotiates on.
VARY = "Accept, Accept-Encoding, Accept-Language"
CACHE = "public, no-cache"


@dataclass(frozen=True, slots=True)
class Head:
    """The head of an answer, whichever of its codings is sent.

    `codings` are those the client takes, best first, None for none; each has an ETag of its own.
    `languages` is the Content-Language, "" where texts in all languages are sent.
    """

    content_type: str
    validators: Validators
    languages: str = ""
    codings: tuple[str | None, ...] = (None,)

    @property
    def key(self) -> str:
        """What the cache of rendered answers knows the answer by."""
        return f"{self.validators.digest}-{self.codings[0] or 'identity'}"

    def known(self, headers: Mapping[str, str]) -> Validators | None:
        """The validators of what the client has already, None where it needs an answer."""
        coded = (self._coded(coding) for coding in self.codings)
        return next((found for found in coded if found.are_known_to(headers)), None)

    def headers(self, coding: str | None, asked: datetime) -> dict[str, str]:
        """The headers of the answer under a content coding, without its length."""
        validators = unchanged_headers(self._coded(coding), asked)
        headers = {**validators, "Content-Type": self.content_type}
        if coding is not None:
            headers["Content-Encoding"] = coding
        if self.languages:
            headers["Content-Language"] = self.languages
        return headers

    def _coded(self, coding: str | None) -> Validators:
        plain = self.validators
        return Validators(f"{plain.digest}-{coding}", plain.changed) if coding else plain


def unchanged_headers(validators: Validators, asked: datetime) -> dict[str, str]:
    """The headers of an answer that need not be sent (304), asked for at an instant."""
    return {"Vary": VARY, "Cache-Control": CACHE, **validators.headers(asked)}
