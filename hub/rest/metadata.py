"""The metadata resource: from query values to messages of metadata sets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hub.errors import BadRequest, NotFound, NotSupported
from hub.formats.metadata import write as write_metadata
from hub.model import InternationalString, Structures, parse_object_urn
from hub.rest.answers import Answer, Message
from hub.rest.call import Call
from hub.rest.conditional import Validators, digest, structures_digest
from hub.rest.language import language_of
from hub.rest.metadata_query import (
    MetadataQuery,
    parse_metadata_query,
    parse_metadata_query_v1,
)
from hub.rest.metadata_selection import flow_of, select_entries
from hub.rest.negotiation import choose
from hub.rest.offers import metadata_form, metadata_offers
from hub.rest.service import Service
from hub.rest.vintage import is_to_come, known_at
from hub.store.metadata_reading import open_sets
from hub.store.metadata_sets import metadata_shelf

#: As many sets are kept in memory while they are written; more are read again for each pass.
_FEW = 50


def answer_metadata(service: Service, call: Call) -> Answer | None:
    """Answer a metadata query of either API; None where no set matches.

    Raises NotFound where a set, flow or structure is named that does not exist.
    """
    if service.store is None:
        raise NotSupported("metadata sets are not served by this node")
    choice = choose(metadata_offers(call.major), call.accept, call.parameters)
    parse = parse_metadata_query_v1 if call.major == 1 else parse_metadata_query
    query = parse(call.path, call.parameters)
    known = known_at(query.as_of, service.backend)
    at = None if is_to_come(query.as_of, service.backend) else query.as_of
    shelf = metadata_shelf(service.store, at)
    structures = known.structures
    found = tuple(
        entry
        for entry in select_entries(query, shelf.entries, structures)
        if flow_of(entry.context, structures) is not None
    )
    if not found:
        return None
    language = language_of((entry.name for entry in found), call.languages, call.parameters)
    changed = max(known.changed, shelf.changed or known.changed)
    identity = digest(
        [(entry.reference.urn, entry.loaded) for entry in found],
        structures_digest(structures),
        changed,
        replace(query, as_of=None),  # sets and structures say it all
        choice.content_type,
        call.languages,
        service.identity,
    )
    sets = open_sets(service.store, found, structures, kept=_FEW)

    def write() -> Message:
        written = write_metadata(
            service.header(identity, changed, call),
            sets,
            metadata_form(choice),
            call.languages or None,
            as_stubs=_is_stubs(query),
            name_of=_namer(structures),
        )
        return Message(written, is_short=len(found) <= _FEW)

    validators = Validators(identity, changed)
    return Answer(choice.content_type, validators, write, language, is_kept=known.is_kept)


def _is_stubs(query: MetadataQuery) -> bool:
    return query.detail == "allstubs"


def _namer(structures: Structures) -> Callable[[str], InternationalString]:
    """What gives the name of an object, or of the artefact it is in."""

    def name_of(urn: str) -> InternationalString:
        try:
            target = parse_object_urn(urn)
        except (BadRequest, NotFound):
            return InternationalString()
        artefact = structures.find(target.artefact)
        if artefact is None:
            return InternationalString()
        items = getattr(artefact, "by_id", {}) if target.item else {}
        item = items.get(target.item)
        return item.name if item is not None else artefact.name

    return name_of
