"""Files packed as a bundle: a ZIP archive whose bytes follow from its files alone.

Nothing in it is compressed by the archive, and no instant, owner or comment is kept; so the same
files give the same bytes wherever and whenever they are packed, and there is no byte in a bundle
that could be changed without somebody noticing.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from federation.exchange.manifest import MANIFEST
from hub.errors import TooLarge
from hub.store.lake import hash_of

#: The earliest instant a ZIP archive can name.
_NO_INSTANT = (1980, 1, 1, 0, 0, 0)
_UNIX, _MODE = 3, 0o100644
#: Beyond this, an archive needs records that other programs may not read.
MOST_BYTES = (1 << 31) - (1 << 20)


@dataclass(frozen=True, slots=True)
class Packed:
    """A bundle that was written: its file, its length and its SHA-256."""

    path: Path
    bytes: int
    sha256: str


def pack(target: Path, files: Mapping[str, Path]) -> Packed:
    """Pack files under their names; whole in its place at once, or not there.

    Raises TooLarge for more than a ZIP archive holds.
    """
    work = target.with_name(f"{target.name}.part")
    try:
        write_archive(work, files)
        with work.open("rb+") as file:
            os.fsync(file.fileno())
        work.replace(target)
    finally:
        work.unlink(missing_ok=True)
    return Packed(target, target.stat().st_size, hash_of(target))


def write_archive(path: Path, files: Mapping[str, Path]) -> None:
    """Write the archive of some files: the manifest first, the others by name."""
    size = sum(file.stat().st_size for file in files.values())
    if size > MOST_BYTES:
        raise TooLarge(
            f"{size:,} bytes do not go into one bundle, which holds {MOST_BYTES:,}: export some "
            "flows into one and some into another"
        )
    with ZipFile(path, "w", ZIP_STORED, allowZip64=False) as archive:
        for name in sorted(files, key=lambda name: (name != MANIFEST, name)):
            info = ZipInfo(name, _NO_INSTANT)
            info.create_system = _UNIX
            info.external_attr = _MODE << 16
            info.file_size = files[name].stat().st_size
            with files[name].open("rb") as source, archive.open(info, "w") as member:
                shutil.copyfileobj(source, member, 1 << 20)


def is_same(one: Path, other: Path) -> bool:
    """True where two files have the same bytes."""
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as first, other.open("rb") as second:
        left, right = hashlib.file_digest(first, "sha256"), hashlib.file_digest(second, "sha256")
    return left.digest() == right.digest()
