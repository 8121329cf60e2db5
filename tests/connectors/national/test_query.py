"""Tables from a database: what comes out, and what is refused, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import dsd
from connectors.national import parse_mapping, read_mapping, read_table
from hub.errors import BadRequest, CorridorError, Invalid, PartnerUnavailable, TooLarge
from hub.formats.limits import Limits
from hub.formats.message import RawData

STRUCTURES = dsd.shared_structures()
MAP = """
dataflow = "MIGX:DF_STOCK_BIRTH(1.0.0)"
[sql]
url = "{url}"
query = '''{query}'''
{more}
[columns]
COUNTERPART_AREA = "born in"
TIME_PERIOD = "year"
OBS_VALUE = "persons"
REF_DATE = "day"
[codes.COUNTERPART_AREA]
scheme = "ISO2"
[missing]
"" = {{ OBS_STATUS = "Q" }}
"""
QUERY = """
-- the figures of one year
SELECT country AS "born in", year, persons, day FROM stock WHERE year >= :since ORDER BY row
"""
Make = Callable[..., Path]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the table `stock`."""
    from tests.store import postgresql

    if request.param == "sqlite":
        found = f"sqlite:///{(tmp_path / 'office.sqlite').as_posix()}"
    else:
        found = postgresql.new_database(request.getfixturevalue("postgresql_url"))
    engine = sa.create_engine(found)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE stock (row INTEGER, country VARCHAR(2), year INTEGER, "
            "persons NUMERIC(12, 2), day DATE)"
        )
        for row in (
            "1, 'PL', 2021, 17.5, '2021-12-31'",
            "2, 'PL', 2022, 12345678, '2022-12-31'",
            "3, 'IQ', 2022, NULL, '2022-12-31'",
        ):
            connection.exec_driver_sql(f"INSERT INTO stock VALUES ({row})")  # noqa: S608
    engine.dispose()
    return found


def read(url: str, query: str = QUERY, more: str = "parameters = { since = 2021 }", **limits: int
         ) -> RawData:  # fmt: skip
    mapping = parse_mapping(MAP.format(url=url, query=query, more=more), "map.toml")
    return read_table(None, mapping, STRUCTURES, limits=Limits(**limits))


def count(url: str) -> Any:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM stock").scalar_one()
    engine.dispose()
    return found


def test_the_result_of_a_query_is_a_table(url: str) -> None:
    raw = read(url)
    assert raw.table.to_pydict() == {
        "COUNTERPART_AREA": ["POL", "POL", "IRQ"],
        "TIME_PERIOD": ["2021", "2022", "2022"],
        "OBS_VALUE": ["17.50" if "postgresql" in url else "17.5",
                      "12345678.00" if "postgresql" in url else "12345678", None],
        "REF_DATE": ["2021-12-31", "2022-12-31", "2022-12-31"],
        "OBS_STATUS": [None, None, "Q"],
    }  # fmt: skip
    assert [raw.line(row) for row in range(3)] == [1, 2, 3]
    assert raw.source == "map.toml"


def test_values_are_bound_not_pasted(url: str) -> None:
    more = "parameters = { since = 2022 }"
    assert read(url, more=more).table.num_rows == 2
    evil = 'parameters = { since = "2021\'; DROP TABLE stock; --" }'
    with suppress(BadRequest):  # PostgreSQL: that is no integer
        read(url, more=evil)
    assert count(url) == 3


def test_more_batches_than_one(url: str) -> None:
    query = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25001) "
        "SELECT 'PL' AS \"born in\", 2021 AS year, i AS persons, NULL AS day FROM n"
    )
    table = read(url, query, "").table
    assert table["OBS_VALUE"].to_pylist() == [str(n) for n in range(1, 25_002)]
    with pytest.raises(TooLarge, match=r"more than 20,000 rows, the most that \[sql\] rows takes"):
        read(url, query, "rows = 20_000")
    with pytest.raises(TooLarge, match="max_cells"):
        read(url, query, "", cells=50_000)


@pytest.mark.parametrize(
    "query",
    [
        "WITH gone AS (DELETE FROM stock RETURNING *) SELECT * FROM gone",
        "SELECT 1; DELETE FROM stock",
    ],
)
def test_a_query_that_writes_changes_nothing(url: str, query: str) -> None:
    with pytest.raises(CorridorError):
        read(url, query, "")
    assert count(url) == 3


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT nothing FROM stock", "does not take the .sql. query: .*nothing"),
        ("SELECT * FROM absent", "absent"),
        ("SELECT country AS c FROM stock", "no column 'born in'"),
        ("SELECT country FROM stock WHERE year = :year", "year"),
    ],
)
def test_a_wrong_query_is_told_in_the_words_of_the_database(
    url: str, query: str, told: str
) -> None:
    with pytest.raises((BadRequest, Invalid), match=told):
        read(url, query, "")


def test_a_query_without_an_end_is_stopped(url: str) -> None:
    query = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        'SELECT count(*) AS "born in" FROM n'
    )
    with pytest.raises(PartnerUnavailable, match="does not answer"):
        read(url, query, "seconds = 1")


def test_a_spelling_without_a_code_is_told_by_row(url: str) -> None:
    query = QUERY.replace("SELECT country", "SELECT country || '?'")
    with pytest.raises(Invalid) as refused:
        read(url, query)
    assert [(f.file, f.line, f.value) for f in refused.value.findings] == [
        ("map.toml", 1, "PL?"),
        ("map.toml", 3, "IQ?"),
    ]


def test_the_password_comes_from_the_environment_and_goes_nowhere(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.store import postgresql

    secret, url = "s3cret-w0rd", postgresql.new_database(postgresql_url)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE stock (row INTEGER)")
    engine.dispose()
    more = 'password = "OFFICE_PASSWORD"'
    with pytest.raises(BadRequest, match="variable OFFICE_PASSWORD is not set"):
        read(url, more=more)
    monkeypatch.setenv("OFFICE_PASSWORD", secret)
    query = f"SELECT '{secret}' AS \"born in\", nothing FROM stock"  # noqa: S608
    with pytest.raises(BadRequest) as refused:
        read(url, query, more)
    assert secret not in str(refused.value)
    assert secret not in repr(refused.value.__context__) or refused.value.__suppress_context__
    unreachable = url.replace("127.0.0.1:", "127.0.0.1:1").rsplit(":", 1)[0] + ":1/postgres"
    with pytest.raises(PartnerUnavailable) as failed:
        read(unreachable, more=more)
    assert secret not in str(failed.value)


@pytest.mark.parametrize(
    ("url", "more", "told"),
    [
        ("postgresql+pg8000://me:secret@host/db", "", "url holds a password"),
        ("mssql+pyodbc://host/db?driver=x;PWD=secret", "", "url holds a password"),
        ("sqlite:///x", 'password = "a b"', "name of an environment variable"),
        ("sqlite:///x", "rows = 0", "rows: write a number from 1"),
        ("sqlite:///x", "seconds = 0", "seconds: write a number from 1"),
        ("sqlite:///x", '[source]\nsheet = "a"', "sheet means nothing beside"),
    ],
)
def test_settings_of_a_query_are_checked(url: str, more: str, told: str) -> None:
    with pytest.raises(Invalid, match=told) as refused:
        read(url, "SELECT 1", more)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("query", ["DELETE FROM stock", "UPDATE stock SET year = 1", "", "DROP x"])
def test_a_query_that_does_not_read_is_refused_before_it_is_asked(query: str) -> None:
    with pytest.raises(Invalid, match="query only reads"):
        read("sqlite:///absent.sqlite", query, "")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite:///absent.sqlite", "no database file absent.sqlite"),
        ("sqlite://", "names no file"),
        ("nonsense", "url is none"),
        ("oracle+absent://host/db", "no driver for oracle\\+absent"),
    ],
)
def test_a_database_that_is_none_is_told_and_not_made(
    url: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadRequest, match=told):
        read(url)
    assert not list(tmp_path.iterdir())


def test_a_file_and_a_query_are_not_both_read(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(MAP.format(url="sqlite:///x", query="SELECT 1", more=""))
    mapping = read_mapping(tmp_path / "map.toml")
    with pytest.raises(BadRequest, match=r"leave table\.csv out"):
        read_table(tmp_path / "table.csv", mapping, STRUCTURES)
    plain = parse_mapping('dataflow = "MIGX:DF_STOCK_BIRTH"', "plain.toml")
    with pytest.raises(BadRequest, match=r"a query in \[sql\] of plain.toml"):
        read_table(None, plain, STRUCTURES)
