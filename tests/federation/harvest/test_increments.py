"""Increments between real nodes: after each, the partner's state here is that of a full harvest."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from federation.harvest.catalogued import CataloguedAttempts
from federation.harvest.node import add_partner_to, harvest_into
from federation.provenance.explain import explain
from federation.provenance.verify import verify
from hub.formats.csv import read_csv
from hub.model import ArtefactClass, Origin, Reference
from hub.publish import Submission, publish
from hub.store import Store
from hub.store.parquet import read_plain
from hub.store.parts import state_of

FLOW = Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_STOCK_BIRTH", "1.0.0")
NAME = "MIGX:DF_STOCK_BIRTH"
_AREAS = ("POL", "NOR", "FIN", "DEU", "ITA")
_ROUNDS = 6


def rows_of(store: Store) -> list[dict[str, Any]]:
    """Every observation readers get, whole, in the order of its key."""
    release = store.release(FLOW)
    tables = [read_plain(state_of(store.lake, one)) for one in release.slices] if release else []
    rows = [row for table in tables for row in table.to_pylist()]
    return sorted(rows, key=lambda row: (row["COUNTERPART_AREA"], row["TIME_PERIOD"]))


def test_increments_lead_to_what_a_full_harvest_gives(
    node: Callable[..., Store], served: Callable[..., Any], stock_table: Any, tmp_path: Path
) -> None:
    draw = random.Random(7)  # noqa: S311 - no secret
    partner, hub, other = node("SWE"), node("HUB", "hub"), node("ALL", "hub")
    figures = {(a, str(y)): draw.randrange(100, 900) for a in _AREAS for y in range(2010, 2020)}

    def hand_in() -> None:
        rows = [
            {"COUNTERPART_AREA": area, "TIME_PERIOD": year, "OBS_VALUE": value}
            for (area, year), value in sorted(figures.items())
        ]
        raw = read_csv(stock_table.write(tmp_path / "x.csv", *rows), partner.structures)
        origin = Origin(kind="submission", name="SWE")
        publish(partner, FLOW, Submission(raw=raw, source="SWE", origin=origin, replaces=True))

    hand_in()
    with served(partner) as (url,):
        for store in (hub, other):
            add_partner_to(store, url, ["SWE"])
        assert not harvest_into(hub).failures
        for round_ in range(_ROUNDS):
            for key in draw.sample(sorted(figures), 3):
                figures[key] += draw.randrange(1, 9)
            del figures[draw.choice(sorted(figures))]
            figures[draw.choice(_AREAS), str(2020 + round_)] = draw.randrange(100, 900)
            hand_in()
            report = harvest_into(hub)
            assert not report.failures, report
            assert not harvest_into(other, full=True).failures
            assert rows_of(hub) == rows_of(other) == rows_of(partner)
        tried = CataloguedAttempts(hub.catalogue).list("SWE", NAME)
        assert [one.facts["way"] for one in tried] == ["increment"] * _ROUNDS + ["full"]
        assert not any("doubt" in one.facts for one in tried), tried[0].facts
    release, made = hub.release(FLOW), partner.release(FLOW)
    assert release is not None
    assert made is not None
    assert [one.digest for one in release.slices] == [one.digest for one in made.slices]
    check_verified(hub, figures)


def check_verified(hub: Store, figures: dict[tuple[str, str], int]) -> None:
    """The archived bytes, everything and then what changed, give every figure again."""
    schema = hub.schema(FLOW)
    keys = [".".join(str(row[c.id]) for c in schema.dimensions) for row in rows_of(hub)]
    verdicts = verify(hub, explain(hub, FLOW, keys))
    assert [verdict.outcome.value for verdict in verdicts] == ["equal"] * len(figures), verdicts[0]
    assert len(verdicts[0].read) == _ROUNDS + 1
