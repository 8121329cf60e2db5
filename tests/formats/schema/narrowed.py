"""Random structures made as narrow as their rows: mandatory, bounded and constrained by them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hub.model import (
    FLOATS,
    INTEGERS,
    CubeRegion,
    KeyValues,
    Role,
    Schema,
    TextType,
    resolve,
)
from tests.formats.schema.cubes import Cube, Row
from tests.formats.schema.structures import constraint


def narrowed(cube: Cube, columns: Collection[str]) -> Cube:
    """The same rows of a structure that takes nothing longer, greater or emptier than them."""
    schema, rows = cube.schema, cube.rows
    old = schema.structure
    structure = replace(
        old,
        dimensions=tuple(_bounded(c, rows) for c in old.dimensions),
        measures=tuple(_needed(_bounded(c, rows), rows, columns) for c in old.measures),
        attributes=tuple(_needed(_bounded(c, rows), rows, columns) for c in old.attributes),
    )
    assert schema.dataflow is not None
    target = schema.dataflow.reference
    known = cube.structures.with_([structure, constraint(target, _region(schema, rows))])
    return Cube(known, resolve(target, known), rows, cube.at)


def _values(component: str, rows: list[Row]) -> list[Any]:
    return [row[component] for row in rows if row[component] is not None]


def _bounded(component: Any, rows: list[Row]) -> Any:
    held = component.representation
    values = _values(component.id, rows)
    if not values or held.enumeration is not None or held.is_list or held.is_multilingual:
        return component
    if held.text_type is TextType.STRING:
        facets = {"max_length": max(map(len, values))}
    elif held.text_type in INTEGERS | FLOATS and all(value == value for value in values):
        exact = [Decimal(value) for value in values]
        facets = {"min_value": f"{min(exact):f}", "max_value": f"{max(exact):f}"}
    else:
        return component
    return replace(component, representation=replace(held, **facets))


def _needed(component: Any, rows: list[Row], columns: Collection[str]) -> Any:
    always = len(_values(component.id, rows)) == len(rows)
    return replace(component, is_mandatory=always and component.id in columns)


def _region(schema: Schema, rows: list[Row]) -> CubeRegion:
    def keys(*roles: Role) -> tuple[KeyValues, ...]:
        found = []
        for column in schema.columns:
            if column.is_coded and column.role in roles:
                values = _values(column.id, rows)
                codes = {v for held in values for v in (held if column.is_list else [held])}
                if codes:
                    found.append(KeyValues(component=column.id, values=tuple(sorted(codes))))
        return tuple(found)

    return CubeRegion(keys=keys(Role.DIMENSION), attributes=keys(Role.MEASURE, Role.ATTRIBUTE))
