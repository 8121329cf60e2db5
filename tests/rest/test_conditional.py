from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.model import Structures
from hub.rest.answers import Answer, Message, respond
from hub.rest.cache import RenderedCache
from hub.rest.call import Call
from hub.rest.conditional import Validators, structures_digest
from tests.rest.artefacts import AREAS, SEXES

CHANGED = datetime(2026, 2, 20, 12, 30, 15, 250_000, tzinfo=UTC)
VALIDATORS = Validators("abc", CHANGED)


@pytest.mark.parametrize(
    ("headers", "known"),
    [
        ({}, False),
        ({"if-none-match": '"abc"'}, True),
        ({"if-none-match": '"x", W/"abc"'}, True),
        ({"if-none-match": "*"}, True),
        ({"if-none-match": '"abcd"'}, False),
        ({"if-modified-since": "Fri, 20 Feb 2026 12:30:16 GMT"}, True),
        # The second in which it changed: whoever asked at its beginning has what was before.
        ({"if-modified-since": "Fri, 20 Feb 2026 12:30:15 GMT"}, False),
        ({"if-modified-since": "2026-02-20T12:30:16Z"}, True),
        ({"if-modified-since": "2026-02-20T13:30:15.250+01:00"}, True),
        # Within the second of the change, but before it.
        ({"if-modified-since": "2026-02-20T12:30:15.100Z"}, False),
        ({"if-modified-since": "2026-11-22T06:28:22.616Z"}, True),
        ({"if-modified-since": "some day"}, False),
        # The ETag wins.
        ({"if-none-match": '"x"', "if-modified-since": "2026-11-22T06:28:22Z"}, False),
    ],
)
def test_whether_the_client_has_the_answer(headers, known):
    assert VALIDATORS.are_known_to(headers) is known


LATER = CHANGED + timedelta(minutes=1)


def test_the_validators_as_headers():
    assert VALIDATORS.headers(LATER) == {
        "ETag": '"abc"',
        "Last-Modified": "Fri, 20 Feb 2026 12:30:16 GMT",
    }


def test_a_change_on_a_whole_second_is_told_as_it_is():
    changed = CHANGED.replace(microsecond=0)
    told = Validators("abc", changed).headers(LATER)["Last-Modified"]
    assert told == "Fri, 20 Feb 2026 12:30:15 GMT"


@pytest.mark.parametrize(("seconds", "is_told"), [(0.1, False), (1, False), (5, False), (6, True)])
def test_the_instant_of_a_change_is_told_when_no_other_can_share_it(seconds, is_told):
    """Another change may be stamped in its second and committed a little later.

    A client that was told the second before would be told that it has that one, too.
    """
    headers = VALIDATORS.headers(CHANGED + timedelta(seconds=seconds))
    assert ("Last-Modified" in headers) is is_told


def test_what_counts_is_when_an_answer_was_asked_for_not_when_it_is_sent():
    call = Call(2, "", b"", {}, asked=CHANGED)
    answer = Answer("text/csv", VALIDATORS, lambda: Message(iter((b"1",)), is_short=True))
    sent = respond(call, answer, RenderedCache(None, 0))
    assert sent is not None
    assert "last-modified" not in sent.response.headers
    later = respond(replace(call, asked=LATER), answer, RenderedCache(None, 0))
    assert later is not None
    assert later.response.headers["last-modified"] == "Fri, 20 Feb 2026 12:30:16 GMT"


def test_the_digest_of_structures_tells_contents_not_objects():
    one, same, other = Structures([AREAS]), Structures([AREAS]), Structures([AREAS, SEXES])
    assert structures_digest(one) == structures_digest(same) != structures_digest(other)
