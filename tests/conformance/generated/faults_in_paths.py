"""Faults in paths: each function damages a legal request and says the status it then has."""

from __future__ import annotations

from collections.abc import Callable

from tests.conformance.cases.versions import INVALID
from tests.conformance.generated.broken import Request


def bad_version(r: Request) -> int:
    version = r.draw.pick((*INVALID, "one", "1.0.0.0", "v1", "1..0", "-1", "1.0.0-", "1,", "%20"))
    if r.is_v1:
        version = r.draw.pick(("one", "1.0.0.0", "v1", "1..0", "-1", "1.0.0-"))
        r.path[0] = f"{r.flow.agency},{r.flow.id},{version}"
    else:
        r.path[3] = version
    return 400


def bad_agency(r: Request) -> int:
    agency = r.draw.pick(("1CONF", "CO NF", "CONF.", ".CONF", "CO$NF", "CONF..SUB", "%3Cb%3E", "-"))
    if r.is_v1:
        r.path[0] = f"{agency.replace(' ', '%20')},{r.flow.id},{r.flow.version}"
    else:
        r.path[1] = agency.replace(" ", "%20")
    return 400


def bad_id(r: Request) -> int:
    id_ = r.draw.pick(("DF%20MAIN", "DF.MAIN", "DF%2FMAIN", "DF%3AMAIN", "%C3%9C", "DF!", "a'b"))
    if r.is_v1:
        r.path[0] = f"{r.flow.agency},{id_},{r.flow.version}"
    else:
        r.path[2] = id_
    return 400


def unknown_artefact(r: Request) -> int:
    place = r.draw.number(0, 2)
    words = [r.flow.agency, r.flow.id, r.flow.version]
    words[place] = ("NOBODY", r.draw.pick(("NOPE", r.flow.id.lower(), "$@-_1")), "9.9.9")[place]
    if r.is_v1:
        r.path[0] = ",".join(words)
    else:
        r.path[1:4] = words
    return 404


def bad_context(r: Request) -> int:
    r.path[0] = r.draw.pick(("Dataflow", "DATAFLOW", "metadataflow", "codelist", "nonsense", "~"))
    return 400


def long_key(r: Request) -> int:
    positions = len(r.flow.shape.key) + r.draw.number(1, 40)
    blank = "" if r.is_v1 else r.draw.pick(("*", ""))
    r.key(".".join(r.draw.pick(("A", "SWE", blank)) for _ in range(positions - 1)) + ".A")
    return r.semantic


def key_of_the_other_api(r: Request) -> int:
    first = r.flow.shape.key[0][0]
    r.key(f"{first},B" if r.is_v1 else r.draw.pick((f"{first}+B", f"{first}%2BB", "A.B+C")))
    return 400


def empty_alternative(r: Request) -> int:
    r.key(r.draw.pick(("A+", "+A", "A++B", "+", "A.B+")))
    return 400


def too_long_a_path(r: Request) -> int:
    extra = ["all"] * 5 if r.is_v1 else ["*"] * 3
    r.path += [*extra, "more"]
    return 400


def empty_segment(r: Request) -> int:
    r.path = [*r.path[:1], "", *r.path[1:], "x"]
    return 400


def unknown_resource(r: Request) -> int:
    r.resource = r.draw.pick(("Data", "DATA", "datas", "observation", "data.json", ".well-known"))
    if r.resource == "data.json" and r.accept in (None, "*/*", "application/json"):
        r.accept = "application/xml"
    if r.accept not in ("application/xml", "text/html, application/xml;q=0.1"):
        r.accept = "application/xml"
    return 404


#: The faults, and the requests each can be put in.
FAULTS: tuple[tuple[Callable[[Request], int], Callable[[Request], bool]], ...] = (
    (bad_version, lambda r: True),
    (bad_agency, lambda r: True),
    (bad_id, lambda r: True),
    (unknown_artefact, lambda r: True),
    (bad_context, lambda r: not r.is_v1),
    (long_key, lambda r: True),
    (key_of_the_other_api, lambda r: True),
    (empty_alternative, lambda r: r.is_v1),
    (too_long_a_path, lambda r: True),
    (empty_segment, lambda r: True),
    (unknown_resource, lambda r: True),
)
