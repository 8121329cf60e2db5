"""Counts and coverage of data constraints, as the versions of SDMX carry them.

| | counts | coverage in time |
|---|---|---|
| 2.1 model | annotations of type `sdmx_metrics` | `ReferencePeriod` |
| 3.0 model | annotations of type `sdmx_metrics` | `validFrom`, `validTo` of the key values |
| 3.1 model | attributes `seriesCount`, `obsCount` | `validFrom`, `validTo` of the key values |

Coverage goes out as two instants, the first of the first period and the last of the last one.

An annotation carries the count in its title; its id is `series_count` or `obs_count` (REST 1.5
and 2.1, "Availability"). The schemas of 3.0 have no reference period, whatever that text says.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from hub.errors import BadRequest
from hub.formats.memo import derived
from hub.formats.structure.facets import whole_number
from hub.formats.structure.fault import Fault
from hub.formats.structure.form import Model, StructureForm
from hub.model import Annotation, CubeRegion, DataConstraint, KeyValues, Reference, TextType
from hub.model.period import Period, parse_period

ACTUAL, ALLOWED = "Actual", "Allowed"
ROLES = {ALLOWED: ALLOWED, ACTUAL: ACTUAL}
METRICS = "sdmx_metrics"
_ZONED = re.compile(r"(?:Z|[+-][0-9]{2}:[0-9]{2})$")


def to_wire(constraint: DataConstraint, form: StructureForm) -> DataConstraint:
    """Put counts and coverage where the model of a form has them."""

    def made() -> DataConstraint:
        changed = _sendable(constraint)
        notes = (*changed.annotations, *_metrics(changed))
        changed = replace(changed, annotations=notes)
        return changed if form.model is Model.V21 else _with_coverage(changed)

    return derived(constraint, ("on the wire", form), made)


def from_wire(constraint: DataConstraint, form: StructureForm) -> DataConstraint:
    """Undo `to_wire`; raises Fault for a count that is no number."""
    changed = _without_metrics(constraint)
    return changed if form.model is Model.V21 else _without_coverage(changed)


def to_availability(constraint: DataConstraint, form: StructureForm) -> DataConstraint:
    """Put the coverage into the key values, for the answer to an availability query of 3.1."""
    return derived(constraint, "availability", lambda: _with_coverage(_sendable(constraint)))


def from_availability(constraint: DataConstraint, form: StructureForm) -> DataConstraint:
    """Undo `to_availability`."""
    return _without_coverage(constraint)


def _metrics(constraint: DataConstraint) -> tuple[Annotation, ...]:
    counts = (("series_count", constraint.series_count), ("obs_count", constraint.obs_count))
    return tuple(
        Annotation(id=id_, type=METRICS, title=str(count))
        for id_, count in counts
        if count is not None
    )


def _without_metrics(constraint: DataConstraint) -> DataConstraint:
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


def _sendable(constraint: DataConstraint) -> DataConstraint:
    """Leave out key values without a value, which no schema allows: nothing is available there."""
    regions = tuple(
        replace(region, keys=tuple(keys for keys in region.keys if _says_something(keys)))
        for region in constraint.regions
    )
    return replace(constraint, regions=regions)


def _says_something(keys: KeyValues) -> bool:
    return bool(keys.values) or keys.start is not None or keys.end is not None


def _with_coverage(constraint: DataConstraint) -> DataConstraint:
    """Move the coverage in time to the key values, where the constraint tells what is there."""
    if constraint.role != ACTUAL or constraint.start is constraint.end is None:
        return constraint
    period = reference_period(constraint)
    if period is None:
        return _with_validity(constraint, constraint.start, constraint.end)
    return _with_validity(constraint, *map(in_utc, period))


def _without_coverage(constraint: DataConstraint) -> DataConstraint:
    """Take the coverage in time out of the key values: from the earliest to the latest.

    In a constraint of what is allowed, they mean the time in which the values are.
    """
    if constraint.role != ACTUAL:
        return constraint
    keys = [keys for region in constraint.regions for keys in region.keys]
    start = min((key.valid_from for key in keys if key.valid_from), default=constraint.start)
    end = max((key.valid_to for key in keys if key.valid_to), default=constraint.end)
    return replace(_with_validity(constraint, None, None), start=start, end=end)


def _with_validity(
    constraint: DataConstraint, start: str | None, end: str | None
) -> DataConstraint:
    def keys(region: CubeRegion) -> tuple[KeyValues, ...]:
        return tuple(replace(each, valid_from=start, valid_to=end) for each in region.keys)

    regions = tuple(replace(region, keys=keys(region)) for region in constraint.regions)
    return replace(constraint, regions=regions)


def in_utc(moment: str) -> str:
    """An instant with its zone, as RFC 3339 has it: there are readers that take nothing else."""
    return moment if _ZONED.search(moment) else f"{moment}Z"


def reference_period(constraint: DataConstraint) -> tuple[str, str] | None:
    """The coverage as two instants, which is how 2.1 has it; None where either is not known."""
    if constraint.start is None or constraint.end is None:
        return None
    try:
        first, last = parse_period(constraint.start), parse_period(constraint.end)
    except BadRequest:
        return None
    return _instant(first, first.start), _instant(last, last.end)


def _instant(period: Period, moment: datetime) -> str:
    """A moment of a period without its zone; the period as it was given where it is an instant."""
    if period.kind is TextType.DATE_TIME:
        return period.text
    return moment.replace(tzinfo=None, microsecond=0).isoformat()


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
