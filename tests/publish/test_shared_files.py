"""Many slices that change a little at once share their files; nobody who reads can tell."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hub.formats.message import RawData
from hub.model import Origin, Selection
from hub.publish import Prepared, Submission, prepare, release, roll_back
from hub.publish.purge import parse_cell, purge_cells, purge_release
from hub.store import Store, flow_name, init_home, open_store, sweep
from hub.store.backup import make_backup, verify_backup, verify_store
from hub.store.parts import files_of, state_of
from hub.store.purges import Purge
from tests.publish.stock import FLOW, Row, SettableClock, deletion, figures, raw, submit

LEAKED = 987_654_321
ALL = ("REF_AREA", "COUNTERPART_AREA", "TIME_PERIOD")


@pytest.fixture
def areas(store: Store) -> list[str]:
    column = store.schema(FLOW).by_id["REF_AREA"]
    assert column.enumeration is not None
    countries = (code.id for code in column.enumeration.items if len(code.id) == 3)
    return sorted(islice((id_ for id_ in countries if id_.isalpha()), 20))


@pytest.fixture
def store(tmp_path: Path, clock: SettableClock) -> Iterator[Store]:
    about = {"node": "HUB", "role": "hub", "areas": ["*"], "index_rows": 10**9}
    init_home(tmp_path / "home", about, clock)
    made = open_store(tmp_path / "home", clock)
    yield made
    made.close()


def cell(area: str, year: int, value: int, **more: str | None) -> Row:
    return {"REF_AREA": area, "TIME_PERIOD": str(year), "OBS_VALUE": str(value), **more}


def of_each(areas: list[str], year: int, value: int) -> list[Row]:
    return [cell(area, year, value + place) for place, area in enumerate(areas)]


def data_files(store: Store) -> set[str]:
    return {path.stem for path in store.lake.root.glob("data/*/*.parquet")}


def publish_some(store: Store, clock: SettableClock, areas: list[str]) -> list[datetime]:
    """Five releases: all areas; most of them revised, one emptied; one; two columns; most again."""
    instants = []

    def then(given: RawData, **more: Any) -> None:
        clock.pass_(hours=1)
        submit(store, given, "HUB", **more)
        instants.append(clock.time)

    first = [*of_each(areas, 2019, 10), *of_each(areas, 2020, 100)]
    then(raw(*first))
    gone = deletion(REF_AREA=areas[0])
    rows = [*of_each(areas[1:], 2020, 200), *of_each(areas[1:5], 2021, 300), gone]
    then(raw(*rows, actions=[*["Information"] * (len(rows) - 1), "Delete"]))
    then(raw(cell(areas[3], 2019, 11)))
    then(raw(cell(areas[4], 2019, 12, COMMENT_OBS="said, once"), cell(areas[5], 2022, 1)))
    then(raw(*of_each(areas[2:], 2019, 500)))
    return instants


def told(store: Store, instants: list[datetime]) -> dict[str, Any]:
    """All that readers are told, at any instant and since any other."""
    schema = store.schema(FLOW)
    found: dict[str, Any] = {}
    for at in instants:
        then = store.release(FLOW, at)
        assert then is not None
        facts = store.facts(then, schema)
        found[f"at {at}"] = [
            then.id,
            figures(store, at),
            figures(store, at, ALL, "COMMENT_OBS"),
            (facts.values, facts.series_count, facts.obs_count),
        ]
        now = store.release(FLOW)
        assert now is not None
        for is_net in (True, False):
            log = store.change_log(now, at)
            changes = store.changes(log, schema, Selection(include_history=not is_net))
            rows = changes.batches().read_all().to_pylist()
            parts = [(part.is_deletion, part.rows) for part in changes.parts]
            found[f"since {at}, {is_net}"] = parts, rows
    return found


def test_a_release_of_many_is_two_files(
    store: Store, clock: SettableClock, areas: list[str]
) -> None:
    submit(store, raw(*of_each(areas, 2020, 100)), "HUB")
    assert len(data_files(store)) == 1
    clock.pass_(hours=1)
    submit(store, raw(*of_each(areas, 2020, 200)), "HUB")
    assert len(data_files(store)) == 3, "a state, then a state and what changed"
    assert figures(store, names=("REF_AREA",)) == {
        area: 200 + place for place, area in enumerate(areas)
    }
    assert verify_store(store).damaged == ()


def test_nobody_can_tell(
    store: Store,
    tmp_path: Path,
    clock: SettableClock,
    areas: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same published into files of their own gives the same answers."""
    begun = clock.time
    about = {"node": "HUB", "role": "hub", "areas": ["*"], "index_rows": 10**9}
    init_home(tmp_path / "other", about, clock)
    instants = publish_some(store, clock, areas)
    shared = told(store, instants)
    assert any(version.cut_by for version in store.history(FLOW))
    clock.time = begun
    monkeypatch.setattr("hub.publish.write.LEAST_SHARING", 1 << 30)
    other = open_store(tmp_path / "other", clock)
    try:
        assert publish_some(other, clock, areas) == instants
        assert not any(version.cut_by for version in other.history(FLOW))
        assert told(other, instants) == shared
    finally:
        other.close()


def test_an_index_and_the_data_structure_read_the_same(
    store: Store, clock: SettableClock, areas: list[str]
) -> None:
    publish_some(store, clock, areas)
    before, now = figures(store), store.release(FLOW)
    assert now is not None
    schema = store.schema(FLOW)
    under = store.schema(schema.structure.reference)
    assert under.slice_by is None, "it is the dataflow that says how it is cut"
    rows = store.read(now, under).read_all().to_pylist()
    assert {tuple(row[name] for name in ALL): row["OBS_VALUE"] for row in rows} == before
    store.build_index(now, schema)
    assert figures(store) == before


def test_equal_content_makes_equal_releases(
    store: Store, clock: SettableClock, areas: list[str]
) -> None:
    ids = []
    for value in (100, 200, 100):
        clock.pass_(hours=1)
        submit(store, raw(*of_each(areas, 2020, value)), "HUB")
        now = store.release(FLOW)
        assert now is not None
        ids.append(now.id)
    assert ids[0] == ids[2] != ids[1]


@pytest.mark.parametrize("last", [0, 4])
def test_going_back_makes_an_equal_release(
    store: Store, clock: SettableClock, areas: list[str], last: int
) -> None:
    instants = publish_some(store, clock, areas)
    target = store.release(FLOW, instants[1])
    clock.pass_(hours=1)
    if last:  # then few of the slices differ, which do not share a file
        submit(store, raw(*of_each(areas[2:], 2019, 10)), "HUB")
        clock.pass_(hours=1)
    assert target is not None
    roll_back(store, store.schema(FLOW), target)
    now = store.release(FLOW)
    assert now is not None
    assert now.id == target.id
    assert verify_store(store).damaged == ()


def leaks(store: Store) -> list[str]:
    return [
        path.name
        for path in store.lake.root.rglob("*.parquet")
        if LEAKED in pq.read_table(path).column("OBS_VALUE").to_pylist()
    ]


def test_a_purged_cell_leaves_the_shared_file_and_its_neighbours_stay(
    store: Store, clock: SettableClock, areas: list[str]
) -> None:
    instants = publish_some(store, clock, areas)
    clock.pass_(hours=1)
    leak = cell(areas[7], 2018, LEAKED)
    submit(store, raw(*of_each(areas, 2017, 1), leak), "HUB")
    instants.append(clock.time)
    clock.pass_(hours=1)
    submit(store, raw(*of_each(areas, 2020, 300)), "HUB")
    instants.append(clock.time)
    assert leaks(store)
    before = [figures(store, at) for at in instants]
    digests = {v.id: v.digest for v in store.history(FLOW) if v.slice != areas[7]}
    schema = store.schema(FLOW)
    names = [column.id for column in schema.dimensions]
    named: Mapping[str, str] = {"REF_AREA": areas[7], "TIME_PERIOD": "2018"}
    key = ".".join(named.get(name, "*") for name in names)
    clock.pass_(hours=1)
    what = Purge(
        flow=flow_name(FLOW), cells=(parse_cell(key, schema),), reason="confidential", by="a clerk"
    )
    purge_cells(store, schema, what)
    assert leaks(store) == []
    expected = [{k: v for k, v in one.items() if v != LEAKED} for one in before]
    assert [figures(store, at) for at in instants] == expected
    after = {v.id: v.digest for v in store.history(FLOW)}
    assert {id_: after[id_] for id_ in digests} == digests
    assert verify_store(store).damaged == ()


def test_a_text_that_was_replaced_is_in_no_byte_of_the_next_file(
    store: Store, clock: SettableClock, areas: list[str]
) -> None:
    told_too_much = [cell(area, 2020, 1, COMMENT_OBS="mind the leak") for area in areas]
    submit(store, raw(*told_too_much, *of_each(areas, 2019, 1)), "HUB")
    first = data_files(store)
    clock.pass_(hours=1)
    again = [cell(area, 2020, 1, COMMENT_OBS="nothing to see") for area in areas]
    submit(store, raw(*again, *of_each(areas, 2021, 1)), "HUB", replaces=False)
    paths = {path.stem: path for path in store.lake.root.glob("data/*/*.parquet")}
    texts = {
        stem: {text for group in _dictionaries(path) for text in group}
        for stem, path in paths.items()
    }
    assert all("mind the leak" in texts[stem] for stem in first)
    later = paths.keys() - first
    assert len(later) == 2
    assert all("nothing to see" in texts[stem] for stem in later)
    assert not any("mind the leak" in texts[stem] for stem in later)


def _dictionaries(path: Path) -> Iterator[list[str]]:
    """The texts of every dictionary in a file, whether they occur or not."""
    table = pq.read_table(path, read_dictionary=pq.read_schema(path).names)
    for column in table.columns:
        for chunk in column.chunks:
            if pa.types.is_dictionary(chunk.type):
                yield chunk.dictionary.to_pylist()


def test_a_purged_release_leaves_no_shared_file(
    store: Store, clock: SettableClock, areas: list[str]
) -> None:
    submit(store, raw(*of_each(areas, 2019, 10)), "HUB")
    before = figures(store)
    clock.pass_(hours=1)
    submit(store, raw(*of_each(areas[:18], 2018, LEAKED)), "HUB")
    wrong = store.release(FLOW)
    assert wrong is not None
    clock.pass_(hours=1)
    purge_release(store, store.schema(FLOW), wrong.id, "it should never have been", "a clerk")
    assert leaks(store) == []
    assert figures(store) == before
    assert verify_store(store).damaged == ()


def test_sources_that_are_left_out_are_in_no_file(store: Store, areas: list[str]) -> None:
    schema = store.schema(FLOW)

    def prepared(area: str, value: int) -> Prepared:
        given = raw(cell(area, 2020, value), source=f"{area}.csv")
        origin = Origin(kind="harvest", name=area)
        return prepare(store, schema, Submission(raw=given, source=area, origin=origin))

    ready = [prepared(area, LEAKED if area == areas[2] else 1) for area in areas]
    report = release(store, schema, ready, doubt=lambda _weights: {areas[2]: "it is too much"})
    assert report.doubted == {areas[2]: "it is too much"}
    assert leaks(store) == []
    assert set(figures(store, names=("REF_AREA",))) == {*areas} - {areas[2]}


def test_the_same_slice_of_two_sources_is_in_two_files(store: Store, areas: list[str]) -> None:
    schema = store.schema(FLOW)
    ready = []
    for source in ("ONE", "TWO"):
        given = raw(*of_each(areas, 2020, len(source) + len(ready)), source=f"{source}.csv")
        submission = Submission(
            raw=given, source=source, origin=Origin(kind="submission", name=source)
        )
        ready.append(prepare(store, schema, submission))
    release(store, schema, ready)
    files = {(v.slice, v.source): state_of(store.lake, v).path for v in store.newest(FLOW)}
    assert all(files[area, "ONE"] != files[area, "TWO"] for area in areas)
    rows = figures(store, names=("REF_AREA",))
    assert rows == {area: 4 + place for place, area in enumerate(areas)}, "the last one counts"


def test_what_is_shared_is_swept_when_nobody_needs_it(
    store: Store, clock: SettableClock, areas: list[str], tmp_path: Path
) -> None:
    publish_some(store, clock, areas)
    needed = {digest for version in store.history(FLOW) for digest in files_of(version)}
    assert data_files(store) == needed
    sweep(store)
    assert data_files(store) == needed
    make_backup(store, tmp_path / "backup", "test")
    assert verify_backup(tmp_path / "backup").damaged == ()
    copied = {path.stem for path in (tmp_path / "backup").glob("lake/data/*/*.parquet")}
    assert copied == needed


def test_a_damaged_shared_file_is_found(
    store: Store, clock: SettableClock, areas: list[str], tmp_path: Path
) -> None:
    submit(store, raw(*of_each(areas, 2020, 100)), "HUB")
    (path,) = store.lake.root.glob("data/*/*.parquet")
    shutil.copyfile(path, tmp_path / "whole")
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    (damage,) = verify_store(store).damaged
    assert path.name in damage.path
    shutil.copyfile(tmp_path / "whole", path)
    assert verify_store(store).damaged == ()
