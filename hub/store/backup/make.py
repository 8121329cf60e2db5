"""Making a backup while the node serves, publishes and harvests."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from sqlalchemy import select

from hub.errors import Conflict, Forbidden
from hub.settings import FILE_NAME
from hub.store.backup.findings import Damage, refuse_damaged
from hub.store.backup.manifest import NAME, Manifest, Stored, read_manifest, write_manifest
from hub.store.backup.rows import write_rows
from hub.store.catalogue import REVISION
from hub.store.lake import hash_of
from hub.store.lock import file_lock
from hub.store.store import Store
from hub.store.syncing import sync
from hub.store.tables import FILES
from hub.store.tables import slice_versions as versions
from hub.store.waiting import waiting_digests

_LOCK = "backup.lock"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup: its instant, its files and bytes, and how much of that was copied now."""

    made: datetime
    files: int
    bytes: int
    copied_files: int
    copied_bytes: int


def make_backup(store: Store, folder: Path, program: str) -> Backup:
    """Copy a node into a folder; into one that holds an earlier backup of it, only what is new.

    The earlier backup stays whole until the new one is. What is copied is hashed on the way.
    Raises Invalid where files of the lake are damaged, Conflict for a folder that is used
    otherwise, and while a sweep of the node or another backup into the folder runs.
    """
    with _held(store, folder):
        before = _earlier(store, folder)
        manifest = _Making(store, folder, before).run(program)
        write_manifest(folder, manifest)
        _remove_others(folder, manifest)
    copied = [one for path, one in manifest.files.items() if before.get(path) != one]
    done = Backup(
        manifest.made,
        len(manifest.files),
        sum(one.bytes for one in manifest.files.values()),
        len(copied),
        sum(one.bytes for one in copied),
    )
    with store.catalogue.writing() as connection:
        at = store.catalogue.stamp(connection)
        store.catalogue.record(connection, at, "backup", "", files=done.files, bytes=done.bytes)
    return done


@contextmanager
def _held(store: Store, folder: Path) -> Iterator[None]:
    """Keep sweeps and other backups away."""
    sweeping = store.lake.work_folder().with_name("sweep.lock")
    try:
        is_new = not folder.exists() or not any(folder.iterdir())
        if not is_new and not (folder / _LOCK).exists():
            raise Conflict(f"{folder} holds something else: name a new folder, or a backup's")
        folder.mkdir(parents=True, exist_ok=True)
        with file_lock(sweeping) as is_mine, file_lock(folder / _LOCK) as is_alone:
            if not is_mine:
                raise Conflict("a sweep or a backup of this node is running: wait for its end")
            if not is_alone:
                raise Conflict(f"another backup into {folder} is running: wait for its end")
            yield
    except PermissionError as error:
        raise Forbidden(f"{folder}: {error.strerror}; name one that this user may write") from error


def _earlier(store: Store, folder: Path) -> dict[str, Stored]:
    """The files of the backup that is there, if one is."""
    if not (folder / NAME).exists():
        return {}
    manifest = read_manifest(folder)
    if manifest.node != store.settings.node:
        raise Conflict(
            f"{folder} holds a backup of node {manifest.node}, this is {store.settings.node}: "
            "give each node a folder of its own"
        )
    return manifest.files


class _Making:
    """One backup in the making; `before` are the files that are there from the earlier one."""

    def __init__(self, store: Store, folder: Path, before: dict[str, Stored]) -> None:
        self._store = store
        self._lake = store.lake
        self._folder = folder
        self._before = before
        self._damaged: list[Damage] = []
        self._files: dict[str, Stored] = {}

    def run(self, program: str) -> Manifest:
        work = self._folder / "catalogue.new"
        with self._store.catalogue.reading() as connection:
            made = self._store.catalogue.present(connection)
            write_rows(connection, work)
            needed = connection.execute(
                select(*FILES, versions.c.flow, versions.c.slice).where(
                    versions.c.removed.is_(None), versions.c.superseded.is_(None)
                )
            ).all()
            waiting = waiting_digests(connection)
        catalogue = self._settle_catalogue(work)
        for digest, delta, file, flow, part in needed:
            about = f"figures of {flow} {part}".rstrip()
            self._copy(self._lake.data_path(file or digest), about)
            if delta is not None:
                self._copy(self._lake.data_path(delta), f"changes of {flow} {part}".rstrip())
        for digest in sorted(waiting):
            self._copy(self._lake.waiting_path(digest), "what waits for approval")
        self._copy_raw()
        remedy = "restore them from an earlier backup; what is there of this one is not complete"
        refuse_damaged(self._damaged, remedy)
        settings = self._store.settings
        return Manifest(
            node=settings.node,
            made=made,
            program=program,
            revision=REVISION,
            settings=(settings.home / FILE_NAME).read_text("utf-8"),
            catalogue=catalogue,
            files=self._files,
        )

    def _settle_catalogue(self, work: Path) -> str:
        digest = hash_of(work)
        name = f"catalogue-{digest[:16]}.jsonl"
        sync(work)
        os.replace(work, self._folder / name)
        self._files[name] = Stored((self._folder / name).stat().st_size, digest)
        return name

    def _copy_raw(self) -> None:
        for path in sorted((self._lake.root / "raw").glob("*/*.bin")):
            self._copy(path, "what a partner sent")

    def _copy(self, path: Path, about: str) -> None:
        """Copy a file of the lake unless it is there; its name is the hash of what it holds."""
        name = str(PurePosixPath("lake", *path.relative_to(self._lake.root).parts))
        if name in self._files:
            return
        target = self._folder / name
        known = self._before.get(name)
        if known is not None and target.is_file() and target.stat().st_size == known.bytes:
            self._files[name] = known
            return
        try:
            stored = _copied(path, target)
        except FileNotFoundError:
            self._damaged.append(Damage(name, "it is missing", about))
            return
        if stored.sha256 != path.stem:
            what = f"its SHA-256 is {stored.sha256}, not {path.stem}"
            self._damaged.append(Damage(name, what, about))
            return
        self._files[name] = stored


def _copied(path: Path, target: Path) -> Stored:
    """Copy a file, so that it is whole under its name or not there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    work = target.with_name(f"{target.name}.new")
    digest, length = hashlib.sha256(), 0
    with path.open("rb") as source, work.open("wb") as copy:
        while block := source.read(_BLOCK):
            digest.update(block)
            copy.write(block)
            length += len(block)
        copy.flush()
        os.fsync(copy.fileno())
    os.replace(work, target)
    return Stored(length, digest.hexdigest())


def _remove_others(folder: Path, manifest: Manifest) -> None:
    """Remove what only earlier backups needed, or a killed one left."""
    kept = {folder / name for name in manifest.files}
    for path in (*folder.glob("lake/*/*/*"), *folder.glob("catalogue*")):
        if path not in kept:
            path.unlink()
