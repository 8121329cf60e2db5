"""Two nodes without a network between them: SWE publishes, HUB takes bundles from it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from federation.exchange.pack import write_archive
from federation.partners import Partner
from federation.partners.catalogued import CataloguedPartners
from hub.model import ArtefactClass, Reference
from hub.store import open_store

FLOW = "MIGX:DF_STOCK_BIRTH"
OTHER = "MIGX:DF_STOCK_CTZ"


@dataclass
class Pair:
    """Both homes, and the ways to use them."""

    folder: Path
    run: Callable[..., Any]
    table: Any

    @property
    def swe(self) -> Path:
        return self.folder / "SWE"

    @property
    def hub(self) -> Path:
        return self.folder / "HUB"

    def publish(self, *rows: Mapping[str, object], flow: str = FLOW, **options: str) -> Any:
        """Publish rows of SWE."""
        name = f"{flow}(1.0.0)"
        basis = {"COUNTERPART_BASIS": "CTZ", "MIGRANT_STATUS": "FC"} if flow == OTHER else {}
        file = self.table.write(
            self.folder / "in.csv", *({"STRUCTURE_ID": name, **basis, **row} for row in rows)
        )
        more = [word for option in options.items() for word in (f"--{option[0]}", option[1])]
        done = self.run("--home", self.swe, "publish", flow, file, *more)
        assert done.exit == 0, done.err
        return done

    def export(self, name: str = "swe.bundle", *words: object) -> Path:
        """Export what SWE publishes."""
        target = self.folder / name
        done = self.run("--home", self.swe, "export", target, *words)
        assert done.exit == 0, done.err
        return target

    def take(self, bundle: Path, *words: object) -> Any:
        """Import a bundle at HUB."""
        return self.run("--home", self.hub, "import", bundle, "--json", *words)

    def grant(self, *areas: str, url: str = "https://swe.test") -> None:
        """Let HUB know SWE, which may speak for some areas."""
        store = open_store(self.hub)
        try:
            partners = CataloguedPartners(store.catalogue)
            if partners.list():
                partners.remove("SWE")
            at = store.catalogue.now()
            partners.add(Partner(id="SWE", url=url, name="SWE", areas=areas, added=at))
        finally:
            store.close()

    def rows(self, home: Path, flow: str = FLOW) -> list[dict[str, Any]]:
        """What readers of a node get."""
        store = open_store(home)
        try:
            agency, _, id_ = flow.partition(":")
            reference = Reference(ArtefactClass.DATAFLOW, agency, id_, "1.0.0")
            release = store.release(reference)
            if release is None:
                return []
            found: list[dict[str, Any]] = (
                store.read(release, store.schema(reference)).read_all().to_pylist()
            )
            return found
        finally:
            store.close()

    def figures(self, home: Path, flow: str = FLOW) -> dict[str, float]:
        """The figures by year."""
        return {row["TIME_PERIOD"]: row["OBS_VALUE"] for row in self.rows(home, flow)}


@pytest.fixture(scope="session")
def made_pair(tmp_path_factory: pytest.TempPathFactory, stock_table: Any) -> Path:
    from hub.main import main

    folder = tmp_path_factory.mktemp("pair")
    file = stock_table.write(
        folder / "in.csv", {}, {"TIME_PERIOD": "2019", "OBS_VALUE": "92759", "OBS_STATUS": "P"}
    )
    commands = (
        ["init", folder / "SWE", "--node", "SWE", "--areas", "SWE"],
        ["init", folder / "HUB", "--node", "HUB", "--role", "hub"],
        ["--home", folder / "SWE", "publish", FLOW, file],
    )
    for command in commands:
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in command])
        assert not ended.value.code
    return folder


@pytest.fixture
def pair(made_pair: Path, tmp_path: Path, corridor: Callable[..., Any], stock_table: Any) -> Pair:
    """SWE has two figures; HUB knows SWE, which may speak for SWE."""
    shutil.copytree(made_pair, tmp_path, dirs_exist_ok=True)
    made = Pair(tmp_path, corridor, stock_table)
    made.grant("SWE")
    return made


def unpacked(bundle: Path) -> dict[str, bytes]:
    """The files of a bundle."""
    with ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(target: Path, files: Mapping[str, bytes], *, fits: bool = True) -> Path:
    """A bundle of files as `corridor export` packs them; its manifest `fits` them."""
    files = dict(files)
    if fits:
        manifest = json.loads(files["manifest.json"])
        manifest["files"] = {
            name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in files.items()
            if name != "manifest.json"
        }
        files["manifest.json"] = json.dumps(manifest).encode()
    folder = target.with_name(f"{target.name}.files")
    folder.mkdir()
    paths = {}
    for number, (name, content) in enumerate(files.items()):
        paths[name] = folder / str(number)
        paths[name].write_bytes(content)
    write_archive(target, paths)
    return target
