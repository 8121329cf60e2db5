"""The one validator: raw observations of a source become typed ones, or findings say why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hub.errors import BadRequest, Finding, Invalid
from hub.formats.message import Action, RawData
from hub.model import ArtefactClass, Reference, Role, Schema, parse_version_query
from hub.publish.actions import MERGING, actions_of, asks_for
from hub.publish.columns import absent, typed
from hub.publish.findings import Findings
from hub.publish.marks import Marks, check_marks, without_marks
from hub.publish.observations import observations_of
from hub.publish.rules import RULES, Rule, Thresholds, look_for_all
from hub.publish.suggest import nearest
from hub.store.parts import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Typed observations without an error; `actions` are those of its rows, `marks` their marks.

    See `hub.publish.marks` for these.
    """

    table: pa.Table
    actions: pa.DictionaryArray
    findings: tuple[Finding, ...]
    marks: Marks


def validate(
    raw: RawData,
    schema: Schema,
    max_findings: int = 10_000,
    memory_limit: str = "2GB",
    spill: Path | None = None,
    *,
    thresholds: Thresholds = Thresholds(),  # noqa: B008 - frozen
    held: Sequence[Part] = (),
    rules: Sequence[Rule] = RULES,
) -> Checked:
    """Validate what a source gave against the schema of its flow.

    What the reader of the source noticed is among the findings. `memory_limit` bounds the engine,
    which writes to the folder `spill` what does not fit. `held` are Parquet files of what the same
    source has published, which series go on from. `rules` are those that look at typed
    observations; fewer than all are for measuring what they cost. Raises Invalid with every finding
    (errors first) when one of them is an error.
    """
    findings = Findings(raw, max_findings)
    for finding in raw.findings:
        findings.take(finding)
    _check_structure(raw, schema, findings)
    _check_columns(raw, schema, findings)
    actions = actions_of(raw)
    given, marks = without_marks(raw.table, actions, schema)
    check_marks(marks, schema, findings)
    _check_present(given, actions, schema, findings)
    table = _typed_table(given, schema, findings)
    with observations_of(schema, table, actions, memory_limit, spill, held) as observations:
        look_for_all(observations, findings, thresholds, rules)
    found = findings.all()
    if findings.errors:
        raise Invalid(
            f"{raw.source}: {findings.errors:,} error{'s' * (findings.errors != 1)}; "
            "nothing was released",
            found,
        )
    return Checked(table=table, actions=actions, findings=found, marks=marks)


def _check_structure(raw: RawData, schema: Schema, findings: Findings) -> None:
    given = raw.structure
    if given is None:
        return
    expected = [schema.structure.reference]
    if schema.dataflow is not None:
        expected.append(schema.dataflow.reference)
    if given.artefact_class is ArtefactClass.PROVISION_AGREEMENT:
        return
    if any(_means(given, reference) for reference in expected):
        return
    findings.add(
        "structure",
        f"the file says it is data of {given.artefact_class.rest_name} {given}, "
        f"but is handed in for {schema.context}",
        value=str(given),
    )


def _means(given: Reference, known: Reference) -> bool:
    """True where a reference names an artefact, any version of its major one, or a wildcard."""
    if replace(given, version=known.version) != known:
        return False
    if given.version.split(".")[0] == known.version.split(".")[0]:
        return True
    try:
        return bool(parse_version_query(given.version).select([known.version]))
    except BadRequest:  # a version that none can be
        return False


def _check_columns(raw: RawData, schema: Schema, findings: Findings) -> None:
    for name in raw.table.column_names:
        if name not in schema.by_id:
            near = nearest(name, list(schema.by_id))
            hint = f"did you mean {near}?" if near else f"it has {', '.join(schema.by_id)}"
            findings.add(
                "unknown-column",
                f"{schema.structure.reference} has no component {name}; {hint}",
                column=name,
                suggestion=near,
            )
    for column in schema.dimensions:
        if column.id not in raw.table.column_names:
            findings.add(
                "missing-column",
                f"the column of dimension {column.id} is missing: add it to the header",
                column=column.id,
            )


def _check_present(
    table: pa.Table, actions: pa.DictionaryArray, schema: Schema, findings: Findings
) -> None:
    """Every observation has a value for every dimension and what else is mandatory.

    A row to merge need not have the latter: it may be there already.
    """
    kept = pc.invert(asks_for(actions, Action.DELETE))
    whole = pc.invert(asks_for(actions, Action.DELETE, *MERGING))
    for column in schema.columns:
        if not column.is_mandatory:
            continue
        kind = "measure" if column.role is Role.MEASURE else "attribute"
        if column in schema.dimensions:
            kind = "dimension"
        message = f"{column.id} has no value; it is a mandatory {kind}"
        if column.id not in table.column_names:
            if kind != "dimension" and pc.any(whole).as_py():
                findings.add(f"missing-{kind}", f"{message}: add the column", column=column.id)
            continue
        needed = kept if kind == "dimension" else whole
        empty = pc.and_(table.column(column.id).is_null().combine_chunks(), needed)
        findings.add_rows(pc.indices_nonzero(empty), f"missing-{kind}", message, column.id)


def _typed_table(table: pa.Table, schema: Schema, findings: Findings) -> pa.Table:
    arrays = [
        typed(table.column(column.id), column, findings)
        if column.id in table.column_names
        else absent(column, table.num_rows)
        for column in schema.columns
    ]
    return pa.table(arrays, names=[column.id for column in schema.columns])
