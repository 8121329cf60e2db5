"""What is asked for in headers and parameters, and the exact type of what is sent."""

from __future__ import annotations

from dataclasses import dataclass, field

P = "application/vnd.sdmx."
JSON_21, JSON_20, JSON_10 = (f"{P}data+json;version={v}" for v in ("2.1.0", "2.0.0", "1.0.0"))
XML_31, XML_30 = (f"{P}data+xml;version={v}" for v in ("3.1.0", "3.0.0"))
CSV_21, CSV_20, CSV_10 = (f"{P}data+csv;version={v}" for v in ("2.1.0", "2.0.0", "1.0.0"))
GENERIC = f"{P}genericdata+xml;version=2.1"
SPECIFIC = f"{P}structurespecificdata+xml;version=2.1"
GENERIC_SERIES = f"{P}generictimeseriesdata+xml;version=2.1"
SPECIFIC_SERIES = f"{P}structurespecifictimeseriesdata+xml;version=2.1"
DATA_V1 = (GENERIC, SPECIFIC, GENERIC_SERIES, SPECIFIC_SERIES, JSON_10, CSV_10)
DATA_V2 = (JSON_21, JSON_20, XML_31, XML_30, CSV_21, CSV_20)
S_JSON_21, S_JSON_20, S_JSON_10 = (
    f"{P}structure+json;version={v}" for v in ("2.1.0", "2.0.0", "1.0.0")
)
S_XML_31, S_XML_30, S_XML_21 = (f"{P}structure+xml;version={v}" for v in ("3.1.0", "3.0.0", "2.1"))
STRUCTURE_V1 = (S_XML_21, S_JSON_10)
STRUCTURE_V2 = (S_JSON_21, S_JSON_20, S_XML_31, S_XML_30)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

DATA_1 = "/v1/data/CONF,DF_MAIN,1.0.0/A.DNK.F"
DATA_2 = "/v2/data/dataflow/CONF/DF_MAIN/1.0.0/A.DNK.F"
STRUCTURE_1 = "/v1/codelist/CONF/CL_SEX/1.0.0"
STRUCTURE_2 = "/v2/structure/codelist/CONF/CL_SEX/1.0.0"
AVAILABLE = "/v2/availability/dataflow/CONF/DF_MAIN/1.0.0"


@dataclass(frozen=True)
class Choice:
    """A request and the Content-Type of its answer, None where nothing fits (406)."""

    clause: str
    target: str
    accept: str | None
    expected: str | None
    headers: dict[str, str] = field(default_factory=dict)


#: Every type that an API has, asked for by its exact name.
EXACT = [
    *(Choice("7.1", DATA_1, name, name) for name in DATA_V1),
    *(Choice("7.1", DATA_2, name, name) for name in (*DATA_V2, *DATA_V1)),
    *(Choice("7.1", STRUCTURE_1, name, name) for name in STRUCTURE_V1),
    *(Choice("7.1", STRUCTURE_2, name, name) for name in (*STRUCTURE_V2, *STRUCTURE_V1)),
    *(Choice("7.1", AVAILABLE, name, name) for name in (*STRUCTURE_V2, *STRUCTURE_V1)),
]

_CHOSEN: list[tuple[str, str | None, str | None]] = [
    # Nothing, or anything: the default of the API.
    (DATA_1, None, GENERIC),
    (DATA_1, "*/*", GENERIC),
    (DATA_1, "*", GENERIC),
    (DATA_2, None, JSON_21),
    (DATA_2, "*/*", JSON_21),
    (DATA_2, "", JSON_21),
    (STRUCTURE_1, None, S_XML_21),
    (STRUCTURE_1, "*/*", S_XML_21),
    (STRUCTURE_2, None, S_JSON_21),
    (STRUCTURE_2, "*/*", S_JSON_21),
    (AVAILABLE, None, S_JSON_21),
    (AVAILABLE, "*/*", S_JSON_21),
    # Short forms.
    (DATA_1, "application/xml", GENERIC),
    (DATA_1, "text/xml", GENERIC),
    (DATA_1, "application/json", JSON_10),
    (DATA_1, "text/csv", CSV_10),
    (DATA_1, "application/*", GENERIC),
    (DATA_2, "application/xml", XML_31),
    (DATA_2, "text/xml", XML_31),
    (DATA_2, "application/json", JSON_21),
    (DATA_2, "text/csv", CSV_21),
    (DATA_2, "application/*", JSON_21),
    (STRUCTURE_1, "application/xml", S_XML_21),
    (STRUCTURE_1, "application/json", S_JSON_10),
    (STRUCTURE_2, "application/xml", S_XML_31),
    (STRUCTURE_2, "application/json", S_JSON_21),
    (AVAILABLE, "application/xml", S_XML_31),
    # The version left out: the latest of that type.
    (DATA_2, f"{P}data+json", JSON_21),
    (DATA_2, f"{P}data+xml", XML_31),
    (DATA_2, f"{P}data+csv", CSV_21),
    (DATA_2, f"{P}genericdata+xml", GENERIC),
    (DATA_1, f"{P}data+json", JSON_10),
    (DATA_1, f"{P}data+csv", CSV_10),
    (DATA_1, f"{P}structurespecificdata+xml", SPECIFIC),
    (STRUCTURE_1, f"{P}structure+xml", S_XML_21),
    (STRUCTURE_2, f"{P}structure+xml", S_XML_31),
    (STRUCTURE_2, f"{P}structure+json", S_JSON_21),
    # Versions with wildcards.
    (DATA_2, f"{P}data+json;version=2+.0.0", JSON_21),
    (DATA_2, f"{P}data+json;version=2.0.0+", JSON_20),
    (DATA_2, f"{P}data+json;version=2.0+.0", JSON_21),
    (DATA_2, f"{P}data+json;version=1+.0.0", JSON_21),
    (DATA_2, f"{P}data+json;version=2.+.0", JSON_21),
    (DATA_2, f"{P}data+xml;version=3.0.0+", XML_30),
    (DATA_2, f"{P}data+xml;version=3.0+.0", XML_31),
    (DATA_2, f"{P}data+xml;version=3+.0.0", XML_31),
    (DATA_2, f"{P}data+csv;version=~", CSV_21),
    (DATA_2, f"{P}data+csv;version=*", CSV_21),
    (DATA_2, f"{P}data+csv;version=3+.0.0", None),
    (STRUCTURE_2, f"{P}structure+xml;version=3+.0.0", S_XML_31),
    (STRUCTURE_2, f"{P}structure+json;version=2.0.0+", S_JSON_20),
    # Spaces, case, quotes, short and long versions, those of drafts.
    (DATA_2, f"{P}data+json; version=2.0.0", JSON_20),
    (DATA_2, f"{P}data+json ; version = 2.0.0", JSON_20),
    (DATA_2, f"{P.upper()}DATA+JSON;VERSION=2.0.0", JSON_20),
    (DATA_2, f'{P}data+json;version="2.0.0"', JSON_20),
    (DATA_2, f"{P}data+json;version=2.0", JSON_20),
    (DATA_2, f"{P}data+json;version=1.0.0-wd", JSON_10),
    (DATA_2, f"{P}data+json;version=1.0.0-cts", JSON_10),
    (DATA_2, f"{P}genericdata+xml;version=2.1.0", GENERIC),
    (DATA_2, f"  {JSON_20}  ", JSON_20),
    # Several: the weight, then the more specific, then the first.
    (DATA_2, f"{CSV_20};q=0.5,{JSON_20};q=0.6", JSON_20),
    (DATA_2, f"{CSV_20};q=0.6,{JSON_20};q=0.5", CSV_20),
    (DATA_2, f"{CSV_20},{JSON_20}", CSV_20),
    (DATA_2, f"{JSON_20},{CSV_20}", JSON_20),
    (DATA_2, f"*/*,{CSV_20}", CSV_20),
    (DATA_2, f"*/*;q=0.1,{CSV_20};q=0.2", CSV_20),
    (DATA_2, f"{JSON_21};q=0,*/*", JSON_20),
    (DATA_2, f"{JSON_21};q=0.0,{JSON_20};q=0.0,application/json", JSON_10),
    (DATA_2, f"application/json;q=0.5,{XML_30};q=0.9", XML_30),
    (DATA_2, f"nonsense/type,{XML_30};q=0.1", XML_30),
    (DATA_2, f"{CSV_20};q=1.0,{JSON_20};q=0.999", CSV_20),
    (DATA_2, BROWSER, XML_31),
    (DATA_1, BROWSER, GENERIC),
    (STRUCTURE_2, BROWSER, S_XML_31),
    (DATA_1, f"{JSON_21},{JSON_10};q=0.1", JSON_10),
    # The options of SDMX-CSV, told where they were asked for.
    (DATA_2, f"{CSV_21};labels=id", f"{CSV_21};labels=id"),
    (DATA_2, f"{CSV_21};labels=name", f"{CSV_21};labels=name"),
    (DATA_2, f"{CSV_21};labels=both", f"{CSV_21};labels=both"),
    (DATA_2, f"{P}data+csv; version=2.0.0; labels=both", f"{CSV_20};labels=both"),
    (DATA_2, f"{CSV_20};label=both;key=series", f"{CSV_20};labels=both;keys=series"),
    (DATA_2, f"{CSV_20};keys=none", f"{CSV_20};keys=none"),
    (DATA_2, f"{CSV_20};keys=obs", f"{CSV_20};keys=obs"),
    (DATA_2, f"{CSV_20};keys=both", f"{CSV_20};keys=both"),
    (DATA_2, f"{CSV_21};timeFormat=original", f"{CSV_21};timeFormat=original"),
    (DATA_2, f"{CSV_21};timeformat=normalized", f"{CSV_21};timeFormat=normalized"),
    (DATA_2, f"{P}data+csv;labels=both;version=2.1.0", f"{CSV_21};labels=both"),
    (DATA_1, f"{CSV_10};labels=both", f"{CSV_10};labels=both"),
    # What is not there.
    (DATA_1, "text/html", None),
    (DATA_2, "text/html", None),
    (DATA_2, "image/*", None),
    (DATA_2, f"{P}data+json;version=9.0.0", None),
    (DATA_2, f"{P}data+json;version=one", None),
    (DATA_2, S_JSON_21, None),
    (DATA_1, JSON_21, None),
    (DATA_1, XML_30, None),
    (DATA_1, CSV_20, None),
    (DATA_2, "*/*;q=0", None),
    (DATA_2, f"{JSON_20};q=0", None),
    (DATA_2, f"{CSV_21};labels=everything", None),
    (DATA_2, f"{CSV_21};keys=many", None),
    (STRUCTURE_1, S_JSON_21, None),
    (STRUCTURE_2, JSON_21, None),
    (STRUCTURE_2, "text/csv", None),
    (AVAILABLE, CSV_21, None),
]
CHOSEN = [Choice("7.2", *one) for one in _CHOSEN]

PARAMETERS = [
    Choice("7.4", f"{target}?{query}", accept, expected)
    for target, query, accept, expected in (
        (DATA_2, "format=jsondata", None, JSON_21),
        (DATA_2, "format=jsondata", "text/csv", JSON_21),
        (DATA_2, "format=jsondata&formatVersion=2.0.0", "text/csv", JSON_20),
        (DATA_2, "format=jsondata&formatVersion=2.0", None, JSON_20),
        (DATA_2, "format=jsondata&formatVersion=2%2B.0.0", None, JSON_21),
        (DATA_2, "format=csvdata", None, CSV_21),
        (DATA_2, "format=csvdata&formatVersion=1.0.0", None, CSV_10),
        (DATA_2, "format=csv", None, CSV_21),
        (DATA_2, "format=json", None, JSON_21),
        (DATA_2, "format=xml", None, XML_31),
        (DATA_2, "format=genericdata", None, GENERIC),
        (DATA_2, "format=structurespecificdata", None, SPECIFIC),
        (DATA_2, "format=GenericData", None, GENERIC),
        (DATA_2, f"format={XML_30.replace('+', '%2B').replace(';', '%3B')}", None, XML_30),
        (DATA_2, "formatVersion=2.0.0", JSON_21, JSON_21),
        (DATA_2, "formatVersion=9", None, JSON_21),
        (DATA_2, "format=jsondata&formatVersion=7.0.0", None, None),
        (DATA_2, "format=pdf", JSON_21, None),
        (DATA_2, "format=structure", None, None),
        (DATA_1, "format=jsondata", None, JSON_10),
        (DATA_1, "format=csvdata", None, CSV_10),
        (DATA_1, "format=genericdata", "text/csv", GENERIC),
        (DATA_1, "format=structurespecificdata", None, SPECIFIC),
        (DATA_1, "format=generictimeseriesdata", None, GENERIC_SERIES),
        (DATA_1, "format=structurespecifictimeseriesdata", None, SPECIFIC_SERIES),
        (DATA_1, "format=jsondata&formatVersion=2.0.0", None, None),
        (STRUCTURE_2, "format=jsonstructure", None, S_JSON_21),
        (STRUCTURE_2, "format=structure", None, S_XML_31),
        (STRUCTURE_2, "format=structure&formatVersion=2.1", None, S_XML_21),
        (STRUCTURE_2, "format=csvdata", None, None),
        (STRUCTURE_1, "format=jsonstructure", None, S_JSON_10),
        (STRUCTURE_1, "format=structure", "application/json", S_XML_21),
        (AVAILABLE, "format=structure&formatVersion=3.0.0", None, S_XML_30),
    )
]


@dataclass(frozen=True)
class Coded:
    """A request and the coding of its answer; None for none, "406" where nothing fits."""

    clause: str
    query: str
    header: str | None
    expected: str | None


_LONG = "/v2/data/dataflow/CONF/DF_MAIN/1.0.0"
CODED = [
    Coded(clause, f"{_LONG}{query}", header, expected)
    for clause, query, header, expected in (
        ("7.3", "", None, None),
        ("7.3", "", "gzip", "gzip"),
        ("7.3", "", "x-gzip", "gzip"),
        ("7.3", "", "br", "br"),
        ("7.3", "", "zstd", "zstd"),
        ("7.3", "", "identity", None),
        ("7.3", "", "", None),
        ("7.3", "", "compress, deflate", None),
        ("7.3", "", "gzip;q=0", None),
        ("7.3", "", "gzip;q=0.5, br;q=0.9", "br"),
        ("7.3", "", "br;q=0.2, gzip;q=0.8", "gzip"),
        ("7.3", "", "gzip, identity;q=0", "gzip"),
        ("7.3", "", "GZIP", "gzip"),
        ("7.3", "", "nonsense", None),
        ("7.4", "?compression=gzip", None, "gzip"),
        ("7.4", "?compression=br", "gzip", "br"),
        ("7.4", "?compression=zstd", None, "zstd"),
        ("7.4", "?compression=identity", "gzip", None),
        ("7.4", "?compression=rot13", "gzip", "406"),
        ("7.4", "?compression=pack200-gzip", None, "406"),
    )
]


@dataclass(frozen=True)
class Spoken:
    """A request and the language of its answer, "" for all, "406" where it is not there."""

    clause: str
    target: str
    header: str | None
    expected: str


_NAMED = (DATA_2, STRUCTURE_2)
SPOKEN = [
    Spoken(clause, f"{target}{query}", header, expected)
    for target in _NAMED
    for clause, query, header, expected in (
        ("7.3", "", None, ""),
        ("7.3", "", "*", ""),
        ("7.3", "", "en", "en"),
        ("7.3", "", "fr", "fr"),
        ("7.3", "", "FR", "fr"),
        ("7.3", "", "fr-CH", "fr"),
        ("7.3", "", "pt-BR", "pt-BR"),
        ("7.3", "", "pt-br", "pt-BR"),
        ("7.3", "", "fr;q=0.5, en;q=0.9", "en"),
        ("7.3", "", "de, fr;q=0.5", "fr"),
        ("7.3", "", "fr;q=0, pt-BR", "pt-BR"),
        # Nothing matches: the default of the node, never 406.
        ("7.3", "", "xx", "en"),
        ("7.3", "", "de-AT, it", "en"),
        ("7.3", "", "!!", ""),
        ("7.4", "?lang=fr", None, "fr"),
        ("7.4", "?lang=fr", "en", "fr"),
        ("7.4", "?lang=fr-CH", None, "fr"),
        ("7.4", "?lang=pt-BR", "en", "pt-BR"),
        ("7.4", "?lang=all", "fr", ""),
        ("7.4", "?lang=xx", "fr", "406"),
        ("7.4", "?lang=de", None, "406"),
    )
]
