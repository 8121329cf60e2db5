"""What an observation was made of, as values: parts, inputs, and where each came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from federation.partners import Attempt
from hub.model import Descent, Reference, Release, SliceVersion, recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """The bytes a partner sent: their SHA-256, their place in the lake, their number, None gone.

    `arrival` are the facts kept beside them of the attempt that brought them.
    """

    digest: str
    place: str
    size: int | None
    arrival: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where this node has the observations of one slice from.

    `release` is that of this node in which `version` stood. `archived` are the bytes a partner
    sent, with the `attempt` that brought them; `lack` says why there are none. Where they told only
    what changed, `earlier` are those they go on from: everything first, then what changed.
    """

    flow: Reference
    release: Release
    version: SliceVersion
    attempt: Attempt | None = None
    archived: Archived | None = None
    earlier: tuple[Archived, ...] = ()
    lack: str = ""

    @property
    def detail(self) -> Mapping[str, str]:
        """What the slice version says of its origin."""
        return dict(self.version.origin.detail)

    @property
    def descent(self) -> Descent | None:
        """At which node the figures began, and through which they came; None where nobody told."""
        return recorded(self.version.origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """An observation that went into another: its flow, its key with the period, its value.

    `value` is in persons, None where the flow has no such observation or it holds no figure.
    """

    flow: Reference
    key: str
    value: float | None
    source: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One addend of a derived figure: `value` = `factor` x its input, aligned to the year.

    `role` is `cell`, `substitute`, `unknown`, `former` (see `EmigrantsResult.inputs`), or
    `sender` and `receiver` of a flow; `kind` is `exact`, `interpolated` or `carried`. `weights`
    are the observations that decided the factor.
    """

    role: str
    area: str
    kind: str
    value: float | None
    factor: float | None
    inputs: tuple[Input, ...]
    weights: tuple[Input, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Something that is not in a figure, and why: an area, or an observation of it."""

    area: str
    why: str
    input: Input | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Where one observation comes from.

    `attributes` are those of the observation as it was released; `source` is where it is from
    itself. Where it was derived, `method` and `rule` say how, `releases` from which releases,
    `parts` from which observations, `left_out` what is not in it.
    """

    flow: Reference
    key: str
    value: float | None
    attributes: Mapping[str, object]
    source: Source
    method: str = ""
    rule: str = ""
    releases: tuple[Release, ...] = ()
    parts: tuple[Part, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def is_derived(self) -> bool:
        """True where this node made it from other observations."""
        return bool(self.method)

    def inputs(self) -> Iterator[Input]:
        """Every observation that went in, each once."""
        seen = set()
        for part in self.parts:
            for one in (*part.inputs, *part.weights):
                if (one.flow, one.key) not in seen:
                    seen.add((one.flow, one.key))
                    yield one


class Outcome(StrEnum):
    """What came of computing an observation again."""

    EQUAL = "equal"
    DIFFERS = "differs"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An input that the archived bytes give otherwise; None where a side does not have it."""

    flow: Reference
    key: str
    held: float | None
    archived: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the archived bytes give the same figure.

    `value` is the figure computed again, `faults` what is wrong with the bytes it came from,
    `notes` what was read instead of bytes a partner sent, `read` the digests of what was read.
    """

    outcome: Outcome
    value: float | None = None
    differences: tuple[Difference, ...] = ()
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
