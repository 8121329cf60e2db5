"""Data constraints in the plain form in which data is tested against them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hub.model.codelists import Cascade
from hub.model.constraint import CubeRegion, DataConstraint, KeyValues
from hub.model.enumeration import Enumeration
from hub.model.extension import cascaded, children_of


def plain(constraint: DataConstraint, lists: Mapping[str, Enumeration]) -> DataConstraint:
    """The constraint with regions alone, which list every value they mean.

    A key of a set is a region; a value that cascades is followed by what is below it in the list
    of its component (`lists`, by component id). Times in which a value holds do not count: what
    is allowed at some time is allowed.
    """
    keys = tuple(
        replace(key, include=each.is_included) for each in constraint.key_sets for key in each.keys
    )
    regions = tuple(_plain_region(region, lists) for region in (*constraint.regions, *keys))
    return replace(constraint, regions=regions, key_sets=())


def _plain_region(region: CubeRegion, lists: Mapping[str, Enumeration]) -> CubeRegion:
    return replace(
        region,
        keys=tuple(_plain_values(keys, lists) for keys in region.keys),
        attributes=tuple(_plain_values(keys, lists) for keys in region.attributes),
    )


def _plain_values(keys: KeyValues, lists: Mapping[str, Enumeration]) -> KeyValues:
    cascades = {detail.value: detail.cascade for detail in keys.details}
    codelist = lists.get(keys.component)
    if codelist is None or not any(each is not Cascade.NO for each in cascades.values()):
        return replace(keys, details=()) if keys.details else keys
    children = children_of(codelist.items)
    meant: set[str] = set()
    for value in keys.values:
        meant |= cascaded(value, cascades.get(value, Cascade.NO), children)
    values = tuple(code.id for code in codelist.items if code.id in meant)
    strangers = tuple(value for value in keys.values if value not in codelist.by_id)
    return replace(keys, values=(*values, *strangers), details=())
