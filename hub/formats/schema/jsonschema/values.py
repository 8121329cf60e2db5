"""The values of components in SDMX-JSON: as a message lists them, and as its arrays hold them."""

from __future__ import annotations

from typing import Any

from hub.formats.schema.facets import NUMBERS, of_years
from hub.formats.schema.form import SchemaForm
from hub.formats.schema.jsonschema.datatypes import lexical, typed
from hub.model import Column, Role, Schema, allowed_values, allowed_years

Json = dict[str, Any]

_MISSING, _NOT_A_NUMBER = "#N/A", "NaN"
_NOTHING: Json = {"type": "null"}


class Values:
    """The schemas of values of one structure for one version of SDMX-JSON."""

    def __init__(self, schema: Schema, form: SchemaForm) -> None:
        self._schema, self._form = schema, form

    def listed(self, column: Column) -> Json:
        """A value as a structure of the message lists it: by its id, or by itself."""
        allowed = allowed_values(self._schema, column.id)
        if column.enumeration is not None:
            codes = [c.id for c in column.enumeration.items if allowed is None or c.id in allowed]
            return _under("id", {"enum": [*codes, *self._missing(column)]})
        value = lexical(column.text_type, column.representation)
        if allowed is not None:
            value = {"enum": sorted(allowed)}
        years = of_years(*allowed_years(self._schema)) if column.role is Role.TIME else None
        if years is not None:
            value = {"allOf": [value, {"pattern": f"^{years}$"}]}
        value = self._or_missing(column, value)
        return {"anyOf": [_under("value", value), _under("id", value)]}

    def held(self, column: Column, is_required: bool) -> Json:
        """A value as the arrays of a data set hold it; null where it is absent."""
        value = self._held(column)
        return value if is_required else {"anyOf": [value, _NOTHING]}

    def _held(self, column: Column) -> Json:
        if column.is_multilingual:
            return {"type": "object", "additionalProperties": {"type": "string"}}
        one: Json = {"type": "integer", "minimum": 0}
        if not column.is_coded:
            allowed = allowed_values(self._schema, column.id)
            one = typed(column.text_type, column.representation)
            if allowed is not None and one.get("type") == "string":
                one = {"enum": sorted(allowed)}
            one = self._or_missing(column, one)
        if not column.is_list:
            return one
        occurs = column.representation
        several: Json = {"type": "array", "items": one, "minItems": max(occurs.min_occurs, 1)}
        return several if occurs.max_occurs is None else several | {"maxItems": occurs.max_occurs}

    def _or_missing(self, column: Column, value: Json) -> Json:
        words = self._missing(column)
        return {"anyOf": [value, {"enum": words}]} if words else value

    def _missing(self, column: Column) -> list[str]:
        """The words for values that are missing on purpose (SDMX 3.1)."""
        if column.role in (Role.DIMENSION, Role.TIME) or not self._form.has_missing_values:
            return []
        is_number = column.text_type in NUMBERS and not column.is_coded
        return [_MISSING, _NOT_A_NUMBER] if is_number else [_MISSING]


def _under(name: str, value: Json) -> Json:
    return {"type": "object", "properties": {name: value}, "required": [name]}
