"""From a table as it stands to one row for each observation: rows left out, columns turned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from connectors.national.codes import code_map
from connectors.national.mapping import TableMap, Unpivot
from connectors.national.notes import Marks, note_column
from connectors.national.table import SourceTable, constant
from hub.errors import Finding

#: The column with the row of the source table; no component is called so.
ROW = " row"
#: The column with how many interviews stand behind the figures of a row.
INTERVIEWS = " interviews"
_TEXT = pa.string()


def shape(source: SourceTable, mapping: TableMap) -> tuple[pa.Table, list[Finding]]:
    """Lay a table out by component, one row for each observation, with `ROW`.

    The cells are still spelled as in the source; only what header rows say is in codes already.
    Returns what is left of the table, and every column or header text that cannot be placed.
    """
    findings: list[Finding] = []
    places: dict[str, int] = {}
    for component, name in mapping.columns.items():
        found = source.find(name, f"[columns] {component}")
        if isinstance(found, Finding):
            findings.append(found)
        else:
            places[component] = found
    kept, wrong = _kept_rows(source, mapping)
    findings += wrong
    texts = source.texts.append_column(ROW, pa.arange(0, source.texts.num_rows))
    texts = texts.filter(kept) if kept is not None else texts
    base = texts.select([ROW])
    for component, place in places.items():
        base = base.append_column(component, texts[str(place)])
    if mapping.survey is not None:
        asked = source.find(mapping.survey.interviews, "[survey] interviews")
        if isinstance(asked, Finding):
            findings.append(asked)
        else:
            base = base.append_column(INTERVIEWS, texts[str(asked)])
    if mapping.source.sheet_is is not None:
        sheet = constant(source.sheet, base.num_rows)
        base = base.append_column(mapping.source.sheet_is, sheet)
    if mapping.unpivot is not None:
        parts, wrong = _turned(source, mapping, mapping.unpivot, base, texts)
        findings += wrong
        base = pa.concat_tables(parts) if parts else base
    return base, findings


def unused(source: SourceTable, mapping: TableMap) -> tuple[str, ...]:
    """The names of the source columns that the mapping takes nothing from."""
    used = {source.find(name, "") for name in mapping.columns.values()}
    if mapping.survey is not None:
        used.add(source.find(mapping.survey.interviews, ""))
    if mapping.unpivot is not None:
        used |= set(source.matching(mapping.unpivot.columns))
    return tuple(n for i, n in enumerate(source.full_names) if n and i not in used)


def _kept_rows(
    source: SourceTable, mapping: TableMap
) -> tuple[pa.ChunkedArray | None, list[Finding]]:
    masks: list[pa.ChunkedArray] = []
    findings: list[Finding] = []
    for key, name, column in _row_rules(source, mapping):
        if isinstance(column, Finding):
            findings.append(column)
            continue
        if key == "need":
            masks.append(pc.is_valid(column))
            continue
        texts = mapping.rows.keep[name] if key == "keep" else mapping.rows.skip[name]
        listed = pa.array([text.strip() or None for text in texts], _TEXT)
        among = pc.is_in(column.cast(_TEXT), listed)  # a listed "" means blank cells
        masks.append(among if key == "keep" else pc.invert(among))
    kept = masks[0] if masks else None
    for mask in masks[1:]:
        kept = pc.and_(kept, mask)
    return kept, findings


def _row_rules(
    source: SourceTable, mapping: TableMap
) -> Iterator[tuple[str, str, pa.ChunkedArray | Finding]]:
    rules = mapping.rows
    for key, names in (("keep", rules.keep), ("skip", rules.skip), ("need", rules.need)):
        for name in names:
            place = source.find(name, f"[rows] {key}")
            yield key, name, place if isinstance(place, Finding) else source.texts[str(place)]


def _turned(
    source: SourceTable,
    mapping: TableMap,
    unpivot: Unpivot,
    base: pa.Table,
    texts: pa.Table,
) -> tuple[list[pa.Table], list[Finding]]:
    """One table for every column that is turned into rows."""
    places = source.matching(unpivot.columns)
    if not places:
        message = f"[unpivot] no column is called {' or '.join(unpivot.columns)}"
        wrong = Finding(
            rule="map-column", message=message, file=source.file, line=source.header_line
        )
        return [], [wrong]
    source, notes = _without_notes(source, places, mapping)
    says, findings = _header_codes(source, mapping, unpivot, places)
    parts = []
    for place in places:
        part = base
        for note in range(len(mapping.notes)):
            stands = pa.repeat(note in notes[place], base.num_rows)
            part = part.append_column(note_column(note), stands)
        for component in unpivot.components:
            part = part.append_column(component, constant(says[component, place], base.num_rows))
        parts.append(part.append_column(unpivot.value, texts[str(place)]))
    return parts, findings


def _without_notes(
    source: SourceTable, places: list[int], mapping: TableMap
) -> tuple[SourceTable, Mapping[int, frozenset[int]]]:
    """The table with the marks of notes taken off the headers of some columns, and these marks."""
    marks = Marks(mapping.notes)
    notes = dict.fromkeys(places, frozenset[int]())
    headers = [list(row) for row in source.headers]
    for row in headers:
        for place in places if mapping.notes else ():
            row[place], found = marks.split(row[place])
            notes[place] |= found
    return replace(source, headers=tuple(map(tuple, headers))), notes


def _header_codes(
    source: SourceTable, mapping: TableMap, unpivot: Unpivot, places: list[int]
) -> tuple[Mapping[tuple[str, int], str | None], list[Finding]]:
    """What the header rows say of every column, in codes."""
    says: dict[tuple[str, int], str | None] = {}
    findings: dict[tuple[str, str], Finding] = {}
    for component, names, line in zip(
        unpivot.components, source.headers, mapping.source.header_rows, strict=True
    ):
        codes = code_map(mapping, component)
        for place in places:
            name = names[place]
            code = name if codes is None else codes.codes.get(name, codes.other)
            says[component, place] = code
            if not code:
                message = codes.unmapped(name) if codes and name else "a blank header cell"
                findings[component, name] = Finding(
                    rule="map-code",
                    message=message,
                    file=source.file,
                    line=line,
                    column=component,
                    value=name,
                )
    return says, list(findings.values())
