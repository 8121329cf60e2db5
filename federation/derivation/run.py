"""One derivation: the releases of the shared flows in, two derived releases out."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from federation.crosscheck import METHOD_VERSION as ASYMMETRY_METHOD
from federation.crosscheck import AsymmetryResult, derive_asymmetry
from federation.figures import immigrant_totals
from federation.mirror import METHOD_VERSION as MIRROR_METHOD
from federation.mirror import EmigrantsResult, MirrorOptions, derive_emigrants, target_years
from hub.engine import arrow_schema
from hub.formats.message import RawData
from hub.model import ArtefactClass, Origin, Reference, Release
from hub.publish import Report, Submission, publish
from hub.store import Store


def _shared(id_: str) -> Reference:
    return Reference(ArtefactClass.DATAFLOW, "MIGX", id_, "1.0.0")


STOCK_BIRTH, STOCK_CTZ = _shared("DF_STOCK_BIRTH"), _shared("DF_STOCK_CTZ")
FLOW_RES = _shared("DF_FLOW_RES")
EMIGRANTS, ASYMMETRY = _shared("DF_EMIGRANTS"), _shared("DF_ASYMMETRY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """What was derived, and what the door said of each derived flow.

    `inputs` names the releases it came from.
    """

    emigrants: EmigrantsResult
    asymmetry: AsymmetryResult
    inputs: tuple[Release, ...]
    reports: tuple[Report, ...]


def derive(
    store: Store, *, options: MirrorOptions | None = None, dry_run: bool = False
) -> Derivation:
    """Derive DF_EMIGRANTS and DF_ASYMMETRY from the releases the node holds now.

    The same inputs give the same figures, so a second run makes no release. What can no longer be
    derived is withdrawn.
    """
    releases = {flow: store.release(flow) for flow in (STOCK_BIRTH, STOCK_CTZ, FLOW_RES)}
    tables = {flow: _read(store, release) for flow, release in releases.items()}
    chosen = options or MirrorOptions()
    birth, citizens = tables[STOCK_BIRTH], tables[STOCK_CTZ]
    expected = immigrant_totals(target_years(birth, citizens))
    emigrants = derive_emigrants(birth, citizens, expected, chosen)
    asymmetry = derive_asymmetry(_table(store, FLOW_RES, tables[FLOW_RES]))
    held = {flow: release for flow, release in releases.items() if release is not None}
    stock_inputs = [release for flow, release in held.items() if flow != FLOW_RES]
    flow_inputs = [release for flow, release in held.items() if flow == FLOW_RES]
    reports = (
        _hand_in(store, EMIGRANTS, emigrants.table, MIRROR_METHOD, stock_inputs, dry_run),
        _hand_in(store, ASYMMETRY, asymmetry.table, ASYMMETRY_METHOD, flow_inputs, dry_run),
    )
    return Derivation(
        emigrants=emigrants,
        asymmetry=asymmetry,
        inputs=tuple(held.values()),
        reports=reports,
    )


def _read(store: Store, release: Release | None) -> pa.Table | None:
    if release is None:
        return None
    schema = store.schema(release.flow)
    return store.read(release, schema).read_all().cast(arrow_schema(schema))


def _table(store: Store, flow: Reference, table: pa.Table | None) -> pa.Table:
    if table is not None:
        return table
    return arrow_schema(store.schema(flow)).empty_table()


def _hand_in(
    store: Store,
    flow: Reference,
    table: pa.Table,
    method: str,
    inputs: list[Release],
    dry_run: bool,
) -> Report:
    sources = [{"flow": str(release.flow), "release": release.id} for release in inputs]
    origin = Origin(kind="derivation", name=method, detail=(("inputs", json.dumps(sources)),))
    node = store.settings.node
    before = tuple(version.slice for version in store.newest(flow) if version.source == node)
    submission = Submission(
        raw=RawData(source=method, table=_as_texts(table)),
        source=node,
        origin=origin,
        replaces=True,
        covers=before,
    )
    return publish(store, flow, submission, dry_run=dry_run)


def _as_texts(table: pa.Table) -> pa.Table:
    """Figures as the door takes them: every plain column as text (numbers exactly)."""
    columns = [
        column if pa.types.is_nested(column.type) else pc.cast(column, pa.string())
        for column in table.columns
    ]
    return pa.table(columns, names=table.column_names)
