"""SDMX-CSV 1.0, 2.0 and 2.1 (SDMX-CSV field guide, data message)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import pyarrow as pa

from hub.formats.data.escape import concat, csv_field, csv_subfield
from hub.formats.data.form import DataForm
from hub.formats.data.labels import Labels, context_name
from hub.formats.data.nested import is_list, is_map, simplified, spell_list, spell_map
from hub.formats.data.piece import TEXT, Encoding, Fixed, Piece, Varied, spell, spell_column
from hub.formats.data.rows import Rows, rows_of
from hub.formats.data.series import write_rows
from hub.formats.message import DataSet, Header, instant
from hub.model import ArtefactClass, Column, Role, Schema

LINE_END = "\r\n"
SUBFIELD = ";"
_ROLES = ({Role.DIMENSION, Role.TIME}, {Role.MEASURE}, {Role.ATTRIBUTE})
_STRUCTURE = {
    ArtefactClass.DATAFLOW: "dataflow",
    ArtefactClass.DATA_STRUCTURE: "datastructure",
    ArtefactClass.PROVISION_AGREEMENT: "dataprovision",
}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the rows of all data sets of a message have in common."""

    form: DataForm
    languages: tuple[str, ...]
    columns: tuple[Column, ...]
    text_languages: tuple[str, ...]
    has_validity: bool

    @property
    def keys(self) -> tuple[str, ...]:
        """Which key columns are asked for, in the order they stand in."""
        if self.form.is_simple:
            return ()
        wanted = {"both": ("series", "obs"), "none": ()}
        return wanted.get(self.form.keys, (self.form.keys,))


def write_csv(
    header: Header, datasets: Sequence[DataSet], form: DataForm, languages: tuple[str, ...]
) -> Iterator[bytes]:
    """Write an SDMX-CSV message.

    Columns are those of the data sets in the order of the structures: dimensions, measures,
    attributes. Lines end as in RFC 4180; several values of a cell are separated by `;`, one that
    holds it is quoted as RFC 4180 quotes a field. SDMX-CSV has no place for the validity of
    history: where a data set has any, VALID_FROM and VALID_TO are added as custom columns.
    """
    named = {tag: None for dataset in datasets for tag in dataset.languages}
    sheet = _Sheet(
        form=form,
        languages=languages,
        columns=_columns(datasets),
        text_languages=tuple(named) or header.languages,
        has_validity=any(d.valid_from or d.valid_to for d in datasets) and not form.is_simple,
    )
    yield (",".join(_quote(_heading(sheet))) + LINE_END).encode()
    for dataset in datasets:
        batches: Iterable[Rows] = rows_of(dataset)
        if form.is_simple:
            batches = (simplified(batch, languages) for batch in batches)
        yield from write_rows(batches, partial(_row, sheet, dataset))


def _columns(datasets: Sequence[DataSet]) -> tuple[Column, ...]:
    """The columns of all data sets: by role, then by data set, then in the order of each."""
    found: dict[str, Column] = {}
    for roles in _ROLES:
        for dataset in datasets:
            for column in dataset.schema.columns:
                if column.role in roles and column.id in dataset.columns:
                    found.setdefault(column.id, column)
    return tuple(found.values())


def _heading(sheet: _Sheet) -> list[str]:
    form = sheet.form
    if form.is_simple:
        titles = ["DATAFLOW"]
    else:
        is_nested = any(c.is_list or c.is_multilingual for c in sheet.columns)
        titles = [f"STRUCTURE[{SUBFIELD}]" if is_nested else "STRUCTURE", "STRUCTURE_ID"]
        titles += ["STRUCTURE_NAME"] if form.labels == "name" else []
        titles += ["ACTION", *(f"{key.upper()}_KEY" for key in sheet.keys)]
    for column in sheet.columns:
        title, name = _title(column, sheet), ""
        if form.labels != "id":
            name = column.name.best(sheet.languages) or column.id
        has_label = form.labels == "both" and not _is_bare(column, form)
        titles.append(f"{title}: {name}" if has_label else title)
        titles += [name] if form.labels == "name" else []
    return titles + (["VALID_FROM", "VALID_TO"] if sheet.has_validity else [])


def _is_bare(column: Column, form: DataForm) -> bool:
    """Whether a column has no labels under `labels=both`: the measure of SDMX-CSV 1.0."""
    return form.is_simple and column.role is Role.MEASURE


def _title(column: Column, sheet: _Sheet) -> str:
    if sheet.form.is_simple:
        return column.id
    if column.is_multilingual:
        return f"{column.id}[{SUBFIELD.join(sheet.text_languages)}]"
    return f"{column.id}[]" if column.is_list else column.id


def _row(sheet: _Sheet, dataset: DataSet, batch: Rows) -> list[Piece]:
    cells: list[Piece] = [Fixed(text) for text in _quote(_lead(sheet, dataset))]
    cells += [_key(kind, dataset, batch) for kind in sheet.keys]
    for column in sheet.columns:
        cells += _cells(sheet, dataset, column, batch)
    if sheet.has_validity:
        validity = (dataset.valid_from, dataset.valid_to)
        cells += [Fixed("" if at is None else instant(at)) for at in validity]
    separated = [piece for cell in cells for piece in (cell, Fixed(","))]
    return [*separated[:-1], Fixed(LINE_END)]


def _lead(sheet: _Sheet, dataset: DataSet) -> list[str]:
    """The first cells of each row: structure and action."""
    schema, form = dataset.schema, sheet.form
    name = context_name(schema).best(sheet.languages)
    context = schema.context
    if form.is_simple and schema.dataflow is not None:
        context = schema.dataflow.reference
    text = f"{context}: {name}" if form.labels == "both" and name else str(context)
    if form.is_simple:
        return [text]
    cells = [_STRUCTURE[context.artefact_class], text]
    cells += [name] if form.labels == "name" else []
    return [*cells, form.action_word(dataset.action)[0]]


def _key(kind: str, dataset: DataSet, batch: Rows) -> Piece:
    """The values of the series' key, or of all dimensions, separated by dots."""
    schema: Schema = dataset.schema
    dimensions = schema.key if kind == "series" else schema.dimensions
    pieces = [
        piece
        for column in dimensions
        if column.id in dataset.columns
        for piece in (
            spell(batch.column(column.id), lambda values: values).or_else(""),
            Fixed("."),
        )
    ]
    return Varied(csv_field(spell_column(pieces[:-1], len(batch))))


def _cells(sheet: _Sheet, dataset: DataSet, column: Column, batch: Rows) -> list[Piece]:
    """One cell, or with `labels=name` two."""
    labels = sheet.form.labels
    if column.id not in dataset.columns:
        return [Fixed("")] * (2 if labels == "name" else 1)
    column = dataset.schema.by_id[column.id]
    named, array = Labels(column, sheet.languages), batch.column(column.id)
    if labels == "both" and column.is_coded and not _is_bare(column, sheet.form):
        return [_cell(array, named.both)]
    cells = [_cell(array)]
    if labels == "name":
        cells.append(_cell(array, named.name_or_nothing) if column.is_coded else Fixed(""))
    return cells


def _cell(array: pa.Array, label: Encoding | None = None) -> Piece:
    """A cell, its values labelled or as they are."""
    labelled: Encoding = label or (lambda values: values)
    if is_map(array):
        several = spell_map(
            array, lambda tags, texts: csv_subfield(concat(tags, ":", texts)), SUBFIELD
        )
        return Varied(csv_field(several.or_else("").texts))
    if is_list(array):
        several = spell_list(array, lambda values: csv_subfield(labelled(values)), SUBFIELD)
        return Varied(csv_field(several.or_else("").texts))
    encode: Encoding = (lambda values: csv_field(labelled(values))) if label else csv_field
    return spell(array, encode).or_else("")


def _quote(texts: Sequence[str]) -> list[str]:
    quoted: list[str] = csv_field(pa.array(texts, TEXT)).to_pylist()
    return quoted
