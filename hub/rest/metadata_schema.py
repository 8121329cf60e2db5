"""Schemas of metadata: what reports under a structure may hold (SDMX REST 2.2, "Schema queries").

Only SDMX-ML 2.1 has metadata that is specific to a structure, and so a schema of it; in all other
forms the official schemas of the messages hold, and the structures tell the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hub.errors import NotFound
from hub.formats.schema import SchemaForm
from hub.formats.schema.xsd.metadata import write_metadata_xsd
from hub.formats.structure import write as write_structures
from hub.model import (
    ArtefactClass,
    Codelist,
    ConceptScheme,
    Maintainable,
    SchemaQuery,
    Structures,
    ValueList,
)
from hub.model.metadata_schema import MetadataSchema, resolve_metadata, resolve_structure
from hub.rest.answers import Answer, Message
from hub.rest.call import Call
from hub.rest.conditional import Validators, digest, structures_digest
from hub.rest.matching import matching
from hub.rest.negotiation import choose
from hub.rest.offers import metadata_schema_offers
from hub.rest.schema_structures import agencies_of
from hub.rest.service import Service
from hub.rest.vintage import known_at

_CLASSES = {cls.rest_name: cls for cls in ArtefactClass}
_USED = Codelist | ValueList | ConceptScheme


def answer_metadata_schema(service: Service, call: Call, query: SchemaQuery) -> Answer:
    """Answer a schema query whose context is of metadata, in either API.

    Raises NotFound where there is no such artefact.
    """
    choice = choose(metadata_schema_offers(call.major), call.accept, call.parameters)
    known = known_at(query.as_of, service.backend)
    structures, changed = known.structures, known.changed
    schema = _resolved(query, structures)
    identity = digest(
        structures_digest(structures),
        changed,
        replace(query, as_of=None),  # the artefacts say it all
        choice.content_type,
        call.languages,
        service.identity,
    )
    form, languages = choice.offer.form, call.languages or None

    def write() -> Message:
        if isinstance(form, SchemaForm):
            written = write_metadata_xsd(schema, languages)
        else:
            header = service.header(identity, changed, call)
            found = tuple(_structures_of(schema, structures))
            every = (*found, *agencies_of(found, structures))
            written = write_structures(header, every, form, languages)
        return Message(iter((written,)), is_short=True)

    best = schema.flow.name.best_language(call.languages) if call.languages else None
    validators = Validators(identity, changed)
    return Answer(choice.content_type, validators, write, best or "", is_kept=known.is_kept)


def _resolved(query: SchemaQuery, structures: Structures) -> MetadataSchema:
    """The schema of what a query is about; of several versions that fit, the newest."""
    cls = _CLASSES[query.context]
    names = (query.agency,), (query.id,)
    found = matching(structures, (cls,), *names, query.versions, drafts=query.drafts)
    if not found:
        version = query.versions.patterns[0].text
        raise NotFound(
            f"there is no {query.context} {query.agency}:{query.id}({version}) on this node; "
            f"/structure/{query.context} lists those there are"
        )
    if cls is ArtefactClass.METADATA_STRUCTURE:
        return resolve_structure(found[0].reference, structures)
    return resolve_metadata(found[0].reference, structures)


def _structures_of(schema: MetadataSchema, structures: Structures) -> Iterator[Maintainable]:
    """The structure, and the lists and concepts its attributes use, each once."""
    yield schema.structure
    for reference in schema.structure.references():
        used = structures.find(reference)
        if isinstance(used, _USED):
            yield used
