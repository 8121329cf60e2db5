"""What became of attempts, against a naive look at all of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.store import Catalogue, init_home
from hub.store.harvests import AttemptCounts, look_at_harvests
from hub.store.partners import add_partner, find_attempts, finish_attempts, open_attempts

GOOD = ("RELEASED", "UNCHANGED")
REASONS = (*GOOD, "FAILED", "HELD")
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def catalogue(tmp_path: Path, catalogue_url: str) -> Iterator[Catalogue]:
    about = {"node": "HUB", "role": "hub", "areas": ["*"], "catalogue": catalogue_url}
    catalogue = Catalogue(init_home(tmp_path / "home", about).catalogue_url)
    for id_ in ("A", "B", "C", "unharvested"):
        row = {"id": id_, "url": f"https://{id_}.example", "name": "", "added": BEGUN}
        add_partner(catalogue, row | {"areas": [], "agencies": [], "flows": []})
    yield catalogue
    catalogue.close()


def test_it_is_what_all_attempts_say(catalogue: Catalogue) -> None:
    chance = random.Random(4)  # noqa: S311
    counts, still_open, now = AttemptCounts(catalogue), list[int](), BEGUN
    for step in range(120):
        now += MINUTE
        pair = chance.choice("ABCX"), chance.choice(("", "MIGX:DF_A", "MIGX:DF_B", "ZZ:Z"))
        lease = timedelta(seconds=1)
        opened, _ = open_attempts(catalogue, [pair[0]], pair[1], "w", now, lease)
        still_open += opened.values()
        if chance.random() < 0.8:  # others end later, in another order
            ended = still_open.pop(chance.randrange(len(still_open)))
            finish_attempts(catalogue, [_ended(ended, chance.choice(REASONS))], now)
        if step % 10 == 9:
            _compare(catalogue, counts)
    finish_attempts(catalogue, [_ended(number, "ABORTED") for number in still_open], now)
    _compare(catalogue, counts)


def _ended(number: int, reason: str) -> dict[str, object]:
    return {"id": number, "reason": reason, "note": "", "facts": {}}


def _compare(catalogue: Catalogue, counts: AttemptCounts) -> None:
    rows = find_attempts(catalogue, limit=10_000)[::-1]
    ended = [row for row in rows if row["reason"]]
    assert counts.count() == Counter((row["partner"], row["reason"]) for row in ended)
    ours = [row for row in rows if row["partner"] != "X"]  # which is no partner any more
    found = look_at_harvests(catalogue, GOOD)
    newest = {(row["partner"], row["flow"]): row for row in ours}
    assert found.open == {pair: row["id"] for pair, row in newest.items() if not row["reason"]}
    assert found.last == {(row["partner"], row["flow"]): row for row in ours if row["reason"]}
    assert found.confirmed == {
        (row["partner"], row["flow"]): row["finished"] for row in ours if row["reason"] in GOOD
    }


def test_a_catalogue_without_attempts_has_none(catalogue: Catalogue) -> None:
    assert AttemptCounts(catalogue).count() == {}
    assert look_at_harvests(catalogue, GOOD).last == {}
