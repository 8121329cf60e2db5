"""The `structures` section of SDMX-JSON: what the indices in its data sets mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from hub.formats.data.form import DataForm
from hub.formats.data.json_values import Values
from hub.formats.data.labels import context_name
from hub.formats.data.layout import Layout
from hub.formats.memo import derived
from hub.model import (
    Attachment,
    Column,
    InternationalString,
    Role,
    Schema,
    TextType,
)

Json = dict[str, Any]

_ID = re.compile(r"[A-Za-z0-9_@$-]+")
_NO_FORMAT = {
    TextType.KEY_VALUES,
    TextType.IDENTIFIABLE_REFERENCE,
    TextType.DATASET_REFERENCE,
    TextType.ATTACHMENT_CONSTRAINT_REFERENCE,
}


class StructureText:
    """Describes one structure of a message; `languages` empty or `*` means names in all."""

    def __init__(
        self, schema: Schema, layout: Layout, values: Values, languages: Sequence[str]
    ) -> None:
        self._schema, self._layout, self._values = schema, layout, values
        self._form: DataForm = values.form
        self._languages = [tag for tag in languages if tag != "*"]
        self._shows_all = not languages or "*" in languages

    def describe(self, datasets: Sequence[int]) -> Json:
        """The structure object, as the indices of all data sets have left it."""
        layout = self._layout
        described: Json = {
            **self._named(context_name(self._schema), self._schema.context.id),
            "links": links(self._schema),
            "dimensions": {
                "dataSet": [],
                "series": self._dimensions(layout.key),
                "observation": self._dimensions(layout.observation),
            },
        }
        if not self._form.is_simple:
            described["dataSets"] = list(datasets)
            described["measures"] = {"observation": [self._measure(c) for c in layout.measures]}
        described["attributes"] = self._attributes()
        return described

    def _attributes(self) -> Json:
        layout = self._layout
        grouped = [column for _, held in layout.group_attributes for column in held]
        levels: dict[str, Sequence[Column]] = {
            "dataSet": layout.dataset_attributes,
            "series": layout.series_attributes,
            "observation": layout.observation_attributes,
        }
        if not self._form.is_simple:
            levels["dimensionGroup"] = grouped
        return {name: [self._attribute(c) for c in held] for name, held in levels.items()}

    def _dimensions(self, columns: Iterable[Column]) -> list[Json]:
        """Dimensions with the values met; without any (no observations) the schema allows none."""
        positions = [dimension.id for dimension in self._schema.dimensions]
        return [
            {
                **self._component(column),
                "keyPosition": positions.index(column.id),
                "values": self._listed(column),
            }
            for column in columns
            if self._values.met(column) or self._form.is_simple
        ]

    def _measure(self, column: Column) -> Json:
        described = self._component(column) | {"isMandatory": column.is_mandatory}
        return described | self._values_or_format(column)

    def _attribute(self, column: Column) -> Json:
        described = self._component(column) | {"relationship": self._relationship(column)}
        if self._form.is_simple:
            return described | {"values": self._listed(column)}
        described["isMandatory"] = column.is_mandatory
        return described | self._values_or_format(column)

    def _values_or_format(self, column: Column) -> Json:
        if column.is_coded:
            listed = self._listed(column)
            return {"values": listed} if listed else {}
        if column.text_type in _NO_FORMAT:
            return {}
        return {
            "format": {
                "dataType": column.text_type.value,
                "isMultiLingual": column.is_multilingual,
            }
        }

    def _relationship(self, column: Column) -> Json:
        if column.attachment is Attachment.DATASET:
            return {"none" if self._form.is_simple else "dataflow": {}}
        if column.attachment is Attachment.OBSERVATION:
            simple = {"primaryMeasure": "OBS_VALUE"}
            return simple if self._form.is_simple else {"observation": {}}
        return {"dimensions": list(column.dimensions)}

    def _component(self, column: Column) -> Json:
        """What does not depend on the data; the same for every message of a structure."""
        key = ("component", column.id, self._form.version, *self._languages, self._shows_all)

        def describe() -> Json:
            roles = next(
                getattr(component, "roles", ())
                for component in self._schema.structure.components
                if component.id == column.id
            )
            described = {"id": column.id, **self._named(column.name, column.id)}
            return described | ({"roles": [role.item for role in roles]} if roles else {})

        return derived(self._schema, key, describe)

    def _listed(self, column: Column) -> list[Json]:
        codes = column.enumeration.by_id if column.enumeration is not None else {}
        listed = []
        for value in self._values.met(column):
            code = codes.get(value)
            if code is not None:
                listed.append(self._code(value, self._named(code.name, value), code.parent))
            else:
                listed.append(self._bare(column, value))
        return listed

    def _code(self, value: str, named: Json, parent: str | None) -> Json:
        described = {"id": value, **named}
        return described if parent is None else {**described, "parent": parent}

    def _bare(self, column: Column, value: str) -> Json:
        """A value without a code: `{"value"}` since SDMX-JSON 2.1, before it an id and a name.

        In SDMX-JSON 2.0 an id has a pattern; what does not fit it is a value there too. In 1.0
        there is no other place for it than the id.
        """
        is_dimension = column.role is not Role.ATTRIBUTE
        if self._form.is_simple:
            return {"id": value, "name": value} if is_dimension else {"name": value}
        if self._form.version == "2.0.0" and _ID.fullmatch(value):
            return {"id": value, "name": value}
        return {"value": value}

    def _named(self, text: InternationalString, otherwise: str) -> Json:
        named: Json = {"name": text.best(self._languages) or otherwise}
        if self._shows_all and text:
            named["names"] = dict(text.texts)
        return named


def links(schema: Schema) -> list[Json]:
    """What data is of: the context asked for first, then its data structure."""
    structure = schema.structure.reference
    targets = dict.fromkeys([schema.context, structure])
    return [{"urn": ref.urn, "rel": ref.artefact_class.rest_name} for ref in targets]
