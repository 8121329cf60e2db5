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

import brotli
import zstandard

from benchmarks.client import Connection, Timed, request
from tests.soak.questions import QUESTIONS, Question, Said, never_asked_before

THREADS = 3
CODINGS = ("", "gzip", "br", "zstd")
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


def ask_until(port: int, until: float) -> Asked:
    """Ask with several connections for a time; raises what went wrong."""
    asked = Asked()
    with ThreadPoolExecutor(THREADS) as pool:
        clients = [pool.submit(_Client(port, asked, seed).run, until) for seed in range(THREADS)]
        for client in clients:
            client.result()
    return asked


class _Client:
    """One connection; remembers the answers it has, to ask whether they are still right."""

    def __init__(self, port: int, asked: Asked, seed: int) -> None:
        self._port = port
        self._asked = asked
        self._chance = random.Random(seed * 1_000_003 + os.getpid())  # noqa: S311
        self._held: dict[tuple[Question, str], tuple[dict[str, str], Said]] = {}
        self._number = seed

    def run(self, until: float) -> None:
        connection, used = Connection(self._port), time.time()
        while time.time() < until:
            if time.time() - used > _IDLE_SECONDS:
                connection.__exit__()
                connection = Connection(self._port)
            used = self._ask(connection, *self._next())
        connection.__exit__()

    def _next(self) -> tuple[Question, str]:
        self._number += THREADS
        coding = self._chance.choice(CODINGS)
        if self._number % 4 == 0:
            return never_asked_before(self._number), coding
        return self._chance.choice(QUESTIONS), coding

    def _ask(self, connection: Connection, question: Question, coding: str) -> float:
        """Ask, look at the answer, and return when it had come."""
        headers = {"accept": question.accept} | ({"accept_encoding": coding} if coding else {})
        held = self._held.get((question, coding))
        if held is not None:
            headers |= self._condition(held[0])
        body = io.BytesIO()
        begun = time.time()
        try:
            answer = connection.get(request(question.target, **headers), body)
        except OSError as error:
            error.add_note(
                f"{question.target} {headers}, {len(body.getvalue())} bytes had come "
                f"after {time.time() - begun:.3f} s"
            )
            raise
        ended = time.time()
        if answer.status == 304:
            assert held is not None
            said = held[1]
        else:
            said = self._read(question, answer, body.getvalue())
            self._held[question, coding] = answer.headers, said
        with _LOCK:
            self._asked.statuses[answer.status] += 1
            self._asked.told.append(Told(begun, ended, question, said))
        return ended

    def _condition(self, headers: dict[str, str]) -> dict[str, str]:
        """Sometimes ask only for what is new."""
        kind = self._chance.randrange(3)
        if kind == 0 and "etag" in headers:
            return {"if_none_match": headers["etag"]}
        if kind == 1 and "last-modified" in headers:
            return {"if_modified_since": headers["last-modified"]}
        return {}

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
