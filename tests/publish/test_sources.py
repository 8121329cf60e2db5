"""Several sources compared, against sums made naively; and the one that is chosen."""

from __future__ import annotations

import random
import statistics
from pathlib import Path
from typing import Any

import pytest

from hub.errors import BadRequest, Conflict, Forbidden, Invalid, NotFound, Unprocessable
from hub.formats.reading import read_data
from hub.model import ArtefactClass, Origin, Reference, parse_reference
from hub.publish import Outcome, Report, Submission, publish
from hub.publish.sources import chosen, compare, own_flow, record_choice
from hub.store import Store
from hub.store.tables import audit

SHARED = parse_reference("MIGX:DF_STOCK_BIRTH(1.0.0)", ArtefactClass.DATAFLOW)
REASON = "The survey misses people in hostels; the register does not."


def own(store: Store, suffix: str, name: str = "") -> Reference:
    made = own_flow(store.structures, SHARED, suffix, store.settings.agency, name)
    store.load_structures(made)
    return made[0].reference


def choose(store: Store, shared: Reference, flow: Reference, reason: str) -> Report:
    submission = chosen(store, shared, flow, reason)
    report = publish(store, shared, submission)
    record_choice(store, submission, report)
    return report


def fill(store: Store, flow: Reference, table: Any, path: Path, rows: list[dict[str, object]]
         ) -> None:  # fmt: skip
    named = [{**row, "STRUCTURE_ID": str(flow)} for row in rows]
    raw = read_data(table.write(path, *named), store.structures)
    node = store.settings.node
    origin = Origin(kind="submission", name=node)
    publish(store, flow, Submission(raw=raw, source=node, origin=origin, replaces=True))


def read(store: Store, flow: Reference) -> dict[tuple[str, ...], float | None]:
    release, schema = store.release(flow), store.schema(flow)
    if release is None:
        return {}
    table = store.read(release, schema).read_all()
    keys = [column.id for column in schema.dimensions]
    columns = [table[name].to_pylist() for name in (*keys, "OBS_VALUE")]
    return {row[:-1]: row[-1] for row in zip(*columns, strict=True)}


def test_a_source_gets_a_dataflow_of_the_nodes_own(node: Any) -> None:
    store = node("SWE")
    flow = own(store, "LFS", "labour force survey")
    assert str(flow) == "MIGX.SWE:DF_STOCK_BIRTH_LFS(1.0.0)"
    schema, shared = store.schema(flow), store.schema(SHARED)
    assert (schema.structure, schema.slice_by) == (shared.structure, "REF_AREA")
    assert set(schema.allowed) == set(shared.allowed)
    assert schema.dataflow.annotation("SOURCE_OF") == str(SHARED)
    assert schema.dataflow.name.best(("fr",)).endswith("(labour force survey)")
    assert own(store, "LFS", "labour force survey") == flow  # again is the same
    with pytest.raises(Conflict):
        own(store, "LFS", "another name")


@pytest.mark.parametrize("suffix", ["", "lfs", "L S", "A" * 31, "../X", "1"])
def test_a_source_is_named_by_what_can_be_part_of_an_id(node: Any, suffix: str) -> None:
    with pytest.raises(BadRequest, match="does not name a source"):
        own(node("SWE"), suffix)


def test_neither_derived_flows_nor_sources_have_sources(node: Any) -> None:
    store = node("SWE")
    derived = parse_reference("MIGX:DF_EMIGRANTS(1.0.0)", ArtefactClass.DATAFLOW)
    with pytest.raises(Forbidden, match="derived"):
        own_flow(store.structures, derived, "LFS", "MIGX.SWE", "")
    flow = own(store, "LFS")
    with pytest.raises(BadRequest, match=r"holds one source of MIGX:DF_STOCK_BIRTH"):
        own_flow(store.structures, flow, "MORE", "MIGX.SWE", "")


def test_what_the_shared_flow_does_not_take_its_sources_do_not_take(
    node: Any, stock_table: Any, tmp_path: Path
) -> None:
    store = node("SWE")
    flow = own(store, "LFS")
    rows: list[dict[str, object]] = [{"MIGRANT_STATUS": "NB"}]
    with pytest.raises(Invalid) as refused:
        fill(store, flow, stock_table, tmp_path / "a.csv", rows)
    assert [f.rule for f in refused.value.findings] == ["constraint"]


def drawn(seed: int, share: float) -> list[dict[str, object]]:
    chance = random.Random(seed)  # noqa: S311
    return [
        {
            "COUNTERPART_AREA": area,
            "SEX": sex,
            "TIME_PERIOD": str(year),
            "OBS_VALUE": "" if chance.random() < 0.1 else str(chance.randrange(0, 30)),
            "OBS_STATUS": "A",
        }
        for area in ("POL", "IRQ", "SYR", "UKR", "TUR")
        for sex in ("F", "M")
        for year in range(2018, 2023)
        if chance.random() < share
    ]


def test_a_comparison_is_what_a_naive_one_is(node: Any, stock_table: Any, tmp_path: Path) -> None:
    store = node("SWE")
    flows = [own(store, suffix) for suffix in ("REG", "LFS", "CEN")]
    for seed, flow in enumerate(flows):
        fill(store, flow, stock_table, tmp_path / "a.csv", drawn(seed, 0.9 - seed / 5))
    compared = compare(store, flows, 10_000)
    given = [read(store, flow) for flow in flows]
    every = set().union(*given)
    assert compared.found == compared.cells.num_rows == len(every)
    for row in compared.cells.to_pylist():
        key = tuple(row[name] for name in compared.dimensions)
        base = given[0].get(key)
        for number, one in enumerate(given):
            assert row[f"value_{number}"] == one.get(key)
            if number:
                both = base is not None and one.get(key) is not None
                difference = one[key] - base if both else None  # type: ignore[operator]
                assert row[f"difference_{number}"] == difference
                relative = difference / base if both and base else None  # type: ignore[operator]
                assert row[f"relative_{number}"] == relative
    for one, coverage in zip(given, compared.coverage, strict=True):
        assert coverage.observations == len(one)
        assert coverage.values == sum(value is not None for value in one.values())
        assert coverage.series == len({key[:-1] for key in one})
        assert (coverage.first, coverage.last) == (min(k[-1] for k in one), max(k[-1] for k in one))
        assert coverage.share == len(one) / len(every)
    for year in compared.years:
        other = given[flows.index(parse_reference(year.flow, ArtefactClass.DATAFLOW))]
        pairs = [(given[0].get(k), other.get(k)) for k in every if k[-1][:4] == year.year]
        both_given = [(a, b) for a, b in pairs if a is not None and b is not None]
        sizes = [abs((b - a) / a) for a, b in both_given if a]
        assert year.unit == "PS"
        assert year.both == len(both_given)
        assert year.first_only == sum(a is not None and b is None for a, b in pairs)
        assert year.other_only == sum(a is None and b is not None for a, b in pairs)
        assert year.equal == sum(a == b for a, b in both_given)
        assert year.median == pytest.approx(statistics.median(sizes))
        assert year.largest == max(sizes)
    assert len(compared.years) == 10


def test_the_largest_differences_come_first(node: Any, stock_table: Any, tmp_path: Path) -> None:
    store = node("SWE")
    flows = [own(store, suffix) for suffix in ("A", "B")]
    for seed, flow in enumerate(flows):
        fill(store, flow, stock_table, tmp_path / "a.csv", drawn(seed, 0.9))
    sizes = [row["relative_1"] for row in compare(store, flows, 10_000).cells.to_pylist()]
    known = [abs(size) for size in sizes if size is not None]
    assert known == sorted(known, reverse=True)
    assert all(size is None for size in sizes[len(known) :])
    few = compare(store, flows, 3)
    assert (few.cells.num_rows, few.found) == (3, len(sizes))
    assert [row["relative_1"] for row in few.cells.to_pylist()] == sizes[:3]


def test_what_cannot_be_compared_is_told(node: Any, stock_table: Any, tmp_path: Path) -> None:
    store = node("SWE")
    flow = own(store, "LFS")
    other = parse_reference("MIGX:DF_FLOW_RES(1.0.0)", ArtefactClass.DATAFLOW)
    with pytest.raises(BadRequest, match="from two"):
        compare(store, [flow], 1)
    with pytest.raises(BadRequest, match="each of them once"):
        compare(store, [flow, flow, SHARED], 1)
    with pytest.raises(Unprocessable, match="MIG_FLOW"):
        compare(store, [flow, other], 1)
    with pytest.raises(NotFound, match="nothing is published yet"):
        compare(store, [flow, SHARED], 1)


def test_the_chosen_source_becomes_the_state_of_the_shared_flow(
    node: Any, stock_table: Any, tmp_path: Path
) -> None:
    store = node("SWE")
    register, survey = own(store, "REG"), own(store, "LFS")
    fill(store, register, stock_table, tmp_path / "a.csv", drawn(1, 0.8))
    fill(store, survey, stock_table, tmp_path / "a.csv", drawn(2, 0.5))
    for flow in (survey, register):
        done = choose(store, SHARED, flow, REASON)
        assert done.outcome is Outcome.RELEASED
        assert read(store, SHARED) == read(store, flow)
        (version,) = store.release(SHARED).slices
        assert dict(version.origin.detail) == {
            "chosen": str(flow),
            "release": store.release(flow).id,
            "reason": REASON,
        }
    tables = [store.read(store.release(f), store.schema(f)).read_all() for f in (SHARED, register)]
    assert tables[0].to_pydict() == tables[1].to_pydict()  # every attribute too
    again = choose(store, SHARED, register, REASON)
    assert again.outcome is Outcome.UNCHANGED
    with store.catalogue.reading() as connection:
        rows = connection.execute(audit.select().where(audit.c.action == "choose")).all()
    assert [(row.subject, row.detail["outcome"]) for row in rows] == [
        ("MIGX:DF_STOCK_BIRTH", outcome) for outcome in ("RELEASED", "RELEASED", "UNCHANGED")
    ]
    assert all(row.detail["reason"] == REASON for row in rows)


def test_a_choice_needs_a_reason_and_a_source_that_fits(
    node: Any, stock_table: Any, tmp_path: Path
) -> None:
    store = node("SWE")
    flow = own(store, "REG")
    with pytest.raises(NotFound, match="nothing is published yet"):
        choose(store, SHARED, flow, REASON)
    fill(store, flow, stock_table, tmp_path / "a.csv", drawn(1, 0.8))
    for reason in ("", "better", "  ok           "):
        with pytest.raises(BadRequest, match="say in a sentence"):
            choose(store, SHARED, flow, reason)
    with pytest.raises(BadRequest, match="for itself"):
        choose(store, flow, flow, REASON)
    flows = parse_reference("MIGX:DF_FLOW_RES(1.0.0)", ArtefactClass.DATAFLOW)
    with pytest.raises(Unprocessable, match="of the same structure"):
        choose(store, flows, flow, REASON)
    derived = parse_reference("MIGX:DF_EMIGRANTS(1.0.0)", ArtefactClass.DATAFLOW)
    with pytest.raises(Forbidden, match="corridor derive"):
        choose(store, derived, flow, REASON)
    assert store.release(SHARED) is None


def test_a_source_for_an_area_the_node_may_not_speak_for_is_refused(
    node: Any, stock_table: Any, tmp_path: Path
) -> None:
    store = node("SWE")
    flow = own(store, "REG")
    fill(store, flow, stock_table, tmp_path / "a.csv", [{"REF_AREA": "NOR"}])
    with pytest.raises(Forbidden, match="may not speak for REF_AREA NOR"):
        choose(store, SHARED, flow, REASON)
    assert store.release(SHARED) is None
