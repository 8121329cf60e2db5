"""What goes wrong, by status: on each API, in the form each asks for."""

from __future__ import annotations

from dataclasses import dataclass

V1, V2 = "/v1", "/v2"
MAIN = "/v2/data/dataflow/CONF/DF_MAIN/1.1.0"
MAIN_1 = "/v1/data/CONF,DF_MAIN,1.1.0"
AVAILABLE = "/v2/availability/dataflow/CONF/DF_MAIN/1.1.0"
AVAILABLE_1 = "/v1/availableconstraint/CONF,DF_MAIN,1.1.0"


@dataclass(frozen=True)
class ErrorCase:
    """A request that fails: its status, the code of SDMX 2.1, and a word that must be told."""

    clause: str
    target: str
    status: int
    code: int
    says: str = ""
    method: str = "GET"
    accept: str | None = None


def _v2(status: int, *cases: tuple[str, str]) -> list[ErrorCase]:
    return [ErrorCase("11", target, status, status, says) for target, says in cases]


def _v1(status: int, code: int, *cases: tuple[str, str]) -> list[ErrorCase]:
    return [ErrorCase("11", target, status, code, says) for target, says in cases]


MALFORMED = _v2(
    400,
    # Paths.
    ("/v2/data/metadataflow/CONF/DF_MAIN", "metadataflow"),
    ("/v2/data/nonsense", "nonsense"),
    ("/v2/data/dataflow,datastructure/CONF", "context"),
    ("/v2/data/dataflow//DF_MAIN", "agencyID"),
    ("/v2/data/dataflow/CO NF/DF_MAIN", "agency"),
    ("/v2/data/dataflow/1CONF/DF_MAIN", "agency"),
    ("/v2/data/dataflow/CONF./DF_MAIN", "agency"),
    ("/v2/data/dataflow/CONF,/DF_MAIN", "agency"),
    ("/v2/data/dataflow/CONF/DF MAIN", "artefact id"),
    ("/v2/data/dataflow/CONF/DF%2FMAIN", "artefact id"),
    ("/v2/data/dataflow/CONF/DF_MAIN,", "artefact id"),
    ("/v2/data/dataflow/CONF/DF_MAIN/one", "version"),
    ("/v2/data/dataflow/CONF/DF_MAIN/1.0.0.0", "version"),
    ("/v2/data/dataflow/CONF/DF_MAIN/1.0.0,", "version"),
    ("/v2/data/dataflow/CONF/DF_MAIN/1.0.0/*/extra", "parameters"),
    ("/v2/data/dataflow/CONF/DF_MAIN/%ff", "UTF-8"),
    (f"{MAIN}/A.SWE%00", "control"),
    # A percent sign that encodes nothing is no data.
    (f"{MAIN}/A.%zz", "percent"),
    (f"{MAIN}?c[COMMENT]=100%", "percent"),
    (f"{MAIN}?startPeriod=%2", "percent"),
    (f"{MAIN}?c[A%25]=1&%=1", "percent"),
    (f"{MAIN}/A.SWE+DNK.F", "commas"),
    (f"{MAIN}/A.SWE%2BDNK.F", "commas"),
    # Component filters.
    (f"{MAIN}?c=A", "component"),
    (f"{MAIN}?c[]=A", "component"),
    (f"{MAIN}?c[SEX=F", "component"),
    (f"{MAIN}?c[SEX][x]=F", "component"),
    (f"{MAIN}?c[SEX]=", "empty"),
    (f"{MAIN}?c[SEX]", "empty"),
    (f"{MAIN}?c[SEX]=F,", "empty"),
    (f"{MAIN}?c[SEX]=,F", "empty"),
    (f"{MAIN}?c[SEX]=F+", "empty"),
    (f"{MAIN}?c[SEX]=ne:", "empty"),
    (f"{MAIN}?c[SEX]=zz:F", "operator"),
    (f"{MAIN}?c[SEX]=%ff", "UTF-8"),
    (f"{MAIN}?c[COMMENT]=%0a", "control"),
    (f"{MAIN}?c[OBS_VALUE]=ge:many", "number"),
    (f"{MAIN}?c[OBS_VALUE]=1,5x", "number"),
    (f"{MAIN}?c[OBS_VALUE]=inf", "number"),
    (f"{MAIN}?c[OBS_VALUE]=le:1_000", "number"),
    (f"{MAIN}?c[OBS_VALUE]=%2B", "number"),
    # Time.
    *(
        (f"{MAIN}?c[TIME_PERIOD]={value}", "time period")
        for value in (
            "soon",
            "ge:2020-13",
            "2020-02-30",
            "2020-Q5",
            "2020-M1",
            "2020-W54",
            "2021-W53",
            "2020-D367",
            "2020-A2",
            "20",
            "2020-01-01T25:00:00",
            "2020-01-01/P",
            "2020-1",
        )
    ),
    (f"{MAIN}?startPeriod=soon", "time period"),
    (f"{MAIN}?endPeriod=2020-Q9", "time period"),
    (f"{MAIN}?startPeriod=", "startPeriod"),
    *(
        (f"{MAIN}?reportingYearStartDay={value}", "--MM-DD")
        for value in ("07-01", "--7-1", "--13-01", "--00-10", "July", "--01-32")
    ),
    # Counts and pages.
    *(
        (f"{MAIN}?{name}={value}", name)
        for name in ("firstNObservations", "lastNObservations", "limit")
        for value in ("0", "-1", "x", "1.5", "")
    ),
    *((f"{MAIN}?offset={value}", "offset") for value in ("-1", "x", "")),
    # Words.
    *(
        (f"{MAIN}?sort={value}", "sort")
        for value in ("", "SEX:up", "SEX+", "+SEX", "SEX,AREA", "SEX:desc:asc", "*:*")
    ),
    (f"{MAIN}?attributes=none,dsd", "none"),
    (f"{MAIN}?attributes=", "attributes"),
    (f"{MAIN}?attributes=dsd,,obs", "attributes"),
    (f"{MAIN}?attributes=*", "attributes"),
    (f"{MAIN}?measures=none,OBS_VALUE", "none"),
    (f"{MAIN}?measures=", "measures"),
    (f"{MAIN}?dimensionAtObservation=", "dimensionAtObservation"),
    (f"{MAIN}?dimensionAtObservation=SEX,AREA", "dimensionAtObservation"),
    (f"{MAIN}?includeHistory=perhaps", "includeHistory"),
    (f"{MAIN}?updatedAfter=soon", "updatedAfter"),
    (f"{MAIN}?updatedAfter=2026-13-01", "updatedAfter"),
    (f"{MAIN}?asOf=yesterday", "asOf"),
    (f"{MAIN}?limit=1&limit=2", "limit"),
    (f"{MAIN}?lang=1x1", "lang"),
    # Availability.
    ("/v2/availability", "context"),
    ("/v2/availability/*/CONF/DF_MAIN", "context"),
    ("/v2/availability/nonsense/CONF/DF_MAIN", "nonsense"),
    (f"{AVAILABLE}?mode=some", "mode"),
    (f"{AVAILABLE}?references=parents", "references"),
    (f"{AVAILABLE}?references=", "references"),
    (f"{AVAILABLE}/*/SEX/more", "parameters"),
    (f"{AVAILABLE}?c[SEX]=zz:F", "operator"),
    # Structures.
    ("/v2/structure/nonsense", "nonsense"),
    ("/v2/structure/codelist,dataflow", "codelist"),
    ("/v2/structure/codelist/CO NF", "agency"),
    ("/v2/structure/codelist/CONF/CL_SEX/one", "version"),
    ("/v2/structure/codelist/CONF/CL_SEX/1.0.0/F/more", "parameters"),
    ("/v2/structure/dataflow/CONF/DF_MAIN/~/ITEM", "items"),
    ("/v2/structure/codelist?detail=some", "detail"),
    ("/v2/structure/codelist?references=cousins", "references"),
    ("/v2/structure/codelist?references=none,", "references"),
    ("/v2/structure/hierarchicalcodelist", "hierarchicalcodelist"),
)

MEANINGLESS = _v2(
    422,
    (f"{MAIN}/A.SWE.F.X", "FREQ.AREA.SEX"),
    (f"{MAIN}/...", "FREQ.AREA.SEX"),
    (f"{MAIN}/A.SWE.F,A.DNK.M.2020", "FREQ.AREA.SEX"),
    (f"{MAIN}?asOf=2026-01-01T00:00:00Z&updatedAfter=2026-02-01T00:00:00Z", "updatedAfter"),
    (f"{MAIN}?c[NOPE]=1", "NOPE"),
    (f"{MAIN}?c[sex]=F", "sex"),
    (f"{MAIN}?attributes=NOPE", "NOPE"),
    (f"{MAIN}?attributes=obs,SEX", "SEX"),
    (f"{MAIN}?measures=NOPE", "NOPE"),
    (f"{MAIN}?measures=OBS_STATUS", "OBS_STATUS"),
    (f"{MAIN}?dimensionAtObservation=NOPE", "NOPE"),
    (f"{MAIN}?dimensionAtObservation=OBS_VALUE", "OBS_VALUE"),
    (f"{MAIN}?sort=NOPE", "NOPE"),
    (f"{MAIN}?sort=SEX+NOPE:desc", "NOPE"),
    ("/v2/data/dataflow/CONF/DF_TIMELESS?c[TIME_PERIOD]=2020", "TIME_PERIOD"),
    ("/v2/data/dataflow/CONF/DF_TIMELESS?startPeriod=2020", "TIME_PERIOD"),
    ("/v2/data/dataflow/CONF/DF_TIMELESS?dimensionAtObservation=TIME_PERIOD", "TIME_PERIOD"),
    (f"{AVAILABLE}/*/NOPE", "NOPE"),
    (f"{AVAILABLE}/*/OBS_VALUE", "OBS_VALUE"),
    (f"{AVAILABLE}/A.SWE.F.X", "FREQ.AREA.SEX"),
    (f"{AVAILABLE}?c[NOPE]=1", "NOPE"),
)

MISSING = _v2(
    404,
    ("/v2/data/dataflow/CONF/NOPE", "NOPE"),
    ("/v2/data/dataflow/NOBODY/DF_MAIN", "NOBODY"),
    ("/v2/data/dataflow/CONF/DF_MAIN/9.0.0", "9.0.0"),
    ("/v2/data/dataflow/CONF/DF_MAIN/9.+.0", "9"),
    ("/v2/data/dataflow/NOBODY", "NOBODY"),
    ("/v2/data/datastructure/CONF/NOPE", "NOPE"),
    ("/v2/data/provisionagreement/CONF/NOPE", "NOPE"),
    ("/v2/data/*/CONF/NOPE", "NOPE"),
    ("/v2/availability/dataflow/CONF/NOPE", "NOPE"),
    ("/v2/structure/codelist/CONF/NOPE", "NOPE"),
    ("/v2/structure/codelist/CONF/CL_SEX/9.0.0", "9.0.0"),
    ("/v2/structure/codelist/CONF/CL_SEX/~/NOPE", "NOPE"),
    ("/v2/structure/dataflow/CONF/CL_SEX", "CL_SEX"),
    ("/v2/structure/hierarchy/CONF/H", "CONF:H"),
    ("/v2/metadata/metadataset/CONF/NOPE", "NOPE"),
    ("/v2/nothing", "/v2/nothing"),
    ("/v2/nothing/at/all", "/v2/nothing"),
    ("/v2", "/v2"),
    ("/elsewhere", "/elsewhere"),
)

#: Known to the standard, not served: clients can tell.
NOT_SERVED = _v2(
    501,
    ("/v2/subscription", "subscription"),
)

UNACCEPTABLE = _v2(
    406,
    (f"{MAIN}?format=nonsense", "nonsense"),
    (f"{MAIN}?format=jsondata&formatVersion=9.0.0", "9.0.0"),
    (f"{MAIN}?format=structure", "structure"),
    (f"{MAIN}?compression=rot13", "rot13"),
    # Headers of SDMX-ML 2.1 have no words for a draft.
    ("/v2/data/dataflow/CONF/DF_MAIN/2.0.0-draft?format=genericdata", "extension"),
    ("/v2/data/dataflow/CONF/DF_MAIN/*?format=structurespecificdata", "extension"),
    ("/v2/structure/codelist/CONF/CL_SEX?format=csvdata", "csv"),
)

ON_V1 = [
    *_v1(
        400,
        140,
        ("/v1/data", "dataflow"),
        ("/v1/data/", "dataflow"),
        ("/v1/data/A,B,C,D", "A,B,C,D"),
        ("/v1/data/CONF,DF MAIN", "artefact id"),
        ("/v1/data/CONF,DF_MAIN,one", "version"),
        (f"{MAIN_1}/A,B", "commas"),
        (f"{MAIN_1}/A.SWE+.F", "empty"),
        (f"{MAIN_1}/A.+.F", "empty"),
        (f"{MAIN_1}/all/A,B,C", "provider"),
        (f"{MAIN_1}/all/all/more", "parameters"),
        (f"{MAIN_1}/all?detail=some", "detail"),
        (f"{MAIN_1}/all?detail=", "detail"),
        (f"{MAIN_1}/all?startPeriod=soon", "time period"),
        (f"{MAIN_1}/all?endPeriod=2020-13", "time period"),
        (f"{MAIN_1}/all?firstNObservations=0", "firstNObservations"),
        (f"{MAIN_1}/all?lastNObservations=-2", "lastNObservations"),
        (f"{MAIN_1}/all?updatedAfter=soon", "updatedAfter"),
        (f"{MAIN_1}/all?includeHistory=perhaps", "includeHistory"),
        ("/v1/codelist/CONF/CL_SEX/one", "version"),
        ("/v1/codelist/CONF/CL_SEX/latest/F/more", "parameters"),
        ("/v1/dataflow/CONF/DF_MAIN/latest/ITEM", "items"),
        ("/v1/codelist?detail=raw", "detail"),
        ("/v1/codelist?detail=some", "detail"),
        ("/v1/codelist?references=ancestors", "references"),
        ("/v1/codelist?references=none,children", "references"),
    ),
    # A semantic error is 403 with code 150 on API 1.x.
    *_v1(
        403,
        150,
        (f"{MAIN_1}/A.SWE.F.X", "FREQ.AREA.SEX"),
        (f"{MAIN_1}/...", "FREQ.AREA.SEX"),
        (f"{MAIN_1}/all?dimensionAtObservation=NOPE", "NOPE"),
        ("/v1/data/DF_TIMELESS/all?startPeriod=2020", "TIME_PERIOD"),
    ),
    *_v1(
        404,
        100,
        ("/v1/data/NOPE", "NOPE"),
        ("/v1/data/NOBODY,DF_MAIN", "NOBODY"),
        ("/v1/data/CONF,DF_MAIN,9.0.0", "9.0.0"),
        ("/v1/data/DF_MAIN/all/NOBODY", "NOBODY"),
        ("/v1/data/DF_SHARED/all/IDLE", "IDLE"),
        ("/v1/codelist/CONF/NOPE", "NOPE"),
        ("/v1/codelist/NOBODY", "no results"),
        ("/v1/codelist/CONF/CL_SEX/9.0", "9.0"),
        ("/v1/process", "no results"),
        ("/v1/nothing", "/v1/nothing"),
    ),
    *_v1(406, 1406, (f"{MAIN_1}/all?format=nonsense", "nonsense")),
]

#: Methods that a resource does not have.
METHODS = [
    ErrorCase("8 CORS", target, 405, code, method, method)
    for target, code in ((MAIN, 405), (f"{MAIN_1}/all", 1405), (AVAILABLE, 405))
    for method in ("POST", "PUT", "DELETE", "PATCH")
]

ERRORS = [
    *MALFORMED,
    *MEANINGLESS,
    *MISSING,
    *NOT_SERVED,
    *UNACCEPTABLE,
    *ON_V1,
    *METHODS,
]

_JSON = "application/vnd.sdmx.data+json;version="
_STRUCTURE = "application/vnd.sdmx.structure+json;version="
#: The form of an error by what was asked for: the type of the message that tells it.
FAMILIES: list[tuple[str, str | None, str]] = [
    (f"{MAIN}?limit=0", None, f"{_JSON}2.1.0"),
    (f"{MAIN}?limit=0", "*/*", f"{_JSON}2.1.0"),
    (f"{MAIN}?limit=0", f"{_JSON}2.1.0", f"{_JSON}2.1.0"),
    (f"{MAIN}?limit=0", f"{_JSON}2.0.0", f"{_JSON}2.0.0"),
    (f"{MAIN}?limit=0", f"{_JSON}1.0.0", f"{_JSON}1.0.0"),
    (f"{MAIN}?limit=0", "application/json", f"{_JSON}2.1.0"),
    (f"{MAIN}?limit=0", "application/xml", "application/xml"),
    (f"{MAIN}?limit=0", "application/vnd.sdmx.data+xml;version=3.0.0", "application/xml"),
    (f"{MAIN}?limit=0", "application/vnd.sdmx.genericdata+xml;version=2.1", "application/xml"),
    (f"{MAIN}?limit=0", "text/csv", f"{_JSON}2.0.0"),
    (f"{MAIN}?limit=0&format=jsondata", "text/csv", f"{_JSON}2.1.0"),
    (f"{MAIN}?limit=0", "text/html", f"{_JSON}2.0.0"),
    (f"{MAIN}?limit=0", "text/html;q=1, application/xml;q=0.5", "application/xml"),
    # What cannot be read of the parameters does not change what the headers say.
    (f"{MAIN}?%zz=1", "application/xml", "application/xml"),
    (f"{MAIN}?c[SEX%00]=F", "application/xml", "application/xml"),
    (f"{MAIN}?format=%ff", "application/xml", "application/xml"),
    (f"{MAIN_1}/all?%ff=1", "application/json", f"{_JSON}1.0.0"),
    ("/v2/structure/nonsense", None, f"{_STRUCTURE}2.1.0"),
    ("/v2/structure/nonsense", f"{_STRUCTURE}2.1.0", f"{_STRUCTURE}2.1.0"),
    ("/v2/structure/nonsense", f"{_STRUCTURE}2.0.0", f"{_STRUCTURE}2.0.0"),
    ("/v2/structure/nonsense", "application/xml", "application/xml"),
    ("/v2/structure/nonsense", "application/json", f"{_STRUCTURE}2.1.0"),
    ("/v2/availability/nonsense", None, f"{_STRUCTURE}2.1.0"),
    ("/v2/nothing", "application/xml", "application/xml"),
    (f"{MAIN_1}/all?detail=some", None, "application/xml"),
    (f"{MAIN_1}/all?detail=some", "*/*", "application/xml"),
    (f"{MAIN_1}/all?detail=some", "application/json", f"{_JSON}1.0.0"),
    (f"{MAIN_1}/all?detail=some", f"{_JSON}1.0.0", f"{_JSON}1.0.0"),
    (f"{MAIN_1}/all?detail=some", "text/csv", "application/xml"),
    (f"{MAIN_1}/all?detail=some", "text/html", "application/xml"),
    ("/v1/codelist?detail=some", "application/json", f"{_STRUCTURE}1.0.0"),
    ("/v1/codelist?detail=some", None, "application/xml"),
]
