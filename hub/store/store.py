"""The store of one node: catalogue, lake and structures together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection

from dsd import shared_structures
from hub.errors import Conflict, Finding, Invalid, Unprocessable
from hub.model import (
    ArtefactClass,
    Availability,
    ChangeLog,
    Codelist,
    Dataflow,
    Maintainable,
    Reference,
    Release,
    Schema,
    Selection,
    SliceVersion,
    Structures,
    resolve,
)
from hub.model.extension import extended
from hub.model.wellformed import faults
from hub.settings import Settings
from hub.store import releases
from hub.store.artefacts import add_artefacts, is_within, schema_digest
from hub.store.availability import available
from hub.store.catalogue import Catalogue, Clock, system_clock
from hub.store.conditions import slices_of
from hub.store.facts import ReleaseFacts, combine
from hub.store.history import change_log
from hub.store.history_reading import ChangeReading, Changes
from hub.store.index import Indexes
from hub.store.knowledge import Knowledge, know, know_at
from hub.store.lake import Lake
from hub.store.line import Lines
from hub.store.reading import read_batches, read_distinct
from hub.store.retention import forgotten, history_since
from hub.store.source import Reading
from hub.store.watch import Watch, watch_of

_READINGS_KEPT = 256
_EARLIER_KEPT = 16
#: Of a URN, whose id may be as long as a message.
_SHOWN = 300


class Store:
    """What a node knows, opened from its settings.

    Reading needs no locks: every answer is of one release, whose files never change.
    """

    def __init__(self, settings: Settings, now: Clock = system_clock) -> None:
        self.settings = settings
        self.catalogue = Catalogue(settings.catalogue_url, now)
        self.lake = Lake(settings.lake_path)
        self.indexes = Indexes(
            settings.lake_path / "index",
            least_rows=settings.index_rows,
            memory_limit=settings.memory_limit,
        )
        self._readings: dict[tuple[str, bool], Reading] = {}
        self._knowledge: Knowledge | None = None
        self._earlier: dict[object, Knowledge] = {}
        self._digests: dict[Reference, tuple[Schema, str]] = {}
        self._watch: Watch | None = None

    def close(self) -> None:
        """Give back connections."""
        self.indexes.close()
        if self._watch is not None:
            self._watch.close()
        self.catalogue.close()

    @property
    def structures(self) -> Structures:
        """The shared structures, those loaded into this node, and what it provides."""
        return self._know().structures

    @property
    def structures_changed(self) -> datetime:
        """When the structures last changed, in UTC."""
        return self._know().changed

    def structures_at(self, at: datetime) -> tuple[Structures, datetime]:
        """The artefacts the node knew at an instant, and when they had last changed, in UTC.

        None of them has changed since: only what was not there yet is left out.
        """
        now = self._know()
        with self.catalogue.reading() as connection:
            then = know_at(connection, self.settings, at, {**self._earlier, now.mark: now})
        if len(self._earlier) >= _EARLIER_KEPT:
            self._earlier.clear()  # one step, so that threads need no lock
        self._earlier[then.mark] = then
        return then.structures, then.changed

    def _know(self) -> Knowledge:
        self.open_due()
        with self.catalogue.reading() as connection:
            self._knowledge = know(connection, self.settings, self._knowledge)
        return self._knowledge

    def load_structures(self, artefacts: Iterable[Maintainable]) -> tuple[int, int]:
        """Load artefacts; returns how many were new and how many were there already.

        All or none: each flow among them must resolve, and each code list whose codes others take
        over must be there. Raises Conflict or NotFound otherwise, and Invalid for artefacts that
        are malformed by themselves, with every fault. A code list that comes with the program
        counts as there where the message has a part of it.
        """
        given = list(artefacts)
        _refuse_malformed(given)
        shared = shared_structures()
        for artefact in given:
            present = shared.find(artefact.reference)
            if present is not None and not is_within(artefact, present):
                raise Conflict(
                    f"{artefact.urn} comes with the program and has another content: leave it "
                    "out of the message, or give the new content a new version"
                )
        own = [artefact for artefact in given if artefact.reference not in shared]
        with self.catalogue.writing() as connection:
            at = self.catalogue.stamp(connection)
            together = self.structures_within(connection).with_(own)
            for artefact in own:
                if artefact.artefact_class in (
                    ArtefactClass.DATAFLOW,
                    ArtefactClass.DATA_STRUCTURE,
                ):
                    resolve(artefact.reference, together)
                elif isinstance(artefact, Codelist):
                    extended(artefact, together.find)
            added, same = add_artefacts(self.catalogue, connection, own, at)
        return added, same + len(given) - len(own)

    def structures_within(self, connection: Connection) -> Structures:
        """The structures as a transaction sees them.

        In a writing one that took its instant nobody changes them before it ends.
        """
        return know(connection, self.settings, self._knowledge).structures

    def refuse_changed(self, connection: Connection, schema: Schema) -> None:
        """Raise Conflict where a transaction sees another schema of a dataflow than this one."""
        structures = self.structures_within(connection)
        if schema.context not in structures or resolve(schema.context, structures) != schema:
            raise Conflict(
                f"the structures of {schema.context} changed while this was being published: "
                "publish it again"
            )

    def flows(self) -> tuple[Dataflow, ...]:
        """Every dataflow the node knows."""
        return self.structures.of_type(Dataflow)

    def schema(self, flow: Reference) -> Schema:
        """The schema of a dataflow; raises NotFound where it is unknown."""
        return resolve(flow, self.structures)

    def schema_digest(self, schema: Schema) -> str:
        """The digest of what a schema was made of (`hub.store.artefacts.schema_digest`)."""
        known = self._digests.get(schema.context)
        if known is None or known[0] is not schema:
            known = self._digests[schema.context] = schema, schema_digest(schema)
        return known[1]

    def open_due(self) -> None:
        """Let what was held back until now become visible, in a transaction of its own.

        Readers stand at the last instant stamped. Whoever comes first after the end of an embargo
        moves it there, and waits for publishers that took an earlier one: so nothing becomes
        visible with an instant before one that a reader has seen, and who asks with `updatedAfter`
        for what came after that misses nothing.
        """
        with self.catalogue.reading() as connection:
            due = self._due(connection)
        if due is not None:
            with self.catalogue.writing() as connection:
                self.catalogue.advance(connection, due)

    def _due(self, connection: Connection) -> datetime | None:
        """The last instant that has come at which something becomes visible, but is not yet."""
        last = self.catalogue.last(connection)
        if releases.next_visible(connection, last) is None:  # as nearly always
            return None
        return releases.last_visible(connection, self.catalogue.now(), after=last)

    def present(self) -> datetime:
        """The instant at which readers stand now, in UTC."""
        with self.catalogue.reading() as connection:
            return self.catalogue.present(connection)

    def release(self, flow: Reference, at: datetime | None = None) -> Release | None:
        """What a flow holds now, or held at an instant; None where nothing was published.

        Raises Unprocessable for an instant before its history begins, where there was something.
        """
        self.open_due()
        with self.catalogue.reading() as connection:
            if at is None:
                return releases.release_at(connection, flow, self.catalogue.last(connection))
            found = releases.release_at(connection, flow, at)
            since = history_since(connection, flow)
        if found is None:
            return None
        if since is not None and at < since:
            raise Unprocessable(forgotten(flow, at, since))
        return replace(found, is_past=True)

    def filled_flows(self) -> frozenset[str]:
        """The names (`AGENCY:ID`) of the flows of which readers may see something, now or later."""
        with self.catalogue.reading() as connection:
            return releases.filled_flows(connection)

    def next_visible(self) -> datetime | None:
        """The next instant at which something held back becomes visible, in UTC."""
        self.open_due()
        with self.catalogue.reading() as connection:
            return releases.next_visible(connection, self.catalogue.last(connection))

    def last_visible(self) -> datetime | None:
        """When what readers see of any flow last changed, in UTC."""
        self.open_due()
        with self.catalogue.reading() as connection:
            return releases.last_visible(connection, self.catalogue.last(connection))

    def lines(self, flow: Reference) -> tuple[Lines, datetime]:
        """The versions of each slice readers have or are to get, and the instant that is now."""
        self.open_due()
        with self.catalogue.reading() as connection:
            present = self.catalogue.present(connection)
            return releases.lines(connection, flow, self.catalogue.last(connection)), present

    @property
    def watch(self) -> Watch:
        """What tells whether readers see something else than before."""
        if self._watch is None:
            self._watch = watch_of(self.catalogue)
        return self._watch

    def offers(self, flow: Reference, at: datetime | None = None) -> tuple[SliceVersion, ...]:
        """The version of every slice that every source offers now, or did then, used or not."""
        self.open_due()
        with self.catalogue.reading() as connection:
            return releases.newest(connection, flow, at or self.catalogue.last(connection))

    def newest(self, flow: Reference) -> tuple[SliceVersion, ...]:
        """The newest version of every slice from every source, visible yet or not."""
        with self.catalogue.reading() as connection:
            return releases.newest(connection, flow)

    def history(self, flow: Reference) -> tuple[SliceVersion, ...]:
        """Every slice version in the history of a flow, newest first."""
        with self.catalogue.reading() as connection:
            return releases.history(connection, flow)

    def history_since(self, flow: Reference) -> datetime | None:
        """The instant from which the history of a flow is complete, in UTC.

        From then on every release can be read, and every delta is there. None where nothing of it
        was removed (setting `keep_history`).
        """
        with self.catalogue.reading() as connection:
            return history_since(connection, flow)

    def facts(self, release: Release, schema: Schema) -> ReleaseFacts:
        """The small facts of a release; kept for some releases, because every query asks."""
        return self._reading(release, schema).facts

    def read(
        self,
        release: Release,
        schema: Schema,
        selection: Selection = Selection(),
        columns: Sequence[str] = (),
        order: Sequence[str] = (),
    ) -> pa.RecordBatchReader:
        """Answer a selection from a release, as record batches sorted by key, then time.

        `columns` are the components wanted (none: all). Raises Unprocessable for a component that
        the structure does not have.
        """
        wanted = columns or [column.id for column in schema.columns]
        return read_batches(self._reading(release, schema), selection, wanted, order)

    def fixed(self, release: Release, schema: Schema) -> Mapping[str, pa.Array]:
        """Columns with the same value, or none, on every row of a release: arrays of one element.

        The index knows them; without one there are none to tell of.
        """
        index = self._reading(release, schema).index
        return {} if index is None else index.fixed

    def distinct(
        self, release: Release, schema: Schema, selection: Selection, columns: Sequence[str]
    ) -> pa.Table:
        """The different rows a selection has in some plain columns, sorted by them."""
        return read_distinct(self._reading(release, schema), selection, columns)

    def availability(
        self, release: Release, schema: Schema, selection: Selection, mode: str = "exact"
    ) -> Availability:
        """Answer an availability query from a release."""
        return available(self._reading(release, schema), selection, mode)

    def change_log(self, release: Release, since: datetime | None) -> ChangeLog:
        """What changed after an instant (None: ever) until a flow came to hold a release.

        Told by the catalogue alone. The same release and instant always give the same log. Where
        the history does not go back to the beginning, it begins with what was there then. Raises
        Unprocessable for an instant before, where there was something.
        """
        with self.catalogue.reading() as connection:
            return change_log(connection, release.flow, since, release.visible_from)

    def changes(
        self,
        log: ChangeLog,
        schema: Schema,
        selection: Selection = Selection(),
        columns: Sequence[str] = (),
        order: Sequence[str] = (),
    ) -> Changes:
        """Open a selection of changes: every one of them where it includes history, else the net.

        Net changes are what became of each observation, however often it changed. Raises
        Unprocessable for a component that the structure does not have.
        """
        wanted = columns or [column.id for column in schema.columns]
        is_net = not selection.include_history
        reading = self._change_reading(log, schema, selection, is_net=is_net)
        return Changes(reading, selection, wanted, order)

    def availability_of_changes(
        self, log: ChangeLog, schema: Schema, selection: Selection, mode: str = "exact"
    ) -> Availability:
        """Answer an availability query from what changed and is still there."""
        wider = selection if mode == "exact" else Selection()  # that looks beside what is chosen
        reading = self._change_reading(log, schema, wider, is_net=True)
        return available(reading, selection, mode)

    def build_index(self, release: Release, schema: Schema) -> Path:
        """Make the index of a release now; reading lets it be made in the background."""
        reading = self._reading(release, schema)
        return self.indexes.build(reading.index_path, schema, reading.facts, reading.parts())

    def _change_reading(
        self, log: ChangeLog, schema: Schema, selection: Selection, *, is_net: bool
    ) -> ChangeReading:
        return ChangeReading(
            log=log.of_slices(slices_of(schema, selection)),
            schema=schema,
            lake=self.lake,
            memory_limit=self.settings.memory_limit,
            is_net=is_net,
        )

    def _reading(self, release: Release, schema: Schema) -> Reading:
        key = (release.id, release.is_past)
        found = self._readings.get(key)
        if found is None or found.schema is not schema:
            found = Reading(
                release=release,
                schema=schema,
                facts=self._facts(release, schema),
                lake=self.lake,
                indexes=self.indexes,
                memory_limit=self.settings.memory_limit,
            )
            if len(self._readings) >= _READINGS_KEPT:
                self._readings.clear()  # one step, so that threads need no lock
            self._readings[key] = found
        return found

    def slice_facts(self, versions: Sequence[SliceVersion]) -> Mapping[int, Mapping[str, Any]]:
        """The small facts of slice versions, as the catalogue keeps them, by their ids."""
        with self.catalogue.reading() as connection:
            return releases.facts_of(connection, versions)

    def _facts(self, release: Release, schema: Schema) -> ReleaseFacts:
        return combine(schema, self.slice_facts(release.slices).values())


def _refuse_malformed(artefacts: Iterable[Maintainable]) -> None:
    wrong = [
        Finding(rule="structure-malformed", message=f"{artefact.urn[:_SHOWN]}: {fault}")
        for artefact in artefacts
        for fault in faults(artefact)
    ]
    if wrong:
        raise Invalid(f"{wrong[0].message}; nothing was loaded", wrong)
