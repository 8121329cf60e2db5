"""One table of a source brought into the components of a dataflow."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from connectors.national.codes import code_map
from connectors.national.mapping import TableMap
from connectors.national.notes import set_notes, take_notes
from connectors.national.persons import refuse_persons
from connectors.national.shape import INTERVIEWS, ROW, shape
from connectors.national.table import SourceTable, constant, filled_down
from connectors.national.values import Line, drop_missing, mark_missing, read_numbers
from hub.errors import Finding
from hub.model import EXACT_TEXT, FLOATS, INTEGERS, Schema

_NUMBERS = FLOATS | INTEGERS | EXACT_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one table gives: observations, the row of the table each came from, what is wrong.

    `interviews` is how many stand behind each observation, where the mapping names them.
    """

    source: SourceTable
    table: pa.Table
    rows: pa.Array
    interviews: pa.ChunkedArray | None
    findings: tuple[Finding, ...] = ()

    def line(self, row: int) -> int:
        """The line of the source that a row of the table came from."""
        return self.source.line(self.rows[row].as_py())


def read_part(source: SourceTable, mapping: TableMap, schema: Schema) -> Part:
    """Bring a table into components; what cannot be is among the findings of the part.

    Raises Invalid for a table of persons.
    """
    refuse_persons(source, _figures(source, mapping, schema))
    source, wrong = filled_down(source, mapping.source.fill_down)
    table, misplaced = shape(source, mapping)
    if wrong or misplaced:
        return Part(
            source=source,
            table=table,
            rows=table[ROW].combine_chunks(),
            interviews=None,
            findings=(*wrong, *misplaced),
        )
    measures = [column.id for column in schema.measures]
    labels = [c for c, name in mapping.columns.items() if name in mapping.source.marked]
    table = take_notes(table, [*measures, *labels], mapping)
    table = drop_missing(table, measures, mapping)
    rows = table[ROW].combine_chunks()
    interviews = table[INTERVIEWS] if mapping.survey is not None else None
    table = table.drop_columns([n for n in (ROW, INTERVIEWS) if n in table.column_names])
    part = Part(source=source, table=table, rows=rows, interviews=interviews)
    table, wrong_codes = _coded(table, mapping, source.file, part.line)
    for component, value in mapping.constants.items():
        table = table.append_column(component, constant(str(value), table.num_rows))
    table = set_notes(table, mapping, schema)
    table = mark_missing(table, measures, mapping)
    table, wrong_numbers = _numbers(table, mapping, schema, source.file, part.line)
    return Part(
        source=source,
        table=table,
        rows=rows,
        interviews=interviews,
        findings=(*wrong_codes, *wrong_numbers),
    )


def _figures(source: SourceTable, mapping: TableMap, schema: Schema) -> list[int]:
    """The columns whose cells are figures."""
    measures = {column.id for column in schema.measures}
    names = [name for component, name in mapping.columns.items() if component in measures]
    names += [mapping.survey.interviews] if mapping.survey is not None else []
    found = [source.find(name, "") for name in names]
    places = [place for place in found if isinstance(place, int)]
    turned = source.matching(mapping.unpivot.columns) if mapping.unpivot is not None else []
    return [*places, *turned]


def _coded(
    table: pa.Table, mapping: TableMap, file: str, line: Line
) -> tuple[pa.Table, list[Finding]]:
    """Turn spellings into codes; what header rows said has been turned already."""
    findings: list[Finding] = []
    turned = mapping.unpivot.components if mapping.unpivot else ()
    for place, component in enumerate(table.column_names):
        codes = None if component in turned else code_map(mapping, component)
        if codes is not None:
            values, wrong = codes.apply(table[component], file, line)
            table = table.set_column(place, component, values)
            findings += wrong
    return table, findings


def _numbers(
    table: pa.Table, mapping: TableMap, schema: Schema, file: str, line: Line
) -> tuple[pa.Table, list[Finding]]:
    """Spell the numbers of measures and attributes as the standard does."""
    findings: list[Finding] = []
    for place, component in enumerate(table.column_names):
        column = schema.by_id[component]
        is_number = not column.is_coded and column.text_type in _NUMBERS
        if is_number and component not in mapping.constants and component not in mapping.codes:
            values, wrong = read_numbers(table[component], mapping.source, file, component, line)
            table = table.set_column(place, component, values)
            findings += wrong
    return table, findings
