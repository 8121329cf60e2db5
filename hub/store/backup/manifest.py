"""The list of what a backup holds."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath

import msgspec

from hub.errors import Invalid, NotFound
from hub.store.syncing import sync

NAME = "manifest.json"
_FORMAT = 1
#: A line for each file of a lake; a hub of two hundred countries has some hundred thousand.
_MOST_BYTES = 1 << 30


class Stored(msgspec.Struct, frozen=True):
    """A file of a backup: its length in bytes and its SHA-256."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backup is of, and its files by path.

    `settings` is the text of the node's corridor.toml, `revision` that of its catalogue, `made`
    the instant at which the catalogue was read.
    """

    format: int = _FORMAT
    node: str
    made: datetime
    program: str
    revision: str
    settings: str
    catalogue: str
    files: dict[str, Stored]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put a manifest in the place of the one before, at once."""
    work = folder / f"{NAME}.new"
    work.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    sync(work)
    os.replace(work, folder / NAME)
    sync(folder)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a backup.

    Raises NotFound where there is none, Invalid for one that is no manifest or names files
    outside of the backup.
    """
    path = folder / NAME
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise Invalid(f"{path} is too large for the manifest of a backup")
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise NotFound(
            f"{folder} is not a backup, or one that was never finished: {NAME} is missing"
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} is not the manifest of a backup: {error}") from error
    if manifest.format != _FORMAT:
        raise Invalid(
            f"{path} is of format {manifest.format}, this program knows {_FORMAT}: restore it with "
            f"the program that made it ({manifest.program})"
        )
    _refuse_outside(path, manifest.files)
    return manifest


def _refuse_outside(path: Path, files: Mapping[str, Stored]) -> None:
    for name in files:
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or ".." in parts or "\\" in name or ":" in name:
            raise Invalid(f"{path} names {name!r}, which is no place within a backup")
