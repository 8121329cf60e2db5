"""The shared code lists as SDMX artefacts."""

from __future__ import annotations

from functools import cache
from importlib.resources.abc import Traversable

from codelists.catalogue import AREA_LIST, Catalogue, ListEntry, open_catalogue
from codelists.list_rules import REPORTING_KINDS, check_list
from codelists.table import LANGUAGES, Row
from hub.errors import Invalid, NotFound
from hub.model import Annotation, Code, Codelist, InternationalString

#: The columns that become annotations of a code, their upper case being the annotation type.
ANNOTATED = ("kind", "m49", "iso2", "estat", "oecd", "valid_from", "valid_to")


def load_codelist(list_id: str, root: Traversable | None = None) -> Codelist:
    """Load a list by its id, all languages kept.

    What the table says of a code beyond its name (KIND, M49, ISO2, ESTAT, OECD, VALID_FROM,
    VALID_TO; both days inclusive) becomes annotations with that type and the value as title.
    Raises NotFound for an id that is not in the catalogue, and Invalid, with every finding, for
    a file that breaks a rule.
    """
    return _bundled(list_id) if root is None else _load(open_catalogue(root), list_id)


def load_all(root: Traversable | None = None) -> tuple[Codelist, ...]:
    """Load every list, in the order of the catalogue."""
    return tuple(load_codelist(list_id, root) for list_id in open_catalogue(root).lists)


def reporting_areas() -> tuple[str, ...]:
    """Return the areas that may stand in REF_AREA: countries, areas and former states."""
    areas = load_codelist(AREA_LIST)
    return tuple(code.id for code in areas.items if code.annotation("KIND") in REPORTING_KINDS)


@cache
def _bundled(list_id: str) -> Codelist:
    return _load(open_catalogue(), list_id)


def _load(catalogue: Catalogue, list_id: str) -> Codelist:
    entry = catalogue.lists.get(list_id)
    if entry is None:
        raise NotFound(f"there is no code list {list_id}; there are {', '.join(catalogue.lists)}")
    table = catalogue.list_table(list_id)
    findings = check_list(list_id, table)
    if findings:
        raise Invalid(f"{table.file} breaks {len(findings)} rules; first: {findings[0]}", findings)
    return _codelist(entry, tuple(_code(row) for row in table.rows))


def _codelist(entry: ListEntry, codes: tuple[Code, ...]) -> Codelist:
    return Codelist(
        agency=entry.agency,
        id=entry.id,
        version=entry.version,
        name=entry.name,
        description=entry.description,
        items=codes,
    )


def _code(row: Row) -> Code:
    return Code(
        id=row["id"],
        parent=row["parent"] or None,
        name=InternationalString.of({tag: row[f"name_{tag}"] for tag in LANGUAGES}),
        description=InternationalString.of(row["description"]),
        annotations=tuple(
            Annotation(type=column.upper(), title=row[column])
            for column in ANNOTATED
            if row.values.get(column)
        ),
    )
