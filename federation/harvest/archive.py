"""Raw bytes in the lake, and how they came in the catalogue (a `RawArchive`).

What came is in the folder of the run already. A line about it goes into a journal there, before
anything is made of it; many are then put in their places together. A killed run leaves its folder
behind, from which the next one puts in place what is there.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from hub.store import Catalogue, Lake
from hub.store.arrivals import Arrival, note_arrivals
from hub.store.lake import hash_of
from hub.store.purges import known_purges

_JOURNAL = "arrivals.jsonl"


class _Line(msgspec.Struct, frozen=True):
    """A line of the journal: an arrival, and the name of the file with its bytes."""

    file: str
    id: str
    digest: str
    at: datetime
    facts: dict[str, Any]


class LakeArchive:
    """The archive of a node."""

    def __init__(self, lake: Lake, catalogue: Catalogue) -> None:
        self._lake = lake
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._settling = threading.Lock()
        self._journals: dict[str, int] = {}
        self._kept: list[tuple[Path, Arrival]] = []

    def store(self, path: Path, digest: str, facts: Mapping[str, object]) -> None:
        """Keep the bytes of a file, and how they came."""
        arrival = Arrival(digest=digest, facts=facts)
        line = _Line(path.name, arrival.id, digest, arrival.at, dict(facts))
        with self._lock:
            os.write(self._journal(os.path.dirname(path)), msgspec.json.encode(line) + b"\n")
            self._kept.append((path, arrival))

    def settle(self) -> None:
        """Put in its place all that was kept; from then on it survives a power cut too."""
        with self._settling:
            with self._lock:
                kept = tuple(self._kept)
                for journal in self._journals.values():
                    os.close(journal)
                self._journals.clear()
            self._place(kept)
            with self._lock:
                del self._kept[: len(kept)]

    def find(self, digest: str) -> Path | None:
        """The file with archived bytes; None where they are gone."""
        path = self._lake.raw_path(digest)
        return path if path.is_file() else None

    def take_in(self, prefix: str) -> None:
        """Put in place what killed runs had kept, whose folders have names that begin so.

        Not what came before a purge of its flow, which may hold what was purged.
        """
        folders = list(self._lake.work_folder().glob(f"{prefix}*"))
        if not folders:
            return
        with self._catalogue.reading() as connection:
            purged = {one.flow: one.at for one in known_purges(connection)}
        for folder in folders:
            left: list[tuple[Path, Arrival]] = []
            for path, arrival in _left_in(folder):
                last = purged.get(str(arrival.facts.get("flow")).partition(" ")[0])
                if last is None or last < arrival.at:
                    left.append((path, arrival))
            self._place(left)
            shutil.rmtree(folder, ignore_errors=True)

    def _place(self, kept: Sequence[tuple[Path, Arrival]]) -> None:
        if not kept:
            return
        self._lake.put_raw({arrival.digest: path for path, arrival in kept})
        note_arrivals(self._catalogue, [arrival for _, arrival in kept])

    def _journal(self, folder: str) -> int:
        if folder not in self._journals:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            self._journals[folder] = os.open(Path(folder, _JOURNAL), flags, 0o600)
        return self._journals[folder]


def _left_in(folder: Path) -> Iterator[tuple[Path, Arrival]]:
    """What the journal in a folder tells of whose bytes are there, and whole."""
    journal = folder / _JOURNAL
    if not journal.is_file():
        return
    decoder = msgspec.json.Decoder(_Line)
    with journal.open("rb") as lines:
        for text in lines:
            try:
                line = decoder.decode(text)
            except msgspec.DecodeError:
                continue  # it was being written
            path = folder / Path(line.file).name
            if path.is_file() and hash_of(path) == line.digest:
                yield (
                    path,
                    Arrival(id=line.id, digest=line.digest, at=line.at, facts=line.facts),
                )
