"""A backend in memory whose filter is a naive reference evaluator: row by row, no cleverness."""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from hub.engine import arrow_schema, storage_type
from hub.model import (
    Availability,
    DeltaCounts,
    Operator,
    Origin,
    Predicate,
    Reference,
    Release,
    Schema,
    Selection,
    SliceVersion,
    Structures,
    resolve,
)
from hub.model.period import matches, parse_period
from hub.rest import NodeFacts
from tests.rest.artefacts import ARTEFACTS, FLOW, SECOND

CHANGED = datetime(2026, 1, 10, 8, 0, 0, tzinfo=UTC)
PUBLISHED = datetime(2026, 2, 20, 12, 30, 15, 250_000, tzinfo=UTC)
Row = dict[str, Any]


def rows_a() -> list[Row]:
    """Areas and sexes over three years, one cell missing, one flagged."""
    cells = itertools.product(("NOR", "SWE"), ("F", "M", "_T"), ("2019", "2020", "2021"))
    rows = []
    for number, (area, sex, year) in enumerate(cells):
        if (area, sex, year) == ("NOR", "_T", "2020"):
            continue
        flag = "E" if year == "2021" else "A"
        key = {"FREQ": "A", "REF_AREA": area, "SEX": sex, "TIME_PERIOD": year}
        value = {"OBS_VALUE": 100.5 + number, "OBS_STATUS": flag}
        rows.append({**key, **value, "TITLE": f"{area} {sex}", "NOTE": "n"})
    return rows


def rows_b() -> list[Row]:
    """One area by quarter."""
    return [
        {
            "FREQ": "Q",
            "REF_AREA": "FRA",
            "TIME_PERIOD": f"2020-Q{quarter}",
            "OBS_VALUE": float(quarter),
            "OBS_STATUS": "A",
            "TITLE": None,
            "NOTE": None,
        }
        for quarter in (1, 2, 3, 4)
    ]


def holds(predicate: Predicate, value: object) -> bool:
    """Whether a value that is no period satisfies a predicate."""
    if value is None:
        return predicate.operator in (Operator.NE, Operator.NOT_CONTAINS)
    left: Any = value
    right: Any = predicate.value
    text = str(value)
    tests: dict[Operator, Callable[[], bool]] = {
        Operator.CONTAINS: lambda: right in text,
        Operator.NOT_CONTAINS: lambda: right not in text,
        Operator.STARTS_WITH: lambda: text.startswith(right),
        Operator.ENDS_WITH: lambda: text.endswith(right),
    }
    if predicate.operator in tests:
        return tests[predicate.operator]()
    if isinstance(value, float):
        right = float(predicate.value)
    return {
        Operator.EQ: left == right,
        Operator.NE: left != right,
        Operator.LT: left < right,
        Operator.LE: left <= right,
        Operator.GT: left > right,
        Operator.GE: left >= right,
    }[predicate.operator]


def wanted(selection: Selection, row: Row, schema: Schema) -> bool:
    """Whether an observation is selected by keys and filters."""
    key = [row[column.id] for column in schema.key]
    fits = not selection.keys or any(
        all(not values or key[at] in values for at, values in enumerate(pattern))
        for pattern in selection.keys
    )
    return fits and all(
        any(
            all(_holds(predicate, row, filter_.component, selection) for predicate in conjunction)
            for conjunction in filter_.alternatives
        )
        for filter_ in selection.filters
    )


def _holds(predicate: Predicate, row: Row, component: str, selection: Selection) -> bool:
    if component != "TIME_PERIOD":
        return holds(predicate, row[component])
    start = selection.reporting_year_start
    period = parse_period(row[component], start)
    return matches(period, predicate.operator, predicate.value, start)


def select(
    rows: list[Row], selection: Selection, schema: Schema, order: Sequence[str]
) -> list[Row]:
    """What a selection means, in order."""
    found = [row for row in rows if wanted(selection, row, schema)]
    found.sort(key=lambda row: [str(row[c.id]) for c in schema.dimensions])
    if selection.first_n is not None or selection.last_n is not None:
        found = [row for row in found if _is_at_an_end(row, found, selection, schema)]
    for name in reversed(order):
        found.sort(key=lambda row, name=name: str(row[name]))  # type: ignore[misc]
    for name, ascending in reversed(selection.sort):
        found.sort(
            key=lambda row, name=name: (row[name] is not None, row[name]),  # type: ignore[misc]
            reverse=not ascending,
        )
    end = None if selection.limit is None else selection.offset + selection.limit
    return found[selection.offset : end]


def _is_at_an_end(row: Row, rows: list[Row], selection: Selection, schema: Schema) -> bool:
    series = [other for other in rows if all(other[c.id] == row[c.id] for c in schema.key)]
    first = series[: selection.first_n or 0]
    last = series[-selection.last_n :] if selection.last_n else []
    return row in first or row in last


class MemoryBackend:
    """Two published flows over two structures, and one with nothing published."""

    def __init__(self) -> None:
        self.structures = Structures(ARTEFACTS)
        self.structures_changed = CHANGED
        self.rows: dict[Reference, list[Row]] = {
            FLOW.reference: rows_a(),
            SECOND.reference: rows_b(),
        }
        self.reads = 0
        self.fail_on_read: Exception | None = None

    def state(self) -> object | None:
        return None  # tests change the rows as they like

    state_waits = False

    def changed(self) -> datetime:
        return max(self.structures_changed, PUBLISHED)

    def structures_at(self, at: datetime) -> tuple[Structures, datetime]:
        there = at >= self.structures_changed
        return (self.structures if there else Structures()), self.structures_changed

    def present(self) -> datetime:
        return PUBLISHED + timedelta(days=1)

    def release(self, flow: Reference, at: datetime | None = None) -> Release | None:
        rows = self.rows.get(flow)
        if rows is None or (at is not None and at < PUBLISHED):
            return None
        version = SliceVersion(
            id=1,
            flow=f"{flow.agency}:{flow.id}",
            slice="",
            source="SCB",
            digest=hashlib.sha256(str(rows).encode()).hexdigest(),
            delta=None,
            rows=len(rows),
            counts=DeltaCounts(added=len(rows)),
            origin=Origin(kind="submission", name="SCB"),
            structure="",
            structure_digest="",
            committed=PUBLISHED,
            visible_from=PUBLISHED,
        )
        return Release(flow=flow, slices=(version,), visible_from=PUBLISHED)

    def read(
        self,
        release: Release,
        schema: Schema,
        selection: Selection,
        columns: Sequence[str],
        order: Sequence[str] = (),
    ) -> pa.RecordBatchReader:
        self.reads += 1
        if self.fail_on_read is not None:
            raise self.fail_on_read
        rows = select(self.rows[release.flow], selection, schema, order)
        full = arrow_schema(resolve(release.flow, self.structures))
        arrow = pa.schema([full.field(name) for name in columns])
        table = pa.Table.from_pylist(
            [{name: row[name] for name in columns} for row in rows], schema=arrow
        )
        return pa.RecordBatchReader.from_batches(arrow, table.to_batches(max_chunksize=4))

    def fixed(self, release: Release, schema: Schema) -> Mapping[str, pa.Array]:
        rows = self.rows[release.flow]
        return {
            column.id: pa.array([rows[0][column.id]], storage_type(column))
            if rows[0][column.id] is not None
            else pa.nulls(1)
            for column in schema.columns
            if column.id != schema.dimensions[-1].id
            and all(row[column.id] == rows[0][column.id] for row in rows)
        }

    def distinct(
        self, release: Release, schema: Schema, selection: Selection, columns: Sequence[str]
    ) -> pa.Table:
        table = self.read(release, schema, selection, columns).read_all()
        rows: list[Row] = []
        for row in table.to_pylist():
            if row not in rows:
                rows.append(row)
        return pa.Table.from_pylist(rows, schema=table.schema)

    def availability(
        self, release: Release, schema: Schema, selection: Selection, mode: str
    ) -> Availability:
        rows = select(self.rows[release.flow], selection, schema, ())
        periods = sorted({row["TIME_PERIOD"] for row in rows})
        return Availability(
            values={c.id: tuple(sorted({row[c.id] for row in rows})) for c in schema.dimensions},
            series_count=len({tuple(row[c.id] for c in schema.key) for row in rows}),
            obs_count=len(rows),
            start=periods[0] if periods else None,
            end=periods[-1] if periods else None,
        )

    def node(self) -> NodeFacts:
        return NodeFacts(
            id="SWE",
            name="Statistics",
            role="national",
            areas=("SWE",),
            agencies=("MIGX.SWE",),
            licence="CC-BY-4.0",
            contact="mail@example.org",
            software_version="0.1",
        )


class Long(MemoryBackend):
    """A backend whose first flow is too long to be written before it is sent."""

    def __init__(self, *, batches: int = 1000, fails: bool = False) -> None:
        super().__init__()
        self.batches = batches
        self.fails = fails
        self.taken = 0
        self.ended = threading.Event()

    def read(
        self,
        release: Release,
        schema: Schema,
        selection: Selection,
        columns: Sequence[str],
        order: Sequence[str] = (),
    ) -> pa.RecordBatchReader:
        table = super().read(release, schema, selection, columns, order).read_all()

        def batches() -> Iterator[pa.RecordBatch]:
            try:
                for _ in range(self.batches):
                    self.taken += 1
                    yield pa.concat_tables([table] * 100).combine_chunks().to_batches()[0]
                if self.fails:
                    raise OSError("the disk is gone")
            finally:
                self.ended.set()

        return pa.RecordBatchReader.from_batches(table.schema, batches())
