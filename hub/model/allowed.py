"""Which values the constraints of a context leave to a component."""

from __future__ import annotations

from hub.model.constraint import CubeRegion, DataConstraint
from hub.model.schema import Schema

#: The values a component may have; None stands for any.
Values = set[str] | None
_START_DAY = "REPORTING_YEAR_START_DAY"


def allowed_values(schema: Schema, component: str) -> Values:
    """The values that the Allowed constraints leave to a component; None means all it has.

    What they leave of a component without a list is known only where values are included.
    """
    enumeration = schema.by_id[component].enumeration
    everything = {item.id for item in enumeration.items} if enumeration is not None else None
    left = everything
    for constraint in schema.constraints:
        if constraint.role == "Allowed":
            left = _both(left, _within(constraint, component, everything))
    return None if left == everything else left


def _within(constraint: DataConstraint, component: str, everything: Values) -> Values:
    """What the regions of one constraint leave: one of the including, none of the excluding.

    An excluding region takes values away from a component only where it speaks of nothing else.
    """
    including = [region for region in constraint.regions if region.include]
    found = [_values(region, component, everything) for region in including]
    left = everything
    if including:
        left = set()
        for values in found:
            left = None if left is None or values is None else left | values
    for region in constraint.regions:
        alone = [key.component for key in (*region.keys, *region.attributes)] == [component]
        if left is not None and not region.include and alone:
            left = left - (_values(region, component, everything) or set())
    return left


def _values(region: CubeRegion, component: str, everything: Values) -> Values:
    for key in (*region.keys, *region.attributes):
        if key.component == component and key.values:
            if key.include:
                return set(key.values)
            return None if everything is None else everything - set(key.values)
    return everything


def _both(left: Values, right: Values) -> Values:
    if left is None or right is None:
        return right if left is None else left
    return left & right


def allowed_years(schema: Schema) -> tuple[int | None, int | None]:
    """The first and last year that the Allowed constraints leave to time; None where it is open.

    No period named by another year is allowed; of those two years a part may not be. Where a
    reporting year may begin on any day, a period may lie in the year after the one it is named by.
    """
    if schema.time is None:
        return None, None
    first: int | None = None
    last: int | None = None
    for constraint in schema.constraints:
        if constraint.role == "Allowed":
            start, end = _years(constraint, schema.time.id)
            first = _last_of(first, start)
            last = _first_of(last, end)
    slack = 1 if _START_DAY in schema.by_id else 0
    return (None if first is None else first - slack), (None if last is None else last + slack)


def _years(constraint: DataConstraint, time: str) -> tuple[int | None, int | None]:
    """The years between which all including regions of a constraint lie."""
    ranges = [
        next((key for key in region.keys if key.component == time and key.include), None)
        for region in constraint.regions
        if region.include
    ]
    starts = [None if key is None else _year(key.start) for key in ranges]
    ends = [None if key is None else _year(key.end) for key in ranges]
    known = [year for year in starts if year is not None]
    first = min(known) if known and len(known) == len(starts) else None
    known = [year for year in ends if year is not None]
    return first, max(known) if known and len(known) == len(ends) else None


def _year(period: str | None) -> int | None:
    digits = (period or "")[:4]
    return int(digits) if len(digits) == 4 and digits.isdecimal() else None


def _last_of(left: int | None, right: int | None) -> int | None:
    return max((year for year in (left, right) if year is not None), default=None)


def _first_of(left: int | None, right: int | None) -> int | None:
    return min((year for year in (left, right) if year is not None), default=None)
