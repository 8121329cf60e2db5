"""Clients that ask all the time, and what they were told."""

from __future__ import annotations

import hashlib
import io
import os
import random
import threading
import time
import zlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import brotli
import zstandard

from benchmarks.client import Connection, Timed, request
from tests.soak.questions import QUESTIONS, Question, Said, never_asked_before

THREADS = 3
CODINGS = ("", "gzip", "br", "zstd")
#: A header of the answer that is held, and the header of the request that names it.
CONDITIONS = (None, ("etag", "if_none_match"), ("last-modified", "if_modified_since"))
_LOCK = threading.Lock()
#: Servers close connections on which nobody asks for a while.
_IDLE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: what it said of which question, and when it was asked for and came (seconds)."""

    begun: float
    ended: float
    question: Question
    said: Said


@dataclass
class Asked:
    """What the clients of one process were told."""

    told: list[Told] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    #: What each ETag stood for, which is one body only.
    bodies: dict[str, bytes] = field(default_factory=dict)


def ask_until(port: int, stop: Path) -> Asked:
    """Ask with several connections until a file is there; raises what went wrong."""
    asked = Asked()
    with ThreadPoolExecutor(THREADS) as pool:
        clients = [pool.submit(_Client(port, asked, seed).run, stop) for seed in range(THREADS)]
        for client in clients:
            client.result()
    return asked


class _Client:
    """One connection; remembers the answers it has, to ask whether they are still right."""

    def __init__(self, port: int, asked: Asked, seed: int) -> None:
        self._port = port
        self._connection, self._used = Connection(port), time.time()
        self._asked = asked
        self._chance = random.Random(seed * 1_000_003 + os.getpid())  # noqa: S311
        self._held: dict[tuple[Question, str], tuple[dict[str, str], Said]] = {}
        self._number = seed

    def run(self, stop: Path) -> None:
        while not stop.exists():
            self._ask(*self._next())
        for question in QUESTIONS:  # now nothing changes any more
            self._ask(question, "")
            assert self._ask(question, "", ("etag", "if_none_match")) in (204, 304, 404)
        self._connection.__exit__()

    def _next(self) -> tuple[Question, str, tuple[str, str] | None]:
        """A question, a coding, and which header of the last answer is named in the next."""
        self._number += THREADS
        if self._number % 4 == 0:
            return never_asked_before(self._number), self._chance.choice(CODINGS), None
        place = self._chance.randrange(len(QUESTIONS))
        return QUESTIONS[place], CODINGS[place % len(CODINGS)], self._chance.choice(CONDITIONS)

    def _ask(
        self, question: Question, coding: str, condition: tuple[str, str] | None = None
    ) -> int:
        """Ask, and look at the answer; returns its status."""
        headers = {"accept": question.accept} | ({"accept_encoding": coding} if coding else {})
        held = self._held.get((question, coding))
        if held is not None and condition is not None and condition[0] in held[0]:
            headers[condition[1]] = held[0][condition[0]]
        begun = time.time()
        answer, body = self._exchange(question, headers)
        ended = self._used = time.time()
        if answer.status == 304:
            assert held is not None
            said = held[1]
        else:
            said = self._read(question, answer, body)
            self._held[question, coding] = answer.headers, said
        with _LOCK:
            self._asked.statuses[answer.status] += 1
            self._asked.told.append(Told(begun, ended, question, said))
        return answer.status

    def _exchange(self, question: Question, headers: dict[str, str]) -> tuple[Timed, bytes]:
        if time.time() - self._used > _IDLE_SECONDS:
            self._connection.__exit__()
            self._connection = Connection(self._port)
        body = io.BytesIO()
        try:
            answer = self._connection.get(request(question.target, **headers), body)
        except OSError as error:
            error.add_note(f"{question.target} {headers}: {len(body.getvalue())} bytes had come")
            raise
        return answer, body.getvalue()

    def _read(self, question: Question, answer: Timed, body: bytes) -> Said:
        assert answer.status in (200, 204, 404), (
            f"{question.target}: {answer.status} {body[:500]!r}"
        )
        if answer.status == 200:
            whole = hashlib.sha256(body).digest()
            with _LOCK:
                known = self._asked.bodies.setdefault(answer.headers["etag"], whole)
            assert known == whole, f"{question.target}: an ETag stands for two bodies"
        return question.said(answer.status, decoded(body, answer.headers.get("content-encoding")))


def decoded(body: bytes, coding: str | None) -> bytes:
    """A body without its content coding."""
    match coding:
        case "gzip":
            return zlib.decompress(body, 31)
        case "br":
            plain: bytes = brotli.decompress(body)
            return plain
        case "zstd":
            return zstandard.ZstdDecompressor().decompressobj().decompress(body)
    return body
