"""The types of `Comp` elements: what has several values or languages (SDMX-ML 3.x)."""

from __future__ import annotations

from lxml import etree

from hub.formats.schema.form import SchemaForm
from hub.formats.schema.places import Places
from hub.formats.schema.xsd.markup import (
    UNBOUNDED,
    annotations_first,
    attribute,
    element,
    local,
    restricted_type,
)
from hub.formats.schema.xsd.simple import SimpleTypes
from hub.model import Column, Role

_TEXT = "common:TextValueType"
#: Types of values that the standard has already.
_READY = {
    "xs:string": "common:StringValueType",
    "xs:boolean": "common:BooleanValueType",
    "xs:int": "common:IntValueType",
    "xs:double": "common:DoubleValueType",
    "common:ObservationalTimePeriodType": "common:ObservationalTimePeriodValueType",
}


def is_nested(column: Column, form: SchemaForm) -> bool:
    """True for a component that messages of a form hold in a `Comp` element."""
    return not form.is_simple and (column.is_list or column.is_multilingual)


def type_name(column: Column) -> str:
    """The name of the type of a component's `Comp` element."""
    return f"{column.id}_{'MEASURE' if column.role is Role.MEASURE else 'ATTRIBUTE'}"


class NestedTypes:
    """The types of `Comp` elements of a schema, in `made`, each once."""

    def __init__(self, places: Places, simple: SimpleTypes) -> None:
        self._places, self._simple = places, simple
        self._types: dict[str, list[etree._Element]] = {}

    @property
    def made(self) -> list[etree._Element]:
        """The definitions, in the order they were asked for."""
        return [type_ for types in self._types.values() for type_ in types]

    def define(self, column: Column) -> None:
        """Define the types of a component."""
        name = type_name(column)
        if name in self._types:
            return
        value, definitions = self._value(column, name)
        occurs = column.representation
        least = max(occurs.min_occurs, 1) if self._places.requires(column) else 0
        most = UNBOUNDED if occurs.max_occurs is None else str(occurs.max_occurs)
        content = [annotations_first(), local("Value", value, str(least), most)]
        fixed = attribute("id", "common:NCNameIDType", "required", fixed=column.id)
        self._types[name] = [
            restricted_type(name, "dsd:CompType", content, [fixed]),
            *definitions,
        ]

    def _value(self, column: Column, name: str) -> tuple[str, list[etree._Element]]:
        """The type of a value, and its definition where the standard has none."""
        if column.is_multilingual:
            return _TEXT, []
        simple = self._simple.of_value(column)
        if simple in _READY:
            return _READY[simple], []
        # a mixed type can only be restricted to simple content by a type without a name
        inner = element("simpleType", element("restriction", base=simple))
        made = element("restriction", inner, base="common:ValueType")
        defined = element("complexType", element("simpleContent", made), name=f"{name}.Value")
        return f"{name}.Value", [defined]
