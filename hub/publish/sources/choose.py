"""The choice among several sources: one flow of the node's own feeds the shared flow."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from hub.errors import BadRequest, Forbidden, NotFound, Unprocessable
from hub.formats.message import RawData
from hub.model import Origin, Reference, Schema
from hub.publish.submission import Report, Submission
from hub.store import Store, flow_name

#: A reason is a sentence that readers can follow, not a word.
LEAST_REASON, MOST_REASON = 15, 1_500


def chosen(store: Store, shared: Reference, source: Reference, reason: str) -> Submission:
    """What readers get of one flow, as a submission to a shared flow of the same structure.

    It is complete for the areas in it. The flow and the release it came from stand in its origin,
    with the reason. Raises BadRequest without a reason, NotFound where nothing of the source is
    published, Unprocessable for another structure, Forbidden for a derived flow.
    """
    told = " ".join(reason.split())
    if not LEAST_REASON <= len(told) <= MOST_REASON:
        raise BadRequest(
            f"the reason has {len(told)} characters: say in a sentence why this source is chosen "
            f"({LEAST_REASON} to {MOST_REASON:,} characters); it is shown with the release"
        )
    given = store.schema(source)
    _refuse_unfit(store.schema(shared), given)
    release = store.release(source)
    if release is None:
        raise NotFound(f"{source}: nothing is published yet, so there is nothing to choose")
    detail = (("chosen", str(given.context)), ("release", release.id), ("reason", told))
    table = store.read(release, given).read_all()
    node, areas = store.settings.node, store.settings.areas
    return Submission(
        raw=RawData(source=str(given.context), table=_as_texts(table)),
        source=node,
        origin=Origin(kind="submission", name=node, detail=detail),
        replaces=True,
        areas=None if "*" in areas else frozenset(areas),
    )


def _refuse_unfit(shared: Schema, source: Schema) -> None:
    if shared.context == source.context:
        raise BadRequest(f"{shared.context} cannot be chosen for itself: name a source of it")
    if shared.dataflow is not None and shared.dataflow.annotation("WRITTEN_BY") is not None:
        raise Forbidden(f"{shared.context} is derived from other flows: run 'corridor derive'")
    one, other = shared.structure.reference, source.structure.reference
    if (one.agency, one.id) != (other.agency, other.id):
        raise Unprocessable(
            f"{shared.context} is data of {one}, {source.context} of {other}: a source is of the "
            "same structure"
        )


def record_choice(store: Store, submission: Submission, report: Report) -> None:
    """Write a choice into the audit trail, also where the figures were the same already."""
    detail = {**dict(submission.origin.detail), "outcome": report.outcome.value}
    with store.catalogue.writing() as connection:
        at = store.catalogue.stamp(connection)
        store.catalogue.record(connection, at, "choose", flow_name(report.flow), **detail)


def _as_texts(table: pa.Table) -> pa.Table:
    """Figures as the door takes them: every plain column as text, numbers exactly."""
    columns = [
        column if pa.types.is_nested(column.type) else pc.cast(column, pa.string())
        for column in table.columns
    ]
    return pa.table(columns, names=table.column_names)
