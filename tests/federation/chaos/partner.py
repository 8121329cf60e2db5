"""The chaos partner: an honest node on loopback, but for one fault at one stage of an attempt."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from tests.connectors.http.server import PartnerHandler, PartnerServer
from tests.federation.chaos.honest import DOCUMENT, Honest, Recorded, State


class Kind(StrEnum):
    """What a request asks for."""

    DOCUMENT = "document"
    FULL = "full"
    INCREMENT = "increment"


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that is to be answered wrongly: what an honest partner answers now, and before."""

    kind: Kind
    good: Recorded
    old: Recorded
    draw: random.Random
    number: int

    @property
    def is_document(self) -> bool:
        return self.kind is Kind.DOCUMENT


#: Answers a request as it should not be answered.
Play = Callable[["ChaosHandler", Ask], None]


class ChaosHandler(PartnerHandler):
    """Writes answers byte by byte as it is told; nothing is added to them."""

    server: ChaosPartner

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers.items())))
        self.server.answer(self)
        self.close_connection = True

    def send(
        self, answer: Recorded, *, announced: int | None = None, skew: timedelta = timedelta()
    ) -> None:
        """Send an answer; `announced` is its Content-Length where that is not true."""
        self.begin(answer, announced=announced, skew=skew)
        if answer.status not in (204, 304):
            self.wfile.write(answer.body)

    def begin(
        self, answer: Recorded, *, announced: int | None = None, skew: timedelta = timedelta()
    ) -> None:
        """Send the head of an answer."""
        self.send_response_only(answer.status)
        headers = {name: value for name, value in answer.headers.items() if value}
        headers.pop("content-length", None)
        if answer.status not in (204, 304) and "transfer-encoding" not in headers:
            size = len(answer.body) if announced is None else announced
            headers["content-length"] = str(size)
        if self.server.tells_date:
            headers["date"] = format_datetime(datetime.now(UTC) + skew, usegmt=True)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


@dataclass
class Act:
    """What the partner is now: its state, and the fault it has, if any, in answers of a kind."""

    honest: Honest
    state: State
    kind: Kind | None = None
    play: Play | None = None
    document: Recorded | None = None
    draw: random.Random = field(default_factory=random.Random)
    played: int = 0


class ChaosPartner(PartnerServer):
    """Answers for the figures of an `Act`."""

    def __init__(self) -> None:
        super().__init__()
        self.RequestHandlerClass = ChaosHandler
        self.act: Act | None = None
        self.tells_date = True

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def answer(self, handler: ChaosHandler) -> None:
        act = self.act
        kind, good, old = self._honest(handler)
        if act is not None and act.play is not None and kind is act.kind:
            act.played += 1
            act.play(handler, Ask(kind, good, old, act.draw, act.played))
            return
        etag = good.headers.get("etag")
        if etag is not None and handler.headers.get("If-None-Match") == etag:
            handler.send(Recorded(304, {"etag": etag}, b""))
        else:
            handler.send(good)

    def _honest(self, handler: BaseHTTPRequestHandler) -> tuple[Kind, Recorded, Recorded]:
        """What is asked for, and what an honest partner answers now, and answered before."""
        act = self.act
        missing = Recorded(404, {"content-type": "text/plain"}, b"nothing here")
        if act is None:
            return Kind.DOCUMENT, missing, missing
        path = urlsplit(handler.path)
        before = act.honest.before
        if path.path == DOCUMENT:
            return Kind.DOCUMENT, act.document or act.state.document, before.document
        if "updatedAfter" in path.query:
            nothing = Recorded(204, {}, b"")
            is_after = act.state is act.honest.after
            return Kind.INCREMENT, act.honest.increment if is_after else nothing, nothing
        return Kind.FULL, act.state.full, before.full
