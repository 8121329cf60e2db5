"""What became of the things a message asked for, as an answer in SDMX-ML."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from starlette.responses import Response

from hub.errors import BadRequest, CorridorError, NotAcceptable
from hub.formats.message import Header
from hub.formats.registry import RegistryForm, Status
from hub.rest.call import Call
from hub.rest.faults import status_of
from hub.rest.head import VARY
from hub.rest.negotiation import Offer, choose
from hub.rest.service import Service
from hub.store.maintenance import Outcome

_MULTI_STATUS = 207
_CODES = {Outcome.CREATED: 201}
_TEXTS = {
    Outcome.CREATED: "{name} was created",
    Outcome.REPLACED: "{name} was replaced",
    Outcome.UNCHANGED: "{name} is there already, and is unchanged",
    Outcome.DELETED: "{name} was deleted",
}


def status_told(outcome: Outcome | None, error: CorridorError | None, name: str) -> Status:
    """What became of one thing of a name: an outcome, or the error that kept it from one."""
    if error is not None:
        return Status(code=status_of(error, 2), text=error.message)
    done = outcome or Outcome.UNCHANGED
    return Status(code=_CODES.get(done, 200), text=_TEXTS[done].format(name=name))


def overall(statuses: Sequence[Status]) -> int:
    """The HTTP status of several results.

    201 where all succeeded and something is new, 200 where all succeeded, the one code where all
    failed alike, 207 otherwise: then each result tells for itself.
    """
    codes = {status.code for status in statuses}
    if max(codes) < 400:
        return max(codes)
    return codes.pop() if len(codes) == 1 else _MULTI_STATUS


def chosen_form(offers: Sequence[Offer[RegistryForm]], call: Call) -> RegistryForm:
    """The form of an answer to a change: as asked for, else the newest.

    What was changed is told in any case, so that an Accept header cannot make it fail.
    """
    try:
        return choose(offers, call.accept, call.parameters).offer.form
    except (BadRequest, NotAcceptable):
        return offers[0].form


def header_of(service: Service, call: Call) -> Header:
    """The header of an answer that is given once."""
    return service.header(uuid4().hex, datetime.now(UTC).replace(microsecond=0), call)


def told(status: int, body: bytes, form: RegistryForm, location: str = "") -> Response:
    """An answer to a change; `location` is where the one thing is that was created."""
    headers = {"Vary": VARY, "Content-Type": form.media_type, "Cache-Control": "no-store"}
    if location:
        headers["Location"] = location
    return Response(body, status_code=status, headers=headers)
