"""Data and availability requests of API 2.x as query values (SDMX REST 2.2, "Data queries")."""

from __future__ import annotations

import re
from datetime import datetime

from hub.errors import BadRequest
from hub.model import (
    ALL_DIMENSIONS,
    TIME_PERIOD,
    ArtefactClass,
    AvailabilityQuery,
    ComponentFilter,
    ContextQuery,
    DataQuery,
    Operator,
    Predicate,
    Selection,
)
from hub.model.period import parse_period
from hub.rest.filters import parse_filters
from hub.rest.keys import parse_keys
from hub.rest.parameters import Parameters, decode, split_and
from hub.rest.path import (
    ResourcePath,
    parse_agencies,
    parse_components,
    parse_ids,
    parse_path,
    parse_versions,
)

_CONTEXTS = {
    "dataflow": ArtefactClass.DATAFLOW,
    "datastructure": ArtefactClass.DATA_STRUCTURE,
    "provisionagreement": ArtefactClass.PROVISION_AGREEMENT,
}
_DATA_PATH = ("context", "agencyID", "resourceID", "version", "key")
_AVAILABILITY_PATH = (*_DATA_PATH, "componentId")
AVAILABILITY_REFERENCES = (
    "none",
    "all",
    "codelist",
    "valuelist",
    "datastructure",
    "conceptscheme",
    "dataflow",
    "dataproviderscheme",
)
_SORT = re.compile(r"(\*|[A-Za-z0-9_@$-]+)(?::(asc|desc))?")
_COMPONENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_START_DAY = re.compile(r"--(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


def parse_data_query(path: str, parameters: Parameters) -> DataQuery:
    """Parse what follows `/data` in the raw path, and the query string."""
    place = parse_path(path, _DATA_PATH)
    return DataQuery(
        context=_context(place),
        selection=_selection(place, parameters),
        dimension_at_observation=parse_dimension_at_observation(parameters),
    )


def parse_availability_query(path: str, parameters: Parameters) -> AvailabilityQuery:
    """Parse what follows `/availability` in the raw path, and the query string.

    Here the context is mandatory and may not be a wildcard. `asOf` is an extension.
    """
    place = parse_path(path, _AVAILABILITY_PATH)
    context = _context(place)
    if context.context is None:
        raise BadRequest(f"availability needs a context: one of {', '.join(_CONTEXTS)}")
    updated_after, as_of = _instants(parameters)
    return AvailabilityQuery(
        context=context,
        selection=Selection(
            keys=parse_keys(place.get("key", "*")),
            filters=(*parse_filters(parameters), *parse_period_bounds(parameters)),
            updated_after=updated_after,
            as_of=as_of,
            reporting_year_start=parse_year_start(parameters),
        ),
        components=parse_components(place.get("componentId", "*"), ","),
        mode=parse_mode(parameters),
        references=parse_references(parameters, AVAILABILITY_REFERENCES),
    )


def parse_mode(parameters: Parameters) -> str:
    """Read the `mode` of an availability query."""
    return parameters.choice("mode", ("exact", "available"), "exact")


def parse_references(parameters: Parameters, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Read the `references` of an availability query, by default none."""
    references = parameters.words("references") or ("none",)
    for reference in references:
        if reference not in allowed:
            raise BadRequest(f"references={reference} is not possible: use {', '.join(allowed)}")
    return references


def _context(place: ResourcePath) -> ContextQuery:
    context = place.get("context", "*")
    if context not in ("*", "all", *_CONTEXTS):
        raise BadRequest(f"context '{context}' has no data: use {', '.join(_CONTEXTS)} or *")
    return ContextQuery(
        context=_CONTEXTS.get(context),
        agencies=parse_agencies(place.get("agencyID", "*"), ","),
        ids=parse_ids(place.get("resourceID", "*"), ","),
        versions=parse_versions(place.get("version", "*")),
    )


def _selection(place: ResourcePath, parameters: Parameters) -> Selection:
    updated_after, as_of = _instants(parameters)
    return Selection(
        keys=parse_keys(place.get("key", "*")),
        filters=(*parse_filters(parameters), *parse_period_bounds(parameters)),
        first_n=parameters.integer("firstNObservations", 1),
        last_n=parameters.integer("lastNObservations", 1),
        offset=parameters.integer("offset", 0) or 0,
        limit=parameters.integer("limit", 1),
        sort=_sort(parameters),
        attributes=_choice_of_components(parameters, "attributes", "dsd"),
        measures=_choice_of_components(parameters, "measures", "all"),
        updated_after=updated_after,
        as_of=as_of,
        include_history=parameters.boolean("includeHistory"),
        reporting_year_start=parse_year_start(parameters),
    )


def _instants(parameters: Parameters) -> tuple[datetime | None, datetime | None]:
    """Read `updatedAfter` and `asOf`."""
    updated_after, as_of = parameters.instant("updatedAfter"), parameters.instant("asOf")
    if updated_after and as_of and updated_after > as_of:
        raise BadRequest("updatedAfter is later than asOf: nothing can have changed in between")
    return updated_after, as_of


def parse_period_bounds(parameters: Parameters) -> tuple[ComponentFilter, ...]:
    """Read `startPeriod` and `endPeriod`, which 1.x has and some clients send to 2.x too.

    They bound the time dimension, both inclusive: the start from its first instant, the end to
    its last.
    """
    filters = []
    for name, operator in (("startPeriod", Operator.GE), ("endPeriod", Operator.LE)):
        value = parameters.text(name)
        if value is not None:
            parse_period(value)
            filters.append(ComponentFilter(TIME_PERIOD, ((Predicate(operator, value),),)))
    return tuple(filters)


def parse_dimension_at_observation(parameters: Parameters) -> str | None:
    """Read `dimensionAtObservation`; None leaves it to the structure."""
    value = parameters.text("dimensionAtObservation")
    if value is not None and value != ALL_DIMENSIONS and not _COMPONENT.fullmatch(value):
        raise BadRequest(
            f"dimensionAtObservation={value}: give a dimension id, TIME_PERIOD or AllDimensions"
        )
    return value


def parse_year_start(parameters: Parameters) -> str:
    """Read `reportingYearStartDay`, by default 1 January."""
    value = parameters.text("reportingYearStartDay") or "--01-01"
    if not _START_DAY.fullmatch(value):
        raise BadRequest(f"reportingYearStartDay={value}: write --MM-DD, for example --07-01")
    return value


def _sort(parameters: Parameters) -> tuple[tuple[str, bool], ...]:
    raw = parameters.raw("sort")
    if raw is None:
        return ()
    keys = []
    for part in split_and(raw):
        match = _SORT.fullmatch(decode(part, "parameter 'sort'"))
        if match is None:
            raise BadRequest(
                f"sort={raw[:80]}: write component ids joined by '+', each with :asc or :desc if "
                "wanted, or *, or series_key; for example sort=REF_AREA+TIME_PERIOD:desc"
            )
        keys.append((match[1], match[2] != "desc"))
    return tuple(keys)


def _choice_of_components(parameters: Parameters, name: str, default: str) -> tuple[str, ...]:
    words = parameters.words(name) or (default,)
    if "none" in words and len(words) > 1:
        raise BadRequest(f"{name}={','.join(words)} contradicts itself: 'none' stands alone")
    for word in words:
        if not _COMPONENT.fullmatch(word):
            raise BadRequest(f"{name}={word} is neither a component id nor a keyword")
    return words
