"""Submissions validated as one are told, and refused, as each would be alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from hub.errors import Finding, Forbidden, Invalid
from hub.formats.csv import read_csv
from hub.model import ArtefactClass, Origin, Reference
from hub.publish import Prepared, Submission, prepare, together
from hub.publish.counting import rows_after
from hub.publish.door import release
from hub.publish.together import prepare_all
from hub.store import Store

FLOW = Reference(ArtefactClass.DATAFLOW, "MIGX", "DF_STOCK_BIRTH", "1.0.0")
AREAS = ("SWE", "NOR", "DNK", "FIN", "ISL", "DEU")


@pytest.fixture
def hub(node: Callable[..., Store]) -> Store:
    return node("HUB", "hub")


@pytest.fixture
def sent(stock_table: Any, hub: Store, tmp_path: Path) -> Callable[..., Submission]:
    """What a partner sends: rows, its own area, and the areas it may speak for."""

    def make(area: str, *rows: Mapping[str, object], replaces: bool = True) -> Submission:
        path = stock_table.write(tmp_path / f"{area}.csv", *({"REF_AREA": area, **r} for r in rows))
        return Submission(
            raw=read_csv(path, hub.structures),
            source=area,
            origin=Origin(kind="harvest", name=area),
            replaces=replaces,
            areas=frozenset({area}),
        )

    return make


def years(draw: random.Random, count: int, **more: object) -> list[dict[str, object]]:
    return [
        {"TIME_PERIOD": str(2000 + n), "OBS_VALUE": draw.randrange(500, 600), **more}
        for n in range(count)
    ]


def told(findings: tuple[Finding, ...]) -> list[str]:
    return sorted(repr(finding) for finding in findings)


def test_each_is_what_it_would_be_alone(
    hub: Store, sent: Callable[..., Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(3)  # noqa: S311 - no secret
    schema = hub.schema(FLOW)
    jump = [*years(draw, 12), {"TIME_PERIOD": "2012", "OBS_VALUE": 99_000}]
    given = [
        sent("SWE", *years(draw, 8)),
        sent("NOR", *jump),
        sent("DNK", *years(draw, 3), *years(draw, 1)),  # a year twice
        sent("FIN", *years(draw, 4, SEX="X")),  # no such code
        sent("ISL", {"TIME_PERIOD": "2020", "REF_AREA": "GRL"}),  # not its area
        sent("DEU", *years(draw, 5)),
    ]
    alone = [_alone(hub, schema, each) for each in given]
    calls = []
    check = together.checked_rows
    monkeypatch.setattr(
        together, "checked_rows", lambda *a: calls.append(a[2].table.num_rows) or check(*a)
    )
    found = prepare_all(hub, schema, given)
    assert len(calls) == 2, "everybody, then all but the two that something is wrong with"
    for area, one, other in zip(AREAS, found, alone, strict=True):
        assert type(one) is type(other), area
        if isinstance(one, Prepared) and isinstance(other, Prepared):
            assert told(one.findings) == told(other.findings), area
            assert one.incoming.table.to_pylist() == other.incoming.table.to_pylist()
            assert one.incoming.actions.to_pylist() == other.incoming.actions.to_pylist()
        else:
            assert str(one) == str(other), area
            assert told(getattr(one, "findings", ())) == told(getattr(other, "findings", ()))
    assert [type(each).__name__ for each in found] == [
        *("Prepared", "Prepared", "Invalid", "Invalid", "Forbidden", "Prepared")
    ]
    assert any("jump" in repr(finding) for finding in found[1].findings)  # type: ignore[union-attr]


def _alone(hub: Store, schema: Any, submission: Submission) -> object:
    try:
        return prepare(hub, schema, submission)
    except (Invalid, Forbidden) as error:
        return error


def test_two_that_speak_of_the_same_area_are_looked_at_apart(
    hub: Store, sent: Callable[..., Submission]
) -> None:
    schema = hub.schema(FLOW)
    mine = sent("SWE", {"TIME_PERIOD": "2020"})
    theirs = sent("NOR", {"TIME_PERIOD": "2020", "REF_AREA": "SWE"})
    found = prepare_all(hub, schema, [mine, theirs])
    assert isinstance(found[0], Prepared)
    assert isinstance(found[1], Forbidden)


def test_increments_are_counted_by_key(hub: Store, sent: Callable[..., Submission]) -> None:
    draw = random.Random(5)  # noqa: S311 - no secret
    schema = hub.schema(FLOW)
    first = [sent(area, *years(draw, 10)) for area in ("SWE", "NOR")]
    release(hub, schema, [one for one in prepare_all(hub, schema, first) if _is_ready(one)])
    more = {
        "SWE": [
            {"TIME_PERIOD": "2001", "ACTION": "D"},
            {"TIME_PERIOD": "1990", "ACTION": "D"},  # was not there
            {"TIME_PERIOD": "2002", "ACTION": "R"},
            {"TIME_PERIOD": "2015", "ACTION": "R"},
        ],
        "NOR": [{"TIME_PERIOD": "2016", "ACTION": "R"}],
        "DNK": [{"TIME_PERIOD": "2016", "ACTION": "R"}],
    }
    given = {area: sent(area, *rows, replaces=False).raw for area, rows in more.items()}
    assert rows_after(hub, schema, given) == {"SWE": 10, "NOR": 11, "DNK": 1}
    assert rows_after(hub, schema, {}) == {}


def _is_ready(result: object) -> bool:
    return isinstance(result, Prepared)
