"""A JSON Schema for the SDMX-JSON data messages of one structure, as a document.

It says what the structure adds to the official schema of SDMX-JSON: a message should be valid
against both.
"""

from __future__ import annotations

from typing import Any

import msgspec

from hub.formats.data.labels import context_name
from hub.formats.data.ml_header import namespace
from hub.formats.schema.form import SchemaForm
from hub.formats.schema.jsonschema.dataset import DataSets
from hub.formats.schema.jsonschema.levels import levels_of
from hub.formats.schema.jsonschema.structure import structure_schema, whole_structure_schema
from hub.formats.schema.jsonschema.values import Values
from hub.formats.schema.places import Places

Json = dict[str, Any]

#: The dialect of JSON Schema in which the official schema of each version is written.
_DIALECTS = {
    "2.0.0": "http://json-schema.org/draft-07/schema#",
    "2.1.0": "https://json-schema.org/draft/2019-09/schema",
}
#: A message may describe several structures (one for what is deleted, one for what is replaced);
#: in the data sets of the first of them, positions are typed.
_STRUCTURES = 4


def write_json_schema(places: Places, form: SchemaForm) -> bytes:
    """Write the schema that SDMX-JSON messages of a version must be valid against."""
    schema = places.schema
    levels, values = levels_of(places), Values(schema, form)
    datasets = DataSets(places, levels, values)
    definitions: Json = {column.id: values.listed(column) for column in schema.columns}
    definitions |= {
        ":structure": structure_schema(places, levels),
        ":whole": whole_structure_schema(places, levels),
        ":dataSet": datasets.keyed(),
        ":typed": datasets.typed(),
    }
    document = {
        "$schema": _DIALECTS[form.version],
        "$id": namespace(schema.context, places.at),
        "title": context_name(schema).best() or schema.context.id,
        "type": "object",
        "required": ["data"],
        "properties": {"data": _data()},
        "definitions": definitions,
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def _data() -> Json:
    return {
        "type": "object",
        "required": ["structures", "dataSets"],
        "properties": {
            "structures": {"type": "array", "minItems": 1, "items": _ref("structure")},
            "dataSets": {"type": "array", "items": _ref("dataSet")},
        },
        "allOf": [_typed_by(number) for number in range(_STRUCTURES)],
    }


def _typed_by(number: int) -> Json:
    """Type the data sets of a structure of the message, if it is a whole one."""
    before: list[bool | Json] = [True] * number
    structures = {"minItems": number + 1, "items": [*before, _ref("whole")]}
    of_it: Json = {"properties": {"structure": {"const": number}}}
    if number:
        of_it["required"] = ["structure"]
    typed = {"items": {"if": of_it, "then": _ref("typed")}}
    return {
        "if": {"properties": {"structures": structures}},
        "then": {"properties": {"dataSets": typed}},
    }


def _ref(name: str) -> Json:
    return {"$ref": f"#/definitions/:{name}"}
