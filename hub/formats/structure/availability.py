"""Counts and coverage of data constraints, as the versions of SDMX carry them.

| | counts | coverage in time |
|---|---|---|
| 2.1 model | annotations of type `sdmx_metrics` | `ReferencePeriod` |
| 3.0 model | annotations of type `sdmx_metrics` | `validFrom`, `validTo` of the key values |
| 3.1 model | attributes `seriesCount`, `obsCount` | `validFrom`, `validTo` of the key values |

An annotation carries the count in its title; its id is `series_count` or `obs_count` (REST 1.5
and 2.1, "Availability"). The schemas of 3.0 have no reference period, whatever that text says.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from hub.errors import BadRequest
from hub.formats.structure.facets import whole_number
from hub.formats.structure.fault import Fault
from hub.model import Annotation, ArtefactClass, DataConstraint, KeyValues, Reference
from hub.model.period import parse_period

ACTUAL, ALLOWED = "Actual", "Allowed"
ROLES = {ALLOWED: ALLOWED, ACTUAL: ACTUAL}
METRICS = "sdmx_metrics"
#: What a constraint can be attached to; the schemas know more, the node does not.
TARGETS = (
    ArtefactClass.DATA_STRUCTURE,
    ArtefactClass.DATAFLOW,
    ArtefactClass.PROVISION_AGREEMENT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredKeyValues(KeyValues):
    """Key values as 3.x messages have them: with the time from which and to which they hold."""

    valid_from: str | None = None
    valid_to: str | None = None


def with_metrics(constraint: DataConstraint) -> DataConstraint:
    """Add the counts as annotations."""
    notes = tuple(
        Annotation(id=id_, type=METRICS, title=str(count))
        for id_, count in (
            ("series_count", constraint.series_count),
            ("obs_count", constraint.obs_count),
        )
        if count is not None
    )
    return replace(sendable(constraint), annotations=(*constraint.annotations, *notes))


def without_metrics(constraint: DataConstraint) -> DataConstraint:
    """Take the counts out of the annotations; raises Fault for one that is no number."""
    counts: dict[str, int] = {}
    for note in constraint.annotations:
        if _is_metric(note):
            count = whole_number((note.title or "").strip())
            if count is None:
                raise Fault(f"the annotation {note.id} has '{note.title}' where a count belongs")
            counts[str(note.id)] = count
    kept = tuple(note for note in constraint.annotations if not _is_metric(note))
    return replace(
        constraint,
        annotations=kept,
        series_count=counts.get("series_count"),
        obs_count=counts.get("obs_count"),
    )


def _is_metric(note: Annotation) -> bool:
    return note.type == METRICS and note.id in ("series_count", "obs_count")


def with_coverage(constraint: DataConstraint) -> DataConstraint:
    """Move the coverage in time to the key values, where the constraint tells what is there."""
    if constraint.role != ACTUAL or constraint.start is constraint.end is None:
        return constraint
    regions = tuple(
        replace(region, keys=tuple(_cover(keys, constraint) for keys in region.keys))
        for region in constraint.regions
    )
    return replace(constraint, regions=regions)


def _cover(keys: KeyValues, constraint: DataConstraint) -> KeyValues:
    given = {field.name: getattr(keys, field.name) for field in fields(KeyValues)}
    return CoveredKeyValues(**given, valid_from=constraint.start, valid_to=constraint.end)


def sendable(constraint: DataConstraint) -> DataConstraint:
    """Leave out key values without a value, which no schema allows: nothing is available there."""
    regions = tuple(
        replace(region, keys=tuple(keys for keys in region.keys if _says_something(keys)))
        for region in constraint.regions
    )
    return replace(constraint, regions=regions)


def _says_something(keys: KeyValues) -> bool:
    return bool(keys.values) or keys.start is not None or keys.end is not None


def without_coverage(constraint: DataConstraint) -> DataConstraint:
    """Take the coverage in time out of the key values.

    The coverage of the constraint is from the earliest to the latest. In a constraint of what is
    allowed, values with a validity of their own mean something the node does not know: a fault.
    """
    keys = [keys for region in constraint.regions for keys in region.keys]
    starts = [key.valid_from for key in keys if isinstance(key, CoveredKeyValues)]
    ends = [key.valid_to for key in keys if isinstance(key, CoveredKeyValues)]
    start = min((text for text in starts if text), default=constraint.start)
    end = max((text for text in ends if text), default=constraint.end)
    if constraint.role != ACTUAL and (start, end) != (constraint.start, constraint.end):
        raise Fault("key values that hold for a time only are not known here", is_unknown=True)
    regions = tuple(
        replace(region, keys=tuple(map(_uncover, region.keys))) for region in constraint.regions
    )
    return replace(constraint, regions=regions, start=start, end=end)


def _uncover(keys: KeyValues) -> KeyValues:
    return KeyValues(**{field.name: getattr(keys, field.name) for field in fields(KeyValues)})


def to_wire(constraint: DataConstraint) -> DataConstraint:
    """Counts as annotations and coverage in the key values, as the 3.0 model has them."""
    return with_coverage(with_metrics(constraint))


def from_wire(constraint: DataConstraint) -> DataConstraint:
    """Undo `to_wire`."""
    return without_coverage(without_metrics(constraint))


def reference_period(constraint: DataConstraint) -> tuple[str, str] | None:
    """The coverage as two instants, which is how 2.1 has it; None where either is not known."""
    if constraint.start is None or constraint.end is None:
        return None
    try:
        first, last = parse_period(constraint.start), parse_period(constraint.end)
    except BadRequest:
        return None
    return (
        constraint.start if "T" in constraint.start else _instant(first.start),
        constraint.end if "T" in constraint.end else _instant(last.end),
    )


def _instant(moment: Any) -> str:
    return str(moment.replace(tzinfo=None, microsecond=0).isoformat())


def availability(**given: Any) -> DataConstraint:
    """Make the constraint of an availability answer of 3.1, which has no identity of its own.

    It is identified by what it is about.
    """
    targets: tuple[Reference, ...] = given.get("targets", ())
    if len(targets) != 1:
        raise Fault("an availability constraint is about one artefact")
    target = targets[0]
    return DataConstraint(
        agency=target.agency,
        id=f"AVAILABILITY_{target.id}",
        version=target.version,
        role=ACTUAL,
        **given,
    )
