"""The schema resource: what data may hold, as a schema or as the structures that say so."""

from __future__ import annotations

from dataclasses import replace

from hub.errors import NotFound
from hub.formats.data.layout import dimension_at_observation
from hub.formats.schema import Places, SchemaForm, Usage
from hub.formats.schema import write as write_schema
from hub.formats.structure import write as write_structures
from hub.model import ArtefactClass, Reference, Schema, SchemaQuery, Structures, resolve
from hub.rest.answers import Answer, Message
from hub.rest.call import Call
from hub.rest.conditional import Validators, digest, structures_digest
from hub.rest.matching import matching
from hub.rest.metadata_schema import answer_metadata_schema
from hub.rest.negotiation import choose
from hub.rest.offers import schema_offers
from hub.rest.schema_query import parse_schema_query, parse_schema_query_v1
from hub.rest.schema_structures import structures_of
from hub.rest.service import Service
from hub.rest.vintage import known_at

_CLASSES = {cls.rest_name: cls for cls in ArtefactClass}


def answer_schema(service: Service, call: Call) -> Answer:
    """Answer a schema query of either API.

    Raises NotFound where there is no such artefact, Unprocessable for a dimension at observation
    level that its structure does not have.
    """
    parse = parse_schema_query_v1 if call.major == 1 else parse_schema_query
    if call.path.lstrip("/").startswith("metadata"):
        return answer_metadata_schema(service, call, parse(call.path, call.parameters))
    choice = choose(schema_offers(call.major), call.accept, call.parameters)
    query = parse(call.path, call.parameters)
    known = known_at(query.as_of, service.backend)
    structures, changed = known.structures, known.changed
    schema = resolve(_context(query, structures), structures)
    at = dimension_at_observation(schema, query.dimension_at_observation)
    places = Places(schema=schema, at=at, usage=_usage(query, call.major))
    identity = digest(
        structures_digest(structures),
        changed,
        replace(query, as_of=None),  # the artefacts say it all
        choice.content_type,
        call.languages,
        service.identity,
        call.major,
    )
    form, languages = choice.offer.form, call.languages or None

    def write() -> Message:
        if isinstance(form, SchemaForm):
            written = write_schema(places, form, languages)
        else:
            header = service.header(identity, changed, call)
            found = structures_of(schema, structures, form)
            written = write_structures(header, found, form, languages)
        return Message(iter((written,)), is_short=True)

    validators, language = Validators(identity, changed), _language(schema, call)
    return Answer(choice.content_type, validators, write, language, is_kept=known.is_kept)


def _context(query: SchemaQuery, structures: Structures) -> Reference:
    """The artefact a query is about; of several versions that fit, the newest."""
    cls = _CLASSES.get(query.context)
    found = matching(
        structures,
        (cls,) if cls else (),
        (query.agency,),
        (query.id,),
        query.versions,
        drafts=query.drafts,
    )
    if not found:
        version = query.versions.patterns[0].text
        raise NotFound(
            f"there is no {query.context} {query.agency}:{query.id}({version}) on this node; "
            f"/structure/{query.context} lists those there are"
        )
    return found[0].reference


def _usage(query: SchemaQuery, major: int) -> Usage:
    """What the schema asks of data.

    API 1.5 has one schema for every message, so there measures and attributes may always be left
    out (SDMX-ML 2.1), unless a client tells that data is not to be deleted.
    """
    if query.deletion is None and major == 1:
        return Usage.OPTIONAL
    return Usage.DELETION if query.deletion else Usage.DECLARED


def _language(schema: Schema, call: Call) -> str:
    flow = schema.dataflow or schema.structure
    return (flow.name.best_language(call.languages) or "") if call.languages else ""
