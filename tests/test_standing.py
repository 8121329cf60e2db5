"""What is set aside from the garbage collector comes back to it."""

from __future__ import annotations

import gc
import weakref

import pytest

from hub.standing import set_aside


@pytest.fixture(autouse=True)
def _in_no_other_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that another test keeps running in this process is in a block already."""
    monkeypatch.setattr("hub.standing._blocks", 0)


class _Knot:
    def __init__(self) -> None:
        self.me = self


def test_what_stays_is_looked_through_again_after_the_last_block() -> None:
    knot = _Knot()
    kept = weakref.ref(knot)
    with set_aside():
        with set_aside():
            pass
        del knot
        gc.collect()
        assert kept() is not None, "it was there when the first block began"
    gc.collect()
    assert kept() is None


def test_what_is_made_in_a_block_is_looked_through_in_it() -> None:
    with set_aside():
        knot = _Knot()
        kept = weakref.ref(knot)
        del knot
        gc.collect()
        assert kept() is None


def test_a_block_that_fails_sets_nothing_aside_for_good() -> None:
    before = gc.get_threshold()
    try:
        with set_aside():
            assert gc.get_threshold() > before
            raise LookupError
    except LookupError:
        assert gc.get_threshold() == before
        assert gc.get_freeze_count() == 0
