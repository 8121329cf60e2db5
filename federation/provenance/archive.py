"""Reading again what slices came from: the bytes a partner sent, by the readers of a harvest."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc

from connectors.corridor import data_file
from connectors.http import Fetched, FetchLimits
from connectors.registry import CORRIDOR, service_of
from connectors.service import Offer
from federation.provenance.overlay import overlaid
from federation.provenance.values import Archived, Source
from hub.engine import arrow_schema
from hub.errors import CorridorError, PartnerInvalid
from hub.formats.csv import read_csv
from hub.formats.limits import Limits
from hub.formats.message import Action, RawData
from hub.model import Schema
from hub.publish.actions import asks_for
from hub.publish.validate import validate
from hub.store import Store
from hub.store.lake import hash_of
from hub.store.parquet import read_encoded
from hub.store.parts import state_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAgain:
    """What the origin of a slice version holds; `table` None where that cannot be told.

    `digests` are those of the files read, `faults` what is wrong with them, `note` says what was
    read where no partner's bytes are there to be read.
    """

    table: pa.Table | None
    digests: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    note: str = ""


class Archive:
    """Reads the origins of slices, each once."""

    def __init__(self, store: Store, limits: FetchLimits | None = None) -> None:
        self._store = store
        self._limits = limits or FetchLimits()
        self._known: dict[int, ReadAgain] = {}

    def read(self, source: Source, schema: Schema) -> ReadAgain:
        """Read what a slice came from; whatever is wrong is told, not raised."""
        version = source.version
        found = self._known.get(version.id)
        if found is None:
            found = self._read(source, schema)
            self._known[version.id] = found
        return found

    def _read(self, source: Source, schema: Schema) -> ReadAgain:
        if source.archived is not None:
            return self._read_bytes(source, source.archived, schema)
        node = source.version.source
        if source.version.origin.kind == "harvest":
            return ReadAgain(table=None, faults=(f"{node}: {source.lack}",))
        return self._read_slice(source, schema)

    def _read_slice(self, source: Source, schema: Schema) -> ReadAgain:
        """What was handed in here is kept as a file under its hash, and as nothing else."""
        version = source.version
        part = state_of(self._store.lake, version)
        faults = _faults(part.path, version.file or version.digest, version.source)
        if faults:
            return ReadAgain(table=None, faults=faults)
        table = read_encoded([part], schema).table.cast(arrow_schema(schema))
        note = f"{version.source} {version.slice}: {source.lack or 'it was made here'}"
        return ReadAgain(table=table, digests=(version.digest,), note=note)

    def _read_bytes(self, source: Source, archived: Archived, schema: Schema) -> ReadAgain:
        """Read everything that came, then what changed, one after another."""
        all_of = (*source.earlier, archived)
        paths = [self._store.lake.raw_path(one.digest) for one in all_of]
        faults = tuple(
            fault
            for one, path in zip(all_of, paths, strict=True)
            for fault in _faults(path, one.digest, source.version.source)
        )
        if not all(path.is_file() for path in paths):
            return ReadAgain(table=None, faults=faults)
        table = arrow_schema(schema).empty_table()
        for one, path in zip(all_of, paths, strict=True):
            try:
                given, actions = self._parse(path, source, one, schema)
                if one is all_of[0]:
                    table = _kept(given, actions)
                else:
                    table = overlaid(table, given, actions, schema)
            except CorridorError as error:
                where = f"{source.version.source}: {one.place} cannot be read"
                return ReadAgain(table=None, faults=(*faults, f"{where}: {error.message}"))
        return ReadAgain(table=table, digests=tuple(one.digest for one in all_of), faults=faults)

    def _parse(
        self, path: Path, source: Source, archived: Archived, schema: Schema
    ) -> tuple[pa.Table, pa.DictionaryArray]:
        """Unpack and read the bytes as the harvest did, with its bounds, in a folder of its own.

        Returns the rows of the slice, deletions too, and their actions.
        """
        store = self._store
        if path.stat().st_size > self._limits.wire_bytes:
            raise PartnerInvalid(f"it is longer than the {self._limits.wire_bytes} bytes taken")
        with TemporaryDirectory(dir=store.lake.work_folder(), prefix="explain-") as folder:
            copy = Path(folder) / f"{schema.context.id}.body"
            shutil.copyfile(path, copy)
            raw = self._raw(_fetched(copy, archived), source, archived, schema)
            settings = store.settings
            if raw is None:
                empty = arrow_schema(schema).empty_table()
                return empty, pa.array([], pa.string()).dictionary_encode()
            checked = validate(
                raw, schema, settings.max_findings, settings.memory_limit, Path(folder), rules=()
            )
        table, actions = checked.table, checked.actions
        if schema.slice_by is None:
            return table, actions
        is_mine = pc.fill_null(pc.equal(table.column(schema.slice_by), source.version.slice), False)
        return table.filter(is_mine), actions.filter(is_mine.combine_chunks())

    def _raw(
        self, fetched: Fetched, source: Source, archived: Archived, schema: Schema
    ) -> RawData | None:
        """Read the bytes as the profile of the partner that sent them does; None for nothing."""
        structures, limit = self._store.structures, self._limits.unpacked_bytes
        node, profile = source.version.source, archived.arrival.get("profile") or CORRIDOR
        if profile == CORRIDOR:
            content = data_file(fetched, limit)
            file = content.rename(content.with_name(f"{node}.csv"))
            return read_csv(file, structures, limits=Limits(bytes=limit))
        service = service_of(str(profile), fetched.url, node, [source.version.slice])
        flow, _, part = str(archived.arrival.get("flow", "")).partition(" ")
        offer = Offer(
            flow=flow,
            version=schema.context.version,
            source=flow,
            map=str(archived.arrival.get("map") or ""),
            part=part,
        )
        return service.read(offer, None, fetched, structures, limit).data


def _kept(table: pa.Table, actions: pa.DictionaryArray) -> pa.Table:
    return table.filter(pc.invert(asks_for(actions, Action.DELETE)))


def _faults(path: Path, digest: str, node: str) -> tuple[str, ...]:
    if not path.is_file():
        return (f"{node}: {path.name} is not there: restore it from a backup",)
    found = hash_of(path)
    if found == digest:
        return ()
    return (f"{node}: {path.name} is not what arrived, its SHA-256 is {found}",)


def _fetched(path: Path, archived: Archived) -> Fetched:
    """The answer of a partner, from its bytes and what was written down when they arrived."""
    size = path.stat().st_size
    arrival: Mapping[str, object] = archived.arrival
    status = arrival.get("status")
    return Fetched(
        url=str(arrival.get("url", "the partner")),
        status=status if isinstance(status, int) else 200,
        headers=_headers(arrival.get("headers")) or (("content-length", str(size)),),
        path=path,
        wire_bytes=size,
        sha256=archived.digest,
        address=None,
        sent=datetime.now(UTC),
        seconds_to_headers=0.0,
        seconds=0.0,
    )


def _headers(given: object) -> tuple[tuple[str, str], ...]:
    pairs = given if isinstance(given, list) else []
    return tuple(
        (str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list) and len(pair) == 2
    )
