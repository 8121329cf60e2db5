"""The one validator: raw observations of a source become typed ones, or findings say why not."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from hub.engine import arrow_field, session
from hub.errors import Finding, Invalid
from hub.formats.message import Action, RawData
from hub.model import ArtefactClass, Role, Schema
from hub.publish import rules
from hub.publish.columns import typed
from hub.publish.findings import Findings
from hub.publish.suggest import nearest
from hub.publish.totals import check_totals


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Typed observations without an error; `actions` has one action for each row."""

    table: pa.Table
    actions: pa.Array
    findings: tuple[Finding, ...]


def validate(raw: RawData, schema: Schema, max_findings: int = 10_000) -> Checked:
    """Validate what a source gave against the schema of its flow.

    Raises Invalid with every finding (errors first) when one of them is an error.
    """
    findings = Findings(raw.source, raw.line, max_findings)
    _check_structure(raw, schema, findings)
    _check_columns(raw, schema, findings)
    actions = _actions(raw)
    kept = pc.not_equal(actions, Action.DELETE.value)
    _check_present(raw, schema, kept, findings)
    table = _typed_table(raw, schema, findings)
    numbered = table.append_column("_row", pa.array(range(table.num_rows), pa.int64()))
    with session() as connection:
        connection.register(rules.TABLE, numbered.filter(kept))
        rules.check_duplicates(connection, schema, findings)
        rules.check_attachment(connection, schema, findings)
        rules.check_constraints(connection, schema, findings)
        if not findings.errors:  # sums over broken values would mislead
            check_totals(connection, schema, findings)
    found = findings.all()
    if findings.errors:
        raise Invalid(
            f"{raw.source}: {findings.errors:,} error{'s' * (findings.errors != 1)}; "
            "nothing was released",
            found,
        )
    return Checked(table=table, actions=actions, findings=found)


def _check_structure(raw: RawData, schema: Schema, findings: Findings) -> None:
    given = raw.structure
    if given is None:
        return
    expected = [schema.structure.reference]
    if schema.dataflow is not None:
        expected.append(schema.dataflow.reference)
    if given.artefact_class is ArtefactClass.PROVISION_AGREEMENT:
        return
    for reference in expected:
        same = (given.artefact_class, given.agency, given.id) == (
            reference.artefact_class,
            reference.agency,
            reference.id,
        )
        if same and given.version.split(".")[0] == reference.version.split(".")[0]:
            return
    findings.add(
        "structure",
        f"the file says it is data of {given.artefact_class.rest_name} {given}, "
        f"but is handed in for {schema.context}",
        value=str(given),
    )


def _check_columns(raw: RawData, schema: Schema, findings: Findings) -> None:
    for name in raw.table.column_names:
        if name not in schema.by_id:
            near = nearest(name, list(schema.by_id))
            hint = f"did you mean {near}?" if near else f"it has {', '.join(schema.by_id)}"
            findings.add(
                "unknown-column",
                f"{schema.structure.reference} has no component {name}; {hint}",
                column=name,
            )
    for column in schema.dimensions:
        if column.id not in raw.table.column_names:
            findings.add(
                "missing-column",
                f"the column of dimension {column.id} is missing: add it to the header",
                column=column.id,
            )


def _check_present(raw: RawData, schema: Schema, kept: pa.Array, findings: Findings) -> None:
    """Every observation has a value for every dimension and what else is mandatory."""
    for column in schema.columns:
        if not column.is_mandatory:
            continue
        kind = "measure" if column.role is Role.MEASURE else "attribute"
        if column in schema.dimensions:
            kind = "dimension"
        message = f"{column.id} has no value; it is a mandatory {kind}"
        if column.id not in raw.table.column_names:
            if kind != "dimension" and pc.any(kept).as_py():
                findings.add(f"missing-{kind}", f"{message}: add the column", column=column.id)
            continue
        empty = pc.and_(raw.table.column(column.id).combine_chunks().is_null(), kept)
        rows = pc.indices_nonzero(empty).to_pylist()
        findings.add_rows(rows, f"missing-{kind}", message, column.id, None)


def _typed_table(raw: RawData, schema: Schema, findings: Findings) -> pa.Table:
    arrays = [
        typed(raw.table.column(column.id), column, findings)
        if column.id in raw.table.column_names
        else pa.nulls(raw.table.num_rows, arrow_field(column).type)
        for column in schema.columns
    ]
    return pa.table(arrays, pa.schema([arrow_field(column) for column in schema.columns]))


def _actions(raw: RawData) -> pa.Array:
    if raw.actions is None:
        return pa.repeat(Action.INFORMATION.value, raw.table.num_rows)
    return raw.actions.combine_chunks().cast(pa.string()).fill_null(Action.INFORMATION.value)
