"""Logs: JSON lines that say what happened, in which no secret is, whoever wrote it there."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import httpx
import pytest

from federation.harvest.node import add_partner_to
from hub.logs import FIELDS, JsonLines, TextLines, without_secrets, written_logs
from hub.rest.workers import WorkerApp
from hub.settings import Settings
from hub.store import Store
from hub.store.keys import Right, create_key
from hub.store.schedule import set_every
from tests.connectors.http.server import Answer, PartnerServer

FLOW = "MIGX:DF_STOCK_BIRTH"
KEY = "corridor_0123456789ab_" + "Zx9-_" * 8 + "abc"
SECRET = "Zx9-_" * 8 + "abc"
WORD = "s3cr3t-W0rd"
HIDDEN = [
    f"key {KEY} is wrong",
    f"Authorization: Bearer {KEY}",
    f"authorization: bearer {SECRET}",
    f"Authorization: Basic {WORD}==",
    f"{{'Authorization': 'Bearer {SECRET}'}}",
    f"(b'authorization', b'Digest username=\"x\", response=\"{WORD}\"')",
    f"Proxy-Authorization: Negotiate {WORD}",
    f"postgresql+pg8000://corridor:{WORD}@db.example.org/corridor is away",
    f"postgresql+pg8000://corridor:a@{WORD}@db.example.org/corridor",
    f"https://{WORD}@stat.example/x",
    f"GET https://stat.example/data?format=csv&token={WORD}&startPeriod=2020",
    f"https://stat.example/data?access_token={WORD}",
    f"https://stat.example/data?X-Amz-Signature={WORD}&X-Amz-Credential={WORD}",
    f"https://stat.example/?apikey={WORD}#x",
    f"https://stat.example/?api_key={WORD}",
    f"https://stat.example/?api-key={WORD}",
    f"https://stat.example/?sig={WORD}",
    f"https://stat.example/?Subscription-Key={WORD}",
    f"https://stat.example/?PASSWORD={WORD}",
    f"could not connect: password={WORD} host=db",
    f"{{'user': 'x', 'password': '{WORD}'}}",
]


@pytest.mark.parametrize("text", HIDDEN)
@pytest.mark.parametrize("formatter", [TextLines(), JsonLines()], ids=["text", "json"])
def test_no_secret_is_in_a_line(text: str, formatter: logging.Formatter) -> None:
    """In the message, in a field, in the traceback of a fault."""
    try:
        raise ValueError(text)
    except ValueError:
        fault = sys.exc_info()
    record = logging.LogRecord("corridor", logging.ERROR, "x.py", 1, "%s", (text,), fault)
    for name in FIELDS:
        setattr(record, name, text)
    line = formatter.format(record)
    assert WORD not in line
    assert SECRET not in line
    assert "***" in line


@pytest.mark.parametrize(
    "text",
    [
        "https://stat.example/data/A.SWE?startPeriod=2020&format=csv&key.of=x",
        "key 0123456789ab is revoked: ask the operator",
        "the bearer of this",
        "MIGX:DF_STOCK_BIRTH: 3 added, 1 revised",
        "c[FREQ]=A and updatedAfter=2020-01-01T00:00:00+01:00",
        "postgresql+pg8000://db.example.org/corridor",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert without_secrets(text) == text


@pytest.fixture
def servers_log() -> Iterator[None]:
    """As in a process of its own: servers of other tests are told to say nothing."""
    log = logging.getLogger("uvicorn.error")
    level = log.level
    log.setLevel(logging.NOTSET)
    yield
    log.setLevel(level)


@pytest.mark.usefixtures("servers_log")
def test_a_line_says_what_happened_where(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, node="SWE", log_format="json")
    out = io.StringIO()
    with redirect_stderr(out), written_logs(settings):
        extra = {"event": "attempt", "partner": "NOR", "flow": FLOW, "attempt": 7, "reason": "HELD"}
        logging.getLogger("corridor.harvest").info("a %s", "message", extra=extra)
        logging.getLogger("corridor.harvest").debug("not this")
        logging.getLogger("uvicorn.error").warning("a line\nand another")
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert lines[0].pop("at").endswith("+00:00")
    assert lines[0] == {
        "level": "info",
        "logger": "corridor.harvest",
        "message": "a message",
        **extra,
    }
    assert lines[1]["message"] == "a line\nand another"
    assert len(lines) == 2


def test_words_begin_at_warning_and_the_level_can_be_set(tmp_path: Path) -> None:
    log = logging.getLogger("corridor.x")
    for level, seen in ((None, ["WARNING: c"]), ("info", ["INFO: b", "WARNING: c"])):
        out = io.StringIO()
        settings = Settings(home=tmp_path, node="SWE", log_level=level)
        with redirect_stderr(out), written_logs(settings):
            log.debug("a")
            log.info("b")
            log.warning("c")
        assert out.getvalue().splitlines() == seen


@pytest.fixture
def partner() -> Iterator[PartnerServer]:
    with PartnerServer() as server:
        yield server


def test_worker_and_harvest_tell_each_attempt_and_no_secret(
    corridor: Any, node: Any, partner: PartnerServer
) -> None:
    """What the partner answers repeats a key and a token."""
    hub: Store = node("EUROBS", role="observatory", log_format="json")
    document = {
        "id": "SWE",
        "name": "x",
        "role": "national",
        "areas": ["SWE"],
        "agencies": [],
        "urls": {"v2": f"{partner.url}/sdmx/v2"},
        "dataflows": [],
        "updated": "2026-01-01T00:00:00Z",
    }
    partner.on("/.well-known/sdmx-node", Answer(200, json.dumps(document).encode()))
    add_partner_to(hub, partner.url, ["SWE"])
    said = f"Authorization: Bearer {KEY} is refused, see https://x.example/?token={WORD}"
    partner.on("/.well-known/sdmx-node", Answer(403, said.encode()))
    set_every(hub.catalogue, "SWE", None)
    home = hub.settings.home
    worker, harvest = (
        corridor("--home", home, "worker", "--once"),
        corridor("--home", home, "harvest"),
    )
    assert worker.exit == harvest.exit == 3
    for ran in (worker, harvest):
        assert WORD not in ran.out + ran.err
        assert SECRET not in ran.out + ran.err
    lines = [json.loads(line) for line in worker.err.splitlines() if line.startswith("{")]
    (attempt,) = [line for line in lines if line.get("event") == "attempt"]
    assert attempt["logger"] == "corridor.harvest"
    assert (attempt["partner"], attempt["reason"]) == ("SWE", "FAILED")
    assert "Authorization: ***" in attempt["message"]
    assert attempt["attempt"] == 1
    assert {"started", "harvested", "stopped"} <= {line.get("event") for line in lines}


def test_a_catalogue_that_is_away_is_told_without_its_password(corridor: Any, node: Any) -> None:
    hub: Store = node("EUROBS", role="observatory", log_format="json")
    toml = hub.settings.home / "corridor.toml"
    for url in (
        f"postgresql+pg8000://corridor:{WORD}@127.0.0.1:9/x",
        f"postgresql+pg8000://corridor:a@{WORD}@127.0.0.1:9/x",
        f"nonsense://corridor:{WORD}@127.0.0.1:9/x",
        f"postgresql+pg8000:/corridor:{WORD}@127.0.0.1",
    ):
        kept = [line for line in toml.read_text().splitlines() if not line.startswith("catalogue")]
        toml.write_text("\n".join([f'catalogue = "{url}"', *kept[1:], *kept[:1]]))
        for arguments in (("worker", "--once"), ("harvest",), ("status", "--json")):
            ran = corridor("--home", hub.settings.home, *arguments)
            assert ran.exit in (1, 3), ran.err
            assert WORD not in ran.out + ran.err, (url, ran.err)


def test_each_worker_of_a_server_logs_as_the_settings_say(node: Any) -> None:
    """`serve --workers` makes its application anew in each process."""
    hub: Store = node("EUROBS", role="observatory", log_format="json")
    out = io.StringIO()
    with redirect_stderr(out), written_logs(Settings(home=hub.settings.home, node="X")):
        app = WorkerApp(hub.settings.home)()
        logging.getLogger("corridor.notify").info("in a worker")

        async def end() -> None:
            async with app.router.lifespan_context(app):
                pass

        asyncio.run(end())
    assert json.loads(out.getvalue())["message"] == "in a worker"


def test_a_server_tells_of_announcements_and_faults_and_of_no_key(
    node: Any, root: Path, tmp_path: Path
) -> None:
    hub: Store = node("EUROBS", role="observatory", log_format="json")
    add = (
        "INSERT INTO partner (id, url, name, areas, agencies, flows, added) "
        "VALUES ('SWE', 'https://swe.example', '', '[]', '[]', '[]', 0)"
    )
    with hub.catalogue.writing() as connection:
        connection.exec_driver_sql(add)
    _, token = create_key(hub.catalogue, "SWE", [Right.NOTIFY], partners=["SWE"])
    command = [sys.executable, "-m", "hub.main", "--home", str(hub.settings.home)]
    log = tmp_path / "log"
    with (
        log.open("w") as err,
        subprocess.Popen(
            [*command, "serve", "--port", "0", "--json"],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            said = json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")
            headers = {"Authorization": f"Bearer {token}"}
            with httpx.Client(base_url=said["url"], timeout=60) as client:
                sent = client.post("/notify?token=" + WORD, json={"node": "SWE"}, headers=headers)
                assert sent.status_code == 202
                client.get(f"/metrics?token={WORD}", headers=headers)
                (hub.settings.home / "catalogue.sqlite").rename(tmp_path / "away")
                client.get(f"/health?token={WORD}", headers=headers)
        finally:
            process.terminate()
            process.wait(60)
    text = log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    (announced,) = [line for line in lines if line.get("event") == "announced"]
    assert announced["partner"] == "SWE"
    assert token[-43:] not in text
    assert WORD not in text
