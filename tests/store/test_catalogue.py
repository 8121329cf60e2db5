"""The catalogue on SQLite and on PostgreSQL: transactions, instants, migrations, releases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, func, select, text
from sqlalchemy.exc import DBAPIError

import hub.store.migrations
from hub.errors import BadRequest, Conflict, Internal, NotFound
from hub.settings import Settings
from hub.store import Catalogue, Store, system_clock, upgrade
from hub.store import partners as rows
from hub.store.catalogue import REVISION
from hub.store.tables import audit, metadata
from hub.store.upgrade import upgrade_within
from tests.publish.stock import FLOW, SettableClock, by_year, raw, submit


@pytest.fixture
def url(catalogue_url: str, tmp_path: Path) -> str:
    """An empty database."""
    return catalogue_url or f"sqlite:///{tmp_path / 'catalogue.sqlite'}"


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def open_(url: str, clock: SettableClock) -> Iterator[Callable[[], Catalogue]]:
    """Opens the catalogue, as one more process would."""
    opened: list[Catalogue] = []

    def open_() -> Catalogue:
        opened.append(Catalogue(url, clock))
        return opened[-1]

    yield open_
    for catalogue in opened:
        catalogue.close()


@pytest.fixture
def catalogue(open_: Callable[[], Catalogue]) -> Catalogue:
    made = open_()
    upgrade(made)
    return made


def test_migrations_lead_to_the_tables_of_the_code(catalogue: Catalogue) -> None:
    catalogue.check()
    with catalogue.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    folder = Path(hub.store.migrations.__file__).parent
    assert ScriptDirectory(str(folder)).get_current_head() == REVISION


def test_partners_of_before_profiles_are_other_nodes(open_: Callable[[], Catalogue]) -> None:
    catalogue = open_()
    with catalogue.writing() as connection:
        upgrade_within(connection, "0007")
        before = Table("partner", MetaData(), autoload_with=connection)
        values = {name: value for name, value in PARTNER.items() if name in before.c}
        assert "profile" not in before.c
        connection.execute(before.insert().values(values | {"added": 0}))
    upgrade(catalogue)
    (partner,) = rows.all_partners(catalogue)
    assert (partner["id"], partner["profile"]) == ("NOR", "corridor")


def test_upgrading_twice_changes_nothing(catalogue: Catalogue) -> None:
    with catalogue.writing() as connection:
        stamped = catalogue.stamp(connection)
    upgrade(catalogue)
    with catalogue.reading() as connection:
        assert catalogue.present(connection) == stamped


def test_a_catalogue_of_another_revision_is_refused(
    catalogue: Catalogue, open_: Callable[[], Catalogue]
) -> None:
    with catalogue.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(Conflict, match=r"at revision 0000, .* 'corridor upgrade'"):
        open_().check()


def test_an_empty_database_is_refused(open_: Callable[[], Catalogue]) -> None:
    with pytest.raises(Conflict, match=r"has no tables yet, .* 'corridor upgrade'"):
        open_().check()


def test_instants_are_kept_to_the_microsecond(catalogue: Catalogue, clock: SettableClock) -> None:
    clock.time = datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC)
    with catalogue.writing() as connection:
        at = catalogue.stamp(connection)
        catalogue.record(connection, at, "test", "a")
    with catalogue.reading() as connection:
        found = connection.execute(select(audit.c.at).where(audit.c.action == "test")).scalar_one()
    assert at == found == clock.time


def test_instants_increase_whatever_the_clock_does(
    catalogue: Catalogue, clock: SettableClock
) -> None:
    stamped = []
    for hours in (0, 0, 2, -5, 0, 4):
        clock.pass_(hours=hours)
        with catalogue.writing() as connection:
            stamped.append(catalogue.stamp(connection))
        with catalogue.reading() as connection:
            assert catalogue.present(connection) >= stamped[-1]
    assert stamped == sorted(set(stamped))
    assert stamped[3] - stamped[2] == timedelta(microseconds=1)


def test_what_fails_leaves_no_trace(catalogue: Catalogue) -> None:
    with catalogue.reading() as connection:
        before = catalogue.present(connection)

    def fail() -> None:
        with catalogue.writing() as connection:
            at = catalogue.stamp(connection)
            catalogue.record(connection, at, "test", "a")
            raise KeyError("fails")

    with pytest.raises(KeyError, match="fails"):
        fail()
    with catalogue.reading() as connection:
        assert catalogue.present(connection) == before
        assert connection.execute(select(func.count()).select_from(audit)).scalar_one() == 0


@pytest.mark.parametrize("change", ["UPDATE audit SET subject = 'b'", "DELETE FROM audit"])
def test_the_audit_trail_only_grows(catalogue: Catalogue, change: str) -> None:
    with catalogue.writing() as connection:
        catalogue.record(connection, catalogue.stamp(connection), "test", "a")
    with pytest.raises(DBAPIError, match="never changed"), catalogue.writing() as connection:
        connection.execute(text(change))
    with catalogue.reading() as connection:
        assert connection.execute(select(audit.c.subject)).scalars().all() == ["a"]


def test_writers_wait_for_each_other(open_: Callable[[], Catalogue], catalogue: Catalogue) -> None:
    """Read, then write: without a lock since the first step, counts would be lost."""
    others = [catalogue, open_(), open_()]

    def count(number: int) -> datetime:
        with others[number % 3].writing() as connection:
            at = others[number % 3].stamp(connection)
            known = connection.execute(select(func.count()).select_from(audit)).scalar_one()
            others[number % 3].record(connection, at, "test", str(known))
            return at

    with ThreadPoolExecutor(6) as pool:
        instants = list(pool.map(count, range(24)))
    assert len(set(instants)) == 24
    with catalogue.reading() as connection:
        found = connection.execute(select(audit.c.subject).order_by(audit.c.at)).scalars().all()
    assert found == [str(number) for number in range(24)]


def test_a_reader_sees_one_state(open_: Callable[[], Catalogue], catalogue: Catalogue) -> None:
    count = select(func.count()).select_from(audit)
    with open_().reading() as reader:
        before = reader.execute(count).scalar_one()
        with catalogue.writing() as connection:
            catalogue.record(connection, catalogue.stamp(connection), "test", "a")
        assert reader.execute(count).scalar_one() == before
    with catalogue.reading() as reader:
        assert reader.execute(count).scalar_one() == before + 1


PARTNER = {
    "id": "NOR",
    "url": "https://example.org/é",
    "name": "Norway",
    "areas": ["NOR", "SJM"],
    "agencies": ["MIGX.NOR"],
    "flows": [],
    "profile": "corridor",
    "added": datetime(2026, 1, 1, tzinfo=UTC),
}


def test_partners(catalogue: Catalogue) -> None:
    rows.add_partner(catalogue, PARTNER)
    rows.add_partner(catalogue, PARTNER | {"id": "DNK"})
    with pytest.raises(Conflict, match="partner NOR is known already"):
        rows.add_partner(catalogue, PARTNER)
    assert rows.all_partners(catalogue) == [PARTNER | {"id": "DNK"}, PARTNER]
    rows.remove_partner(catalogue, "DNK")
    assert rows.all_partners(catalogue) == [PARTNER]
    with pytest.raises(NotFound, match="no partner DNK"):
        rows.remove_partner(catalogue, "DNK")


def test_attempts(catalogue: Catalogue, clock: SettableClock) -> None:
    lease = timedelta(minutes=10)

    def attempt(flow: str = "F", holder: str = "me") -> int:
        opened, busy = rows.open_attempts(catalogue, ["NOR"], flow, holder, clock(), lease)
        assert not busy
        return opened["NOR"]

    first = attempt()
    opened, busy = rows.open_attempts(catalogue, ["NOR", "DNK"], "F", "you", clock(), lease)
    assert list(opened) == ["DNK"]
    assert busy["NOR"].startswith("me is harvesting F of NOR")
    done = {"id": opened["DNK"], "reason": "DONE", "note": "", "facts": {}}
    assert rows.finish_attempts(catalogue, [done], clock()) == set()
    second = attempt("G")
    ended = {"id": first, "reason": "DONE", "note": "so", "facts": {"rows": 3}}
    assert rows.finish_attempts(catalogue, [ended], clock()) == set()
    assert rows.finish_attempts(catalogue, [ended | {"reason": "AGAIN"}], clock()) == {first}
    assert [row["id"] for row in rows.find_attempts(catalogue, "NOR")] == [second, first]
    (found,) = rows.find_attempts(catalogue, "NOR", flow="F", reasons=["DONE"])
    assert (found["reason"], found["note"], found["facts"]) == ("DONE", "so", {"rows": 3})
    third = attempt("H", holder="other")
    clock.pass_(minutes=5)
    assert [row["id"] for row in rows.abort_attempts(catalogue, "ABORTED", "me", clock())] == [
        second
    ]
    clock.pass_(minutes=5)
    assert [row["id"] for row in rows.abort_attempts(catalogue, "ABORTED", "me", clock())] == [
        third
    ]
    assert rows.find_attempts(catalogue, "NOR", reasons=["DONE"])[0]["id"] == first
    attempt("H")


def test_an_attempt_with_an_expired_lease_blocks_nobody(
    catalogue: Catalogue, clock: SettableClock
) -> None:
    lease = timedelta(minutes=10)
    rows.open_attempts(catalogue, ["NOR"], "F", "a", clock(), lease)
    clock.pass_(minutes=11)
    opened, busy = rows.open_attempts(catalogue, ["NOR"], "F", "b", clock(), lease)
    assert list(opened) == ["NOR"]
    assert not busy


def test_a_node_publishes_and_reads(
    url: str, catalogue: Catalogue, clock: SettableClock, tmp_path: Path
) -> None:
    """The whole way over either database, four publishers at once."""
    catalogue.check()
    about = Settings(home=tmp_path, node="SWE", areas=("SWE",), catalogue=url, index_rows=10**9)
    store = Store(about, clock)
    try:

        def publish(year: int) -> None:
            submit(store, raw({"TIME_PERIOD": str(year), "OBS_VALUE": str(year)}))

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(publish, range(2001, 2005)))
        assert by_year(store) == {str(year): year for year in range(2001, 2005)}
        later = clock.time + timedelta(days=1)
        submit(store, raw({"TIME_PERIOD": "2001", "OBS_VALUE": "7"}), visible_from=later)
        assert by_year(store)["2001"] == 2001
        assert by_year(store, later)["2001"] == 7
        instants = [version.committed for version in store.history(FLOW)]
        assert instants == sorted(set(instants), reverse=True)
    finally:
        store.close()


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    missing = "postgresql+pg8000://me:secret@127.0.0.1:1/none"
    for wrong in (f"sqlite:///{tmp_path / 'folder'}", missing):
        catalogue = Catalogue(wrong, system_clock)
        with pytest.raises(Internal, match="cannot be opened") as caught:
            catalogue.check()
        catalogue.close()
        assert "secret" not in caught.value.message


@pytest.mark.parametrize("wrong", ["nonsense", "oracle+nothing://a/b"])
def test_what_is_no_database_url(wrong: str) -> None:
    with pytest.raises(BadRequest, match="not a database URL"):
        Catalogue(wrong)
