"""What is found wrong with a file that should hold what its hash says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hub.errors import Finding, Invalid
from hub.store.lake import hash_of


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is missing or is not what it was, and what it was needed for."""

    path: str
    what: str
    needed_for: str = ""

    def finding(self) -> Finding:
        """The damage as findings are told."""
        needed = f"; it holds {self.needed_for}" if self.needed_for else ""
        return Finding(rule="damaged", message=f"{self.what}{needed}", file=self.path)


def refuse_damaged(damaged: Iterable[Damage], remedy: str) -> None:
    """Raise Invalid where anything is damaged."""
    findings = [one.finding() for one in damaged]
    if findings:
        many = "s are" if len(findings) > 1 else " is"
        raise Invalid(f"{len(findings)} file{many} damaged: {remedy}", findings)


def fault_of(path: Path, digest: str, length: int | None = None) -> str | None:
    """What is wrong with a file that should have a hash; None where nothing is."""
    try:
        if length is not None and path.stat().st_size != length:
            return f"it has {path.stat().st_size:,} bytes instead of {length:,}"
        found = hash_of(path)
    except FileNotFoundError:
        return "it is missing"
    except OSError as error:
        return f"it cannot be read: {error.strerror or error}"
    return None if found == digest else f"its SHA-256 is {found}, not {digest}"
