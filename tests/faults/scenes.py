"""Nodes in the middle of their work: a home, and a command that is about to be given in it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, select

from federation.partners import FinishReason
from hub.main import main
from hub.store import init_home, open_store
from hub.store.keys import Right, create_key
from hub.store.upgrade import upgrade_within
from tests.federation.valve.conftest import Hub, thirty
from tests.publish.stock import SettableClock

STOCKS = "MIGX:DF_STOCK_BIRTH"
SWEDES = {"TIME_PERIOD": "2019", "OBS_VALUE": "92759"}


@dataclass(frozen=True)
class Scene:
    """A folder with a node in `home`, and the words of a command; `{}` stands for the folder."""

    folder: Path
    command: tuple[str, ...]

    def words(self, folder: Path) -> list[str]:
        return [word.replace("{}", str(folder)) for word in self.command]

    def copy(self, to: Path) -> Path:
        return shutil.copytree(self.folder, to)


def told(*words: object) -> None:
    """Give a command that must succeed."""
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    assert not ended.value.code, words


def publishing(folder: Path, table: Any) -> Scene:
    """Two releases are there; a third is being published, of several slices."""
    _published(folder, table)
    rows = [{"REF_AREA": area, "OBS_VALUE": "3"} for area in ("SWE", "NOR", "DNK")]
    table.write(folder / "next.csv", SWEDES | {"OBS_VALUE": "5"}, *rows)
    return Scene(folder, ("--home", "{}/home", "publish", STOCKS, "{}/next.csv"))


def sweeping(folder: Path, table: Any) -> Scene:
    """Superseded releases, garbage and rendered answers are there to be removed."""
    home = _published(folder, table)
    with (home / "corridor.toml").open("a") as file:
        file.write('keep_history = "0h"\n')
    digest = hashlib.sha256(b"x").hexdigest()
    for name in ("data/{}.parquet", "raw/{}.bin", "work/{}.parquet"):
        path = home / "lake" / name.format(f"{digest[:2]}/{digest}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return Scene(folder, ("--home", "{}/home", "sweep", "--older-than", "0h"))


def backing_up(folder: Path, table: Any) -> Scene:
    """An earlier backup is there; a release came since."""
    home = _published(folder, table)
    told("--home", home, "backup", folder / "backup")
    table.write(folder / "next.csv", SWEDES | {"OBS_VALUE": "5"})
    told("--home", home, "publish", STOCKS, folder / "next.csv")
    return Scene(folder, ("--home", "{}/home", "backup", "{}/backup"))


def restoring(folder: Path, table: Any) -> Scene:
    """A backup is there, and a node that is to move aside for it."""
    home = _published(folder, table)
    told("--home", home, "backup", folder / "backup")
    return Scene(folder, ("--home", "{}/home", "restore", "{}/backup", "--replace"))


def purging(folder: Path, table: Any) -> Scene:
    """A cell is about to be purged from two releases."""
    _published(folder, table)
    cell = "A.SWE.FB.BIRTH.POL._T._T.PS.2020"
    words = ("purge", STOCKS, "--cell", cell, "--reason", "leaked", "--by", "a clerk")
    return Scene(folder, ("--home", "{}/home", *words))


def going_back(folder: Path, table: Any) -> Scene:
    """Two releases are there; the flow is about to go back to the first."""
    store = open_store(_published(folder, table))
    flow = next(one.reference for one in store.flows() if one.id == "DF_STOCK_BIRTH")
    first = min(version.visible_from for version in store.history(flow))
    release = store.release(flow, first)
    store.close()
    assert release is not None
    words = ("release", "rollback", STOCKS, release.id, "--note", "the old ones were right")
    return Scene(folder, ("--home", "{}/home", *words))


def approving(folder: Path, table: Any) -> Scene:
    """What one key handed in is about to be approved with another."""
    home = _published(folder, table)
    with (home / "corridor.toml").open("a") as file:
        file.write("four_eyes = true\n")
    store = open_store(home)
    keys = [
        create_key(store.catalogue, name, [right], None)[1]
        for name, right in (("Anna", Right.PUBLISH), ("Bo", Right.APPROVE))
    ]
    store.close()
    rows = [{"REF_AREA": area, "OBS_VALUE": "3"} for area in ("SWE", "NOR")]
    table.write(folder / "next.csv", SWEDES | {"OBS_VALUE": "5"}, *rows)
    told("--home", home, "publish", STOCKS, folder / "next.csv", "--key", keys[0])
    return Scene(folder, ("--home", "{}/home", "approve", "1", "--key", keys[1]))


def accepting(folder: Path, table: Any) -> Scene:
    """What a partner sent is held, and about to be accepted."""
    home = folder / "home"
    init_home(home, {"node": "HUB", "role": "hub", "areas": ["*"]})
    store = open_store(home)
    hub = Hub(store, SettableClock(), folder)
    hub.partner("SWE")
    hub.send(*thirty())
    held = hub.send(*thirty(times=1000))
    store.close()
    assert held.reason is FinishReason.HELD
    return Scene(folder, ("--home", "{}/home", "review", "accept", "1", "--note", "it is so"))


def upgrading(folder: Path, table: Any) -> Scene:
    """The catalogue is of the first revision, with the releases it had then."""
    home = _published(folder, table)
    store = open_store(home)
    with store.catalogue.writing() as connection:
        now = MetaData()
        now.reflect(connection)
        rows = {
            name: [dict(row) for row in connection.execute(select(one)).mappings()]
            for name, one in now.tables.items()
        }
        now.drop_all(connection)
        upgrade_within(connection, "0001")
        then = MetaData()
        then.reflect(connection)
        for one in then.sorted_tables:
            if one.name != "alembic_version":
                connection.execute(one.delete())
                for row in rows[one.name]:
                    if row.get("file"):
                        row["digest"] = row["file"]  # then, a version was named by its file
                    kept = {name: value for name, value in row.items() if name in one.c}
                    connection.execute(one.insert().values(kept))
    store.close()
    return Scene(folder, ("--home", "{}/home", "upgrade"))


def deriving(folder: Path, table: Any) -> Scene:
    """A hub with stocks of three countries, from which nothing was derived since the last one."""
    home = _published(folder, table)
    told("--home", home, "derive")
    rows = [{"REF_AREA": area, "OBS_VALUE": "7"} for area in ("NOR", "DNK")]
    told("--home", home, "publish", STOCKS, table.write(folder / "next.csv", *rows))
    return Scene(folder, ("--home", "{}/home", "derive"))


def harvesting(folder: Path, table: Any, url: str) -> Scene:
    """A hub that holds an earlier release of a partner, which is served at `url`."""
    home = folder / "home"
    networks = {"partner_networks": ["127.0.0.1/32"]}
    init_home(home, {"node": "HUB", "role": "hub", "areas": ["*"], **networks})
    told("--home", home, "partner", "add", url, "--areas", "SWE")
    told("--home", home, "harvest")
    return Scene(folder, ("--home", "{}/home", "harvest"))


def _published(folder: Path, table: Any) -> Path:
    home = folder / "home"
    init_home(home, {"node": "HUB", "role": "hub", "areas": ["*"]})
    for value in ("1", "2"):
        file = table.write(folder / f"{value}.csv", SWEDES | {"OBS_VALUE": value}, {})
        told("--home", home, "publish", STOCKS, file)
    return home


SCENES: Mapping[str, Callable[..., Scene]] = {
    "publish": publishing,
    "sweep": sweeping,
    "backup": backing_up,
    "restore": restoring,
    "purge": purging,
    "rollback": going_back,
    "approve": approving,
    "upgrade": upgrading,
    "derive": deriving,
    "harvest": harvesting,
    "hold": harvesting,
    "accept": accepting,
}
