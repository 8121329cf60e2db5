"""How observations are packed: which columns, in which order, under which dimension.

Follows SDMX REST 2.2, "Data queries": `attributes`, `measures`, `dimensionAtObservation`, `sort`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from hub.errors import Unprocessable
from hub.model import ALL_DIMENSIONS, Attachment, Column, DataQuery, Schema, Selection
from hub.rest.checking import check_selection, column_of

Sort = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packaging:
    """A checked selection of one flow with the columns to read and their order.

    `is_partial` tells that measures or attributes of the structure were left out on request;
    `is_series_only`, that rows stand for series: no observations were asked for.
    """

    selection: Selection
    columns: tuple[str, ...]
    order: tuple[str, ...]
    dimension_at_observation: str | None
    is_partial: bool
    is_series_only: bool


def package(query: DataQuery, schema: Schema, *, is_flat: bool) -> Packaging:
    """Pack a query for a schema; `is_flat` where the format has rows instead of series.

    Raises Unprocessable for components the structure does not have, BadRequest for bad values.
    """
    selection = check_selection(query.selection, schema)
    attributes = _attributes(selection.attributes, schema)
    measures = _measures(selection.measures, schema)
    at_observation = _dimension_at_observation(query.dimension_at_observation, schema)
    series_only = not measures and not any(_is_of_observation(a, schema) for a in attributes)
    dimensions = schema.key if series_only else schema.dimensions
    wanted = {column.id for column in (*dimensions, *measures, *attributes)}
    everything = len(measures) + len(attributes) == len(schema.measures) + len(schema.attributes)
    if series_only:  # the last observation of a series stands for the series
        selection = replace(selection, first_n=None, last_n=1)
    rows_stand_alone = is_flat or series_only or at_observation == ALL_DIMENSIONS
    series = _series_dimensions(at_observation, schema)
    sort = _sort(selection.sort, schema, series)
    if sort and not rows_stand_alone:
        sort = _keep_series_together(sort, schema, series)
    return Packaging(
        selection=replace(selection, sort=_total(sort, schema)),
        columns=tuple(column.id for column in schema.columns if column.id in wanted),
        order=_order(at_observation, schema, series),
        dimension_at_observation=at_observation,
        is_partial=not everything,
        is_series_only=series_only,
    )


def _is_of_observation(attribute: Column, schema: Schema) -> bool:
    """True for attributes whose value may differ between observations of a series."""
    if attribute.attachment is Attachment.OBSERVATION:
        return True
    return schema.time is not None and schema.time.id in attribute.dimensions


def _attributes(words: tuple[str, ...], schema: Schema) -> list[Column]:
    chosen: set[str] = set()
    for word in words:
        if word in ("dsd", "all"):
            chosen.update(column.id for column in schema.attributes)
        elif word in ("dataset", "series", "obs"):
            chosen.update(c.id for c in schema.attributes if _level(c, schema) == word)
        elif word not in ("none", "msd"):  # reference metadata attributes are not kept here
            chosen.add(_one_of(word, schema.attributes, schema, "attributes"))
    return [column for column in schema.attributes if column.id in chosen]


def _level(attribute: Column, schema: Schema) -> str:
    if _is_of_observation(attribute, schema):
        return "obs"
    return "dataset" if attribute.attachment is Attachment.DATASET else "series"


def _measures(words: tuple[str, ...], schema: Schema) -> list[Column]:
    if "all" in words:
        return list(schema.measures)
    wanted = {
        _one_of(word, schema.measures, schema, "measures") for word in words if word != "none"
    }
    return [column for column in schema.measures if column.id in wanted]


def _one_of(id_: str, columns: tuple[Column, ...], schema: Schema, name: str) -> str:
    if id_ not in {column.id for column in columns}:
        there_are = ", ".join(column.id for column in columns) or "none"
        raise Unprocessable(
            f"{name}={id_}: {schema.structure.reference} has no such component; "
            f"its {name} are {there_are}"
        )
    return id_


def _dimension_at_observation(wanted: str | None, schema: Schema) -> str | None:
    if wanted is None or wanted == ALL_DIMENSIONS:
        return wanted
    dimensions = tuple(column.id for column in schema.dimensions)
    if wanted not in dimensions:
        raise Unprocessable(
            f"dimensionAtObservation={wanted}: {schema.structure.reference} has no such dimension; "
            f"use {', '.join(dimensions)} or {ALL_DIMENSIONS}"
        )
    return wanted


def _series_dimensions(at_observation: str | None, schema: Schema) -> tuple[str, ...]:
    """The dimensions that are not at observation level, in the order of the structure."""
    if at_observation in (None, ALL_DIMENSIONS):
        return tuple(column.id for column in schema.key)
    return tuple(column.id for column in schema.dimensions if column.id != at_observation)


def _order(at_observation: str | None, schema: Schema, series: tuple[str, ...]) -> tuple[str, ...]:
    """The order of a cross-section, dimension at observation last; () is key and time."""
    time = schema.time.id if schema.time else None
    if at_observation in (None, ALL_DIMENSIONS, time):
        return ()
    return (*series, str(at_observation))


def _sort(wanted: Sort, schema: Schema, series: tuple[str, ...]) -> Sort:
    """Replace the keywords of `sort` by the components they stand for."""
    meanings = {"*": tuple(c.id for c in schema.dimensions), "series_key": series}
    sort: dict[str, bool] = {}
    for word, ascending in wanted:
        for component in meanings.get(word) or (column_of(word, schema, f"sort={word}").id,):
            sort.setdefault(component, ascending)
    return tuple(sort.items())


def _keep_series_together(sort: Sort, schema: Schema, series: tuple[str, ...]) -> Sort:
    """Sort series by what belongs to them, and observations within them by the rest.

    A message with series can say each series only once.
    """
    of_series = {*series} | {c.id for c in schema.attributes if not _is_of_observation(c, schema)}
    first = tuple(key for key in sort if key[0] in of_series)
    sorted_by = {component for component, _ in first}
    middle = tuple((component, True) for component in series if component not in sorted_by)
    return (*first, *middle, *(key for key in sort if key[0] not in of_series))


def _total(sort: Sort, schema: Schema) -> Sort:
    """Let all dimensions decide in the end, so that pages neither repeat nor lose rows."""
    if not sort:
        return ()
    named = {component for component, _ in sort}
    return (*sort, *((c.id, True) for c in schema.dimensions if c.id not in named))
