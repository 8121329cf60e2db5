"""The structure and availability resources: from query values to structure messages."""

from __future__ import annotations

from collections.abc import Iterator

from hub.errors import NotFound
from hub.formats.structure import StructureForm
from hub.formats.structure import write as write_structures
from hub.model import Maintainable, StructureQuery
from hub.rest.answers import Answer
from hub.rest.availability import actual_constraint, referenced, wanted_components
from hub.rest.call import Call
from hub.rest.checking import check_selection, refuse_time_travel
from hub.rest.conditional import Validators, digest, structures_digest
from hub.rest.data_query import parse_availability_query
from hub.rest.negotiation import Choice, choose
from hub.rest.offers import structure_offers
from hub.rest.service import Service
from hub.rest.structure_query import parse_structure_query, parse_structure_query_v1
from hub.rest.structure_selection import StructureAnswer, select_structures
from hub.rest.targets import find_targets


def answer_structure(service: Service, call: Call) -> Answer | None:
    """Answer a structure query of either API; None where a query with wildcards finds nothing.

    Raises NotFound where what is named does not exist.
    """
    choice = choose(structure_offers(call.major), call.accept, call.parameters)
    parse = parse_structure_query_v1 if call.major == 1 else parse_structure_query
    query = parse(call.path, call.parameters)
    structures = service.backend.structures
    found = select_structures(structures, query)
    if not found.artefacts:
        if query.agencies and query.ids:
            raise NotFound(_missing(query))
        return None
    changed = service.backend.structures_changed
    identity = digest(
        structures_digest(structures), query, choice.content_type, call.languages, service.facts
    )

    def write() -> Iterator[bytes]:
        return _message(service, call, choice, identity, found)

    return Answer(choice.content_type, Validators(identity, changed), write)


def answer_availability(service: Service, call: Call) -> Answer | None:
    """Answer an availability query of API 2.x; None where no data matches."""
    choice = choose(structure_offers(call.major), call.accept, call.parameters)
    query = parse_availability_query(call.path, call.parameters)
    refuse_time_travel(query.selection)
    structures = service.backend.structures
    targets = find_targets(query.context, service.backend, structures, service.limits.flows)
    if not targets:
        return None
    selections = [check_selection(query.selection, target.schema) for target in targets]
    components = [wanted_components(query, target.schema) for target in targets]
    changed = max(target.release.visible_from for target in targets)
    identity = digest(
        [(target.schema.context, target.release.id) for target in targets],
        structures_digest(structures),
        query,
        choice.content_type,
        call.languages,
        service.facts,
    )

    def write() -> Iterator[bytes] | None:
        artefacts: dict[str, Maintainable] = {}
        others: dict[str, Maintainable] = {}
        for target, selection, wanted in zip(targets, selections, components, strict=True):
            found = service.backend.availability(
                target.release, target.schema, selection, query.mode
            )
            if found.obs_count:
                constraint = actual_constraint(target.schema, found, wanted)
                artefacts[constraint.urn] = constraint
                for other in referenced(query, target.schema, found, wanted, structures):
                    others[other.urn] = other
        if not artefacts:
            return None
        answer = StructureAnswer(artefacts=(*artefacts.values(), *others.values()))
        return _message(service, call, choice, identity, answer)

    return Answer(choice.content_type, Validators(identity, changed), write)


def _message(
    service: Service,
    call: Call,
    choice: Choice[StructureForm],
    identity: str,
    answer: StructureAnswer,
) -> Iterator[bytes]:
    header = service.header(identity, service.backend.structures_changed, call)
    return iter(
        write_structures(
            header,
            answer.artefacts,
            choice.offer.form,
            stubs=answer.stubs,
            complete_stubs=answer.stubs_are_complete,
            languages=call.languages or None,
        )
    )


def _missing(query: StructureQuery) -> str:
    kinds = ", ".join(cls.rest_name for cls in query.classes or ()) or "artefact of that type"
    versions = ",".join(pattern.text for pattern in query.versions.patterns)
    name = f"{','.join(query.agencies)}:{','.join(query.ids)}({versions})"
    items = f" with items {','.join(query.items)}" if query.items else ""
    return f"there is no {kinds} {name}{items} on this node; ask without version to see what is"
