"""What a hostile file is: its bytes, and what has to become of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Bait:
    """What a hostile file tries to reach: a file that no one may open, an address none may ask."""

    file: Path
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """A hostile file; `make` gives its bytes when it is its turn.

    `told` is a part of the refusal and `kind` the class of the error ("" where any will do). Where
    `told` is None, the file is taken with a harmless reading: `reads` says which, as a column and
    its value in the only observation. A partner may send it as data where `is_sdmx_csv`; all else
    is refused there by its kind. `mapping` is the text of the mapping file of a table. `command`
    are words of a command that takes what is no data; `{}` stands for the file.
    """

    name: str
    make: Callable[[Bait], bytes]
    told: str | None = None
    kind: str = "Invalid"
    reads: tuple[str, str] | None = None
    is_sdmx_csv: bool = False
    mapping: str = ""
    command: tuple[str, ...] = ()

    @property
    def is_taken(self) -> bool:
        return self.told is None


def plainly(content: bytes | str) -> Callable[[Bait], bytes]:
    """Bytes that need no bait."""
    held = content if isinstance(content, bytes) else content.encode()
    return lambda _bait: held
