"""Requests with one fault each, and the status that it has by clause 11 of the digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.conformance.agency.plan import Flow
from tests.conformance.cases.versions import INVALID
from tests.conformance.generated.drawing import Draw
from tests.conformance.generated.places import ONE_FLOW
from tests.conformance.generated.spelling import IN_QUERY, hand

_P = "application/vnd.sdmx."
#: What errors are asked for as, and the type they come in: for data on 1.x and 2.x, for structures.
ACCEPTED: dict[str | None, tuple[str, str, str, str]] = {
    None: ("application/xml", f"{_P}data+json;version=2.1.0", "application/xml",
           f"{_P}structure+json;version=2.1.0"),
    "*/*": ("application/xml", f"{_P}data+json;version=2.1.0", "application/xml",
            f"{_P}structure+json;version=2.1.0"),
    "application/xml": ("application/xml",) * 4,
    "application/json": (f"{_P}data+json;version=1.0.0", f"{_P}data+json;version=2.1.0",
                         f"{_P}structure+json;version=1.0.0", f"{_P}structure+json;version=2.1.0"),
    "text/html, application/xml;q=0.1": ("application/xml",) * 4,
}  # fmt: skip
_UNCODED = "%2g", "%", "%f", "%zz", "%u0041", "A%"
_BROKEN_BYTES = "%ff", "%c3%28", "%ed%a0%80", "%00", "%0a", "%7F", "%1b[2J"


@dataclass(frozen=True)
class Fault:
    """A request that must fail: with a status, as an error of a family."""

    target: str
    status: int
    accept: str | None = None
    content_type: str | None = None
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def code(self) -> int:
        """The code in the message: that of SDMX 2.1 on API 1.x, where it has one."""
        if not self.target.startswith("/v1"):
            return self.status
        known = {400: 140, 403: 150, 404: 100, 501: 501}
        return known.get(self.status, 1000 + self.status)


@dataclass
class _Request:
    """A legal query of one flow, in pieces, for a fault to be put in."""

    draw: Draw
    flow: Flow
    is_v1: bool
    resource: str
    path: list[str]
    pairs: list[tuple[str, str]]
    accept: str | None
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "GET"

    @property
    def target(self) -> str:
        root = f"/v1/{self.resource}" if self.is_v1 else f"/v2/{self.resource}"
        query = hand(self.draw).query(self.pairs)
        return "/".join([root, *self.path]) + query

    @property
    def semantic(self) -> int:
        """What a query with a meaningless name in it answers."""
        return 403 if self.is_v1 else 422

    def key(self, key: str) -> None:
        self.path = [*self.path[: 1 if self.is_v1 else 4], key]


def draw_fault(draw: Draw) -> Fault:
    """A request with one fault."""
    request = _request(draw)
    usable = [fault for fault, fits in _FAULTS if fits(request)]
    status = draw.pick(usable)(request)
    column = (0 if request.is_v1 else 1) + (0 if request.resource == "data" else 2)
    known = request.accept in ACCEPTED
    return Fault(
        request.target,
        status,
        request.accept,
        ACCEPTED[request.accept][column] if known else None,
        request.method,
        request.headers,
    )


def _request(draw: Draw) -> _Request:
    flow, is_v1 = draw.pick(ONE_FLOW), draw.chance(0.35)
    while is_v1 and ("-" in flow.version or not flow.shape.is_simple):
        flow = draw.pick(ONE_FLOW)
    resource = draw.pick(("data", "data", "data", "availability"))
    if is_v1 and resource == "availability":
        resource = "availableconstraint"
    path = ["dataflow", flow.agency, flow.id, flow.version]
    if is_v1:
        path = [",".join(path[1:])]
    pairs = draw.some([("apikey", "1"), ("startPeriod", "2000"), ("endPeriod", "2030")], 0, 2)
    if flow.shape.time is None:
        pairs = []
    return _Request(draw, flow, is_v1, resource, path, pairs, draw.pick([*ACCEPTED]))


def _always(_request: _Request) -> bool:
    return True


def _is_v2(request: _Request) -> bool:
    return not request.is_v1


def _is_data(request: _Request) -> bool:
    return request.resource == "data"


def _is_v2_data(request: _Request) -> bool:
    return _is_v2(request) and _is_data(request)


def _bad_version(r: _Request) -> int:
    version = r.draw.pick((*INVALID, "one", "1.0.0.0", "v1", "1..0", "-1", "1.0.0-", "1,", "%20"))
    if r.is_v1:
        version = r.draw.pick(("one", "1.0.0.0", "v1", "1..0", "-1", "1.0.0-"))
        r.path[0] = f"{r.flow.agency},{r.flow.id},{version}"
    else:
        r.path[3] = version
    return 400


def _bad_agency(r: _Request) -> int:
    agency = r.draw.pick(("1CONF", "CO NF", "CONF.", ".CONF", "CO$NF", "CONF..SUB", "%3Cb%3E", "-"))
    if r.is_v1:
        r.path[0] = f"{agency.replace(' ', '%20')},{r.flow.id},{r.flow.version}"
    else:
        r.path[1] = agency.replace(" ", "%20")
    return 400


def _bad_id(r: _Request) -> int:
    id_ = r.draw.pick(("DF%20MAIN", "DF.MAIN", "DF%2FMAIN", "DF%3AMAIN", "%C3%9C", "DF!", "a'b"))
    if r.is_v1:
        r.path[0] = f"{r.flow.agency},{id_},{r.flow.version}"
    else:
        r.path[2] = id_
    return 400


def _unknown_artefact(r: _Request) -> int:
    place = r.draw.number(0, 2)
    words = [r.flow.agency, r.flow.id, r.flow.version]
    words[place] = ("NOBODY", r.draw.pick(("NOPE", r.flow.id.lower(), "$@-_1")), "9.9.9")[place]
    if r.is_v1:
        r.path[0] = ",".join(words)
    else:
        r.path[1:4] = words
    return 404


def _bad_context(r: _Request) -> int:
    r.path[0] = r.draw.pick(("Dataflow", "DATAFLOW", "metadataflow", "codelist", "nonsense", "~"))
    return 400


def _long_key(r: _Request) -> int:
    positions = len(r.flow.shape.key) + r.draw.number(1, 40)
    blank = "" if r.is_v1 else r.draw.pick(("*", ""))
    r.key(".".join(r.draw.pick(("A", "SWE", blank)) for _ in range(positions - 1)) + ".A")
    return r.semantic


def _key_of_the_other_api(r: _Request) -> int:
    first = r.flow.shape.key[0][0]
    r.key(f"{first},B" if r.is_v1 else r.draw.pick((f"{first}+B", f"{first}%2BB", "A.B+C")))
    return 400


def _empty_alternative(r: _Request) -> int:
    r.key(r.draw.pick(("A+", "+A", "A++B", "+", "A.B+")))
    return 400


def _too_long_a_path(r: _Request) -> int:
    extra = ["all"] * 5 if r.is_v1 else ["*"] * 3
    r.path += [*extra, "more"]
    return 400


def _empty_segment(r: _Request) -> int:
    r.path = [*r.path[:1], "", *r.path[1:], "x"]
    return 400


def _text_in_query(r: _Request, name: str, values: tuple[str, ...], *, is_written: bool) -> None:
    value = r.draw.pick(values)
    r.pairs = [pair for pair in r.pairs if pair[0] != name]
    r.pairs.append((name, value if is_written else hand(r.draw).write(value, IN_QUERY)))


_NO_TIMES = ("soon", "2020-13", "2020-00", "2020-02-30", "2021-02-29", "2020-Q5", "2020-Q0", "20",
             "2020-M1", "2020-M13", "2020-W54", "2021-W53", "2020-D367", "2021-D366", "2020-A2",
             "2020-1", "2020-01-01T25:00:00", "2020-01-01T24:00:01", "2020-01-01/P", "2020-T4",
             "2020-S3", "2020-01-01T12:60:00", "2020-01-01+15:00", "99999", "２０２０", "2020-",
             "2020-01-01/P99999999999Y", "2020/2021", "2020-01-01/PT", "-2020", "2020-01-01T12:00",
             "2020-01-01 00:00:00", "0000")  # fmt: skip


def _bad_period(r: _Request) -> int:
    if r.is_v1 or r.draw.chance(0.4):
        _text_in_query(r, r.draw.pick(("startPeriod", "endPeriod")), (*_NO_TIMES, ""), is_written=0)
        return 400
    value = r.draw.pick([v for v in _NO_TIMES if " " not in v])
    operator = r.draw.pick(("", "eq:", "ge:", "lt:", "ne:"))
    r.pairs.append(("c[TIME_PERIOD]", hand(r.draw).write(operator + value, IN_QUERY)))
    return 400


def _has_time(r: _Request) -> bool:
    return r.flow.shape.time is not None


def _has_no_time(r: _Request) -> bool:
    return not _has_time(r)


def _time_without_time(r: _Request) -> int:
    _text_in_query(r, r.draw.pick(("startPeriod", "endPeriod")), ("2020", "2020-Q1"), is_written=0)
    return r.semantic


def _bad_instant(r: _Request) -> int:
    name = "updatedAfter" if r.is_v1 or r.draw.chance(0.6) else "asOf"
    values = ("soon", "2026-13-01", "", "2026-02-30", "2026-01-01T25:00:00Z", "20266", "now", "-1",
              "2026-01-01T00:00:00+25:00", "2026-01-01T00:00:00%2B99:99", "1e9", "99999999999")  # fmt: skip
    _text_in_query(r, name, values, is_written=1)
    return 400


def _contradiction(r: _Request) -> int:
    r.pairs += [("asOf", "2026-01-01T00:00:00Z"), ("updatedAfter", "2026-02-01T00:00:00Z")]
    return 400


def _bad_count(r: _Request) -> int:
    names = ["firstNObservations", "lastNObservations"] + ([] if r.is_v1 else ["limit"])
    values = ("0", "-1", "x", "1.5", "", "1e3", "%EF%BC%91", "0x10", "+1", "9" * 40, "1%20", "1,2")
    values = tuple(value for value in values if value != "1%20")
    _text_in_query(r, r.draw.pick(names), values, is_written=1)
    return 400


def _bad_word(r: _Request) -> int:
    words = {"includeHistory": ("perhaps", "", "yes!", "2"), "lang": ("1x1", "e_n", "-", "en-")}
    if r.is_v1:
        words["detail"] = ("some", "FULL", "Full", "", "raw", "full,dataonly", "nodata.")
    else:
        words |= {
            "offset": ("-1", "x", "", "1.0"),
            "sort": (
                "",
                "SEX:up",
                "AREA%2B",
                "AREA:DESC",
                "AREA,SEX",
                "*:*",
                "AREA:asc:asc",
                "a b",
            ),
            "attributes": ("none,dsd", "", "dsd,,obs", "*", "1X", "obs,", "a%20b"),
            "measures": ("none,OBS_VALUE", "", "*", ",", "OBS VALUE".replace(" ", "%20")),
            "reportingYearStartDay": ("07-01", "--7-1", "--13-01", "July", "--01-32", ""),
            "dimensionAtObservation": ("", "AREA,SEX", "1", "*"),
        }
        words["sort"] = tuple(word for word in words["sort"] if word != "a b")
    if r.resource != "data":
        words = {"mode": ("some", "EXACT", "", "exact,available"),
                 "references": ("parents", "", "cousins", "none,,all", "Codelist"),
                 "lang": words["lang"]}  # fmt: skip
    name = r.draw.pick([*words])
    _text_in_query(r, name, words[name], is_written=1)
    return 400


def _unknown_component(r: _Request) -> int:
    id_ = r.draw.pick(("NOPE", "area", "Time_Period", "OBS-VALUE", "FREQ_"))
    name = r.draw.pick(("c", "attributes", "measures", "dimensionAtObservation", "sort"))
    if r.is_v1:
        name = "dimensionAtObservation"
    if name == "c" or r.resource != "data":
        r.pairs.append((f"c[{id_}]", r.draw.pick(("A", "ne:A", "2020", "co:x,sw:y+ew:z"))))
    else:
        r.pairs.append((name, id_))
    return r.semantic


def _wrong_role(r: _Request) -> int:
    name, id_ = r.draw.pick((("attributes", "AREA"), ("measures", "NOTE"), ("attributes", "OBS_VALUE"),
                             ("dimensionAtObservation", "OBS_VALUE"), ("measures", "AREA")))  # fmt: skip
    if r.is_v1:
        name, id_ = "dimensionAtObservation", "OBS_VALUE"
    r.pairs.append((name, id_))
    return r.semantic


def _bad_filter(r: _Request) -> int:
    value = r.draw.pick(("", "zz:F", "EQ:A", "F,", ",F", "F%2B", "F+", "+F", "ne:", "A,,B", "eq:A+ne:",
                         "is:A", "A+,B", "%ff", "%00", "%0a", "like:A", "GE:2020", ",", "+"))  # fmt: skip
    value = value if value not in ("EQ:A", "GE:2020", "like:A") else "xx:A"
    r.pairs.append((r.draw.pick(("c[AREA]", "c%5BAREA%5D")), value))
    return 400


def _bad_filter_name(r: _Request) -> int:
    name = r.draw.pick(("c", "c[]", "c[AREA", "c[AREA][x]", "c[1X]", "c[A.B]", "c[*]", "c[AREA]x",
                        "c[%20AREA]", "c[AREA%00]", "c[A,B]"))  # fmt: skip
    r.pairs.append((name, "A"))
    return 400


def _bad_number(r: _Request) -> int:
    value = r.draw.pick(("many", "1,5x", "0x10", "1_000", "inf", "-Infinity", "--1", "1e", "e5", "",
                         "１２", "1.2.3", "%C2%A0" "1", "1e99999999999", "1e1e1"))  # fmt: skip
    operator = r.draw.pick(("", "eq:", "ge:", "lt:", "ne:"))
    written = value if "%" in value else hand(r.draw).write(value.replace(",", "."), IN_QUERY)
    r.pairs.append(("c[OBS_VALUE]", operator + written))
    return 400


def _broken_encoding(r: _Request) -> int:
    text = r.draw.pick((*_UNCODED, *_BROKEN_BYTES))
    place = r.draw.number(0, 2)
    if place == 0:
        r.key(f"A.{text}" if len(r.flow.shape.key) > 1 else text)
    elif place == 1:
        r.pairs.append(
            (r.draw.pick(("startPeriod", "updatedAfter", "dimensionAtObservation")), text)
        )
        r.pairs = [p for p in r.pairs if p[0] != r.pairs[-1][0] or p[1] == text]
        if r.resource != "data":
            r.pairs[-1] = ("mode", text)
    else:
        r.path[-1] += text
    return 400


def _twice(r: _Request) -> int:
    names = ("startPeriod", "endPeriod") if _has_time(r) else ("updatedAfter",)
    name = r.draw.pick(names)
    r.pairs = [pair for pair in r.pairs if pair[0] != name]
    r.pairs += [(name, "2019"), (name, "2020")]
    return 400


def _unacceptable(r: _Request) -> int:
    if r.draw.chance(0.5):
        value = r.draw.pick(("nonsense", "text/html", "image/png", "schema", "jsonschema"))
        r.pairs.append(("format", value))
        r.accept = "text/html"
    else:
        kind = "data" if r.resource == "data" else "structure"
        r.accept = r.draw.pick((
            "text/html", "image/*", f"{_P}{kind}+json;version=9.0.0", f"{_P}{kind}+yaml",
            f"{_P}{kind}+xml;version=2.0", "application/json;q=0", "*/*;q=0", "nonsense", "/",
            f"{_P}{kind}+json;version=x.y", f"{_P}{kind}+json;version=~.0.*",
        ))  # fmt: skip
    return 406


def _bad_weight(r: _Request) -> int:
    weight = r.draw.pick(("2", "-1", "x", "1.5", "", "nan", "inf", "1e400", "0,5"))
    r.accept = f"{r.draw.pick(('*/*', 'application/xml', 'application/json'))};q={weight}"
    if weight == "0,5":
        r.accept = "application/xml;q=1,application/json;q=two"
    return 400


def _bad_compression(r: _Request) -> int:
    r.pairs.append(("compression", r.draw.pick(("rot13", "GZIPP", "exi", "*"))))
    return 406


def _no_such_language(r: _Request) -> int:
    r.pairs.append(("lang", r.draw.pick(("sv", "zh-Hant", "x"))))
    return 406


def _too_long(r: _Request) -> int:
    if r.draw.chance(0.5):
        r.pairs.append(("x", r.draw.pick(("y", "%41", "+", "[")) * 9000))
    else:
        r.key(r.draw.pick(("A.", "A,", "%2C", "*")) * 9000)
    return 414


def _wrong_method(r: _Request) -> int:
    r.method = r.draw.pick(
        ("POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "get", "PROPFIND")
    )
    return 405


def _unknown_resource(r: _Request) -> int:
    r.resource = r.draw.pick(("Data", "DATA", "datas", "observation", "data.json", ".well-known"))
    if r.resource == "data.json" and r.accept in (None, "*/*", "application/json"):
        r.accept = "application/xml"
    if r.accept not in ("application/xml", "text/html, application/xml;q=0.1"):
        r.accept = "application/xml"
    return 404


_FAULTS: list[tuple[Callable[[_Request], int], Callable[[_Request], bool]]] = [
    (_bad_version, _always),
    (_bad_agency, _always),
    (_bad_id, _always),
    (_unknown_artefact, _always),
    (_bad_context, _is_v2),
    (_long_key, _always),
    (_key_of_the_other_api, _always),
    (_empty_alternative, lambda r: r.is_v1),
    (_too_long_a_path, _always),
    (_empty_segment, _always),
    (_bad_period, _has_time),
    (_time_without_time, _has_no_time),
    (_bad_instant, _always),
    (_contradiction, _is_v2),
    (_bad_count, _is_data),
    (_bad_word, _always),
    (_unknown_component, lambda r: r.resource != "availableconstraint"),
    (_wrong_role, _is_data),
    (_bad_filter, _is_v2),
    (_bad_filter_name, _is_v2),
    (_bad_number, _is_v2),
    (_broken_encoding, _always),
    (_twice, _always),
    (_unacceptable, _always),
    (_bad_weight, _always),
    (_bad_compression, _is_data),
    (_no_such_language, _is_data),
    (_too_long, _always),
    (_wrong_method, _always),
    (_unknown_resource, _always),
]
