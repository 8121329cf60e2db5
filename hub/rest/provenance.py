"""Where an observation comes from, `/provenance/{flow}/{key}`: PROV-JSON (W3C PROV)."""

from __future__ import annotations

import json

from federation.provenance import explain
from federation.provenance.prov import prov_of
from hub.errors import BadRequest, NotFound, NotSupported
from hub.model import ArtefactClass, Reference, Structures, parse_reference
from hub.rest.answers import Answer, Message
from hub.rest.call import Call
from hub.rest.conditional import Validators, digest
from hub.rest.media_type import MediaType
from hub.rest.negotiation import Offer, choose
from hub.rest.parameters import decode
from hub.rest.service import Service

ROOT = "/provenance"
#: The parameters of its path.
PATH = ("flow", "key")
OFFERS = (Offer(MediaType("application/json"), None),)


def answer_provenance(service: Service, call: Call) -> Answer:
    """What an observation was made of, and where that came from.

    Only what readers see now is explained. What is told may change while the release does not (a
    purge of archived bytes): the answer is written first, and its digest is what identifies it.
    """
    if service.store is None:
        raise NotSupported("this service has no store, so it cannot tell where figures come from")
    content_type = choose(OFFERS, call.accept, call.parameters).content_type
    flow, key = _asked(call.path)
    reference = _flow(flow, service.backend.structures)
    (told,) = explain(service.store, reference, [key])
    body = json.dumps(prov_of(told, service.facts.id), ensure_ascii=False, default=str).encode()

    def write() -> Message:
        return Message(iter((body,)), is_short=True)

    return Answer(content_type, Validators(digest(body)), write, is_kept=False)


def _asked(path: str) -> tuple[str, str]:
    """The flow and the key in a path; a slash at its end makes no difference."""
    segments = path.removesuffix("/").split("/")
    if len(segments) != len(PATH) or not all(segments):
        raise BadRequest(
            f"write {ROOT}/FLOW/KEY: a dataflow such as MIGX:DF_EMIGRANTS, and a value for each of "
            "its dimensions with dots between them, time last"
        )
    flow, key = (decode(text, f"the {name}") for text, name in zip(segments, PATH, strict=True))
    return flow, key


def _flow(text: str, structures: Structures) -> Reference:
    asked = parse_reference(text, ArtefactClass.DATAFLOW, default_version="~")
    found = structures.find(asked)
    if found is None:
        raise NotFound(f"there is no dataflow {text[:200]}; /sdmx/v2/structure/dataflow lists them")
    return found.reference
