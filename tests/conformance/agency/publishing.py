"""The test agency published: its structures loaded, its rows let in through the one door."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from hub.formats.message import RawData
from hub.model import Origin
from hub.publish import Outcome, Submission, publish
from hub.store import Store, init_home, open_store
from tests.conformance.agency.artefacts import DATAFLOWS, artefacts
from tests.conformance.agency.plan import Flow, Part, Row
from tests.conformance.agency.rows import ROWS
from tests.conformance.agency.shapes import FILLED, NODE, PRINCIPAL, PROVIDED, SLICED

#: When everything was published.
PUBLISHED = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
_NO_INDEX = 1_000_000_000


def clock() -> datetime:
    return PUBLISHED


def publish_agency(home: Path) -> None:
    """Make a node with the agency on it, every release with its index."""
    init_home(home, {"node": NODE, "role": "hub", "areas": ["*"]}, clock)
    store = open_store(home, clock)
    try:
        store.load_structures(artefacts())
        for name, rows in ROWS.items():
            _publish(store, PRINCIPAL[name], rows)
        for flow in FILLED:
            release = store.release(DATAFLOWS[str(flow)].reference)
            assert release is not None
            store.build_index(release, store.schema(release.flow))
    finally:
        store.close()


def without_indexes(home: Path) -> Store:
    """The same node, reading only what was published."""
    store = open_store(home, clock)
    store.close()
    return Store(store.settings.model_copy(update={"index_rows": _NO_INDEX}), clock)


def _publish(store: Store, flow: Flow, rows: list[Row]) -> None:
    parts = [(NODE, rows)]
    if flow is SLICED:
        parts = [
            (provider, [row for row in rows if row["AREA"] in areas])
            for provider, areas in PROVIDED.items()
        ]
    for provider, held in parts:
        submission = Submission(
            raw=RawData(source=flow.id, table=_table(flow.shape.parts, held)),
            source=provider,
            origin=Origin(kind="submission", name=provider),
        )
        report = publish(store, DATAFLOWS[str(flow)].reference, submission)
        assert report.outcome is Outcome.RELEASED, report.findings


def _table(parts: Iterable[Part], rows: Sequence[Row]) -> pa.Table:
    return pa.table({part.id: _column(part, [row[part.id] for row in rows]) for part in parts})


def _column(part: Part, values: Sequence[object]) -> pa.Array:
    if part.many:
        return pa.array(values, pa.list_(pa.string()))
    if part.languages:
        pairs = [list(value.items()) if value else None for value in values]  # type: ignore[attr-defined]
        return pa.array(pairs, pa.map_(pa.string(), pa.string()))
    return pa.array([None if value is None else _spelt(value) for value in values], pa.string())


def _spelt(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "NaN" if value != value else str(value)
