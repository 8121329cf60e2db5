"""Which artefacts belong in which section of a message."""

from __future__ import annotations

from collections.abc import Callable

from hub.formats.structure.availability import ACTUAL
from hub.model import ArtefactClass, DataConstraint, Maintainable


def of_class(cls: ArtefactClass) -> Callable[[Maintainable], bool]:
    """Test for artefacts of a class."""
    return lambda artefact: artefact.artefact_class is cls


def is_actual(artefact: Maintainable) -> bool:
    """True for a constraint of what is there, which 3.1 sets apart from what is allowed."""
    return isinstance(artefact, DataConstraint) and artefact.role == ACTUAL


def is_allowed(artefact: Maintainable) -> bool:
    """True for a constraint of what is allowed."""
    return isinstance(artefact, DataConstraint) and artefact.role != ACTUAL
