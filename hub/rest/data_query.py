"""Data and availability requests of API 2.x as query values (SDMX REST 2.2, "Data queries")."""

from __future__ import annotations

from functools import lru_cache

from hub.errors import BadRequest
from hub.model import ArtefactClass, AvailabilityQuery, ContextQuery, DataQuery, Selection
from hub.model.reporting_year import CALENDAR_YEAR
from hub.rest.data_parameters import (
    ATTRIBUTES,
    DIMENSION_AT_OBSERVATION,
    FIRST_N,
    INCLUDE_HISTORY,
    LAST_N,
    LIMIT,
    MEASURES,
    MODE,
    OFFSET,
    REFERENCES,
    SORT,
    YEAR_START,
    parse_instants,
    parse_period_bounds,
)
from hub.rest.filters import FILTERS
from hub.rest.keys import parse_keys
from hub.rest.parameters import Parameters
from hub.rest.path import (
    ResourcePath,
    parse_agencies,
    parse_components,
    parse_ids,
    parse_path,
    parse_versions,
)

CONTEXTS = {
    "dataflow": ArtefactClass.DATAFLOW,
    "datastructure": ArtefactClass.DATA_STRUCTURE,
    "provisionagreement": ArtefactClass.PROVISION_AGREEMENT,
}
DATA_PATH = ("context", "agencyID", "resourceID", "version", "key")
#: Availability of the same is asked for again and again, by whoever waits for news.
_KEPT = 512
AVAILABILITY_PATH = (*DATA_PATH, "componentId")


def parse_data_query(path: str, parameters: Parameters) -> DataQuery:
    """Parse what follows `/data` in the raw path, and the query string."""
    place = parse_path(path, DATA_PATH)
    return DataQuery(
        context=_context(place),
        selection=_selection(place, parameters),
        dimension_at_observation=DIMENSION_AT_OBSERVATION.read(parameters),
    )


@lru_cache(_KEPT)
def parse_availability_query(path: str, parameters: Parameters) -> AvailabilityQuery:
    """Parse what follows `/availability` in the raw path, and the query string.

    Here the context is mandatory and may not be a wildcard. `asOf` is an extension.
    """
    place = parse_path(path, AVAILABILITY_PATH)
    context = _context(place)
    if context.context is None:
        raise BadRequest(f"availability needs a context: one of {', '.join(CONTEXTS)}")
    updated_after, as_of = parse_instants(parameters)
    return AvailabilityQuery(
        context=context,
        selection=Selection(
            keys=parse_keys(place.get("key", "*")),
            filters=(*FILTERS.read(parameters), *parse_period_bounds(parameters)),
            updated_after=updated_after,
            as_of=as_of,
            reporting_year_start=YEAR_START.read(parameters) or CALENDAR_YEAR,
        ),
        components=parse_components(place.get("componentId", "*"), ","),
        mode=MODE.read(parameters),
        references=REFERENCES.read(parameters),
    )


def _context(place: ResourcePath) -> ContextQuery:
    context = place.get("context", "*")
    if context not in ("*", "all", *CONTEXTS):
        raise BadRequest(f"context '{context}' has no data: use {', '.join(CONTEXTS)} or *")
    return ContextQuery(
        context=CONTEXTS.get(context),
        agencies=parse_agencies(place.get("agencyID", "*"), ","),
        ids=parse_ids(place.get("resourceID", "*"), ","),
        versions=parse_versions(place.get("version", "*")),
    )


def _selection(place: ResourcePath, parameters: Parameters) -> Selection:
    updated_after, as_of = parse_instants(parameters)
    return Selection(
        keys=parse_keys(place.get("key", "*")),
        filters=(*FILTERS.read(parameters), *parse_period_bounds(parameters)),
        first_n=FIRST_N.read(parameters),
        last_n=LAST_N.read(parameters),
        offset=OFFSET.read(parameters) or 0,
        limit=LIMIT.read(parameters),
        sort=SORT.read(parameters),
        attributes=ATTRIBUTES.read(parameters),
        measures=MEASURES.read(parameters),
        updated_after=updated_after,
        as_of=as_of,
        include_history=INCLUDE_HISTORY.read(parameters),
        reporting_year_start=YEAR_START.read(parameters) or CALENDAR_YEAR,
    )
