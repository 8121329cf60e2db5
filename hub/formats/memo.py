"""What was derived from something that lives on, kept as long as that lives."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")

#: Facts kept for one owner. Keys may come from requests (languages), so they are bounded.
_MOST = 256
_kept: dict[int, tuple[weakref.ref[object], dict[Hashable, Any]]] = {}


def derived(owner: object, key: Hashable, make: Callable[[], T]) -> T:
    """What `make` gives for an owner that never changes; made once for each key.

    Owners are told apart by identity: comparing structures takes longer than deriving.
    """
    identity = id(owner)
    found = _kept.get(identity)
    if found is None or found[0]() is not owner:
        forget = _kept.pop  # at the end of the program names of modules may be gone already
        reference = weakref.ref(owner, lambda _gone: forget(identity, None))
        found = _kept[identity] = (reference, {})
    facts = found[1]
    if key not in facts:
        made = make()
        if len(facts) >= _MOST:
            facts.clear()
        facts[key] = made
        return made
    fact: T = facts[key]
    return fact
