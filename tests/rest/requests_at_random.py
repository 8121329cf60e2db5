"""Requests of every kind a reader may make, drawn at random, and answers whole.

What is drawn depends on the seed alone, and on what was answered before: conditional requests name
validators that were seen.
"""

from __future__ import annotations

import http.client
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

_P = "application/vnd.sdmx."
V2, V1 = "/sdmx/v2", "/sdmx/v1"
_DATA = (
    *(f"{_P}data+json;version={version}" for version in ("1.0.0", "2.0.0", "2.1.0")),
    *(f"{_P}data+xml;version={version}" for version in ("3.0.0", "3.1.0")),
    *(f"{_P}data+csv;version={version}" for version in ("1.0.0", "2.0.0", "2.1.0")),
    f"{_P}data+csv;version=2.1.0;labels=both",
    f"{_P}genericdata+xml;version=2.1",
    f"{_P}structurespecificdata+xml;version=2.1",
    "application/vnd.apache.parquet",
)
_STRUCTURE = (
    *(f"{_P}structure+json;version={version}" for version in ("1.0.0", "2.0.0", "2.1.0")),
    *(f"{_P}structure+xml;version={version}" for version in ("2.1", "3.0.0", "3.1.0")),
)
_ANY = ("", "*/*", "application/json", "application/xml", "text/html", "text/csv", "nonsense")
_FLOWS = ("TEST/DF", "TEST/DF/1.0", "TEST/*", "*", "MIGX/DF_STOCK_BIRTH", "MIGX/*", "TEST/NOPE")
_KEYS = ("", "*", "A", "A.SWE", "A.DNK+SWE", "A.SWE,A.NOR.F", "*.*.F", "A.ISL", "A.SWE.F.2020.X")
_TYPES = ("dataflow", "datastructure", "codelist", "provisionagreement", "*", "dataproviderscheme")
_REFERENCES = ("none", "all", "children", "parents", "parentsandsiblings", "descendants")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request."""

    method: str
    target: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer but for its `Date`: headers in the order in which they came."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass
class Drawing:
    """Draws requests; `instants` are those that parameters name."""

    seed: int
    instants: Sequence[str]
    _tags: list[str] = field(default_factory=list)
    _changes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with the seed."""
        self._chance = random.Random(self.seed)  # noqa: S311
        kinds = {
            self._data: 8,
            self._data_v1: 4,
            self._availability: 4,
            self._structure: 4,
            self._node: 4,
            self._schema: 1,
            self._wrong: 2,
        }
        self._kinds, self._weights = list(kinds), list(kinds.values())

    def next(self) -> Asked:
        """One more request."""
        (kind,) = self._chance.choices(self._kinds, self._weights)
        target, accepts = kind()
        method = self._one(("GET",) * 6 + ("HEAD",) * 2)
        if self._chance.random() < 0.03:
            method = self._one(("OPTIONS", "POST", "PUT", "DELETE", "PATCH"))
        return Asked(method, target, self._headers(accepts))

    def seen(self, answer: Answered) -> None:
        """Remember what a later request may name."""
        found = dict(answer.headers)
        for name, known in (("etag", self._tags), ("last-modified", self._changes)):
            if name in found:
                known.append(found[name])
                del known[:-50]

    def _headers(self, accepts: Sequence[str]) -> dict[str, str]:
        given = {
            "accept": self._one(accepts if self._chance.random() < 0.9 else _ANY),
            "accept-encoding": self._one(("", "", "gzip", "br", "zstd", "identity;q=0")),
            "accept-language": self._one(("", "", "fr", "en,de;q=0.5")),
        }
        if self._tags and self._chance.random() < 0.25:
            given["if-none-match"] = self._one((self._one(self._tags), self._tags[-1], "*"))
        elif self._chance.random() < 0.15:
            given["if-modified-since"] = self._one((*self._changes[-5:], *self.instants))
        return {name: value for name, value in given.items() if value}

    def _data(self) -> tuple[str, Sequence[str]]:
        context = self._one(("dataflow",) * 5 + ("datastructure", "provisionagreement", "*"))
        path = f"{V2}/data/{context}/{self._one(_FLOWS[:2] * 3 + _FLOWS)}"
        if path.endswith("DF"):
            path += self._one(("", "/*", "/1.0", "/~"))
        key = self._one(_KEYS) if path.count("/") == 7 else ""
        return f"{path}/{key}".rstrip("/") + self._query(self._filters()), _DATA

    def _filters(self) -> dict[str, Sequence[str]]:
        return {
            "c[TIME_PERIOD]": ("2020", "ge:2019", "lt:2021+ge:2018", "co:20"),
            "c[AREA]": ("SWE", "DNK,NOR", "ne:SWE"),
            "c[OBS_VALUE]": ("gt:3", "le:2.5"),
            "c[NOPE]": ("1",),
            "updatedAfter": self.instants,
            "asOf": self.instants,
            "includeHistory": ("true", "false", "perhaps"),
            "firstNObservations": ("1", "2", "0"),
            "lastNObservations": ("1", "3"),
            "attributes": ("none", "dataset", "series", "obs", "STATUS"),
            "measures": ("none", "OBS_VALUE"),
            "dimensionAtObservation": ("AllDimensions", "AREA", "TIME_PERIOD"),
            "offset": ("0", "1", "3"),
            "limit": ("1", "4", "x"),
            "sort": ("AREA:desc", "OBS_VALUE", "series_key"),
        }

    def _data_v1(self) -> tuple[str, Sequence[str]]:
        flow = self._one(("DF",) * 4 + ("TEST,DF,1.0", "MIGX,DF_STOCK_BIRTH", "NOPE"))
        key = self._one(("", "all", "A.SWE.F", "A.DNK+SWE.", "..F"))
        more = {
            "startPeriod": ("2019", "2020-01"),
            "endPeriod": ("2020",),
            "updatedAfter": self.instants,
            "includeHistory": ("true",),
            "lastNObservations": ("1",),
            "detail": ("full", "dataonly", "serieskeysonly", "nodata"),
            "dimensionAtObservation": ("AllDimensions", "TIME_PERIOD"),
        }
        return f"{V1}/data/{flow}/{key}".rstrip("/") + self._query(more), _DATA

    def _availability(self) -> tuple[str, Sequence[str]]:
        more = {
            "mode": ("exact", "available"),
            "references": ("none", "all", "codelist", "dataflow"),
            "updatedAfter": self.instants,
            "c[TIME_PERIOD]": ("ge:2020",),
            "c[AREA]": ("SWE", "DNK"),
        }
        if self._chance.random() < 0.3:
            flow = self._one(("DF", "MIGX,DF_STOCK_BIRTH"))
            path = f"{V1}/availableconstraint/{flow}/{self._one(('all', 'A.SWE.'))}"
            more = {key: more[key] for key in ("mode", "references", "updatedAfter")}
        else:
            path = f"{V2}/availability/dataflow/{self._one(_FLOWS)}"
            if path.count("/") == 5 and self._chance.random() < 0.5:
                path += f"/*/{self._one(('*', 'A.SWE'))}/{self._one(('*', 'AREA', 'TIME_PERIOD'))}"
        return path + self._query(more), _STRUCTURE

    def _structure(self) -> tuple[str, Sequence[str]]:
        type_ = self._one(_TYPES)
        more = {"references": _REFERENCES, "detail": ("full", "allstubs", "referencepartial")}
        if self._chance.random() < 0.3:
            kind = type_ if type_ != "*" else "structure"
            return f"{V1}/{kind}/{self._one(('all', 'TEST', 'MIGX.SWE'))}" + self._query(
                more
            ), _STRUCTURE
        place = self._one(("", "/TEST", "/MIGX.SWE", "/TEST/DF", "/MIGX/DF_STOCK_BIRTH", "/*/*/*"))
        return f"{V2}/structure/{type_}{place}" + self._query(
            {**more, "asOf": self.instants}
        ), _STRUCTURE

    def _schema(self) -> tuple[str, Sequence[str]]:
        path = self._one(("TEST/DF/1.0", "MIGX/DF_STOCK_BIRTH/1.0.0"))
        accepts = (*_STRUCTURE, f"{_P}schema+xml;version=3.0.0", f"{_P}schema+xml;version=2.1")
        return f"{self._one((V1, V2))}/schema/dataflow/{path}", accepts

    def _node(self) -> tuple[str, Sequence[str]]:
        targets = (
            *("/feed.atom", "/feed.atom?flow=TEST:DF", "/feed.atom?flow=MIGX:DF_STOCK_BIRTH"),
            *("/.well-known/sdmx-node", "/health", f"{V2}/registration/*/*/*/*"),
            *("/feed.atom?flow=TEST:NOPE", "/.well-known/sdmx-node?x=1"),
        )
        return self._one(targets), _ANY

    def _wrong(self) -> tuple[str, Sequence[str]]:
        targets = (
            *("/", "/metrics", "/sdmx", f"{V2}/data", f"{V2}/nothing", f"{V2}/metadata"),
            *(f"{V2}/data/dataflow/TEST/DF?c[", f"{V2}/data/dataflow/TEST/%ff", "/feed.atom/x"),
            *(
                f"{V2}/structure/nothing",
                f"{V2}/data/dataflow/" + "x" * 9_000,
                f"{V2}/subscription",
            ),
        )
        return self._one(targets), (*_DATA, *_STRUCTURE)

    def _query(self, choices: Mapping[str, Sequence[str]]) -> str:
        count = self._one((0, 0, 1, 1, 1, 2, 3))
        names = self._chance.sample(list(choices), min(count, len(choices)))
        pairs = [f"{name}={quote(self._one(choices[name]), safe=':+,*')}" for name in names]
        return f"?{'&'.join(pairs)}" if pairs else ""

    def _one(self, choices: Sequence[str]) -> str:
        return self._chance.choice(choices)


class Asking:
    """A connection to a server on loopback that is asked one request after another."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, asked: Asked) -> Answered:
        """Send a request, to the same name on every port, and read the whole answer."""
        connection = self._connection
        connection.putrequest(asked.method, asked.target, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", "node.example")
        for name, value in asked.headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        body = response.read()
        headers = [(name.lower(), value) for name, value in response.getheaders()]
        kept = tuple(pair for pair in headers if pair[0] != "date")
        return Answered(response.status, kept, body)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@contextmanager
def asking(*ports: int) -> Iterator[list[Asking]]:
    """Connections to some servers."""
    found = [Asking(port) for port in ports]
    try:
        yield found
    finally:
        for one in found:
            one.close()
