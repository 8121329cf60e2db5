"""The feed of releases, `/feed.atom`: what became visible, the newest first (RFC 4287).

It is told from what readers see alone, so nothing that is held back is in it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from hub.errors import BadRequest, NotFound
from hub.formats.atom import MEDIA_TYPE, Entry, Feed, Link, write_feed
from hub.formats.message import instant
from hub.model import ArtefactClass, Dataflow, Reference, parse_reference
from hub.model.urn import AGENCY_ID, ARTEFACT_ID, VERSION
from hub.rest.answers import Answer, Message
from hub.rest.backend import Backend
from hub.rest.call import Call
from hub.rest.conditional import Validators, digest
from hub.rest.declared import Declared
from hub.rest.parameters import Parameters
from hub.rest.service import Service
from hub.store.dissemination import Dissemination
from hub.store.tables import MICROSECOND

PATH = "/feed.atom"
#: How many releases are told, and how many revisions of each.
ENTRIES, REVISIONS = 50, 10
#: The ids of feeds and entries are made from names within this one.
_NAMES = uuid.UUID("8c5e3d0e-4f6b-5d0c-9a43-6f0a7f1c2b64")
_CSV = "application/vnd.sdmx.data+csv;version=2.1.0"
_MOST_TEXT = 200


_FLOW = rf"^(?:{AGENCY_ID}):(?:{ARTEFACT_ID})(?:\((?:{VERSION})\))?$"


def _named_flow(parameters: Parameters) -> Reference | None:
    text = parameters.text("flow")
    if text is None:
        return None
    if re.fullmatch(_FLOW, text, re.ASCII) is None:
        raise BadRequest(
            f"flow={text[:100]} names no dataflow: write it like MIGX:DF_STOCK_BIRTH, or with its "
            "version like MIGX:DF_STOCK_BIRTH(1.0.0)"
        )
    return parse_reference(text, ArtefactClass.DATAFLOW, default_version="~")


#: The one dataflow that is asked for.
FLOW = Declared(
    "flow",
    _named_flow,
    {"type": "string", "pattern": _FLOW},
    "The releases of one dataflow alone.",
    "MIGX:DF_STOCK_BIRTH",
)


def answer_feed(service: Service, base_url: str, call: Call) -> Answer:
    """Answer a request for the feed of all flows, or of the one that `flow` names.

    Raises BadRequest where `flow` names none, NotFound where there is no such flow.
    """
    flow = _wanted(service.backend, FLOW.read(call.parameters))
    feed = _feed(service, (service.base_url or base_url).rstrip("/"), flow)
    body = write_feed(feed)

    def write() -> Message:
        return Message(iter((body,)), is_short=True)

    # What the addresses in it are depends on how the request came: it is written anew each time.
    return Answer(MEDIA_TYPE, Validators(digest(body), feed.updated), write, is_kept=False)


def _wanted(backend: Backend, asked: Reference | None) -> Dataflow | None:
    if asked is None:
        return None
    found = backend.structures.find(asked)
    if not isinstance(found, Dataflow):
        raise NotFound(f"there is no dataflow {asked} here")
    return found


def _feed(service: Service, root: str, flow: Dataflow | None) -> Feed:
    facts, reference = service.facts, None if flow is None else flow.reference
    found = service.backend.disseminations(ENTRIES, REVISIONS, reference)
    named = "" if flow is None else f"{flow.agency}:{flow.id}"
    of = facts.name if flow is None else f"{flow.name.best()}, {facts.name}"
    query = f"?flow={quote(named, safe=':')}" if named else ""
    return Feed(
        id=_id(facts.id, named),
        title=f"Releases of {of}",
        updated=found[0].at if found else service.backend.structures_changed,
        author=facts.name,
        links=(Link("self", f"{root}{PATH}{query}", MEDIA_TYPE),),
        entries=tuple(_entry(facts.id, root, one) for one in found),
        rights=facts.licence,
        software=facts.software_version,
    )


def _entry(node: str, root: str, one: Dissemination) -> Entry:
    flow, counts = one.flow, one.counts
    name = f"{flow.agency}:{flow.id}"
    told = f"{counts.added:,} added, {counts.revised:,} revised, {counts.withdrawn:,} withdrawn"
    data = f"{root}/sdmx/v2/data/dataflow/{flow.agency}/{flow.id}/{flow.version}"
    at, before = instant(one.at), instant(one.at - MICROSECOND)
    links = (
        Link("alternate", f"{data}?asOf={at}", _CSV, "The data of this release"),
        Link("related", f"{data}?updatedAfter={before}&asOf={at}", _CSV, "What changed"),
    )
    return Entry(
        id=_id(node, name, at),
        title=f"{flow.name.best()}: {told}",
        updated=one.at,
        category=name,
        links=links,
        paragraphs=(*one.notes, f"{name}: {told}.", f"Release {one.release}."),
        table=_table(one),
    )


def _table(one: Dissemination) -> tuple[tuple[str, ...], ...]:
    """The largest revisions, with a head; nothing where there is none."""
    if not one.revisions:
        return ()
    dimensions = tuple(one.revisions[0].key)
    rows = [
        (*(_cut(revision.key[name]) for name in dimensions), *_values(revision.old, revision.new))
        for revision in one.revisions
    ]
    return ((*dimensions, "old value", "new value"), *rows)


def _values(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, str]:
    """The measure before and after: of what differs, it stands first."""
    measure = next(iter(old))
    return _cut(_number(old[measure])), _cut(_number(new[measure]))


def _number(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}…"


def _id(*names: str) -> str:
    return uuid.uuid5(_NAMES, "\x1f".join(names)).urn
