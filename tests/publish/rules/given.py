"""Submissions to any shared flow, from rows that say what matters to a test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from dsd import shared_structures
from hub.errors import Finding, Invalid
from hub.formats.message import RawData
from hub.model import ArtefactClass, Reference, Role, Schema, resolve
from hub.publish import validate

_COMMON = {
    "FREQ": "A",
    "REF_AREA": "SWE",
    "COUNTERPART_AREA": "POL",
    "SEX": "_T",
    "AGE": "_T",
    "UNIT_MEASURE": "PS",
    "CTZ_GROUP": "_T",
    "TIME_PERIOD": "2020",
    "OBS_VALUE": "100",
    "OBS_STATUS": "A",
    "CONF_STATUS": "F",
    "SOURCE_TYPE": "POPREG",
    "POP_CONCEPT": "UR12",
    "DURATION_CRIT": "M12",
    "DURATION_BASIS": "ACT",
    "UNIT_MULT": "0",
    "DATA_PROVIDER": "National Statistics",
    "LICENCE": "CC BY 4.0",
}
#: What rows of a flow have where a test does not say otherwise.
_FLOWS: Mapping[str, Mapping[str, str]] = {
    "DF_STOCK_BIRTH": {"MIGRANT_STATUS": "FB", "COUNTERPART_BASIS": "BIRTH"},
    "DF_FLOW_RES": {"FLOW_TYPE": "IMM", "COUNTERPART_BASIS": "PREV_RES"},
    "DF_FLOW_CTZ": {"FLOW_TYPE": "IMM", "COUNTERPART_BASIS": "CTZ"},
    "DF_CHAR": {
        "COUNTERPART_BASIS": "BIRTH",
        "EDUCATION_LEV": "_T",
        "LABOUR_STATUS": "_T",
        "OCCUPATION": "_T",
        "DURATION_STAY": "_T",
    },
    "DF_ADMIN_BORDER": {
        "ADMIN_MEASURE": "BORD_ENT",
        "REASON": "_T",
        "COUNTERPART_BASIS": "CTZ",
        "PERMIT_DURATION": "_Z",
        "ACTIVITY": "_Z",
        "OCCUPATION": "_Z",
        "UNIT_MEASURE": "CROSS",
    },
    "DF_BAL": {"ACCOUNT_ITEM": "POP_BEG"},
}
Row = Mapping[str, Any]


def schema_of(flow: str) -> Schema:
    """The schema of a shared flow, or of a shared structure without its flows' constraints."""
    kind = ArtefactClass.DATAFLOW if flow.startswith("DF_") else ArtefactClass.DATA_STRUCTURE
    return resolve(Reference(kind, "MIGX", flow, "1.0.0"), shared_structures())


def raw_of(schema: Schema, *rows: Row, base: Row | None = None) -> RawData:
    """What a reader gives for rows; they stand on lines from 2 on."""
    flow = schema.dataflow.id if schema.dataflow is not None else ""
    defaults = {**_COMMON, **_FLOWS.get(flow, {}), **(base or {})}
    whole = [{**defaults, **row} for row in rows]
    columns = {}
    for column in schema.columns:
        values = [row.get(column.id) for row in whole]
        texts = [None if value is None else str(value) for value in values]
        if any(text is not None for text in texts) or column.role in (Role.DIMENSION, Role.TIME):
            columns[column.id] = pa.array(texts, pa.string())
    return RawData(source="given.csv", table=pa.table(columns), line=lambda row: row + 2)


def found(schema: Schema, *rows: Row, base: Row | None = None, **more: Any) -> list[Finding]:
    """What is found in rows, whether they are refused or not."""
    try:
        return list(validate(raw_of(schema, *rows, base=base), schema, **more).findings)
    except Invalid as error:
        return list(error.findings)


def lines(findings: list[Finding], rule: str) -> list[int | None]:
    """The lines that break a rule."""
    return sorted(f.line or 0 for f in findings if f.rule == rule)


def rules(findings: list[Finding]) -> set[tuple[str, str]]:
    """Which rules are broken, each with how grave it is."""
    return {(finding.rule, finding.severity.value) for finding in findings}
