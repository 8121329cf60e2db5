"""Making and opening homes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hub.errors import BadRequest, Conflict, CorridorError, Forbidden, Internal, NotFound
from hub.settings import load_settings
from hub.store import init_home, open_store
from tests.publish.stock import SettableClock, by_year, raw, submit

ABOUT = {"node": "SWE", "areas": ["SWE"]}


def test_a_new_home_can_be_opened_and_published_at(tmp_path: Path) -> None:
    made = init_home(tmp_path / "a" / "home", ABOUT | {"name": 'Bureau "é" 🧳\\', "port": 9000})
    assert made.model_dump() == load_settings(tmp_path / "a" / "home").model_dump()
    assert (made.name, made.port, made.areas) == ('Bureau "é" 🧳\\', 9000, ("SWE",))
    store = open_store(tmp_path / "a" / "home")
    submit(store, raw({}))
    assert by_year(store) == {"2020": 100}
    store.close()


def test_two_nodes_live_in_one_process(tmp_path: Path) -> None:
    stores = []
    for node in ("SWE", "NOR"):
        init_home(tmp_path / node, ABOUT | {"node": node})
        stores.append(open_store(tmp_path / node, SettableClock()))
    submit(stores[0], raw({}))
    assert [by_year(store) for store in stores] == [{"2020": 100}, {}]
    for store in stores:
        store.close()


def test_a_home_is_made_once(tmp_path: Path) -> None:
    init_home(tmp_path, ABOUT)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Conflict, match="home of a node already"):
        init_home(tmp_path, ABOUT)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"node": "1"}, BadRequest),
        ({"prot": 1}, BadRequest),
        ({"name": "bell \x7f"}, BadRequest),
        ({"catalogue": "nonsense"}, BadRequest),
        ({"catalogue": "postgresql+pg8000://me@127.0.0.1:1/none"}, Internal),
    ],
)
def test_an_error_leaves_nothing_behind(
    tmp_path: Path, wrong: dict[str, str | int], error: type[CorridorError]
) -> None:
    with pytest.raises(error):
        init_home(tmp_path / "new", ABOUT | wrong)
    assert not (tmp_path / "new").exists()
    mine = tmp_path / "mine.txt"
    mine.write_text("stays", "utf-8")
    with pytest.raises(error):
        init_home(tmp_path, ABOUT | wrong)
    assert list(tmp_path.rglob("*")) == [mine]
    init_home(tmp_path, ABOUT)


def test_a_place_that_is_a_file_cannot_become_a_home(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine", "utf-8")
    for home in (file, file / "below"):
        with pytest.raises(Forbidden, match="cannot become a home"):
            init_home(home, ABOUT)
    assert file.read_text("utf-8") == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_cannot_become_a_home(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(0o500)
    with pytest.raises(Forbidden, match=r"locked .*a folder that this user may write"):
        init_home(locked, ABOUT)
    with pytest.raises(Forbidden):
        init_home(locked / "below", ABOUT)
    assert list(locked.iterdir()) == []


def test_what_is_no_home_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="corridor init"):
        open_store(tmp_path)


def test_a_home_without_its_catalogue_is_refused(tmp_path: Path) -> None:
    init_home(tmp_path, ABOUT)
    for file in tmp_path.glob("catalogue.sqlite*"):
        file.unlink()
    with pytest.raises(Conflict, match="no tables yet"):
        open_store(tmp_path)


def test_a_catalogue_that_is_no_database_is_refused(tmp_path: Path) -> None:
    init_home(tmp_path, ABOUT)
    (tmp_path / "catalogue.sqlite").write_bytes(
        b"not a database, but long enough to be looked at" * 9
    )
    with pytest.raises(Internal, match="cannot be opened: file is not a database"):
        open_store(tmp_path)
