"""Which artefacts belong in which section of a message."""

from __future__ import annotations

from collections.abc import Callable

from hub.formats.structure.availability import ACTUAL
from hub.formats.structure.form import Model, StructureForm
from hub.formats.structure.shape import ArtefactShape
from hub.model import ArtefactClass, DataConstraint, Maintainable


def of_class(cls: ArtefactClass) -> Callable[[Maintainable], bool]:
    """Test for artefacts of a class."""
    return lambda artefact: artefact.artefact_class is cls


def accepts_in(shape: ArtefactShape, form: StructureForm) -> Callable[[Maintainable], bool]:
    """Test for artefacts of a shape; 3.1 sets apart the constraints of what is there."""
    if form.model is Model.V31 and shape.make is DataConstraint:
        return lambda artefact: shape.accepts(artefact) and not is_actual(artefact)
    return shape.accepts


def is_actual(artefact: Maintainable) -> bool:
    """True for a constraint of what is there, which 3.1 sets apart from what is allowed."""
    return isinstance(artefact, DataConstraint) and artefact.role == ACTUAL
