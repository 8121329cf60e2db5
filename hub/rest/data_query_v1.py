"""Data and availability requests of API 1.5 as the same query values as those of 2.x."""

from __future__ import annotations

import re

from hub.errors import BadRequest
from hub.model import (
    ArtefactClass,
    AvailabilityQuery,
    ContextQuery,
    DataQuery,
    Selection,
)
from hub.rest.data_parameters import (
    DETAIL_V1,
    DIMENSION_AT_OBSERVATION,
    FIRST_N,
    INCLUDE_HISTORY,
    LAST_N,
    MODE,
    REFERENCES_V1,
    UPDATED_AFTER,
    parse_period_bounds,
)
from hub.rest.keys import parse_key_v1
from hub.rest.parameters import Parameters
from hub.rest.path import (
    ResourcePath,
    parse_agencies,
    parse_components,
    parse_ids,
    parse_path,
    parse_versions,
)

DATA_PATH_V1 = ("flowRef", "key", "providerRef")
AVAILABILITY_PATH_V1 = (*DATA_PATH_V1, "componentId")
_PROVIDER_AGENCY, _PROVIDER_ID = r"[A-Za-z][A-Za-z0-9_.-]*", r"[A-Za-z0-9_@$-]+"
#: How one data provider is written.
PROVIDER = rf"(?:{_PROVIDER_AGENCY},)?{_PROVIDER_ID}"
_PROVIDER = re.compile(rf"(?:(?P<agency>{_PROVIDER_AGENCY}),)?(?P<id>{_PROVIDER_ID})")

#: What the `detail` of 1.x says in the words of 2.x: (attributes, measures).
_DETAIL = {
    "full": (("dsd",), ("all",)),
    "dataonly": (("none",), ("all",)),
    "serieskeysonly": (("none",), ("none",)),
    "nodata": (("dataset", "series"), ("none",)),
}


def parse_data_query_v1(path: str, parameters: Parameters) -> DataQuery:
    """Parse what follows `/data` in the raw path, and the query string."""
    place = parse_path(path, DATA_PATH_V1)
    context = _context(place, "data")
    attributes, measures = _DETAIL[DETAIL_V1.read(parameters)]
    return DataQuery(
        context=context,
        selection=Selection(
            keys=parse_key_v1(place.get("key", "all")),
            filters=parse_period_bounds(parameters),
            first_n=FIRST_N.read(parameters),
            last_n=LAST_N.read(parameters),
            attributes=attributes,
            measures=measures,
            updated_after=UPDATED_AFTER.read(parameters),
            include_history=INCLUDE_HISTORY.read(parameters),
        ),
        dimension_at_observation=DIMENSION_AT_OBSERVATION.read(parameters),
    )


def parse_availability_query_v1(path: str, parameters: Parameters) -> AvailabilityQuery:
    """Parse what follows `/availableconstraint` in the raw path, and the query string."""
    place = parse_path(path, AVAILABILITY_PATH_V1)
    return AvailabilityQuery(
        context=_context(place, "availableconstraint"),
        is_v1=True,
        selection=Selection(
            keys=parse_key_v1(place.get("key", "all")),
            filters=parse_period_bounds(parameters),
            updated_after=UPDATED_AFTER.read(parameters),
        ),
        components=parse_components(place.get("componentId", "all"), "+"),
        mode=MODE.read(parameters),
        references=REFERENCES_V1.read(parameters),
    )


def _context(place: ResourcePath, resource: str) -> ContextQuery:
    if not place.values:
        raise BadRequest(
            f"name a dataflow: /{resource}/AGENCY,ID,VERSION/KEY, for example /{resource}/DF_X/all"
        )
    flow, providers = place.get("flowRef", "all"), place.get("providerRef", "all")
    parts = flow.split(",")
    if len(parts) > 3:
        raise BadRequest(f"'{flow}' is no dataflow: write ID or AGENCY,ID or AGENCY,ID,VERSION")
    agency, id_, version = {
        1: ("all", parts[0], "latest"),
        2: (parts[0], parts[-1], "latest"),
        3: (parts[0], parts[min(1, len(parts) - 1)], parts[-1]),
    }[len(parts)]
    return ContextQuery(
        context=ArtefactClass.DATAFLOW,
        agencies=parse_agencies(agency, "+"),
        ids=parse_ids(id_, "+"),
        versions=parse_versions(version, "+"),
        providers=() if providers == "all" else tuple(map(_provider, providers.split("+"))),
        drafts=False,
    )


def _provider(text: str) -> tuple[str | None, str]:
    match = _PROVIDER.fullmatch(text)
    if match is None:
        raise BadRequest(f"'{text}' is no data provider: write ID or AGENCY,ID, joined by '+'")
    return match["agency"], match["id"]
