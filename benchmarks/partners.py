"""Two hundred partners in one small server, each at a path of its own, to harvest from.

`python -m benchmarks.partners FOLDER` serves on loopback what `write` put into the folder, and
prints its port. Each partner is a node with one flow. `GET /revise` lets every partner have its
revision: one observation is another, and an increment tells it. `GET /requests` gives the paths
asked for since it was asked for last, as JSON.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import generate
from connectors.corridor.document import PATH, NodeDocument, NodeFlow, encode

PARTNERS = 200
#: What the status of the observation becomes that each partner revises: what it is not yet.
STATUSES = ("P", "E", "A")
_CSV = "application/vnd.sdmx.data+csv;version=2.0.0"


def write(folder: Path, rows: int, partners: int) -> list[str]:
    """Write the data of partners, about so many observations together; returns their areas."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = generate.write_stocks(folder / "stocks.csv", rows * len(generate.REPORTERS) // partners)
    head, *lines = whole.file.read_text("utf-8").splitlines()
    place = head.split(",").index("REF_AREA")
    by_area: dict[str, list[str]] = {}
    for line in lines:
        by_area.setdefault(line.split(",")[place], []).append(line)
    areas = sorted(by_area)[:partners]
    status = head.split(",").index("OBS_STATUS")
    for area in areas:
        given = by_area[area]
        cells = given[0].split(",")
        _write(folder / f"{area}.0.csv", head, given)
        others = [code for code in STATUSES if code != cells[status]]
        for version, code in enumerate(others, start=1):
            cells[status] = code
            changed = ",".join(cells)
            _write(folder / f"{area}.{version}.csv", head, [changed, *given[1:]])
            if version == 1:
                _write(folder / f"{area}.increment.csv", head, [changed.replace(",I,", ",R,", 1)])
    whole.file.unlink()
    return areas


def _write(file: Path, head: str, lines: list[str]) -> None:
    file.write_text("\n".join([head, *lines, ""]), "utf-8")


@dataclass(frozen=True, slots=True)
class Many:
    """A running server of partners."""

    url: str

    def revise(self) -> None:
        """Let every partner have its revision."""
        self._get("revise")

    def requests(self) -> list[str]:
        """The paths and queries asked for since this was asked last."""
        found: list[str] = json.loads(self._get("requests"))
        return found

    def _get(self, name: str) -> bytes:
        with urllib.request.urlopen(f"{self.url}/{name}") as answer:  # noqa: S310 - loopback
            given: bytes = answer.read()
        return given


@contextmanager
def serving(folder: Path, server: str = "benchmarks.partners") -> Iterator[Many]:
    """Serve partners while a block lasts, in a process of its own; `server` is its module."""
    words = [sys.executable, "-m", server, str(folder)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            line = process.stdout.readline() if process.stdout is not None else ""
            yield Many(f"http://127.0.0.1:{int(line)}")
        finally:
            process.terminate()


@dataclass
class _Served:
    folder: Path
    version: int = 0
    asked: list[str] = field(default_factory=list)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            target = head.split(" ", 2)[1]
            status, kind, body, tag = self._found(target)
            if tag is not None and f'"{tag}"' in head:
                status, body = "304 Not Modified", b""
            date = format_datetime(datetime.now(UTC), usegmt=True)
            lines = [f"HTTP/1.1 {status}", f"Date: {date}", "Connection: close"]
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
            lines += [f'ETag: "{tag}"'] if tag is not None else []
            writer.write("\r\n".join([*lines, "", ""]).encode() + body)
            await writer.drain()
        finally:
            writer.close()

    def _found(self, target: str) -> tuple[str, str, bytes, str | None]:
        if target == "/revise":
            self.version = 1
            return "200 OK", "text/plain", b"", None
        if target == "/requests":
            asked, self.asked = self.asked, []
            return "200 OK", "application/json", json.dumps(asked).encode(), None
        self.asked.append(target)
        path = urlsplit(target)
        area = path.path.split("/")[1]
        if path.path.endswith(PATH):
            body = self._document(area)
            return "200 OK", "application/json", body, hashlib.sha256(body).hexdigest()
        name = "increment" if path.query else str(self.version)
        file = self.folder / f"{area}.{name}.csv"
        return "200 OK", _CSV, file.read_bytes(), f"{area}{self.version}"

    def _document(self, area: str) -> bytes:
        data = (self.folder / f"{area}.{self.version}.csv").read_bytes()
        flow = NodeFlow(
            agency=generate.STOCKS.agency,
            id=generate.STOCKS.id,
            version=generate.STOCKS.version,
            release=hashlib.sha256(data).hexdigest(),
            updated=datetime(2026, 1, 1 + self.version, tzinfo=UTC),
            rows=data.count(b"\n") - 1,
        )
        document = NodeDocument(
            id=area,
            name=area,
            role="national",
            areas=(area,),
            urls={"v2": f"/{area}/sdmx/v2"},
            dataflows=(flow,),
        )
        return encode(document)


async def _serve(folder: Path) -> None:
    served = _Served(folder)
    server = await asyncio.start_server(served.answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
