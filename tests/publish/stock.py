"""Submissions of DF_STOCK_BIRTH as a reader would give them, a row for each figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from hub.errors import Finding, Invalid
from hub.formats.message import RawData
from hub.model import ArtefactClass, Origin, Reference, Schema
from hub.publish import Report, Statement, Submission, publish, validate
from hub.store import Store

FLOW = Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_STOCK_BIRTH", "1.0.0")
PLAIN: Mapping[str, str] = {
    "FREQ": "A",
    "REF_AREA": "SWE",
    "MIGRANT_STATUS": "FB",
    "COUNTERPART_BASIS": "BIRTH",
    "COUNTERPART_AREA": "POL",
    "SEX": "_T",
    "AGE": "_T",
    "UNIT_MEASURE": "PS",
    "TIME_PERIOD": "2020",
    "OBS_VALUE": "100",
    "OBS_STATUS": "A",
    "CONF_STATUS": "F",
    "SOURCE_TYPE": "POPREG",
    "POP_CONCEPT": "UR12",
    "DURATION_CRIT": "M12",
    "DURATION_BASIS": "ACT",
    "UNIT_MULT": "0",
    "DATA_PROVIDER": "Statistics Sweden",
    "LICENCE": "CC BY 4.0",
}
KEY = tuple(PLAIN)[:9]
Row = Mapping[str, str | None]


class SettableClock:
    """A clock that stands until it is set."""

    def __init__(self, now: datetime = datetime(2026, 1, 15, 8, tzinfo=UTC)) -> None:
        self.time = now

    def __call__(self) -> datetime:
        return self.time

    def pass_(self, **duration: float) -> None:
        self.time += timedelta(**duration)


def line_of(row: int) -> int:
    """Rows stand on lines of a file with a header."""
    return row + 2


def raw(*rows: Row, actions: Sequence[str] | None = None, **more: Any) -> RawData:
    """What a reader gives for rows; what one does not say is as in PLAIN, None leaves it empty.

    A column that is None in every row is left out, unless it is a dimension.
    """
    whole = [{**PLAIN, **row} for row in rows]
    names = list(dict.fromkeys(name for row in whole for name in row))
    columns = {name: pa.array([row.get(name) for row in whole], pa.string()) for name in names}
    kept = {
        name: column
        for name, column in columns.items()
        if name in KEY or column.null_count < len(whole)
    }
    if not rows:
        kept = {name: pa.array([], pa.string()) for name in PLAIN}
    return RawData(
        source=more.pop("source", "stocks.csv"),
        table=pa.table(kept),
        actions=None if actions is None else pa.chunked_array([pa.array(actions, pa.string())]),
        line=line_of,
        **more,
    )


def deletion(**given: str) -> Row:
    """A row to delete: a dimension that is not given is empty, so is everything else."""
    return dict.fromkeys(PLAIN) | given


def key(**given: str) -> Row:
    """A row of which the key is given, as in PLAIN where nothing else is said, and no more."""
    return dict.fromkeys(PLAIN) | {name: PLAIN[name] for name in KEY} | given


def submit(
    store: Store,
    given: RawData,
    source: str = "SWE",
    *,
    kind: str = "submission",
    visible_from: datetime | None = None,
    dry_run: bool = False,
    statement: Statement = Statement(),  # noqa: B008
    **more: Any,
) -> Report:
    """Publish as a source."""
    submission = Submission(raw=given, source=source, origin=Origin(kind=kind, name=source), **more)
    return publish(
        store, FLOW, submission, visible_from=visible_from, dry_run=dry_run, statement=statement
    )


def figures(
    store: Store,
    at: datetime | None = None,
    names: Sequence[str] = ("REF_AREA", "COUNTERPART_AREA", "TIME_PERIOD"),
    value: str = "OBS_VALUE",
) -> dict[Any, Any]:
    """What readers see: one component by some dimensions (a single one: by its value)."""
    release = store.release(FLOW, at)
    if release is None:
        return {}
    rows = store.read(release, store.schema(FLOW)).read_all().to_pylist()
    keys = [tuple(row[name] for name in names) for row in rows]
    assert len(set(keys)) == len(keys)
    single = len(names) == 1
    return {(key[0] if single else key): row[value] for key, row in zip(keys, rows, strict=True)}


def by_year(store: Store, at: datetime | None = None, value: str = "OBS_VALUE") -> dict[str, Any]:
    """What readers see, by year, where nothing else differs."""
    return figures(store, at, ("TIME_PERIOD",), value)


def lake_files(store: Store) -> set[Path]:
    """Every file of the lake."""
    return {path for path in store.lake.root.rglob("*") if path.is_file()}


def year(period: int | str, value: int | str = 100, **more: str | None) -> Row:
    """A row of a year with its value."""
    return {"TIME_PERIOD": str(period), "OBS_VALUE": str(value), **more}


def counts(report: Report) -> tuple[int, int, int]:
    """How many observations were added, revised and withdrawn."""
    total = report.total
    return total.added, total.revised, total.withdrawn


def findings_of(schema: Schema, *rows: Row, **more: Any) -> list[Finding]:
    """The findings of a submission that must be refused."""
    with pytest.raises(Invalid) as caught:
        validate(raw(*rows, **more), schema)
    for finding in caught.value.findings:
        assert finding.file == "stocks.csv"
    return list(caught.value.findings)


def finding_of(schema: Schema, *rows: Row, **more: Any) -> Finding:
    """The one finding of a submission that must be refused."""
    (finding,) = findings_of(schema, *rows, **more)
    return finding


def place(finding: Finding) -> tuple[str, int | None, str | None, str | None]:
    """What a finding is, and where."""
    return finding.rule, finding.line, finding.column, finding.value
