"""Looking whether every file still is what it was: all hashes are computed anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import select, text

from hub.store.backup.findings import Damage, fault_of
from hub.store.backup.manifest import read_manifest
from hub.store.retention import raw_digests
from hub.store.store import Store
from hub.store.tables import FILES
from hub.store.tables import slice_versions as versions
from hub.store.waiting import waiting_digests

#: Told of each file when it was looked at.
Watched = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Verified:
    """How many files were looked at, and which of them are damaged."""

    files: int
    damaged: tuple[Damage, ...]


def verify_backup(folder: Path, watched: Watched = lambda _path: None) -> Verified:
    """Compare every file of a backup with its manifest; raises what `read_manifest` raises."""
    manifest = read_manifest(folder)
    damaged = []
    for name, stored in manifest.files.items():
        fault = fault_of(folder / name, stored.sha256, stored.bytes)
        watched(folder / name)
        if fault is not None:
            damaged.append(Damage(name, fault))
    return Verified(len(manifest.files), tuple(damaged))


def verify_store(store: Store, watched: Watched = lambda _path: None) -> Verified:
    """Compare every file that the catalogue of a node needs with its hash.

    Observations must also be as many as the catalogue says (in a shared file at least as many: it
    may hold versions that left the history), and a catalogue in SQLite must be sound itself.
    Indexes and rendered answers are made anew where they are missing.
    """
    found: dict[Path, Damage | None] = {}
    for path, digest, rows, about in _needed(store):
        if path not in found:
            fault = fault_of(path, digest) or _miscounted(path, rows)
            watched(path)
            name = path.relative_to(store.lake.root).as_posix()
            found[path] = None if fault is None else Damage(f"lake/{name}", fault, about)
    damaged = [one for one in found.values() if one is not None]
    return Verified(len(found), (*_unsound(store), *damaged))


#: How many observations a file should have, and whether it may not have more.
_Rows = tuple[int, bool]


def _needed(store: Store) -> Iterator[tuple[Path, str, _Rows | None, str]]:
    """The files a node needs, their hashes, the rows in them, and what is in them, in words."""
    columns = (*FILES, versions.c.rows)
    names = (versions.c.flow, versions.c.slice)
    with store.catalogue.reading() as connection:
        kept = connection.execute(
            select(*columns, *names).where(
                versions.c.removed.is_(None), versions.c.superseded.is_(None)
            )
        ).all()
        waiting = waiting_digests(connection)
        came_from = raw_digests(connection)
    shared: dict[str | None, dict[str, int]] = {}
    for _, _, file, rows, _, part in kept:
        shared.setdefault(file, {})[part] = rows
    for digest, delta, file, rows, flow, part in kept:
        of = f"{flow} {part}".rstrip()
        name, least = file or digest, rows if file is None else sum(shared[file].values())
        yield store.lake.data_path(name), name, (least, file is None), f"figures of {of}"
        if delta is not None:
            yield store.lake.data_path(delta), delta, None, f"changes of {of}"
    for digest in sorted(waiting):
        yield store.lake.waiting_path(digest), digest, None, "what waits for approval"
    there = {path.stem for path in (store.lake.root / "raw").glob("*/*.bin")}
    for digest in sorted(came_from | there):
        yield store.lake.raw_path(digest), digest, None, "what a partner sent"


def _miscounted(path: Path, expected: _Rows | None) -> str | None:
    if expected is None:
        return None
    rows, is_exact = expected
    try:
        found = pq.read_metadata(path).num_rows
    except (pa.ArrowException, OSError) as error:
        return f"it is no Parquet file: {error}"
    if found == rows or (found > rows and not is_exact):
        return None
    return f"it has {found:,} observations instead of {rows:,}"


def _unsound(store: Store) -> Iterator[Damage]:
    if store.catalogue.engine.dialect.name != "sqlite":
        return
    with store.catalogue.reading() as connection:
        told = connection.execute(text("PRAGMA integrity_check")).scalars().all()
    if told != ["ok"]:
        yield Damage("catalogue.sqlite", "; ".join(map(str, told[:3])), "what exists")
