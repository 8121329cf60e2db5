"""The structure and availability resources: from query values to structure messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hub.errors import NotFound, Unprocessable
from hub.formats.memo import derived
from hub.formats.message import Header
from hub.formats.structure import Model, StructureForm, Stub, obstacle
from hub.formats.structure import write as write_structures
from hub.model import (
    SINCE_30,
    Availability,
    AvailabilityQuery,
    DataConstraint,
    Maintainable,
    Reference,
    Selection,
    StructureQuery,
    Structures,
)
from hub.model.counterparts import in_21
from hub.rest.answers import Answer, Message
from hub.rest.availability import (
    actual_constraint,
    merged,
    referenced,
    told_components,
    wanted_components,
)
from hub.rest.backend import Backend
from hub.rest.call import Call
from hub.rest.checking import check_selection
from hub.rest.conditional import Validators, digest, structures_digest
from hub.rest.data_query import parse_availability_query
from hub.rest.data_query_v1 import parse_availability_query_v1
from hub.rest.language import language_of
from hub.rest.negotiation import choose
from hub.rest.observations import change_log
from hub.rest.offers import structure_offers
from hub.rest.service import Service
from hub.rest.structure_query import parse_structure_query, parse_structure_query_v1
from hub.rest.structure_selection import StructureAnswer, select_structures
from hub.rest.targets import Target, find_targets
from hub.rest.views import view
from hub.rest.vintage import is_to_come, known_at

#: As many kinds of artefacts are told by name.
_FEW_KINDS = 5


def answer_structure(service: Service, call: Call) -> Answer | None:
    """Answer a structure query of either API; None where a query with wildcards finds nothing.

    Raises NotFound where what is named does not exist.
    """
    choice = choose(structure_offers(call.major), call.accept, call.parameters)
    form = choice.offer.form
    parse = parse_structure_query_v1 if call.major == 1 else parse_structure_query
    query = parse(call.path, call.parameters)
    known = known_at(query.as_of, service.backend)
    found = select_structures(known.structures, query, form)
    if not found.artefacts:
        if query.agencies and query.ids:
            raise NotFound(_missing(query))
        return None
    names = (artefact.name for artefact in found.artefacts)
    language = language_of(names, call.languages, call.parameters)
    changed = known.changed
    identity = digest(
        structures_digest(known.structures),
        changed,
        replace(query, as_of=None),  # the artefacts say it all
        choice.content_type,
        call.languages,
        service.identity,
    )

    def write() -> Message:
        header = service.header(identity, changed, call)
        seen = view(known.structures, v1=query.is_v1)
        named = found.matched if query.agencies and query.ids else 0
        answer = _expressible(_in_words_of(found, form, seen), named, form)
        return _message(header, form, answer, call)

    validators = Validators(identity, changed)
    return Answer(choice.content_type, validators, write, language, is_kept=known.is_kept)


def answer_availability(service: Service, call: Call) -> Answer | None:
    """Answer an availability query of either API; None where no data matches."""
    choice = choose(structure_offers(call.major), call.accept, call.parameters)
    parse = parse_availability_query_v1 if call.major == 1 else parse_availability_query
    query = parse(call.path, call.parameters)
    is_early = is_to_come(query.selection.as_of, service.backend)
    if is_early:
        query = replace(query, selection=replace(query.selection, as_of=None))
    structures = service.backend.structures
    targets = find_targets(
        query.context, query.selection, service.backend, structures, service.limits.flows
    )
    if not targets:
        return None
    asked = _asked(query, targets)
    changed = max(one.target.release.visible_from for one in asked)
    identity = digest(
        [(one.target.schema.context.urn, one.target.release.id) for one in asked],
        changed,
        structures_digest(structures),
        query,
        choice.content_type,
        call.languages,
        service.identity,
    )

    def write() -> Message | None:
        found = _available(service.backend, structures, query, asked)
        if not found.artefacts:
            return None
        header, form = service.header(identity, changed, call), choice.offer.form
        return _message(header, form, _expressible(found, found.matched, form), call)

    validators = Validators(identity, changed)
    return Answer(choice.content_type, validators, write, is_kept=not is_early)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of a target: a checked selection, and the dimensions to tell."""

    target: Target
    selection: Selection
    components: tuple[str, ...]


def _asked(query: AvailabilityQuery, targets: Iterable[Target]) -> list[_Asked]:
    """Check the query for each target.

    Of several structures, those that do not have what is asked for are passed over, as in data
    queries; it is an error where none has it.
    """
    asked: list[_Asked] = []
    refused: Unprocessable | None = None
    for target in targets:
        try:
            selection = check_selection(query.selection, target.schema)
            asked.append(_Asked(target, selection, wanted_components(query, target.schema)))
        except Unprocessable as error:
            refused = refused or error
    if refused is not None and not asked:
        raise refused
    return asked


def _available(
    backend: Backend, structures: Structures, query: AvailabilityQuery, asked: Sequence[_Asked]
) -> StructureAnswer:
    """What is available of each target that has anything, constraints before what they refer to."""
    constraints: dict[Reference, Maintainable] = {}
    others: dict[Reference, Maintainable] = {}
    for context in dict.fromkeys(one.target.schema.context for one in asked):
        group = [one for one in asked if one.target.schema.context == context]
        parts = [_found(backend, one.target, one.selection, query.mode) for one in group]
        parts = [part for part in parts if part.obs_count]
        if not parts:
            continue
        one, found = group[0], merged(parts)
        constraint = _constraint(one, query, found, is_alone=len(group) == 1)
        constraints[constraint.reference] = constraint
        for other in referenced(query, one.target, found, one.components, structures):
            others[other.reference] = other
    artefacts = (*constraints.values(), *others.values())
    return StructureAnswer(artefacts=artefacts, matched=len(constraints))


def _constraint(
    one: _Asked, query: AvailabilityQuery, found: Availability, *, is_alone: bool
) -> DataConstraint:
    """What is available as a constraint; that of a whole release is made once."""
    selection, schema = one.selection, one.target.schema
    components = told_components(query, schema)

    def make() -> DataConstraint:
        return actual_constraint(schema, found, components, v1=query.is_v1)

    if not is_alone or selection.keys or selection.filters or selection.is_about_changes:
        return make()
    return derived(schema, ("available", query.is_v1, one.target.release.id, *components), make)


def _found(backend: Backend, target: Target, selection: Selection, mode: str) -> Availability:
    if not selection.is_about_changes:
        return backend.availability(target.release, target.schema, selection, mode)
    log = change_log(backend, target, selection)
    return backend.availability_of_changes(log, target.schema, selection, mode)


def _message(header: Header, form: StructureForm, answer: StructureAnswer, call: Call) -> Message:
    written = write_structures(
        header,
        answer.artefacts,
        form,
        call.languages or None,
        as_stub=answer.stubs,
        stub=Stub.COMPLETE if answer.stubs_are_complete else Stub.NAMED,
    )
    return Message(iter((written,)), is_short=True)


def _in_words_of(
    answer: StructureAnswer, form: StructureForm, structures: Structures
) -> StructureAnswer:
    """Put what SDMX 2.1 has instead in the place of what it does not have, in a form of 2.1."""
    if form.model is not Model.V21:
        return answer
    there = {
        artefact.reference: in_21(artefact, structures.find) or artefact
        for artefact in answer.artefacts
        if artefact.artefact_class in SINCE_30
    }
    references = {reference: artefact.reference for reference, artefact in there.items()}
    return replace(
        answer,
        artefacts=tuple(there.get(a.reference, a) for a in answer.artefacts),
        stubs=frozenset(references.get(reference, reference) for reference in answer.stubs),
    )


def _expressible(answer: StructureAnswer, named: int, form: StructureForm) -> StructureAnswer:
    """Pass over what a form cannot express, unless it was named or nothing would be left.

    Then the writer says why it cannot, and which form can. The first artefacts are `named`.
    """
    kept = tuple(
        artefact
        for position, artefact in enumerate(answer.artefacts)
        if position < named
        or obstacle(artefact, form, is_stub=artefact.reference in answer.stubs) is None
    )
    return replace(answer, artefacts=kept) if kept else answer


def _missing(query: StructureQuery) -> str:
    kinds = " or ".join(cls.rest_name for cls in query.classes)
    kinds = kinds if len(query.classes) <= _FEW_KINDS else "artefact"
    versions = ",".join(pattern.text for pattern in query.versions.patterns)
    name = f"{','.join(query.agencies)}:{','.join(query.ids)}({versions})"
    items = f" with items {','.join(query.items)}" if query.items else ""
    return f"there is no {kinds} {name}{items} on this node; ask without version to see what is"
