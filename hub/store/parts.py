"""Where the observations of a slice version are: a file of its own, or a part of a shared one.

    state    every observation of the version
    delta    what it changed; none where all of it is new

Files are named by their hash. A shared one holds a version of each of many slices, in their order,
so that a harvest of two hundred countries leaves two files and not four hundred.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hub.store.lake import Lake


class Stored(Protocol):
    """A slice version, made or about to be."""

    @property
    def slice(self) -> str:
        """The slice."""

    @property
    def digest(self) -> str:
        """The digest of the observations, and of a file of their own."""

    @property
    def delta(self) -> str | None:
        """The digest of the file with what it changed."""

    @property
    def file(self) -> str | None:
        """The digest of the file shared with others."""

    @property
    def cut_by(self) -> str | None:
        """The column of a shared file that names the slice of a row."""


@dataclass(frozen=True, slots=True)
class Part:
    """The observations in a Parquet file: those that name a slice in a column, or all (None)."""

    path: Path
    column: str | None = None
    slice: str = ""

    @property
    def order(self) -> tuple[str, str]:
        """What parts are sorted by."""
        return self.path.name, self.slice


def state_of(lake: Lake, version: Stored) -> Part:
    """Where every observation of a version is."""
    if version.file is None:
        return Part(lake.data_path(version.digest))
    return Part(lake.data_path(version.file), version.cut_by, version.slice)


def delta_of(lake: Lake, version: Stored) -> Part | None:
    """Where what a version changed is; None where all of it is new."""
    if version.delta is None:
        return None
    path = lake.data_path(version.delta)
    return Part(path) if version.file is None else Part(path, version.cut_by, version.slice)


def files_of(version: Stored) -> Iterator[str]:
    """The digests of the files in which a version is."""
    yield version.file or version.digest
    if version.delta is not None:
        yield version.delta
