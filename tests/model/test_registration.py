"""Where data is said to be: addresses that a reader may be sent to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hub.errors import Unprocessable
from hub.model import ArtefactClass, Reference
from hub.model.registration import DataSource, QueryableSource, Registration

AGREEMENT = Reference(ArtefactClass.PROVISION_AGREEMENT, "T", "PA", "1.0")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "https://example.org:8443/a/b.xml?c=d&e=%20#f",
        "https://[2001:db8::1]/data",
        "https://sdmx.example.org/data/DF/A..SWE(x)*'!,;=$@:~_-+",
    ],
)
def test_addresses_of_the_web(url: str) -> None:
    DataSource(simple=url).check()
    DataSource(queryable=QueryableSource(url=url, wsdl=url, wadl=url)).check()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/data",
        "/data.xml",
        "//example.org/data",
        "ftp://example.org/data",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "http:///data",
        "http://example.org:99999/",
        "http://example.org:x/",
        "http://[::1/",
        "https://example.org/a b",
        "https://example.org/\"onclick='x",
        "https://example.org/<script>",
        "https://example.org/\x00",
        "https://example.org/\n",
        "https://exämple.org/",
        "https://example.org/" + "x" * 2000,
    ],
)
def test_what_is_no_such_address(url: str) -> None:
    for source in (
        DataSource(simple=url),
        DataSource(queryable=QueryableSource(url=url)),
        DataSource(queryable=QueryableSource(url="https://example.org", wadl=url)),
    ):
        with pytest.raises(Unprocessable):
            source.check()


def test_passwords_are_not_told_to_everybody() -> None:
    for url in ("https://me:secret@example.org/", "https://me@example.org/", "http://:s@e.org/"):
        with pytest.raises(Unprocessable, match="names a user") as refused:
            DataSource(simple=url).check()
        assert "secret" not in str(refused.value)


def test_a_source_is_needed() -> None:
    with pytest.raises(Unprocessable, match="data source"):
        DataSource().check()


def test_a_registration_is_shown_while_it_is_valid() -> None:
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    source, moment = DataSource(simple="https://example.org"), timedelta(microseconds=1)
    open_ = Registration(agreement=AGREEMENT, source=source)
    assert open_.is_valid_at(datetime.min.replace(tzinfo=UTC))
    both = Registration(agreement=AGREEMENT, source=source, valid_from=start, valid_to=end)
    shown = [both.is_valid_at(at) for at in (start - moment, start, end, end + moment)]
    assert shown == [False, True, True, False]
