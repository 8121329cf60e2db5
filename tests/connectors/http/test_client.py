from __future__ import annotations

import dataclasses
import hashlib
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors.http import Client, Fetched, FetchRequest, RequestBudget, excerpt
from hub.errors import PartnerInvalid, PartnerUnavailable
from tests.connectors.http.conftest import QUICK
from tests.connectors.http.server import Answer, PartnerHandler, PartnerServer

BODY = b"STRUCTURE,STRUCTURE_ID\n" * 10_000


def test_the_raw_body_is_kept_with_head_digest_and_times(
    client: Client, partner: PartnerServer
) -> None:
    url = partner.on("/x?c[A]=1+2", Answer(200, BODY, {"ETag": '"a"', "X-Two": "1"}))
    before = datetime.now(UTC)
    fetched = client.fetch(FetchRequest(url=url, accept="text/csv"))
    assert fetched.path.read_bytes() == BODY
    assert fetched.wire_bytes == len(BODY)
    assert fetched.sha256 == hashlib.sha256(BODY).hexdigest()
    assert (fetched.status, fetched.header("etag"), fetched.fault) == (200, '"a"', None)
    assert before <= fetched.sent <= datetime.now(UTC)
    assert 0 < fetched.seconds_to_headers <= fetched.seconds
    headers = partner.requests[0][1]
    assert headers["Accept"] == "text/csv"
    assert headers["Accept-Encoding"] == "gzip"
    assert headers["User-Agent"].startswith("corridor-hub/")


def test_validators_are_sent_and_304_is_an_answer(client: Client, partner: PartnerServer) -> None:
    url = partner.on("/x", Answer(304, headers={"ETag": 'W/"a"'}))
    fetched = client.fetch(
        FetchRequest(url=url, etag='W/"a"', last_modified="Mon, 02 Nov 2026 10:00:00 GMT")
    )
    assert (fetched.status, fetched.wire_bytes) == (304, 0)
    headers = partner.requests[0][1]
    assert headers["If-None-Match"] == 'W/"a"'
    assert headers["If-Modified-Since"] == "Mon, 02 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize("etag", ['"a"\r\nX-Injected: 1', "é", "a" * 2_000, ""])
def test_a_validator_that_cannot_stand_in_a_header_is_not_sent(
    etag: str, client: Client, partner: PartnerServer
) -> None:
    request = FetchRequest(url=partner.on("/x", Answer(200, b"x")), etag=etag)
    client.fetch(request)
    assert not request.is_conditional
    assert not {"If-None-Match", "X-Injected"} & set(partner.requests[0][1])


def test_a_partner_that_fails_for_a_moment_is_asked_again(
    client: Client, partner: PartnerServer, pauses: list[float]
) -> None:
    kept: list[Fetched] = []
    url = partner.on("/x", Answer(500, b"oops"), Answer(503, b"busy"), Answer(200, b"data"))
    fetched = client.fetch(FetchRequest(url=url), keep=kept.append)
    assert fetched.path.read_bytes() == b"data"
    assert [(each.status, each.path.read_bytes()) for each in kept] == [
        (500, b"oops"),
        (503, b"busy"),
        (200, b"data"),
    ]
    assert len(pauses) == 2
    assert 0.5 <= pauses[0] <= 1.0 <= pauses[1] <= 2.0


def test_a_partner_that_keeps_failing_is_given_up_with_its_words(
    client: Client, partner: PartnerServer
) -> None:
    page = b"<html><style>p {}</style><body>Down for <b>maintenance</b></body></html>"
    url = partner.on("/x", Answer(503, page))
    with pytest.raises(PartnerUnavailable, match=r"answered 503: Down for maintenance$"):
        client.fetch(FetchRequest(url=url))
    assert len(partner.requests) == QUICK.tries


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406, 422, 501])
def test_an_answer_that_will_not_change_is_not_asked_for_again(
    status: int, client: Client, partner: PartnerServer
) -> None:
    fetched = client.fetch(FetchRequest(url=partner.on("/x", Answer(status, b"no"))))
    assert (fetched.status, len(partner.requests)) == (status, 1)


def test_retry_after_in_seconds(
    client: Client, partner: PartnerServer, pauses: list[float]
) -> None:
    client.fetch(
        FetchRequest(url=partner.on("/x", Answer(429, headers={"Retry-After": "7"}), Answer(200)))
    )
    assert pauses == [7.0]


def test_retry_after_nought_is_not_taken_at_its_word(
    client: Client, partner: PartnerServer, pauses: list[float]
) -> None:
    client.fetch(
        FetchRequest(url=partner.on("/x", Answer(429, headers={"Retry-After": "0"}), Answer(200)))
    )
    assert pauses[0] >= 0.5


def test_retry_after_as_a_date_is_read_by_the_partners_own_clock(
    client: Client, partner: PartnerServer, pauses: list[float]
) -> None:
    """The partner's clock is years behind; its two dates are eleven seconds apart."""
    theirs = datetime(2019, 5, 1, tzinfo=UTC)

    def busy(handler: PartnerHandler) -> None:
        handler.send_response_only(503)
        handler.send_header("Date", format_datetime(theirs, usegmt=True))
        later = format_datetime(theirs + timedelta(seconds=11), usegmt=True)
        handler.send_header("Retry-After", later)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    client.fetch(FetchRequest(url=partner.on("/x", busy, Answer(200))))
    assert pauses == [11.0]


@pytest.mark.parametrize("text", ["3600", "Fri, 01 Jan 2100 00:00:00 GMT", "9" * 30])
def test_a_partner_that_wants_more_time_than_a_run_has_is_left_alone(
    text: str, client: Client, partner: PartnerServer, pauses: list[float]
) -> None:
    url = partner.on("/x", Answer(429, headers={"Retry-After": text}), Answer(200))
    with pytest.raises(PartnerUnavailable, match="asks to wait"):
        client.fetch(FetchRequest(url=url))
    assert (len(partner.requests), pauses) == (1, [])


@pytest.mark.parametrize("text", ["soon", "-5", "Fri, 99 Foo 2100", "²"])
def test_a_retry_after_without_meaning_is_passed_over(
    text: str, client: Client, partner: PartnerServer, pauses: list[float]
) -> None:
    def busy(handler: PartnerHandler) -> None:
        handler.wfile.write(
            f"HTTP/1.1 503 x\r\nRetry-After: {text}\r\nContent-Length: 0\r\n\r\n".encode()
        )

    client.fetch(FetchRequest(url=partner.on("/x", busy, Answer(200))))
    assert 0.5 <= pauses[0] <= 1.0


def test_a_body_shorter_than_announced_is_asked_for_again_and_kept(
    client: Client, partner: PartnerServer
) -> None:
    kept: list[Fetched] = []
    short = Answer(200, b"STRUC", {"Content-Length": "500"})
    fetched = client.fetch(
        FetchRequest(url=partner.on("/x", short, Answer(200, b"whole"))), keep=kept.append
    )
    assert fetched.path.read_bytes() == b"whole"
    assert kept[0].path.read_bytes() == b"STRUC"
    assert "broke off" in (kept[0].fault or "")


def test_a_body_that_is_always_short_never_passes_for_whole(
    client: Client, partner: PartnerServer
) -> None:
    url = partner.on("/x", Answer(200, b"STRUC", {"Content-Length": "500"}))
    with pytest.raises(PartnerUnavailable, match="the answer broke off"):
        client.fetch(FetchRequest(url=url))


def test_a_partner_that_never_answers_is_given_up_after_one_try(
    make_client: Callable[..., Client], partner: PartnerServer
) -> None:
    client = make_client(limits=dataclasses.replace(QUICK, read_seconds=0.2))
    url = partner.on("/x", lambda handler: handler.server.closing.wait(20) and None)
    start = time.monotonic()
    with pytest.raises(PartnerUnavailable, match="did not answer"):
        client.fetch(FetchRequest(url=url))
    assert time.monotonic() - start < 2
    assert len(partner.requests) == 1


def _drip(handler: PartnerHandler, piece: bytes) -> None:
    while not handler.server.closing.wait(0.05):
        handler.wfile.write(piece)
        handler.wfile.flush()


def _drip_body(handler: PartnerHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    _drip(handler, b"x")


def _drip_headers(handler: PartnerHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    _drip(handler, b"y")


@pytest.mark.parametrize("act", [_drip_body, _drip_headers])
def test_a_slow_drip_ends_with_the_total_time(
    act: Callable[[PartnerHandler], None],
    make_client: Callable[..., Client],
    partner: PartnerServer,
) -> None:
    """Each byte comes within the read time; all of them never would."""
    client = make_client(limits=dataclasses.replace(QUICK, total_seconds=0.4))
    start = time.monotonic()
    with pytest.raises(PartnerUnavailable, match=r"within 0\.4 s"):
        client.fetch(FetchRequest(url=partner.on("/x", act)))
    assert time.monotonic() - start < 2
    assert len(partner.requests) == 1


def test_a_body_announced_too_long_is_not_read(
    make_client: Callable[..., Client], partner: PartnerServer
) -> None:
    client = make_client(limits=dataclasses.replace(QUICK, wire_bytes=1_000))
    kept: list[Fetched] = []
    url = partner.on("/x", Answer(200, b"x", {"Content-Length": "1001"}))
    with pytest.raises(PartnerInvalid, match="announces a body of 1001 bytes; at most 1000"):
        client.fetch(FetchRequest(url=url), keep=kept.append)
    assert kept[0].wire_bytes == 0


def test_a_body_that_does_not_say_its_length_is_cut_off(
    make_client: Callable[..., Client], partner: PartnerServer
) -> None:
    client = make_client(limits=dataclasses.replace(QUICK, wire_bytes=100_000))
    kept: list[Fetched] = []

    def endless(handler: PartnerHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not handler.server.closing.is_set():
            handler.wfile.write(b"x" * 10_000)

    with pytest.raises(PartnerInvalid, match="sends a longer body; at most 100000 bytes"):
        client.fetch(FetchRequest(url=partner.on("/x", endless)), keep=kept.append)
    assert kept[0].path.stat().st_size <= 100_000
    assert kept[0].fault is not None


def test_an_answer_that_is_no_http_is_unavailable(client: Client, partner: PartnerServer) -> None:
    url = partner.on("/x", lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n") and None)
    with pytest.raises(PartnerUnavailable, match="no usable answer"):
        client.fetch(FetchRequest(url=url))


def test_nobody_listens(client: Client, pauses: list[float]) -> None:
    with PartnerServer() as gone:
        url = gone.url
    with pytest.raises(PartnerUnavailable, match="no connection"):
        client.fetch(FetchRequest(url=url))
    assert len(pauses) == QUICK.tries - 1


def test_a_redirect_within_the_service_is_followed(client: Client, partner: PartnerServer) -> None:
    partner.on("/there", Answer(200, b"data"))
    url = partner.on("/x", Answer(302, headers={"Location": "there"}))
    assert client.fetch(FetchRequest(url=url, etag='"a"')).url == f"{partner.url}/there"
    assert partner.requests[1][1]["If-None-Match"] == '"a"'


def test_a_redirect_to_another_host_is_named_and_not_followed(
    client: Client, partner: PartnerServer
) -> None:
    with PartnerServer() as other:
        url = partner.on("/x", Answer(301, headers={"Location": f"{other.url}/secret"}))
        with pytest.raises(PartnerInvalid, match=f"another host, {other.url}/secret"):
            client.fetch(FetchRequest(url=url))
        assert other.requests == []


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "http://u:p@127.0.0.1/", "http://[", "", "//127.0.0.1:1/"]
)
def test_a_redirect_to_nowhere_good_is_not_followed(
    location: str, client: Client, partner: PartnerServer
) -> None:
    url = partner.on("/x", Answer(302, headers={"Location": location}))
    with pytest.raises(PartnerInvalid):
        client.fetch(FetchRequest(url=url))
    assert len(partner.requests) == 1


def test_redirects_in_a_ring_end(client: Client, partner: PartnerServer) -> None:
    url = partner.on("/x", Answer(302, headers={"Location": "/x"}))
    with pytest.raises(PartnerInvalid, match="redirects more than 3 times"):
        client.fetch(FetchRequest(url=url))
    assert len(partner.requests) == 4


def test_the_budget_counts_every_request(
    make_client: Callable[..., Client], partner: PartnerServer
) -> None:
    budget = RequestBudget(2)
    client = make_client(budget=budget)
    url = partner.on("/x", Answer(500), Answer(200, b"x"))
    client.fetch(FetchRequest(url=url))
    with pytest.raises(PartnerUnavailable, match="budget of 2 requests"):
        client.fetch(FetchRequest(url=url))
    assert len(partner.requests) == budget.spent == 2


def test_what_is_kept_beside_the_bytes_is_json(client: Client, partner: PartnerServer) -> None:
    request = FetchRequest(url=partner.on("/x", Answer(200, b"x", {"X-Odd": "\xe9"})))
    record = json.loads(json.dumps(client.fetch(request).record(request)))
    assert record["status"] == 200
    assert ["x-odd", "\xe9"] in record["headers"]
    assert record["address"] == "127.0.0.1"


def test_an_excerpt_is_one_short_line_of_plain_text(client: Client, partner: PartnerServer) -> None:
    body = b"<m:Error xmlns:m='x'><m:Text>No\x1b[31m such\n flow</m:Text></m:Error>" + b"y" * 999
    said = excerpt(client.fetch(FetchRequest(url=partner.on("/x", Answer(404, body)))))
    assert said.startswith("No [31m such flow")
    assert len(said) <= 201
    assert said.isprintable()
