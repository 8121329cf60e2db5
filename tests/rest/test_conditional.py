from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hub.model import Structures
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


def test_the_validators_as_headers():
    assert VALIDATORS.headers() == {
        "ETag": '"abc"',
        "Last-Modified": "Fri, 20 Feb 2026 12:30:16 GMT",
    }


def test_a_change_on_a_whole_second_is_told_as_it_is():
    changed = CHANGED.replace(microsecond=0)
    told = Validators("abc", changed).headers()["Last-Modified"]
    assert told == "Fri, 20 Feb 2026 12:30:15 GMT"


def test_within_the_second_of_a_change_its_instant_is_not_told():
    """Another change may come within it; then a client that was told would be told it has that."""
    just_now = datetime.now(UTC) + timedelta(seconds=1)
    assert Validators("abc", just_now).headers() == {"ETag": '"abc"'}


def test_the_digest_of_structures_tells_contents_not_objects():
    one, same, other = Structures([AREAS]), Structures([AREAS]), Structures([AREAS, SEXES])
    assert structures_digest(one) == structures_digest(same) != structures_digest(other)
