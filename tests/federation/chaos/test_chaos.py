"""Whatever a partner does at whatever stage, the end is an honest partner's, or a true refusal."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from federation.harvest import HarvestReport
from federation.harvest.catalogued import CataloguedAttempts
from federation.partners import NODE_DOCUMENT, FinishReason
from federation.partners.catalogued import CataloguedPartners
from federation.valve import accept, held_here
from hub.store.actors import Actor
from tests.federation.chaos.faults import FAULTS, OF_FIGURES, Fault, slug
from tests.federation.chaos.honest import FLOW_NAME, Honest, Recorded, State, record
from tests.federation.chaos.hub import BUDGET, Hub, make_home, opened
from tests.federation.chaos.partner import Act, ChaosPartner, Kind

SEEDS = (1, 2)
#: All of them; else every sixth, so that each fault is played and each stage seen.
ALL = os.environ.get("CHAOS") == "all"


@dataclass(frozen=True, slots=True)
class Stage:
    """Where in an attempt the fault is; `template` is the home it begins with."""

    name: str
    kind: Kind
    template: str
    is_first: bool = False
    tells_date: bool = True
    settings: Mapping[str, int] | None = None


STAGES = (
    Stage("document, first time", Kind.DOCUMENT, "new", is_first=True),
    Stage("document, on condition", Kind.DOCUMENT, "held"),
    Stage("data, first time", Kind.FULL, "new", is_first=True),
    Stage("data, on condition", Kind.FULL, "undated", tells_date=False),
    Stage("data, what changed", Kind.INCREMENT, "held"),
    Stage("reconciliation", Kind.FULL, "held", settings={"harvest_full_increments": 0}),
)
_CASES = [
    pytest.param(stage, fault, seed, id=f"{slug(fault)}-{stage.name.replace(' ', '-')}-{seed}")
    for (place, stage), (number, fault), seed in product(
        enumerate(STAGES), enumerate(FAULTS), SEEDS
    )
    # else each fault once, at one stage after another, by turns with either seed
    if ALL or ((place + number + 3 * seed) % len(STAGES) == 0 and (number + seed) % 2 == 0)
]


@pytest.fixture(scope="session")
def partner() -> Iterator[ChaosPartner]:
    with ChaosPartner() as server:
        yield server


@pytest.fixture(scope="session")
def honest(
    partner: ChaosPartner, stock_table: Any, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[int], Honest]:
    """What an honest partner answers, for each seed."""
    folder = tmp_path_factory.mktemp("honest")
    known = {seed: record(folder, stock_table, partner.host, seed) for seed in SEEDS}
    return known.__getitem__


@pytest.fixture(scope="session")
def homes(
    partner: ChaosPartner, honest: Callable[[int], Honest], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The homes that stages begin with."""
    folder = tmp_path_factory.mktemp("homes")
    known = honest(SEEDS[0])
    partner.act = Act(known, known.before)
    make_home(folder / "new", partner.url)
    for name, seed in product(("held", "undated"), SEEDS):
        known = honest(seed)
        partner.act, partner.tells_date = Act(known, known.before), name == "held"
        home = folder / f"{name}-{seed}"
        with opened(folder / "new", folder / "work") as hub:
            assert not hub.harvest().failures
            assert hub.figures() == known.before.figures
            hub.store.catalogue.close()
            shutil.copytree(folder / "work", home)
    return folder


@pytest.fixture(scope="session")
def tally() -> Iterator[Counter[str]]:
    """How attempts with a fault ended; printed at the end."""
    counts: Counter[str] = Counter()
    yield counts
    total = sum(counts.values())
    ends = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    print(f"\nchaos partner: {total} faults played: {ends}")


def test_thirty_two_faults_at_six_stages() -> None:
    assert (len(FAULTS), len({slug(fault) for fault in FAULTS}), len(STAGES)) == (32, 32, 6)
    assert {case.values[1].name for case in _CASES} == {fault.name for fault in FAULTS}


@pytest.mark.parametrize(("stage", "fault", "seed"), _CASES)
def test_the_end_is_honest_or_a_true_refusal(
    stage: Stage,
    fault: Fault,
    seed: int,
    partner: ChaosPartner,
    honest: Callable[[int], Honest],
    homes: Path,
    tally: Counter[str],
    tmp_path: Path,
) -> None:
    known = honest(seed)
    act = Act(
        known,
        known.before if stage.is_first else known.after,
        stage.kind,
        fault.play,
        draw=random.Random(f"{stage.name} {fault.name} {seed}"),  # noqa: S311 - no secret
    )
    act.document = _said(act.state, fault, stage)
    partner.act, partner.tells_date = act, stage.tells_date
    template = homes / (stage.template if stage.is_first else f"{stage.template}-{seed}")
    with opened(template, tmp_path / "home", **(stage.settings or {})) as hub:
        before = hub.figures(), hub.history(), hub.files()
        partner.requests.clear()
        report = hub.harvest()
        assert act.played, "the fault was not played"
        end = _judge(hub, report, act, fault, before[0])
        _check_kept(hub, before[1], before[2])
        again = hub.harvest(patient=True)
        assert len(partner.requests) <= BUDGET
        _check_kept(hub, before[1], before[2])
        if "retry-after" in slug(fault) and end == "FAILED":
            assert again.skipped, "the partner asked for time, and was asked again"
        _recover(hub, act)
    tally[end] += 1


def _said(state: State, fault: Fault, stage: Stage) -> Recorded | None:
    """The document of a partner whose own figures went wrong: it counts what it has."""
    if fault.rows is None or stage.kind is not Kind.FULL:
        return None
    place = state.full.body.splitlines()[0].decode().split(",").index("COUNTERPART_AREA")
    lines = state.full.body.splitlines()[1:]
    rows = sum(line.split(b",")[place] == b"POL" for line in lines)
    document = json.loads(state.document.body)
    for flow in document["dataflows"]:
        if flow["id"] == "DF_STOCK_BIRTH":
            flow["rows"] = rows
    return state.document.with_body(json.dumps(document).encode(), etag='"vanished"')


def _judge(
    hub: Hub, report: HarvestReport, act: Act, fault: Fault, before: Mapping[Any, int]
) -> str:
    """How it ended, which must be honest or a refusal with its reason."""
    outcomes = {one.flow: one for one in report.outcomes}
    last = outcomes.get(FLOW_NAME) or outcomes.get(NODE_DOCUMENT)
    assert last is not None, report
    figures = hub.figures()
    assert CataloguedAttempts(hub.store.catalogue).list("SWE")
    if last.reason in (FinishReason.RELEASED, FinishReason.UNCHANGED) and last.flow:
        # Figures that come for the first time cannot be compared with earlier ones.
        if fault.name not in OF_FIGURES or act.kind is Kind.DOCUMENT or before:
            assert figures == act.state.figures, last
        return last.reason.value
    assert figures == before, last
    if last.reason in (FinishReason.NOT_MODIFIED, FinishReason.UNCHANGED):
        assert act.kind is Kind.DOCUMENT, last  # what it offers was the same, or was not there
        return last.reason.value
    assert last.reason in (FinishReason.FAILED, FinishReason.REFUSED, FinishReason.HELD)
    said = " ".join((last.note, *(finding.message for finding in last.findings)))
    assert re.search(fault.says, said), said
    return last.reason.value


def _check_kept(hub: Hub, history: tuple[Any, ...], files: Mapping[str, str]) -> None:
    """Earlier releases are there byte for byte, and no attempt is open."""
    assert hub.history()[: len(history)] == history
    now = hub.files()
    assert {name: now.get(name) for name in files} == files
    attempts = CataloguedAttempts(hub.store.catalogue).list("SWE")
    assert all(one.reason is not None for one in attempts)


def _recover(hub: Hub, act: Act) -> None:
    """The partner is honest again, and time has passed: the node has all it has."""
    act.play = act.document = None
    hub.clock.ahead += timedelta(hours=2)
    report = hub.harvest(patient=True)
    assert not report.failures, report
    _accept_all(hub)
    if hub.figures() != act.state.figures:
        # What was changed on the way, or a stale document, hides until everything is asked for.
        hub.clock.ahead += timedelta(days=8)
        report = hub.harvest(patient=True)
        assert not report.failures, report
        _accept_all(hub)
    assert hub.figures() == act.state.figures
    assert not CataloguedPartners(hub.store.catalogue).list()[0].flows


def _accept_all(hub: Hub) -> None:
    """What replaces a slip of units is held as well, and a person has a look."""
    for one in held_here(hub.store):
        accept(hub.store, one.id, Actor("user", "chaos"))
