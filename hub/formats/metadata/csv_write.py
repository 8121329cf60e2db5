"""Metadata messages in SDMX-CSV 2.0 and 2.1, written: a row for each set."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence

from hub.formats.message import Action, Header
from hub.formats.metadata.csv_cells import joined, spelt_languages
from hub.formats.metadata.csv_columns import AttributeColumn, languages_used, siblings
from hub.formats.metadata.csv_targets import spelt_target
from hub.formats.metadata.form import MetadataForm
from hub.formats.metadata.ml_frame import schemas_of
from hub.formats.metadata.report import Sets, Shown
from hub.formats.structure.form import Model
from hub.formats.structure.languages import Languages
from hub.model import ArtefactClass, InternationalString, ReportedAttribute
from hub.model.metadata_schema import AttributePath, MetadataSchema

SEPARATOR = ";"
#: Custom columns, which the guide allows; written where a set has something in them.
PERIODS = {
    "reportingBegin": "reporting_begin",
    "reportingEnd": "reporting_end",
    "publicationYear": "publication_year",
    "publicationPeriod": "publication_period",
}
TYPES = {
    ArtefactClass.METADATAFLOW: "metadataflow",
    ArtefactClass.METADATA_PROVISION_AGREEMENT: "metadataprovision",
}
NameOf = Callable[[str], InternationalString]


def write_csv(
    _header: Header,
    sets: Sets,
    form: MetadataForm,
    languages: Languages,
    *,
    as_stubs: bool,
    name_of: NameOf,
) -> Iterator[bytes]:
    """Write a metadata message; `name_of` gives the name of the object a URN means.

    Labels are in the best language. Reported texts are in all languages they have. Names that
    SDMX-CSV has no place for are left out.
    """
    sheet = _Sheet(sets, form, languages, name_of, as_stubs=as_stubs)
    yield _line(sheet.titles())
    for shown in sets():
        yield _line(sheet.row(shown))


class _Sheet:
    def __init__(
        self,
        sets: Sets,
        form: MetadataForm,
        languages: Languages,
        name_of: NameOf,
        *,
        as_stubs: bool,
    ) -> None:
        self.form, self.languages, self.name_of = form, languages, name_of
        used: dict[AttributePath, dict[str, None]] = {}
        self.periods: dict[str, str] = {}
        for shown in sets():
            if not as_stubs:
                languages_used(used, shown.metadata_set)
                given = PERIODS.items()
                self.periods |= {t: f for t, f in given if getattr(shown.metadata_set, f)}
        schemas = schemas_of(sets)
        self.columns = _columns(schemas, used)
        self.names = {path: name for schema in schemas for path, name in schema.names.items()}
        self.is_nested = any(column.is_nested for column in self.columns) or any(
            len(shown.metadata_set.targets) > 1 for shown in sets()
        )

    def titles(self) -> list[str]:
        """The header of the message."""
        as_names = self.form.labels == "name"
        first = f"MDSTRUCTURE[{SEPARATOR}]" if self.is_nested else "MDSTRUCTURE"
        titles = [first, "MDSTRUCTURE_ID", *(["MDSTRUCTURE_NAME"] if as_names else [])]
        titles += ["METADATASET_ID", *(["METADATASET_NAME"] if as_names else []), "ACTION"]
        titles += ["TARGET_TYPES", "TARGET_IDS", *(["TARGET_NAMES"] if as_names else [])]
        for column in self.columns:
            title = column.title(SEPARATOR)
            name = self.languages.best(self.names[column.path]) or column.path[-1]
            titles.append(f"{title}: {name}" if self.form.labels == "both" else title)
            titles += [name] if as_names else []
        return [*titles, *self.periods]

    def row(self, shown: Shown) -> list[str]:
        """A set as a row."""
        one, schema = shown.metadata_set, shown.schema
        context = one.context or schema.flow.reference
        cells = [TYPES[context.artefact_class]]
        cells += self._labelled(str(context), self.name_of(context.urn))
        cells += self._labelled(str(one.reference), one.name)
        action = Action.REPLACE if self.form.model is Model.V31 else Action.INFORMATION
        cells.append(action.value[0])
        targets = [spelt_target(urn) for urn in one.targets]
        cells.append(joined((kind for kind, _ in targets), SEPARATOR))
        names = [self.languages.best(self.name_of(urn)) for urn in one.targets]
        ids = [id_ for _, id_ in targets]
        if self.form.labels == "both":
            ids = [f"{i}: {n}" if n else i for i, n in zip(ids, names, strict=True)]
        cells.append(joined(ids, SEPARATOR) if self.is_nested else "".join(ids))
        if self.form.labels == "name":
            cells.append(joined(names, SEPARATOR) if self.is_nested else "".join(names))
        for column in self.columns:
            cells += self._attribute(column, one.attributes, schema)
        return [*cells, *(getattr(one, field) or "" for field in self.periods.values())]

    def _labelled(self, text: str, name: InternationalString) -> list[str]:
        best = self.languages.best(name)
        if self.form.labels == "name":
            return [text, best]
        return [f"{text}: {best}" if self.form.labels == "both" and best else text]

    def _attribute(
        self,
        column: AttributeColumn,
        attributes: Sequence[ReportedAttribute],
        schema: MetadataSchema,
    ) -> list[str]:
        codes = schema.lists.get(column.path)
        known = codes.by_id if codes is not None else {}

        def name(code: str) -> str:
            return self.languages.best(known[code].name) if code in known else ""

        def both(code: str) -> str:
            return f"{code}: {name(code)}" if name(code) else code

        cells = [_cell(column, attributes, both if self.form.labels == "both" else str)]
        if self.form.labels == "name":
            cells.append("" if column.languages else _cell(column, attributes, name))
        return cells


def _columns(
    schemas: Sequence[MetadataSchema], used: dict[AttributePath, dict[str, None]]
) -> list[AttributeColumn]:
    """The columns that hold something, in the order of the structures."""
    columns: dict[AttributePath, AttributeColumn] = {}
    for schema in schemas:
        for path in schema.fields:
            if path in used:
                steps = (path[: depth + 1] for depth in range(len(path)))
                many = tuple(schema.fields[step].max_occurs != 1 for step in steps)
                columns.setdefault(path, AttributeColumn(path, many, tuple(used[path])))
    return list(columns.values())


def _cell(
    column: AttributeColumn,
    attributes: Sequence[ReportedAttribute],
    spell: Callable[[str], str],
    depth: int = 0,
) -> str:
    """What stands under a column: a level of values for each step that may occur several times."""
    found = siblings(attributes, column.path[depth])
    values = [_inner(column, attribute, spell, depth) for attribute in found]
    if column.many[depth]:
        return joined(values, SEPARATOR) if any(values) else ""
    return values[0] if values else ""


def _inner(
    column: AttributeColumn, attribute: ReportedAttribute, spell: Callable[[str], str], depth: int
) -> str:
    if depth + 1 < len(column.path):
        return _cell(column, attribute.attributes, spell, depth + 1)
    if column.languages:
        pairs = (attribute.texts or attribute.markup).texts
        return spelt_languages(pairs, SEPARATOR)
    return spell(attribute.value) if attribute.value is not None else ""


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()
