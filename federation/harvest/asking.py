"""Asking for one flow until the answer can be believed, or is known to be wrong.

An answer is weighed against what the partner says of its release: how many observations it has. An
increment that does not lead there, one that cannot be applied, and "not modified" for a release
that is another one, are asked for again as a whole. Data that still does not fit is not taken.

Asking pauses where a short text came, so that whoever asks many partners can read what came of all
of them at once.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from connectors.http import Client, Fetched, FetchRequest
from connectors.service import Answer, Held, Offer, Service, Text
from federation.choice import Share
from federation.harvest.attempt import OpenAttempt
from federation.harvest.way import Way
from hub.errors import Invalid, PartnerInvalid
from hub.formats.csv import is_short
from hub.formats.message import RawData
from hub.model import Structures

_NOT_MODIFIED = 304
_Result = TypeVar("_Result")
#: Work that pauses for a text: it goes on with what the text holds, or None to read it alone.
Asking = Generator[Text, RawData | None, _Result]


@dataclass(kw_only=True)
class Errand:
    """One flow to ask one partner for.

    `offer` is what the partner says of it; it is read again where the data is of another release.
    `share` is what is taken of it.
    """

    attempt: OpenAttempt
    client: Client
    service: Service
    structures: Structures
    offer: Offer
    share: Share

    def note(self, name: str, value: str | int) -> None:
        """Keep a fact about the attempt."""
        self.attempt.facts[name] = value


def ask(errand: Errand, way: Way, held: Held | None) -> Asking[Answer | None]:
    """Ask in one way, and for everything where that leads nowhere; None: not modified.

    Raises what the client and the service raise, and PartnerInvalid where an answer contradicts
    what the partner says of its release.
    """
    errand.note("way", way.value)
    if way is Way.INCREMENT and held is not None:
        answer = yield from _increment(errand, held)
        if answer is not None:
            return answer
    elif way is Way.CONDITIONAL and held is not None:
        request, fetched = _fetch(errand, held)
        if fetched.status != _NOT_MODIFIED:
            return _whole(errand, (yield from _read(errand, held, fetched)))
        if not request.is_conditional:
            raise _not_asked(request)
        if not _is_another_release(errand):
            return None
        _doubt(errand, "304 for a release that is not the one held")
    return (yield from _everything(errand, is_again=way in (Way.INCREMENT, Way.CONDITIONAL)))


def _everything(errand: Errand, *, is_again: bool) -> Asking[Answer]:
    """Ask without conditions; caches on the way are passed by where an answer was doubted."""
    is_fresh = is_again or errand.attempt.facts.get("way") == Way.RECONCILIATION.value
    request, fetched = _fetch(errand, None, is_fresh=is_fresh)
    if fetched.status == _NOT_MODIFIED:
        raise _not_asked(request)
    return _whole(errand, (yield from _read(errand, None, fetched)))


def _increment(errand: Errand, held: Held) -> Asking[Answer | None]:
    """What changed; None where the answer leads nowhere, which is noted."""
    if held.since is not None:
        errand.note("since", held.since.isoformat())
    _request, fetched = _fetch(errand, held)
    if fetched.status == _NOT_MODIFIED:
        _doubt(errand, "304 to a request for changes")
        return None
    try:
        answer = yield from _read(errand, held, fetched)
        if not answer.is_increment:
            errand.note("doubt", "all there is came instead of what changed")
            return _whole(errand, answer)
    except (PartnerInvalid, Invalid) as error:
        _doubt(errand, error.message)
        return None
    if answer.data is None and _is_another_release(errand):
        _doubt(errand, "no changes in a release that is not the one held")
        return None
    return answer


def leads_there(errand: Errand, rows: int | None) -> bool:
    """True where an increment leads to as many observations as the partner says; it is noted."""
    said = errand.offer.rows
    if said is not None and rows != said:
        _doubt(errand, f"the changes lead to {rows} observations, its document says {said}")
        return False
    if rows is not None:
        errand.note("rows", rows)
    return True


def ask_again(errand: Errand) -> Asking[Answer]:
    """Ask for everything, after an increment that led nowhere."""
    return (yield from _everything(errand, is_again=True))


def _doubt(errand: Errand, why: str) -> None:
    errand.note("doubt", why[:500])


def _whole(errand: Errand, answer: Answer) -> Answer:
    """A complete answer that has as many observations as the partner says.

    It may have published in between, so its offers are read again before it is told of.
    """
    rows = answer.data.table.num_rows if answer.data is not None else 0
    said = errand.offer.rows
    if said in (None, rows):
        return answer
    again = errand.service.offers(errand.client, errand.structures, errand.attempt.keep_aside)
    named = (errand.offer.flow, errand.offer.version)
    found = next((one for one in again if (one.flow, one.version) == named), None)
    if found is not None and errand.offer.areas:
        found = found.narrowed(errand.offer.areas, errand.offer.cut_by)
    if found is None or found.rows not in (None, rows):
        now = "no such flow any more" if found is None else f"{found.rows} observations"
        raise PartnerInvalid(
            f"{errand.attempt.url} sent {rows} observations of {errand.offer.flow}, but the "
            f"partner's document says it has {now}: a part is missing, doubled or out of date"
        )
    errand.offer = found
    errand.attempt.facts |= {
        "partner_release": found.release,
        "partner_updated": found.updated.isoformat() if found.updated else None,
    }
    return answer


def _fetch(
    errand: Errand, held: Held | None, *, is_fresh: bool = False
) -> tuple[FetchRequest, Fetched]:
    request = replace(errand.service.request(errand.offer, held), is_fresh=is_fresh)
    keep = partial(errand.attempt.keep, request)
    return request, errand.client.fetch(request, keep=keep)


def _read(errand: Errand, held: Held | None, fetched: Fetched) -> Asking[Answer]:
    limit = errand.client.limits.unpacked_bytes
    text = errand.service.text(errand.offer, held, fetched, limit)
    if text is not None and is_short(text.path, limit):
        data = yield text
        if data is not None:
            return text.answer(data)
    return errand.service.read(errand.offer, held, fetched, errand.structures, limit)


def _is_another_release(errand: Errand) -> bool:
    """True where the partner names another release than the one that is held."""
    held, told = errand.attempt.past.release, errand.offer.release
    return held is not None and told is not None and held != told


def _not_asked(request: FetchRequest) -> PartnerInvalid:
    return PartnerInvalid(f"{request.url} answered 304 to a request without conditions")
