"""What the log of attempts tells of a partner and flow: what is held, since when, what failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

from connectors.service import Held
from federation.partners import HOLDS, Attempt, FinishReason

#: The reasons after which this node knew all that the partner had.
COMPLETE = HOLDS | {FinishReason.NOT_MODIFIED}
#: After so many failures in a row figures are taken from another partner that has them.
_TIME_AND_AGAIN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Earlier attempts at one flow of one partner that are closed; None where there is none.

    `held` is the newest after which this node held what was sent, `complete` the newest that found
    out all there was, `last` the newest of any kind.
    """

    held: Attempt | None = None
    complete: Attempt | None = None
    last: Attempt | None = None

    @property
    def validators(self) -> Held | None:
        """What is known of the answer that is held; None where it had no URL."""
        url = self._text("url")
        if url is None:
            return None
        return Held(url=url, etag=self._text("etag"), last_modified=self._text("last_modified"))

    @property
    def release(self) -> str | None:
        """The partner's release that is held, where the partner named it."""
        return self._text("partner_release")

    @property
    def asked(self) -> str | None:
        """What was asked for, in the partner's words, with its version."""
        return self._text("asked")

    @property
    def updated(self) -> datetime | None:
        """When the release that is held became visible, by the partner's clock."""
        return instant_of(self._text("partner_updated"))

    @property
    def raw(self) -> str | None:
        """The digest of the archived bytes that are held."""
        return self._text("raw")

    @property
    def chain(self) -> tuple[str, ...]:
        """The digests of all bytes that make up what is held: everything, then increments."""
        text = self._text("chain") or self.raw or ""
        return tuple(digest for digest in text.split(",") if digest)

    @property
    def rows(self) -> int:
        """How many observations are held; 0 where that is not known."""
        return self._number("rows")

    @property
    def increments(self) -> int:
        """How many increments were taken since everything was."""
        return self._number("increments")

    @property
    def full_at(self) -> datetime | None:
        """When everything was taken last, by this node's clock."""
        if self.held is None:
            return None
        return instant_of(self._text("full_at")) or self.held.opened

    @property
    def clock(self) -> datetime | None:
        """The partner's clock at the start of the last complete attempt."""
        facts = self.complete.facts if self.complete is not None else {}
        text = facts.get("clock")
        return instant_of(text) if isinstance(text, str) else None

    @property
    def failures(self) -> int:
        """How many attempts in a row FAILED until now."""
        if self.last is None or self.last.reason is not FinishReason.FAILED:
            return 0
        count = self.last.facts.get("failures")
        return count if isinstance(count, int) else 1

    def failing(self, release: str | None) -> str:
        """That the data of a release could not be had, time and again; "" where it is not so."""
        told = self.last.facts.get("partner_release") if self.last is not None else None
        if release is None or told != release or self.failures < _TIME_AND_AGAIN:
            return ""
        return (
            f"its data failed {self.failures} times in a row; "
            "it is asked again when it has another release, or with --full"
        )

    @property
    def not_before(self) -> datetime | None:
        """Until when a patient run leaves the partner alone, after a failure."""
        if not self.failures or self.last is None:
            return None
        text = self.last.facts.get("not_before")
        return instant_of(text) if isinstance(text, str) else None

    def _text(self, name: str) -> str | None:
        value = self.held.facts.get(name) if self.held is not None else None
        return value if isinstance(value, str) else None

    def _number(self, name: str) -> int:
        value = self.held.facts.get(name) if self.held is not None else None
        return value if isinstance(value, int) else 0


NO_PAST = Past()


def instant_of(text: str | None) -> datetime | None:
    """An instant as facts keep it (ISO 8601, UTC); None for what is none."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@lru_cache(maxsize=64)
def http_date(text: str | None) -> datetime | None:
    """An instant as HTTP headers spell it; None for what is none."""
    if not text:
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
