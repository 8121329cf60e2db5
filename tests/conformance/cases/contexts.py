"""Contexts of both APIs: which artefacts a query is about, and so which data sets answer it."""

from __future__ import annotations

from collections.abc import Iterable

from tests.conformance.agency.plan import Agreement, Flow
from tests.conformance.agency.shapes import (
    AGREED,
    DF_MAIN,
    DF_PERIODS,
    DF_QUARTERS,
    DF_RICH,
    DF_SHARED,
    DF_TIMELESS,
    FILLED,
    OWN,
)
from tests.conformance.cases.data_case import (
    DataCase,
    Source,
    of_agreement,
    of_flow,
    of_structure,
)
from tests.conformance.reference.questions import Question

#: Of several versions of a flow, which hold the same rows, a structure gives the newest only.
_OF_MAIN = [of_structure(f) for f in (DF_MAIN[2], DF_PERIODS, DF_QUARTERS, DF_SHARED)]
_OF_MAIN_11 = [of_structure(DF_MAIN[4])]
_OTHERS = [of_structure(DF_RICH), of_structure(DF_TIMELESS)]


def _flows(flows: Iterable[Flow]) -> list[Source]:
    return [of_flow(flow) for flow in flows]


def _agreements(agreements: Iterable[Agreement]) -> list[Source]:
    return [of_agreement(one) for one in agreements if one.id != "PA_EMPTY"]


_EVERYTHING = _flows(FILLED)
_IN_PRODUCTION = DF_MAIN[3]

CONTEXTS_V2: list[DataCase] = [
    DataCase("2 context", f"/v2/data{path}", tuple(sources))
    for path, sources in (
        # All are wildcards where they are left out, the version too.
        ("", _EVERYTHING),
        ("/", _EVERYTHING),
        ("/*", _EVERYTHING),
        ("/*/*", _EVERYTHING),
        ("/*/*/*/", _EVERYTHING),
        ("/*/*/*/*", _EVERYTHING),
        ("/*/*/*/*/*", _EVERYTHING),
        ("/all/all/all/all/all", _EVERYTHING),
        ("/dataflow", _EVERYTHING),
        ("/dataflow/*/*/*/*", _EVERYTHING),
        ("/dataflow/CONF", _flows(f for f in FILLED if f.agency == "CONF")),
        ("/dataflow/CONF.SUB", _flows([DF_QUARTERS])),
        ("/dataflow/CONF,CONF.SUB", _EVERYTHING),
        ("/dataflow/CONF%2CCONF.SUB", _EVERYTHING),
        ("/dataflow/CONF,NOBODY", _flows(f for f in FILLED if f.agency == "CONF")),
        ("/dataflow/CONF/DF_RICH", _flows([DF_RICH])),
        ("/dataflow/*/DF_RICH", _flows([DF_RICH])),
        ("/dataflow/CONF/DF_RICH,DF_TIMELESS", _flows([DF_RICH, DF_TIMELESS])),
        ("/dataflow/CONF/DF_RICH,NO_SUCH", _flows([DF_RICH])),
        ("/dataflow/CONF,CONF.SUB/DF_QUARTERS,DF_RICH/*/*", _flows([DF_QUARTERS, DF_RICH])),
        ("/dataflow/CONF/DF_MAIN", _flows(DF_MAIN)),
        ("/dataflow/CONF/DF_MAIN/", _flows(DF_MAIN)),
        ("/dataflow/CONF/DF_MAIN/*", _flows(DF_MAIN)),
        ("/*/CONF/DF_MAIN/1.0.0", _flows(DF_MAIN[1:2])),
        ("/*/CONF/DF_RICH", _flows([DF_RICH])),
        # A context that only artefacts of another class meet.
        ("/*/CONF/PA_MAIN", _agreements(AGREED[:1])),
        ("/*/CONF/DSD_TIMELESS", [of_structure(DF_TIMELESS)]),
        # Data structures: one data set for each dataflow.
        ("/datastructure/CONF/DSD_TIMELESS", [of_structure(DF_TIMELESS)]),
        ("/datastructure/CONF/DSD_MAIN/1.0.0", _OF_MAIN),
        ("/datastructure/CONF/DSD_MAIN/1.1.0", _OF_MAIN_11),
        ("/datastructure/CONF/DSD_MAIN/~", _OF_MAIN_11),
        ("/datastructure/CONF/DSD_MAIN", [*_OF_MAIN, *_OF_MAIN_11]),
        ("/datastructure/CONF/DSD_RICH,DSD_TIMELESS/+", _OTHERS),
        ("/datastructure", [*_OF_MAIN, *_OF_MAIN_11, *_OTHERS]),
        # Provision agreements: what that provider provides.
        ("/provisionagreement/CONF/PA_MAIN", _agreements(AGREED[:1])),
        ("/provisionagreement/CONF/PA_MAIN/1.0.0/*", _agreements(AGREED[:1])),
        ("/provisionagreement/CONF/PA_SHARED_NORTH", _agreements(AGREED[1:2])),
        ("/provisionagreement/CONF/PA_SHARED_SOUTH", _agreements(AGREED[2:3])),
        ("/provisionagreement/CONF/PA_SHARED_NORTH,PA_SHARED_SOUTH", _agreements(AGREED[1:3])),
        ("/provisionagreement/CONF", _agreements(AGREED)),
        ("/provisionagreement/MIGX.NODE", _agreements(OWN)),
        ("/provisionagreement", _agreements([*AGREED, *OWN])),
    )
]

#: The key and filters hold for each data set; structures without the component are passed over.
ACROSS: list[DataCase] = [
    DataCase("2 context", f"/v2/data{path}", tuple(_flows(flows)), Question(**asks))
    for path, flows, asks in (
        (
            "/dataflow/CONF/DF_MAIN,DF_SHARED/1.0.0/A.SWE",
            (DF_MAIN[1], DF_SHARED),
            {"where": lambda r: r["AREA"] == "SWE" and r["FREQ"] == "A"},
        ),
        (
            "/dataflow/*/*/+/*?c[KIND]=c",
            (DF_RICH,),
            {"where": lambda r: r["KIND"] == "c"},
        ),
        (
            "/dataflow/CONF,CONF.SUB/DF_QUARTERS,DF_RICH,DF_SHARED?c[AREA]=FRA,NOR",
            (DF_QUARTERS, DF_RICH, DF_SHARED),
            {"where": lambda r: r["AREA"] in ("FRA", "NOR")},
        ),
        (
            "/dataflow/CONF/DF_SHARED,DF_RICH/1.0.0?c[TIME_PERIOD]=2020",
            (DF_SHARED, DF_RICH),
            {"where": lambda r: r["TIME_PERIOD"] == "2020"},
        ),
    )
]

_LATEST = (DF_MAIN[3], DF_PERIODS, DF_RICH, DF_SHARED, DF_TIMELESS)
_CSV_1 = "application/vnd.sdmx.data+csv;version=1.0.0"
_SPECIFIC = "application/vnd.sdmx.structurespecificdata+xml;version=2.1"

CONTEXTS_V1: list[DataCase] = [
    DataCase("10 data", f"/v1/data/{path}", tuple(sources), accept=_SPECIFIC)
    for path, sources in (
        # AGENCY,ID,VERSION or less; the latest version in production is meant.
        ("DF_MAIN", _flows([_IN_PRODUCTION])),
        ("CONF,DF_MAIN", _flows([_IN_PRODUCTION])),
        ("CONF,DF_MAIN,latest", _flows([_IN_PRODUCTION])),
        ("all,DF_MAIN,latest", _flows([_IN_PRODUCTION])),
        ("CONF,DF_MAIN,1.0", _flows(DF_MAIN[:1])),
        ("CONF,DF_MAIN,1.0.0", _flows(DF_MAIN[1:2])),
        ("CONF,DF_MAIN,1.0+1.0.1", _flows([DF_MAIN[0], DF_MAIN[2]])),
        ("CONF,DF_MAIN,all", _flows(DF_MAIN[:4])),
        ("CONF%2CDF_MAIN%2C1.0.0", _flows(DF_MAIN[1:2])),
        ("CONF.SUB,DF_QUARTERS", _flows([DF_QUARTERS])),
        ("DF_QUARTERS/all/all", _flows([DF_QUARTERS])),
        ("DF_QUARTERS+DF_SHARED", _flows([DF_QUARTERS, DF_SHARED])),
        ("CONF+CONF.SUB,DF_QUARTERS+DF_SHARED", _flows([DF_QUARTERS, DF_SHARED])),
        ("CONF.SUB,all", _flows([DF_QUARTERS])),
        # Providers: one data set for each agreement.
        ("DF_SHARED/all/NORTH", _agreements(AGREED[1:2])),
        ("DF_SHARED/all/CONF,SOUTH", _agreements(AGREED[2:3])),
        ("DF_SHARED/all/NORTH+SOUTH", _agreements(AGREED[1:3])),
        ("DF_SHARED/all/CONF,NORTH+CONF,SOUTH", _agreements(AGREED[1:3])),
        ("CONF,DF_MAIN,1.0.0/all/NORTH", _agreements(AGREED[:1])),
        ("DF_QUARTERS/all/NODE", _agreements(OWN[2:3])),
        ("DF_QUARTERS/all/MIGX.NODE,NODE", _agreements(OWN[2:3])),
    )
]

#: Artefacts that are there, and nothing published under them.
NOTHING: list[DataCase] = [
    DataCase("2 context", "/v2/data/dataflow/CONF/DF_EMPTY", ()),
    DataCase("2 context", "/v2/data/dataflow/CONF/DF_EMPTY/1.0.0/*", ()),
    DataCase("2 context", "/v2/data/provisionagreement/CONF/PA_EMPTY", ()),
    DataCase("10 data", "/v1/data/DF_EMPTY", (), accept=None),
    DataCase("10 data", "/v1/data/CONF,DF_EMPTY,1.0.0/all", (), accept=None),
    DataCase("10 data", "/v1/data/DF_EMPTY/all/SOUTH", (), accept=None),
    DataCase("10 data", "/v1/data/DF_SHARED/all/NODE", (), accept=None),
]
