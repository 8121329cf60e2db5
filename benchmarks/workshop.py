"""What the figures are measured on: generated data and homes of nodes, made once in a run."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from benchmarks import child, generate, plain
from benchmarks.client import latencies, request, save
from benchmarks.generate import Data
from benchmarks.serving import Server, forget_rendered, serving
from hub.engine import literal

#: The kinds of data, each with what writes it.
STOCKS, PLAIN = "stocks", "plain"
_WRITERS = {STOCKS: generate.write_stocks, PLAIN: generate.write_plain}
_FLOWS = {STOCKS: generate.STOCKS, PLAIN: plain.FLOW}
#: The forms that are compared, by the ending of their files.
FORMS = {
    "csv": "application/vnd.sdmx.data+csv;version=2.0.0",
    "json": "application/vnd.sdmx.data+json;version=2.0.0",
    "xml": "application/vnd.sdmx.data+xml;version=3.0.0",
}


@dataclass(frozen=True)
class Workshop:
    """Makes what is measured on, below one folder.

    `small`, `middle` and `large` are the sizes in observations (10^5, 10^6, 10^7 in a whole run).
    `runs` is how often a thing is measured, `long_runs` how often where it takes minutes; `samples`
    the requests of one run of latencies, `seconds` the length of one run of throughput; `partners`
    how many are harvested together.
    """

    folder: Path
    small: int
    middle: int
    large: int
    runs: int
    long_runs: int
    samples: int
    seconds: float
    partners: int
    _made: dict[Path, child.Done] = field(default_factory=dict)

    def runs_of(self, size: int) -> int:
        """How often work on so many observations is measured."""
        return self.long_runs if size == self.large else self.runs

    def data(self, kind: str, size: int, *, revised: bool = False) -> Data:
        """Generated SDMX-CSV, made where it is missing."""
        file = self._place("data", f"{kind}-{size}{'-revised' if revised else ''}.csv")
        rows = file.with_suffix(".rows")
        if rows.exists():
            return Data(_FLOWS[kind], file, int(rows.read_text("ascii")))
        made = _WRITERS[kind](file, size, revised=revised)
        rows.write_text(str(made.rows), "ascii")
        return made

    def home(self, kind: str, size: int, *, revised: bool = False) -> Path:
        """A node that has published that data and indexed it, made where it is missing."""
        home = self._place("homes", f"{kind}-{size}{'-revised' if revised else ''}")
        if not (home / "done").exists():
            shutil.rmtree(home, ignore_errors=True)
            child.make_home(home)
            data = self.data(kind, size, revised=revised)
            done = run_child("publish", home, kind, "--file", str(data.file))
            run_child("index", home, kind)
            (home / "done").write_text(json.dumps(done.seconds), "ascii")
        return home

    def publish_seconds(self, kind: str, size: int) -> float:
        """Seconds it took the node of `home` to publish its first release."""
        seconds: float = json.loads((self.home(kind, size) / "done").read_text("ascii"))
        return seconds

    def copy_of(self, home: Path) -> Path:
        """A copy of a home to spoil; the one before is gone."""
        copy = self.spare_home()
        shutil.copytree(home, copy)
        return copy

    def spare_home(self) -> Path:
        """Where a home for one measurement may be made; nothing is there."""
        spare = self._place("homes", "spare")
        shutil.rmtree(spare, ignore_errors=True)
        return spare

    def messages(self, kind: str, size: int) -> dict[str, Path]:
        """The whole flow as the node serves it, by form, saved in the folder of static files."""
        files = {form: self.static / f"{kind}-{size}.{form}" for form in FORMS}
        if not all(file.exists() for file in files.values()):
            with self.served(kind, size) as server:
                for form, file in files.items():
                    save(server.port, whole(kind, form), file)
        return files

    @property
    def static(self) -> Path:
        """The folder of static files that the benchmark's servers serve."""
        folder = self.folder / "static"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @contextmanager
    def served(self, kind: str, size: int, *, workers: int = 1) -> Iterator[Server]:
        """Serve a home, warm and with nothing cached."""
        home = self.home(kind, size)
        forget_rendered(home)
        with serving(home, workers=workers, static=self.static) as server:
            for limit in range(1, 1 + 4 * workers):  # a connection goes to one worker or the other
                few = key(kind, f"*?limit={limit}")
                latencies(server.port, [request(few, accept=form) for form in FORMS.values()])
                latencies(server.port, [request("/constant")] * 20)
            yield server

    @contextmanager
    def table(self, kind: str, size: int) -> Iterator[duckdb.DuckDBPyConnection]:
        """An engine that holds the observations, typed as the node types them: `observations`."""
        source = f"FROM read_csv({literal(str(self.data(kind, size).file))}, all_varchar = true)"
        with duckdb.connect(":memory:") as connection:
            typed = "* REPLACE (CAST(OBS_VALUE AS DOUBLE) AS OBS_VALUE)"
            connection.sql(source).project(typed).create("observations")
            yield connection

    def scratch(self, name: str) -> Path:
        """A file to write over."""
        return self._place("scratch", name)

    def _place(self, folder: str, name: str) -> Path:
        place = self.folder / folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        return place


def key(kind: str, text: str, resource: str = "data") -> str:
    """The path of a key of a flow."""
    flow = _FLOWS[kind]
    return f"/sdmx/v2/{resource}/dataflow/{flow.agency}/{flow.id}/{flow.version}/{text}"


def whole(kind: str, form: str) -> bytes:
    """The request for a whole flow in a form."""
    return request(key(kind, "*"), accept=FORMS[form])


def run_child(work: str, home: Path, kind: str, *options: str) -> child.Done:
    """Do work in a process of its own; returns what it took."""
    flow = _FLOWS[kind]
    command = [sys.executable, "-m", "benchmarks.child", work, "--home", str(home)]
    command += ["--flow", f"{flow.agency}:{flow.id}", *options]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own
    return child.Done(**json.loads(done.stdout))
