"""How a flow came to hold what it holds: what readers saw change, and when."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from hub.model.release import SliceVersion

_CUT = timedelta(seconds=1) - timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one dissemination changed in one slice: the version readers had, and the one they got.

    None stands for nothing: the slice was not there, or is not there any more. `is_delta` tells
    that `after.delta` holds all of the change; else the two files have to be compared.
    """

    at: datetime
    before: SliceVersion | None
    after: SliceVersion | None
    is_delta: bool = False

    @property
    def slice(self) -> str:
        """The slice that changed."""
        version = self.after or self.before
        return version.slice if version is not None else ""


@dataclass(frozen=True, kw_only=True)
class ChangeLog:
    """The changes of one flow after an instant (None: from the beginning), in order of time.

    Slices never share a key, so the steps of one dissemination are independent of each other.
    """

    since: datetime | None
    steps: tuple[Step, ...]

    @cached_property
    def instants(self) -> tuple[datetime, ...]:
        """When something was disseminated, in ascending order."""
        return tuple(sorted({step.at for step in self.steps}))

    def of_slices(self, slices: Container[str] | None) -> ChangeLog:
        """The changes of some slices; None means any."""
        if slices is None:
            return self
        return replace(self, steps=tuple(step for step in self.steps if step.slice in slices))

    def of_provider(self, provider: str | None) -> ChangeLog:
        """The changes among the slices that one provider is behind; None means any.

        Where a slice passes to another provider, it goes for the one and comes for the other.
        """
        steps = self.steps if provider is None else _steps_of(provider, self.steps)
        return replace(self, steps=tuple(step for step in steps if _is_change(step)))


def looked_until(since: datetime) -> datetime:
    """The last instant at which a reader may have looked who asks for what came after another.

    Clocks often tell whole seconds: such an instant may be a later one that was cut to it.
    """
    return since if since.microsecond else since + _CUT


def _steps_of(provider: str, steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        before, after = (
            version if version is not None and version.is_of(provider) else None
            for version in (step.before, step.after)
        )
        is_delta = step.is_delta and before is not None and after is not None
        yield replace(step, before=before, after=after, is_delta=is_delta)


def _is_change(step: Step) -> bool:
    """False where both sides are the same; a delta may still tell of what was purged from both."""
    if step.is_delta and step.after is not None and step.after.delta is not None:
        return True
    digests = (version.digest if version else None for version in (step.before, step.after))
    return len(set(digests)) > 1
