"""Structure maintenance: POST, PUT and DELETE under /structure (SDMX REST 2.2, "Maintenance")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from starlette.responses import Response

from hub.errors import BadRequest, CorridorError, Finding, Invalid, Unprocessable
from hub.formats.message import Action
from hub.formats.registry import StructureResult, write_structure_results
from hub.formats.structure import FORMS, STRUCTURE_LIMITS, read
from hub.formats.structure.fault import UNKNOWN
from hub.model import ArtefactClass, Maintainable, Reference
from hub.rest.artefact_types import classes_of_type
from hub.rest.offers import structure_result_offers
from hub.rest.path import parse_path, parse_reference_path
from hub.rest.receiving import Change
from hub.rest.results import chosen_form, header_of, overall, status_told, told
from hub.rest.service import Service
from hub.store.maintenance import Outcome, Submitted, delete, submit

#: What a body may be declared as.
MEDIA_TYPES = (
    *(form.media_type for form in FORMS),
    "application/xml",
    "text/xml",
    "application/json",
)
_PATH = ("artefactType", "agencyID", "resourceID", "version", "itemID")


def change_structures(service: Service, change: Change) -> Response:
    """Create, replace or delete structures; every artefact has a result of its own.

    Raises BadRequest for a message or a path that cannot be read, Unprocessable for a message
    without artefacts.
    """
    changing = {"POST": _post, "PUT": _put, "DELETE": _delete}[change.method]
    done = changing(service, change)
    form = chosen_form(structure_result_offers(), change.call)
    results = [
        StructureResult(
            reference=one.reference,
            action=one.action,
            status=status_told(one.outcome, one.error, one.reference.urn),
        )
        for one in done
    ]
    status = overall([result.status for result in results])
    body = write_structure_results(header_of(service, change.call), results, form)
    return told(status, body, form, _location(service, done))


def _post(service: Service, change: Change) -> Sequence[Submitted]:
    """Create or replace what is in the message; with a type in the path, of this type alone."""
    type_ = parse_path(change.call.path, _PATH).get("artefactType", "*")
    classes = classes_of_type(type_, v1=False)
    given = _artefacts(service, change)
    foreign = {a.reference for a in given if a.artefact_class not in classes}
    if foreign:
        return _refused(given, foreign, f"only artefacts of type {type_} belong here")
    return submit(change.store, given, by=change.key.id)


def _put(service: Service, change: Change) -> Sequence[Submitted]:
    """Replace the one artefact that the path names."""
    target = parse_reference_path(parse_path(change.call.path, _PATH))
    given = _artefacts(service, change)
    foreign = {a.reference for a in given if a.reference != target}
    if foreign:
        return _refused(given, foreign, f"the path names {target.urn}, and nothing else is taken")
    return submit(change.store, given, by=change.key.id, creates=False)


def _delete(_service: Service, change: Change) -> Sequence[Submitted]:
    place = parse_path(change.call.path, _PATH)
    item = place.get("itemID", "") or None
    return [delete(change.store, parse_reference_path(place), by=change.key.id, item=item)]


def _artefacts(service: Service, change: Change) -> list[Maintainable]:
    limits = replace(STRUCTURE_LIMITS, bytes=service.limits.body_bytes)
    left_out: list[Finding] = []
    try:
        found = read(change.body, limits=limits, on_skip=left_out.append)
    except Invalid as error:
        if error.findings and all(finding.rule == UNKNOWN for finding in error.findings):
            raise  # well-formed, but of what this node does not keep
        raise BadRequest(error.message) from error
    if not found:
        why = f": {left_out[0].message}" if left_out else ""
        raise Unprocessable(f"the message holds no artefact to keep{why}")
    return found


def _refused(given: Sequence[Maintainable], foreign: set[Reference], why: str) -> list[Submitted]:
    """Take nothing of a message that has what does not belong where it was sent."""

    def error(reference: Reference) -> CorridorError:
        what = reference.urn if reference in foreign else "another artefact of the message"
        return Unprocessable(f"{what} does not belong here: {why}; nothing was taken")

    return [
        Submitted(reference=a.reference, action=Action.REPLACE, error=error(a.reference))
        for a in given
    ]


def _location(service: Service, done: Sequence[Submitted]) -> str:
    if len(done) != 1 or done[0].outcome is not Outcome.CREATED:
        return ""
    made = done[0].reference
    cls: ArtefactClass = made.artefact_class
    return (
        f"{service.base_url.rstrip('/')}/sdmx/v2/structure/{cls.rest_name}/{made.agency}/{made.id}/"
        f"{made.version}"
    )
