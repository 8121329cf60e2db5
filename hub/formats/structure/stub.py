"""Stubs: artefacts of which a message says little more than that they are."""

from __future__ import annotations

from enum import Enum, auto


class Stub(Enum):
    """How much a stub says (REST `detail`: allstubs and allcompletestubs, or of references)."""

    NAMED = auto()
    COMPLETE = auto()
