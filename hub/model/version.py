"""Artefact versions, and the queries that select among them (SDMX REST 2.2, "Version queries").

Versions are semantic (`X.Y.Z[-EXT]`) or legacy (`X`, `X.Y`). A query fixes parts and leaves
others to a wildcard: `+` the latest stable, `~` the latest of any status, `*` all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from hub.errors import BadRequest

# Nine digits: enough for any version, and no number that Python refuses to read.
_NUMBER = r"\d{1,9}"
_VERSION = re.compile(
    rf"({_NUMBER})(?:\.({_NUMBER}))?(?:\.({_NUMBER}))?(?:-([A-Za-z0-9.-]{{1,100}}))?", re.ASCII
)
_PART = re.compile(r"(\d{0,9})([+~*]?)", re.ASCII)
SortKey = tuple[tuple[int, int, int], int, tuple[tuple[int, int, str], ...], int]


def version_key(version: str) -> SortKey:
    """Order versions: by number, an extension before its release, legacy below semantic."""
    match = _VERSION.fullmatch(version)
    if match is None:
        return ((-1, 0, 0), 0, ((1, 0, version),), 0)
    numbers = tuple(int(part or 0) for part in match.groups()[:3])
    extension = tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part)
        for part in (match[4] or "").split(".")
        if part
    )
    given = sum(part is not None for part in match.groups()[:3])
    return ((numbers[0], numbers[1], numbers[2]), int(not extension), extension, given)


def is_stable(version: str) -> bool:
    """True for a semantic version above 0 without an extension."""
    match = _VERSION.fullmatch(version)
    return match is not None and match[3] is not None and match[4] is None and int(match[1]) > 0


def latest(versions: Iterable[str]) -> str:
    """The newest of some versions, whatever its status."""
    return max(versions, key=version_key)


@dataclass(frozen=True, slots=True)
class VersionPattern:
    """One alternative of a version query.

    `parts` are the given numbers; the part at index `wild` carries the wildcard, whose number is
    then a minimum. `wild` None means an exact version. `length` is 2 or 3 where the query says
    how many parts a version must have, 0 where any will do.
    """

    text: str
    parts: tuple[int, ...] = ()
    wildcard: str | None = None
    wild: int = 0
    length: int = 0

    def select(self, versions: Iterable[str]) -> list[str]:
        """Return the versions this pattern means, newest first."""
        if self.wildcard is None:
            return [version for version in versions if version == self.text]
        fits = sorted(filter(self._fits, versions), key=version_key, reverse=True)
        return fits if self.wildcard == "*" else fits[:1]

    def _fits(self, version: str) -> bool:
        match = _VERSION.fullmatch(version)
        if self.wildcard == "+" and not is_stable(version):
            return False
        if match is None:
            return self.length == 0
        given = [int(part) for part in match.groups()[:3] if part is not None]
        if self.length and len(given) != self.length:
            return False
        padded = (*given, 0, 0)[:3]
        fixed, minimum = self.parts[: self.wild], self.parts[self.wild :]
        floor = (*fixed, *minimum, 0, 0, 0)[:3]
        return padded[: self.wild] == fixed and padded[self.wild :] >= floor[self.wild :]


@dataclass(frozen=True, slots=True)
class VersionQuery:
    """A version query: any of its patterns."""

    patterns: tuple[VersionPattern, ...]

    @property
    def is_exact(self) -> bool:
        """True where no wildcard is in it."""
        return all(pattern.wildcard is None for pattern in self.patterns)

    def select(self, versions: Iterable[str]) -> tuple[str, ...]:
        """Return the versions meant, each once, in the order of the patterns, newest first."""
        known = list(versions)
        return tuple(dict.fromkeys(v for pattern in self.patterns for v in pattern.select(known)))


def parse_version_query(text: str) -> VersionQuery:
    """Parse a version query; raises BadRequest for what the grammar does not allow."""
    return VersionQuery(tuple(_parse_pattern(part) for part in text.split(",")))


def _parse_pattern(text: str) -> VersionPattern:
    if _VERSION.fullmatch(text):
        return VersionPattern(text)
    pieces = [_PART.fullmatch(piece) for piece in text.split(".")]
    matched = [piece for piece in pieces if piece is not None]
    marked = [index for index, piece in enumerate(matched) if piece[2]]
    if len(matched) != len(pieces) or len(matched) > 3 or len(marked) != 1:
        raise _refuse(text)
    wild = marked[0]
    wildcard = matched[wild][2]
    parts = tuple(int(piece[1]) for piece in matched if piece[1])
    after = matched[wild + 1 :]
    bare = not matched[wild][1]
    if any(not piece[1] for index, piece in enumerate(matched) if index != wild):
        raise _refuse(text)
    if bare and any(int(piece[1]) > 0 for piece in after):
        raise _refuse(text)
    leads = bare and wild == 0
    if wildcard == "+" and not (leads or parts[0] > 0):
        raise _refuse(text)  # nothing below 1.0.0 is stable
    if wildcard == "+" and len(matched) == 2:
        raise _refuse(text)  # nothing with two parts is stable
    return VersionPattern(
        text=text,
        parts=parts[:wild] if bare else parts,
        wildcard=wildcard,
        wild=wild,
        length=0 if leads and not after else len(matched),
    )


def _refuse(text: str) -> BadRequest:
    return BadRequest(
        f"'{text}' is not a version query: write a version (1.0.0), '+' for the latest stable, "
        "'~' for the latest of any status, '*' for all, or one wildcard within a version (1.+.0)"
    )
