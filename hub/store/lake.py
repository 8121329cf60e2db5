"""The lake: immutable files under their content hash, as Parquet, and raw bytes as they came.

    data/ab/abcd….parquet    observations of a slice version, or a delta
    waiting/ab/abcd….parquet what was handed in and waits for the approval of a second key, or was
                             sent by a partner and is held for somebody to look at
    raw/ab/abcd….bin         bytes a partner sent; each .json beside it tells of one arrival
    work/                    files being written; whatever is left there after a crash is garbage

A file is written under `work/`, synced, then renamed: under its hash it is whole or absent. Its
time of change tells when it was written, or found there by who would have written it, last.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hub.errors import Internal, NotFound

_ROW_GROUP = 122_880  # DuckDB's own, so one vectorised scan task takes one row group


class Lake:
    """The files of one node."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._work = root / "work"

    def create(self) -> None:
        """Make the folders."""
        self._work.mkdir(parents=True, exist_ok=True)

    def data_path(self, digest: str) -> Path:
        """Where the Parquet file of a digest is."""
        return self.root / "data" / digest[:2] / f"{digest}.parquet"

    def raw_path(self, digest: str) -> Path:
        """Where archived bytes of a digest are."""
        return self.root / "raw" / digest[:2] / f"{digest}.bin"

    def has_data(self, digests: Iterable[str]) -> bool:
        """True where the Parquet files of all digests are there."""
        return all(self.data_path(digest).is_file() for digest in digests)

    def waiting_path(self, digest: str) -> Path:
        """Where what waits for approval is, under its digest."""
        return self.root / "waiting" / digest[:2] / f"{digest}.parquet"

    def put_table(self, table: pa.Table) -> str:
        """Write a table as Parquet; returns the digest. Equal tables give equal digests.

        That holds whether texts are dictionary-encoded or not: a row group at a time is made plain.
        """
        return self._put(table, self.data_path)

    def put_waiting(self, table: pa.Table) -> str:
        """Write what waits for approval, as Parquet; returns the digest."""
        return self._put(table, self.waiting_path)

    def waiting(self, digest: str) -> pa.Table:
        """Read what waits for approval; raises NotFound if the lake lacks it."""
        return _read(self.waiting_path(digest))

    def _put(self, table: pa.Table, place: Callable[[str], Path]) -> str:
        plain = pa.schema([_plain(field) for field in table.schema])
        with self._work_file(".parquet") as work:
            with pq.ParquetWriter(work, plain, compression="zstd", store_schema=False) as writer:
                for start in range(0, max(table.num_rows, 1), _ROW_GROUP):
                    rows = table.slice(start, _ROW_GROUP).combine_chunks().cast(plain)
                    writer.write_table(rows, row_group_size=_ROW_GROUP)
            return _settle(work, place)

    def table(self, digest: str) -> pa.Table:
        """Read a whole Parquet file; raises NotFound if the lake lacks it."""
        return _read(self.data_path(digest))

    def put_raw(self, file: Path, facts: Mapping[str, object]) -> str:
        """Archive a file of raw bytes; returns the digest.

        The same bytes are kept once; the facts of each arrival stand beside them on their own.
        """
        with self._work_file(".bin") as work:
            shutil.copyfile(file, work)
            digest = _settle(work, self.raw_path)
        with self._work_file(".json") as work:
            work.write_text(json.dumps(facts, indent=1, sort_keys=True, default=str), "utf-8")
            _place(work, self.raw_path(digest).with_suffix(f".{uuid.uuid4().hex}.json"))
        return digest

    def arrivals(self, digest: str) -> list[dict[str, Any]]:
        """The facts of every arrival of some raw bytes, in order of their names.

        Raises Internal where a file of them is damaged.
        """
        found = []
        for path in sorted(self.raw_path(digest).parent.glob(f"{digest}.*.json")):
            try:
                facts = json.loads(path.read_text("utf-8"))
            except ValueError as error:
                raise Internal(f"{path.name} is damaged: restore it from a backup") from error
            if isinstance(facts, dict):
                found.append(facts)
        return found

    def work_folder(self) -> Path:
        """The folder for files that are not yet part of the lake."""
        self._work.mkdir(parents=True, exist_ok=True)
        return self._work

    @contextmanager
    def _work_file(self, suffix: str) -> Iterator[Path]:
        """A new file under `work/`; gone afterwards, unless it was moved to its place."""
        handle, name = tempfile.mkstemp(suffix=suffix, dir=self.work_folder())
        os.close(handle)
        work = Path(name)
        try:
            yield work
        finally:
            work.unlink(missing_ok=True)


def _read(path: Path) -> pa.Table:
    if not path.is_file():
        raise NotFound(f"the lake has no file {path.name}: restore it from a backup")
    return pq.read_table(path)


def _plain(field: pa.Field) -> pa.Field:
    is_encoded = pa.types.is_dictionary(field.type)
    return field.with_type(field.type.value_type) if is_encoded else field


def _settle(work: Path, place: Callable[[str], Path]) -> str:
    """Move a written file to the place that belongs to its content; returns the digest."""
    with work.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    target = place(digest)
    try:
        os.utime(target)  # so that no sweep takes it for forgotten
    except FileNotFoundError:
        _place(work, target)
    else:
        sync(target.parent)  # another process may have moved it there and not synced it yet
    return digest


def _place(work: Path, target: Path) -> None:
    """Give a written file its name, so that it survives a power cut, and its folder too."""
    target.parent.mkdir(parents=True, exist_ok=True)
    sync(work)
    work.replace(target)
    for folder in (target.parent, target.parent.parent):
        sync(folder)


def sync(path: Path) -> None:
    """Let what was written to a file, or the names in a folder, survive a power cut."""
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot sync a folder, and does not need it after a rename
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
