"""The checks that the kind of a source needs: what a mapping's template switches on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from connectors.national.found import of_rows, of_values
from connectors.national.mapping import TableMap
from connectors.national.survey import check_interviews
from connectors.national.units import check_units
from connectors.templates import Template, unanswered
from hub.errors import Finding
from hub.formats.message import RawData
from hub.model import Schema


def with_defaults(mapping: TableMap, kind: Template, schema: Schema) -> TableMap:
    """The mapping with what its kind says where the mapping says nothing."""
    said = {*mapping.filled, *mapping.constants}
    added = {
        component: value
        for component, value in kind.defaults.items()
        if component not in said and component in schema.by_id
    }
    return msgspec.structs.replace(mapping, constants={**mapping.constants, **added})


def check_kind(
    kind: Template,
    raw: RawData,
    mapping: TableMap,
    schema: Schema,
    interviews: pa.ChunkedArray | None,
) -> list[Finding]:
    """Everything that observations of a kind of source must not be.

    `interviews` is how many stand behind each observation of a survey, as texts.
    """
    structure = schema.structure.id
    if structure not in kind.structures:
        message = (
            f"the template {kind.id} is for {' and '.join(kind.structures)}, but "
            f"{schema.context} is of {structure}: name another template, or another dataflow"
        )
        return [Finding(rule="template-structure", message=message, file=mapping.name)]
    findings = [
        *_allowed(kind, raw),
        *_needed(kind, raw, structure),
        *check_units(kind, raw, schema),
    ]
    if kind.is_survey:
        findings += check_interviews(raw, mapping, interviews)
    if kind.is_new:
        findings += _privacy(kind, mapping)
    return findings


def _allowed(kind: Template, raw: RawData) -> Iterator[Finding]:
    """Values that a component cannot have in figures of this kind."""
    for component, values in kind.allowed.items():
        if component not in raw.table.column_names:
            continue
        column = raw.table[component]
        why = kind.why.get(component, "")
        messages = {
            value: f"{component} is '{value}', which {kind.name} cannot have; it is "
            f"{' or '.join(values)}{f': {why}' if why else ''}"
            for value in pc.unique(column).to_pylist()
            if value is not None and value not in values
        }
        yield from of_values(raw, column, messages, "template-value", component)


def _needed(kind: Template, raw: RawData, structure: str) -> Iterator[Finding]:
    """Components without which figures of this kind cannot be understood."""
    for component in (*kind.needs.get("*", ()), *kind.needs.get(structure, ())):
        why = kind.why.get(component, "it is needed to understand the figures")
        message = f"{component} has no value, and {kind.name} needs it: {why}"
        if component not in raw.table.column_names:
            yield Finding(
                rule="template-missing", message=message, file=raw.source, column=component
            )
            continue
        empty = raw.table[component].is_null()
        yield from of_rows(raw, empty, message, "template-missing", component)


def _privacy(kind: Template, mapping: TableMap) -> list[Finding]:
    if mapping.privacy is None:
        message = (
            f"{kind.name} needs a completed privacy checklist: 'corridor sources checklist' prints "
            'it; fill it in, and name it in the mapping as privacy = "privacy.toml"'
        )
        return [Finding(rule="privacy-checklist", message=message, file=mapping.name)]
    return unanswered(Path(mapping.folder) / mapping.privacy)
