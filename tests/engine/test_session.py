"""Sessions: on their own, within bounds, gone afterwards."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import pytest

from hub.engine import session


def test_sessions_share_nothing() -> None:
    with session() as one, session() as other:
        one.execute("CREATE TABLE t AS SELECT 1 AS a")
        with pytest.raises(duckdb.CatalogException):
            other.execute("FROM t")


def test_a_session_ends_with_its_block() -> None:
    with session() as connection:
        pass
    with pytest.raises(duckdb.ConnectionException):
        connection.execute("SELECT 1")


def test_times_are_utc() -> None:
    with session() as connection:
        assert connection.execute("SELECT current_setting('TimeZone')").fetchall() == [("UTC",)]


def test_nothing_is_installed_from_the_net() -> None:
    with session() as connection:
        for setting in ("autoinstall_known_extensions", "autoload_known_extensions"):
            found = connection.execute(f"SELECT current_setting('{setting}')").fetchall()
            assert found == [(False,)]


def test_what_does_not_fit_into_memory_goes_to_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never into the folder the program was started in; nothing stays."""
    spill, here = tmp_path / "spill", tmp_path / "here"
    spill.mkdir()
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr(tempfile, "tempdir", str(spill))
    with session(memory_limit="60MB", threads=1) as connection:
        connection.execute(
            "CREATE TEMP TABLE t AS SELECT i, md5(i::VARCHAR) AS m FROM range(1600000) AS r(i)"
        )
        assert any(path.is_file() for path in spill.rglob("*"))
        assert connection.execute("SELECT count(*) FROM t").fetchall() == [(1_600_000,)]
    assert list(spill.iterdir()) == []
    assert list(here.iterdir()) == []


def test_another_folder_for_what_does_not_fit_can_be_named(tmp_path: Path) -> None:
    with session(memory_limit="60MB", threads=1, spill=tmp_path) as connection:
        connection.execute(
            "CREATE TEMP TABLE t AS SELECT i, md5(i::VARCHAR) AS m FROM range(1600000) AS r(i)"
        )
        assert any(path.is_file() for path in tmp_path.rglob("*"))
    assert list(tmp_path.iterdir()) == []


def test_beyond_memory_and_disk_it_is_an_error() -> None:
    with session(memory_limit="20MB", threads=1) as connection:
        connection.execute("SET max_temp_directory_size = '1MB'")
        with pytest.raises(duckdb.OutOfMemoryException):
            connection.execute(
                "CREATE TEMP TABLE t AS SELECT md5(i::VARCHAR) AS m FROM range(3000000) AS r(i)"
            )


def test_a_session_may_work_on_a_file(tmp_path: Path) -> None:
    with session(database=tmp_path / "a.duckdb") as connection:
        connection.execute("CREATE TABLE t AS SELECT 7 AS a")
    with session(database=tmp_path / "a.duckdb") as connection:
        assert connection.execute("FROM t").fetchall() == [(7,)]
