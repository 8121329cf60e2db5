"""The query parameters of data and availability, of both APIs ("Data queries").

Those of API 2.x are listed in `DATA` and `AVAILABILITY`, those of 1.5 in `DATA_V1` and
`AVAILABILITY_V1`; `c`, the component filters, is declared in `filters`.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from hub.errors import BadRequest, Unprocessable
from hub.model import ALL_DIMENSIONS, TIME_PERIOD, ComponentFilter, Operator, Predicate
from hub.model.period_pattern import PERIOD
from hub.model.reporting_year import CALENDAR_YEAR
from hub.rest.checking import check_period
from hub.rest.declared import Declared, flag, instant, one_of, some_of, spelt, whole
from hub.rest.filters import FILTERS
from hub.rest.parameters import Parameters, decode, split_and

COMPONENT = r"[A-Za-z][A-Za-z0-9_-]*"
_COMPONENT = re.compile(COMPONENT)
_SORT_KEY = r"(\*|[A-Za-z0-9_@$-]+)(?::(asc|desc))?"
_SORT = re.compile(_SORT_KEY)
_WORD_V1 = {"type": "string", "pattern": f"^{COMPONENT}$"}

FIRST_N = whole(
    "firstNObservations", 1, "At most so many observations of each series, from its start.", 1
)
LAST_N = whole(
    "lastNObservations", 1, "At most so many observations of each series, the most recent.", 1
)
OFFSET = whole("offset", 0, "So many observations are passed over; the order is total.", 2)
LIMIT = whole("limit", 1, "At most so many observations, or series keys where none are sent.", 2)
INCLUDE_HISTORY = flag(
    "includeHistory", "Every change that was disseminated, each as a data set of its own."
)
UPDATED_AFTER = instant(
    "updatedAfter",
    "What changed since, in its latest state; what was deleted is told as deleted.",
    "2020-01-01T00:00:00Z",
)
AS_OF = instant(
    "asOf", "The state in which readers found it at an instant.", "2026-06-30T12:00:00Z"
)
MODE = one_of(
    "mode",
    ("exact", "available"),
    "exact",
    "`exact`: what the data has; `available`: what may still be chosen in each dimension.",
    "available",
)
DIMENSION_AT_OBSERVATION: Declared[str | None] = spelt(
    "dimensionAtObservation",
    f"^(?:{COMPONENT})$",
    f"give a dimension id, {TIME_PERIOD} or {ALL_DIMENSIONS}",
    f"The dimension at observation level; {ALL_DIMENSIONS} for flat observations.",
    ALL_DIMENSIONS,
)
YEAR_START = spelt(
    "reportingYearStartDay",
    "^(?:--(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))$",
    "write --MM-DD, for example --07-01",
    "The day on which reporting years begin, for reporting periods in filters.",
    "--01-01",
)
DETAIL_V1 = one_of(
    "detail",
    ("full", "dataonly", "serieskeysonly", "nodata"),
    "full",
    "Which parts of the data are sent.",
    "dataonly",
)
_REFERENCES = (
    "none",
    "all",
    "codelist",
    "valuelist",
    "datastructure",
    "conceptscheme",
    "dataflow",
    "dataproviderscheme",
)
_ABOUT_REFERENCES = "Which artefacts come with the constraint, item schemes cut to what occurs."
REFERENCES = some_of("references", _REFERENCES, "none", _ABOUT_REFERENCES, "codelist")
REFERENCES_V1 = some_of(
    "references",
    tuple(name for name in _REFERENCES if name != "valuelist"),
    "none",
    _ABOUT_REFERENCES,
    "codelist",
)


def _components(name: str, default: str, about: str, example: str) -> Declared[tuple[str, ...]]:
    """Components and keywords, with commas between them; `none` stands alone."""

    def read(parameters: Parameters) -> tuple[str, ...]:
        words = parameters.words(name) or (default,)
        if "none" in words and len(words) > 1:
            raise BadRequest(f"{name}={','.join(words)} contradicts itself: 'none' stands alone")
        for word in words:
            if not _COMPONENT.fullmatch(word):
                raise BadRequest(f"{name}={word} is neither a component id nor a keyword")
        return words

    others = {"items": {**_WORD_V1, "not": {"const": "none"}}, "minItems": 1}
    schema = {"type": "array", "anyOf": [{"const": ["none"]}, others], "default": [default]}
    return Declared(name, read, schema, about, [example], {"style": "form", "explode": False})


ATTRIBUTES = _components(
    "attributes",
    "dsd",
    "Which attributes are sent: ids, or `dsd`, `msd`, `dataset`, `series` (with those of groups), "
    "`obs`, `all`, `none`.",
    "obs",
)
MEASURES = _components("measures", "all", "Which measures are sent: ids, `all` or `none`.", "all")


def _read_sort(parameters: Parameters) -> tuple[tuple[str, bool], ...]:
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


SORT = Declared(
    "sort",
    _read_sort,
    {"type": "string", "pattern": rf"^{_SORT_KEY}(?:\+{_SORT_KEY})*$"},
    "The order of observations: components, each with `:asc` or `:desc`, joined by `+`; `*` stands "
    "for all dimensions, `series_key` for those of the series.",
    "TIME_PERIOD:desc",
)


def _bound(
    name: str, operator: Operator, about: str, example: str
) -> Declared[tuple[ComponentFilter, ...]]:
    """A bound of the time dimension, inclusive: from its first instant, or to its last."""

    def read(parameters: Parameters) -> tuple[ComponentFilter, ...]:
        value = parameters.text(name)
        if value is None:
            return ()
        check_period(value, YEAR_START.read(parameters) or CALENDAR_YEAR)
        return (ComponentFilter(TIME_PERIOD, ((Predicate(operator, value),),)),)

    return Declared(name, read, {"type": "string", "pattern": PERIOD}, about, example)


START_PERIOD = _bound("startPeriod", Operator.GE, "Periods that begin with it or later.", "2010")
END_PERIOD = _bound("endPeriod", Operator.LE, "Periods that end with it or earlier.", "2020-12")


def parse_period_bounds(parameters: Parameters) -> tuple[ComponentFilter, ...]:
    """Read `startPeriod` and `endPeriod`, which 1.x has and some clients send to 2.x too."""
    return (*START_PERIOD.read(parameters), *END_PERIOD.read(parameters))


def parse_instants(parameters: Parameters) -> tuple[datetime | None, datetime | None]:
    """Read `updatedAfter` and `asOf`."""
    updated_after, as_of = UPDATED_AFTER.read(parameters), AS_OF.read(parameters)
    if updated_after and as_of and updated_after > as_of:
        raise Unprocessable("updatedAfter is later than asOf: nothing can have changed in between")
    return updated_after, as_of


_BOTH = (FILTERS, START_PERIOD, END_PERIOD, UPDATED_AFTER, AS_OF, YEAR_START)
DATA: tuple[Declared[Any], ...] = (
    *_BOTH,
    FIRST_N,
    LAST_N,
    DIMENSION_AT_OBSERVATION,
    ATTRIBUTES,
    MEASURES,
    INCLUDE_HISTORY,
    OFFSET,
    LIMIT,
    SORT,
)
AVAILABILITY: tuple[Declared[Any], ...] = (*_BOTH, MODE, REFERENCES)
_BOTH_V1 = (START_PERIOD, END_PERIOD, UPDATED_AFTER)
DATA_V1: tuple[Declared[Any], ...] = (
    *_BOTH_V1,
    FIRST_N,
    LAST_N,
    DIMENSION_AT_OBSERVATION,
    DETAIL_V1,
    INCLUDE_HISTORY,
)
AVAILABILITY_V1: tuple[Declared[Any], ...] = (*_BOTH_V1, MODE, REFERENCES_V1)
