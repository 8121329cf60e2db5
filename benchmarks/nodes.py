"""Two hundred nodes in one process, each at a path of its own, to harvest from.

`python -m benchmarks.nodes FOLDER` makes a node of every area that `partners.write` put into the
folder, publishes its data there, serves them all on loopback with the node's own application, and
prints the port. What can be asked beside that is what `benchmarks.partners` answers.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from benchmarks import generate
from benchmarks.client import HOST
from hub.formats.csv import read_csv
from hub.model import Origin
from hub.publish import Submission, publish
from hub.rest.serving import build_app, server_options
from hub.store import Store, init_home, open_store


@dataclass
class _Nodes:
    """The applications of nodes by area; the first part of a path says which one answers."""

    folder: Path
    stores: Mapping[str, Store]
    version: int = 0
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.apps: dict[str, ASGIApp] = {
            area: build_app(store) for area, store in self.stores.items()
        }
        self.publish()

    def publish(self) -> None:
        """Let every node publish the version there is now."""
        for area, store in self.stores.items():
            raw = read_csv(self.folder / f"{area}.{self.version}.csv", store.structures)
            origin = Origin(kind="file", name=raw.source)
            publish(store, generate.STOCKS, Submission(raw=raw, source=area, origin=origin))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        _, area, *rest = path.split("/", 2)
        if area in self.apps:
            query = scope["query_string"].decode("ascii")
            raw = scope["raw_path"].decode("ascii")
            self.asked.append(f"{raw}?{query}" if query else raw)
            cut = raw.removeprefix(f"/{area}").encode("ascii")
            inner = {**scope, "path": f"/{''.join(rest)}", "raw_path": cut}
            await self.apps[area](inner, receive, send)
            return
        answer: list[str] = []
        if area == "revise":
            self.version = 2 if self.version == 1 else 1
            await asyncio.to_thread(self.publish)
        elif area == "requests":
            answer, self.asked = self.asked, []
        await JSONResponse(answer)(scope, receive, send)


def _made(folder: Path, port: int) -> dict[str, Store]:
    """A home for each area, with its store opened."""
    stores = {}
    for file in sorted(folder.glob("*.0.csv")):
        area = file.name.partition(".")[0]
        home = folder / "homes" / area
        about = {"node": area, "areas": [area], "base_url": f"http://{HOST}:{port}/{area}"}
        init_home(home, about)
        stores[area] = open_store(home)
    return stores


async def _serve(folder: Path) -> None:
    with socket.create_server((HOST, 0), backlog=1024) as listening:
        port = listening.getsockname()[1]
        nodes = await asyncio.to_thread(lambda: _Nodes(folder, _made(folder, port)))
        options = server_options(HOST, port)
        server = uvicorn.Server(uvicorn.Config(nodes, lifespan="off", **options))
        print(port, flush=True)
        await server.serve(sockets=[listening])


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
