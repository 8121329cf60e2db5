"""A node, an observatory with one partner, and the web server that plays the partner."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from connectors.corridor.document import NodeDocument, NodeFlow, encode
from hub.store import init_home
from tests.connectors.http.server import Act, Answer, PartnerHandler, PartnerServer
from tests.hostile.sound import FLOW, csv_2
from tests.hostile.watched import Ran, run

ROOT = Path(__file__).resolve().parents[2]
CSV = "application/vnd.sdmx.data+csv; version=2.0.0"
_DATA = "/sdmx/v2/data/dataflow/MIGX/DF_STOCK_BIRTH/1.0.0/*"
_MAY_BE_READ = tuple(
    {
        *(str(ROOT), sys.prefix, sys.base_prefix, str(Path(sys.prefix).resolve())),
        *("/proc/", "/sys/", "/dev/null", "/dev/urandom", "/usr/share/zoneinfo", "/etc/localtime"),
    }
)


@dataclass(frozen=True)
class Scene:
    """`folder` holds the homes SWE and EUROBS, the files handed in, and what commands say."""

    folder: Path
    server: PartnerServer

    @property
    def home(self) -> Path:
        return self.folder / "SWE"

    @property
    def observatory(self) -> Path:
        return self.folder / "EUROBS"

    def run(self, *commands: tuple[object, ...]) -> list[Ran]:
        return run(commands, self.folder)

    def serve(self, data: Act, document: Act | None = None) -> None:
        """Let the partner answer so when it is asked for its figures, and for its document."""
        self.server.on("/.well-known/sdmx-node", document or Answer(200, encode(told())))
        self.server.on(_DATA, data)
        self.server.requests.clear()

    def serve_each(self, answers: Mapping[int, tuple[Act, Act]]) -> None:
        """Let document and figures depend on which command is being run."""

        def act(which: int, handler: PartnerHandler) -> None:
            answers[int((self.folder / "now").read_text())][which](handler)

        self.serve(partial(act, 1), partial(act, 0))

    def state(self) -> dict[str, str]:
        """A hash of every file and catalogued row of both homes, attempts and raw bytes aside."""
        found = {}
        for home in (self.home, self.observatory):
            for path in sorted(home.rglob("*")):
                name = str(path.relative_to(self.folder))
                if path.is_file() and "/lake/raw/" not in name and "catalogue.sqlite" not in name:
                    found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
            found |= _rows(home / "catalogue.sqlite", home.name)
        return found

    def at(self, folder: Path) -> Scene:
        """The same with other homes."""
        shutil.copytree(self.home, folder / "SWE")
        shutil.copytree(self.observatory, folder / "EUROBS")
        return Scene(folder, self.server)

    def strange(self, ran: Ran) -> list[tuple[str, str]]:
        """What a command touched that is not its business."""
        port = str(self.server.port)
        return [event for event in ran.events if not self._is_fine(*event, port)]

    def _is_fine(self, name: str, what: str, port: str) -> bool:
        if name.startswith("socket."):
            return what in (f"('127.0.0.1', {port})", "127.0.0.1") or name == "socket.bind"
        if name in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"):
            return False
        path = str(self.folder / "tmp" / what)  # where the child stands
        if path.startswith(str(self.folder)) and ".." not in path:
            return True
        return name == "open" and what.startswith(_MAY_BE_READ)


def told(**more: object) -> NodeDocument:
    """The document of a harmless partner."""
    flow = NodeFlow(agency="MIGX", id="DF_STOCK_BIRTH", version="1.0.0", rows=1)
    about = {"id": "NOR", "name": "Norway", "role": "national", "areas": ("SWE",)}
    return NodeDocument(**{**about, "urls": {"v2": "/sdmx/v2"}, "dataflows": (flow,), **more})


def make_scene(folder: Path, server: PartnerServer) -> Scene:
    """Two nodes with a figure each, so that there is something to lose."""
    folder.mkdir()
    scene = Scene(folder, server)
    init_home(scene.home, {"node": "SWE", "areas": ["SWE"]})
    networks = {"partner_networks": ["127.0.0.1/32"]}
    init_home(scene.observatory, {"node": "EUROBS", "role": "observatory", **networks})
    (folder / "good.csv").write_bytes(csv_2(TIME_PERIOD="2019"))
    scene.serve(Answer(200, csv_2(TIME_PERIOD="2019"), {"Content-Type": CSV}))
    for ran in scene.run(
        ("--home", scene.home, "publish", FLOW, folder / "good.csv"),
        ("--home", scene.observatory, "partner", "add", server.url, "--areas", "SWE"),
        ("--home", scene.observatory, "harvest"),
    ):
        assert ran.exit == 0, ran.said
    return scene


def _rows(catalogue: Path, name: str) -> Mapping[str, str]:
    """A hash of the rows of each table but those of attempts, which arrivals are part of."""
    with closing(sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True)) as connection:
        tables = [
            table
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
            if name == "SWE" or table not in ("arrival", "attempt", "clock")
        ]
        return {
            f"{name} {table}": hashlib.sha256(
                repr(connection.execute(f'SELECT * FROM "{table}"').fetchall()).encode()  # noqa: S608
            ).hexdigest()
            for table in tables
        }
