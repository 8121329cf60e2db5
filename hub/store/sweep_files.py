"""Old files, and taking them away while other processes may come upon them."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hub.store.lake import Lake

_ASIDE = ".swept"


@dataclass(frozen=True, slots=True)
class OldFile:
    """A file or folder that nobody has touched for long; `size` is in bytes."""

    path: Path
    size: int


def old_files(paths: Iterable[Path], cutoff: float) -> Iterator[OldFile]:
    """Those that were last written to, or found useful, before an instant (seconds since 1970)."""
    for path in paths:
        with suppress(FileNotFoundError):  # somebody else took it away
            facts = path.stat(follow_symlinks=False)
            if stat.S_ISREG(facts.st_mode) and facts.st_mtime < cutoff:
                yield OldFile(path, facts.st_size)


def old_entries(paths: Iterable[Path], cutoff: float) -> Iterator[OldFile]:
    """The same for folders too, which are as young as the youngest thing in them."""
    for path in paths:
        with suppress(FileNotFoundError):
            within = [path, *path.rglob("*")] if path.is_dir() else [path]
            facts = [each.stat(follow_symlinks=False) for each in within]
            if max(one.st_mtime for one in facts) < cutoff:
                files = (one.st_size for one in facts if stat.S_ISREG(one.st_mode))
                yield OldFile(path, sum(files))


def remove(file: OldFile) -> bool:
    """Remove a file, or a folder with all in it; False where the system does not allow it now."""
    try:
        if file.path.is_dir():
            shutil.rmtree(file.path)
        else:
            file.path.unlink()
    except OSError:  # gone already, or open in another process where that keeps it (Windows)
        return False
    return True


def set_aside(lake: Lake, file: OldFile, cutoff: float) -> OldFile | None:
    """Take a file out of its place; None where it must stay, or is gone.

    Who finds its content there already touches it (`Lake.put_raw`). Either that comes first, is
    seen here, and the file goes back; or it finds nothing, and writes the file anew.
    """
    aside = lake.work_folder() / f"{file.path.name}{_ASIDE}"
    try:
        file.path.rename(aside)
    except OSError:
        return None
    if aside.stat().st_mtime < cutoff:
        return OldFile(aside, file.size)
    aside.replace(file.path)
    return None


def put_back(lake: Lake) -> None:
    """Give files their places again that a killed sweep had set aside."""
    for aside in lake.work_folder().glob(f"*{_ASIDE}"):
        name = aside.name.removesuffix(_ASIDE)
        place = lake.raw_path if name.endswith(".bin") else lake.data_path
        target = place(name.partition(".")[0])
        if target.exists():
            aside.unlink()
        else:
            os.rename(aside, target)
