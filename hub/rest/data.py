"""The data resource: from a query value to a streamed message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from hub.errors import TooLarge, Unprocessable
from hub.formats.bulk import BulkForm
from hub.formats.bulk import write as write_bulk
from hub.formats.data import write as write_data
from hub.formats.message import DataSet, Header
from hub.model import DataQuery, InternationalString
from hub.rest.answers import Answer, Message
from hub.rest.backend import Backend
from hub.rest.call import Call
from hub.rest.changes import open_changes
from hub.rest.conditional import Validators, digest, structures_digest
from hub.rest.data_query import parse_data_query
from hub.rest.data_query_v1 import parse_data_query_v1
from hub.rest.language import language_of, languages_in
from hub.rest.negotiation import choose
from hub.rest.observations import (
    FEW_ROWS,
    Opened,
    Planned,
    count_rows,
    open_data_set,
    paged,
)
from hub.rest.offers import Form, data_form, data_offers, is_flat
from hub.rest.packaging import package
from hub.rest.service import Service
from hub.rest.targets import Target, find_targets
from hub.rest.vintage import is_to_come


def answer_data(service: Service, call: Call) -> Answer | None:
    """Answer a data query of either API; None where nothing that fits is published."""
    choice = choose(data_offers(call.major), call.accept, call.parameters)
    form = data_form(choice)
    parse = parse_data_query_v1 if call.major == 1 else parse_data_query
    query = parse(call.path, call.parameters)
    is_early = is_to_come(query.selection.as_of, service.backend)
    if is_early:
        query = replace(query, selection=replace(query.selection, as_of=None))
    structures = service.backend.structures
    targets = find_targets(
        query.context, query.selection, service.backend, structures, service.limits.flows
    )
    planned = _plan(targets, query, form)
    if not planned:
        return None
    language = language_of(_names(planned), call.languages, call.parameters)
    _refuse_too_much(service, planned)
    changed = max(one.target.release.visible_from for one in planned)
    identity = digest(
        [(one.target.schema.context.urn, one.target.release.id) for one in planned],
        changed,
        structures_digest(structures),
        query,
        choice.content_type,
        call.languages,
        service.identity,
    )

    def write() -> Message | None:
        pages = paged(planned, service.backend)
        few = FEW_ROWS // max(1, len(pages))
        found = [one for page in pages for one in _open_data_sets(service.backend, page, form, few)]
        if not found:
            return None
        spoken = (languages_in(one.target.schema, call.languages) for one in planned)
        header = service.header(identity, changed, call, tuple(dict.fromkeys(chain(*spoken))))
        sets = [one.data_set for one in found]
        chunks = _write(header, sets, form, call.languages)
        return Message(chunks, is_short=all(one.is_read for one in found))

    return Answer(
        choice.content_type,
        Validators(identity, changed),
        write,
        language,
        is_packed=isinstance(form, BulkForm) and form.is_packed,
        is_kept=not is_early,
    )


def _open_data_sets(backend: Backend, planned: Planned, form: Form, few: int) -> list[Opened]:
    """Open what is planned: a state is one data set, changes are several."""
    if planned.packaging.selection.is_about_changes:
        return open_changes(backend, planned, form, few)
    opened = open_data_set(backend, planned, form, few)
    return [] if opened is None else [opened]


def _write(
    header: Header, sets: Sequence[DataSet], form: Form, languages: Sequence[str]
) -> Iterator[bytes]:
    if isinstance(form, BulkForm):
        return write_bulk(header, sets, form)
    return write_data(header, sets, form, languages=languages)


def _plan(targets: Sequence[Target], query: DataQuery, form: Form) -> list[Planned]:
    """Pack the query for each target.

    Of several structures, those that do not have what is asked for are passed over; it is an error
    where none has it.
    """
    planned: list[Planned] = []
    refused: Unprocessable | None = None
    for target in targets:
        try:
            packaging = package(query, target.schema, is_flat=is_flat(form))
        except Unprocessable as error:
            refused = refused or error
        else:
            planned.append(Planned(target, packaging))
    if refused is not None and not planned:
        raise refused
    return planned


def _names(planned: Sequence[Planned]) -> Iterator[InternationalString]:
    for one in planned:
        schema = one.target.schema
        yield (schema.dataflow or schema.structure).name


def _refuse_too_much(service: Service, planned: Sequence[Planned]) -> None:
    """Raise TooLarge for an answer beyond the limit; counting is done only where it may be."""
    most = service.limits.observations
    if most is None:
        return
    is_about_changes = any(one.packaging.selection.is_about_changes for one in planned)
    if not is_about_changes and sum(one.target.release.rows for one in planned) <= most:
        return
    wanted = 0
    for one in planned:
        selection = one.packaging.selection
        if selection.limit is not None and selection.limit <= most:
            continue
        if is_about_changes:
            wanted += count_rows(service.backend, one, selection)
        else:
            found = service.backend.availability(
                one.target.release, one.target.schema, selection, "exact"
            )
            wanted += found.obs_count
    if wanted > most:
        raise TooLarge(
            f"the answer would hold {wanted} observations, at most {most} are sent at once: "
            "narrow the key or the filters, or ask page by page with offset and limit"
        )
