"""Sessions: on their own, within bounds, gone afterwards."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from hub.engine import session


def test_sessions_share_nothing() -> None:
    with session() as one, session() as other:
        one.execute("CREATE TABLE t AS SELECT 1 AS a")
        with pytest.raises(duckdb.CatalogException):
            other.execute("FROM t")


LEFT_BEHIND = (
    "CREATE TABLE t AS SELECT 1 AS a",
    "CREATE TEMP TABLE u AS SELECT 1 AS a",
    "CREATE VIEW v AS SELECT 1 AS a",
    "CREATE TYPE e AS ENUM ('x')",
    "CREATE MACRO m(a) AS a + 1",
    "SET VARIABLE w = 1",
    "SET TimeZone = 'Europe/Paris'",
    "PREPARE p AS SELECT 1",
    "BEGIN TRANSACTION",
    "CREATE TABLE never_committed AS SELECT 1 AS a",
)


def everything(connection: duckdb.DuckDBPyConnection) -> list[object]:
    """What a connection can see that others may have left."""
    queries = (
        "SELECT table_name FROM duckdb_tables()",
        "SELECT view_name FROM duckdb_views() WHERE NOT internal",
        "SELECT type_name FROM duckdb_types() WHERE NOT internal AND database_name <> 'system'",
        "SELECT function_name FROM duckdb_functions() WHERE NOT internal",
        "SELECT name FROM duckdb_variables()",
        "SELECT name FROM duckdb_prepared_statements()",
        "SELECT current_setting('TimeZone')",
    )
    return [connection.execute(query).fetchall() for query in queries]


@pytest.mark.parametrize("fails", [False, True])
def test_a_session_finds_nothing_of_those_before_it(fails: bool) -> None:
    with session(memory_limit="100MB") as connection:
        clean = everything(connection)
    for _ in range(3):
        with contextlib.suppress(ValueError), session(memory_limit="100MB") as connection:
            for statement in LEFT_BEHIND:
                connection.execute(statement)
            connection.register("r", pa.table({"a": [1]}))
            assert everything(connection) != clean
            if fails:
                raise ValueError
        with session(memory_limit="100MB") as connection:
            assert everything(connection) == clean
            for name in ("r", "t", "u", "v"):
                with pytest.raises(duckdb.CatalogException):
                    connection.execute(f"FROM {name}")


def test_an_engine_that_worked_for_a_short_while_works_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[object] = []
    connect = duckdb.connect

    def counted(*given: Any, **named: Any) -> duckdb.DuckDBPyConnection:
        started.append(given)
        return connect(*given, **named)

    monkeypatch.setattr(duckdb, "connect", counted)
    for _ in range(5):
        with session(memory_limit="101MB", threads=1) as connection:
            connection.execute("SELECT 1")
    assert len(started) == 1
    with session(memory_limit="101MB", threads=1):
        time.sleep(0.35)  # whoever takes long may have taken much memory
    with session(memory_limit="101MB", threads=1):
        pass
    assert len(started) == 2


def test_sessions_at_the_same_time_each_have_their_own() -> None:
    def work(number: int) -> int:
        with session(memory_limit="100MB") as connection:
            connection.execute("CREATE TABLE t (a INTEGER)")
            connection.execute("INSERT INTO t VALUES (?)", [number])
            (found,) = connection.execute("FROM t").fetchall()
        return int(found[0])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(200))) == list(range(200))


def test_an_answer_that_is_still_being_read_keeps_what_it_needs() -> None:
    with session(memory_limit="100MB") as connection:
        connection.execute("CREATE TABLE t AS FROM range(100000)")
        reader = connection.sql("FROM t").to_arrow_reader(10)
        next(reader)
    with session(memory_limit="100MB") as other:
        assert other.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]
    del reader


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")
def test_a_forked_process_has_engines_of_its_own() -> None:
    with session(memory_limit="100MB"):
        pass
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
        assert pool.submit(_one).result(timeout=60) == 1


def _one() -> int:
    with session(memory_limit="100MB") as connection:
        return int(connection.execute("SELECT 1").fetchall()[0][0])


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
