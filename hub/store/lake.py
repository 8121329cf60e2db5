"""The lake: immutable files under their content hash, as Parquet, and raw bytes as they came.

    data/ab/abcd….parquet    observations of slice versions, or what they changed (hub.store.parts)
    waiting/ab/abcd….parquet what was handed in and waits for the approval of a second key, or was
                             sent by a partner and is held for somebody to look at
    raw/ab/abcd….bin         bytes a partner sent (`hub.store.arrivals` tells how they came)
    work/                    files being written, and answers of partners on their way to raw/; what
                             is there after a crash is garbage, or taken in by the next harvest

A file is written under `work/`, synced, then given its name: under its hash it is whole or absent.
Its time of change tells when it was written, or found there by who would have written it, last.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from itertools import repeat
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hub.errors import NotFound
from hub.store.syncing import can_sync_all, sync, sync_all, sync_handle

ROW_GROUP = 122_880  # DuckDB's own, so one vectorised scan task takes one row group
#: Up to so many rows a file is packed by Snappy: setting zstd up for every column takes longer than
#: all the rest of writing or reading it.
_FEW = 2_048
#: Files that are synced at once: a disk writes several together.
_SYNCING = 4
#: From so many on, all of the file system is.
_MANY = 32


class Lake:
    """The files of one node."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._work = root / "work"
        self._data_path = lru_cache(maxsize=1_024)(partial(_path, root, "data", ".parquet"))
        self._lasting: set[Path] = set()

    def create(self) -> None:
        """Make the folders."""
        self._work.mkdir(parents=True, exist_ok=True)

    def data_path(self, digest: str) -> Path:
        """Where the Parquet file of a digest is."""
        return self._data_path(digest)  # asked for again and again where versions share a file

    def raw_path(self, digest: str) -> Path:
        """Where archived bytes of a digest are."""
        return _path(self.root, "raw", ".bin", digest)

    def has_data(self, digests: Iterable[str]) -> bool:
        """True where the Parquet files of all digests are there."""
        return all(self.data_path(digest).is_file() for digest in digests)

    def waiting_path(self, digest: str) -> Path:
        """Where what waits for approval is, under its digest."""
        return _path(self.root, "waiting", ".parquet", digest)

    def put_table(self, table: pa.Table, *, keeps_encoding: bool = False) -> str:
        """Write a table as Parquet; returns the digest. Equal tables give equal digests.

        That holds whether texts are dictionary-encoded or not: a row group at a time is made plain.
        Where the table `keeps_encoding`, which is faster, the digest is that of the file alone; all
        texts of its dictionaries are written, whether they occur or not.
        """
        return self._put(table, self.data_path, keeps_encoding=keeps_encoding)

    def put_waiting(self, table: pa.Table) -> str:
        """Write what waits for approval, as Parquet; returns the digest."""
        return self._put(table, self.waiting_path)

    def waiting(self, digest: str) -> pa.Table:
        """Read what waits for approval; raises NotFound if the lake lacks it."""
        return _read(self.waiting_path(digest))

    def _put(
        self, table: pa.Table, place: Callable[[str], Path], *, keeps_encoding: bool = False
    ) -> str:
        write = _write_encoded if keeps_encoding else _write
        if table.num_rows <= ROW_GROUP:
            sink = pa.BufferOutputStream()
            write(table, sink)
            content = sink.getvalue()
            target = place(hashlib.sha256(content).hexdigest())
            if not _touched(target):
                self._write(target, content)
        else:
            with self._work_name(".parquet") as work:
                _write_new(work, b"")
                write(table, work)
                target = place(hash_of(work))
                self._keep(target, work.replace)
        _settle(target.parent, self._lasting)  # also what another process moved there just now
        return target.stem

    def table(self, digest: str) -> pa.Table:
        """Read a whole Parquet file; raises NotFound if the lake lacks it."""
        return _read(self.data_path(digest))

    def put_raw(self, files: Mapping[str, Path]) -> None:
        """Archive files of raw bytes under their hashes, which nobody checks again.

        The same bytes are kept once. A file in the work folder must not be changed any more: it
        gets a second name. Once this returns, all of them survive a power cut.
        """
        targets = {self.raw_path(digest): file for digest, file in files.items()}
        folders = {target.parent for target in targets}
        for folder in folders:
            self._make_folder(folder)
        if len(targets) >= _MANY and can_sync_all():
            sync_all(self._work)
            for target, file in targets.items():
                self._put_raw(target, file, is_synced=True)
            sync_all(self.root / "raw")
            self._lasting |= folders
            return
        with ThreadPoolExecutor(_SYNCING) as pool:
            deque(pool.map(self._put_raw, targets, targets.values()), maxlen=0)
            deque(pool.map(_settle, folders, repeat(self._lasting)), maxlen=0)

    def _put_raw(self, target: Path, file: Path, *, is_synced: bool = False) -> None:
        if file.parts[: len(self._work.parts)] == self._work.parts:
            if not is_synced:
                sync(file)
            if self._linked(file, target):
                return
        self._keep(target, lambda work: _copied(file, work))

    def work_folder(self) -> Path:
        """The folder for files that are not yet part of the lake."""
        self._work.mkdir(parents=True, exist_ok=True)
        return self._work

    def _linked(self, file: Path, target: Path) -> bool:
        """Give a file of the work folder a name in the lake; False where it cannot have two."""
        self._make_folder(target.parent)
        try:
            os.link(file, target)
        except FileExistsError:
            return _touched(target)
        except OSError:
            return False
        return True

    def _keep(self, target: Path, make: Callable[[Path], object]) -> None:
        """Put a file in its place, unless it is there; `make` writes it under the name it gets."""
        if not _touched(target):
            with self._work_name(target.suffix) as work:
                make(work)
                sync(work)
                self._place(work, target)

    def _write(self, target: Path, content: bytes | pa.Buffer) -> None:
        """Put a new file with some content in its place."""
        with self._work_name(target.suffix) as work:
            _write_new(work, content)
            self._place(work, target)

    def _place(self, work: Path, target: Path) -> None:
        """Give a file, which is synced, its name."""
        self._make_folder(target.parent)
        try:
            os.replace(work, target)
        except FileNotFoundError:  # somebody took the folder away
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(work, target)
            self._lasting.discard(target.parent)

    def _make_folder(self, folder: Path) -> None:
        if folder not in self._lasting:
            folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def _work_name(self, suffix: str) -> Iterator[Path]:
        """A name under `work/` that nobody has; gone afterwards, unless moved to its place."""
        if not self._lasting:  # nothing was placed yet, so the folder may be missing
            self.work_folder()
        work = self._work / f"{uuid.uuid4().hex}{suffix}"
        try:
            yield work
        finally:
            with suppress(FileNotFoundError):
                os.unlink(work)


def _path(root: Path, kind: str, suffix: str, digest: str) -> Path:
    return root / f"{kind}/{digest[:2]}/{digest}{suffix}"


def _read(path: Path) -> pa.Table:
    if not path.is_file():
        raise NotFound(f"the lake has no file {path.name}: restore it from a backup")
    return pq.read_table(path)


def _plain(field: pa.Field) -> pa.Field:
    is_encoded = pa.types.is_dictionary(field.type)
    return field.with_type(field.type.value_type) if is_encoded else field


def _write(table: pa.Table, sink: Path | pa.BufferOutputStream) -> None:
    """Write a table as Parquet, a row group at a time, texts plain."""
    plain = pa.schema([_plain(field) for field in table.schema])
    with pq.ParquetWriter(sink, plain, compression=_codec(table), store_schema=False) as writer:
        for start in range(0, max(table.num_rows, 1), ROW_GROUP):
            rows = table.slice(start, ROW_GROUP).combine_chunks()
            if not rows.schema.equals(plain):
                rows = rows.cast(plain)
            writer.write_table(rows, row_group_size=ROW_GROUP)


def _codec(table: pa.Table) -> str:
    return "snappy" if table.num_rows <= _FEW else "zstd"


def _write_encoded(table: pa.Table, sink: Path | pa.BufferOutputStream) -> None:
    """Write a table as Parquet, texts as they are encoded; figures, which differ, are not."""
    texts = [field.name for field in table.schema if _plain(field).type == pa.string()]
    options = {"compression": _codec(table), "use_dictionary": texts, "store_schema": False}
    with pq.ParquetWriter(sink, table.schema, **options) as writer:
        writer.write_table(table.combine_chunks(), row_group_size=ROW_GROUP)


def _write_new(work: Path, content: bytes | pa.Buffer) -> None:
    """Write a file that is not there yet and that nobody else may read, and sync it."""
    handle = os.open(work, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(handle, left) :]
        sync_handle(handle)
    finally:
        os.close(handle)


def _copied(file: Path, work: Path) -> None:
    _write_new(work, b"")
    shutil.copyfile(file, work)


def hash_of(file: Path) -> str:
    """The SHA-256 of a file; raises OSError where it cannot be read."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _touched(target: Path) -> bool:
    """True where a file is there; no sweep takes it for forgotten now."""
    try:
        os.utime(target)
    except FileNotFoundError:
        return False
    return True


def _settle(folder: Path, lasting: set[Path]) -> None:
    """Let the names in a folder, and its own, survive a power cut."""
    sync(folder)
    if folder not in lasting:
        sync(folder.parent)
        lasting.add(folder)
