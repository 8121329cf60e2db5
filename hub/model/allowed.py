"""Which values the constraints of a context leave to a component."""

from __future__ import annotations

from hub.model.dataflow import CubeRegion, DataConstraint
from hub.model.schema import Schema

#: The values a component may have; None stands for any.
Values = set[str] | None


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
