"""What the test agency is made of, in plain values: the reference evaluator knows only these.

`artefacts.py` turns them into artefacts for the node. Nothing here comes from `hub`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
#: The attachment of what has a value of its own for each observation.
OBSERVATION = ("*",)


@dataclass(frozen=True)
class Part:
    """A component: what it is, what values it takes, and where it attaches.

    `role` is dimension, time, measure or attribute. `kind` is code, text, period, double, integer,
    decimal or boolean; `codes` names the list. `on` are the dimensions an attribute attaches to, ()
    for the data set; `group` is its group.
    """

    id: str
    role: str
    kind: str = "code"
    codes: str = ""
    many: bool = False
    languages: bool = False
    on: tuple[str, ...] = OBSERVATION
    group: str = ""

    @property
    def is_number(self) -> bool:
        return self.kind in ("double", "integer", "decimal")


@dataclass(frozen=True)
class Shape:
    """A data structure: its components in order, and its groups by id."""

    id: str
    version: str
    parts: tuple[Part, ...]
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def of(self, *roles: str) -> list[Part]:
        return [part for part in self.parts if part.role in roles]

    def part(self, id_: str) -> Part:
        return next(part for part in self.parts if part.id == id_)

    @property
    def dimensions(self) -> list[str]:
        """The dimensions in order, time last."""
        return [part.id for part in self.of("dimension", "time")]

    @property
    def key(self) -> list[str]:
        return [part.id for part in self.of("dimension")]

    @property
    def time(self) -> str | None:
        return next((part.id for part in self.of("time")), None)

    @property
    def measures(self) -> list[str]:
        return [part.id for part in self.of("measure")]

    @property
    def attributes(self) -> list[str]:
        return [part.id for part in self.of("attribute")]

    def level(self, attribute: str) -> str:
        """dataset, series (groups too) or obs, as the parameter `attributes` has it."""
        on = self.part(attribute).on
        if on == OBSERVATION or self.time in on:
            return "obs"
        return "series" if on else "dataset"

    @property
    def is_simple(self) -> bool:
        """True where SDMX 2.1 has words for all of it."""
        plain = all(not part.many and not part.languages for part in self.parts)
        return plain and self.measures == ["OBS_VALUE"]


@dataclass(frozen=True)
class Flow:
    """A dataflow in one version; all versions of one id hold the same rows."""

    agency: str
    id: str
    version: str
    shape: Shape

    def __str__(self) -> str:
        return f"{self.agency}:{self.id}({self.version})"

    @property
    def name(self) -> str:
        """What its rows are kept under."""
        return f"{self.agency}:{self.id}"


@dataclass(frozen=True)
class Agreement:
    """A provision agreement: a provider provides a flow; `areas` None means all of it."""

    agency: str
    id: str
    version: str
    flow: Flow
    provider: str
    areas: tuple[str, ...] | None = None

    def __str__(self) -> str:
        return f"{self.agency}:{self.id}({self.version})"
