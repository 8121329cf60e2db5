"""What of a constraint a form cannot express."""

from __future__ import annotations

from collections.abc import Iterator

from hub.formats.structure.availability import ACTUAL
from hub.formats.structure.form import JSON_10, JSON_21, ML_31, Model, StructureForm
from hub.model import Cascade, Constraint, CubeRegion, DataConstraint, KeyValues, MetadataConstraint

_MOST_REGIONS = 2


def constraint_reasons(constraint: Constraint, form: StructureForm) -> Iterator[str]:
    """Yield why a form cannot express a constraint."""
    if len({target.artefact_class for target in constraint.targets}) > 1:
        yield "its targets are of several kinds, which no version of SDMX allows"
    regions, keys = _regions(constraint), _keys(constraint)
    if form == JSON_10:
        yield from _excluded(regions)
    if form.model is Model.V21:
        yield from _details_21(regions)
    else:
        yield from _regions_3x(regions)
        yield from _kinds_3x(constraint)
    if form not in (ML_31, JSON_21):
        yield from _several(keys)
    if form.model is Model.V31 and isinstance(constraint, DataConstraint):
        yield from _availability_31(constraint)


def _several(keys: tuple[CubeRegion, ...]) -> Iterator[str]:
    for key in keys:
        for values in key.keys:
            if len(values.values) > 1:
                yield f"a key has several values of {values.component}; ask for 3.1"


def _excluded(regions: tuple[CubeRegion, ...]) -> Iterator[str]:
    for values in _values(regions):
        if not values.include:
            yield f"it excludes values of {values.component}; ask for SDMX-ML or SDMX-JSON 2.0"


def _regions(constraint: Constraint) -> tuple[CubeRegion, ...]:
    if isinstance(constraint, DataConstraint | MetadataConstraint):
        return constraint.regions
    return ()


def _keys(constraint: Constraint) -> tuple[CubeRegion, ...]:
    sets = getattr(constraint, "key_sets", ())
    return tuple(key for each in sets for key in each.keys)


def _details_21(regions: tuple[CubeRegion, ...]) -> Iterator[str]:
    for values in _values(regions):
        for detail in values.details:
            if detail.cascade is Cascade.EXCLUDE_ROOT:
                yield f"{values.component} has what is below {detail.value} without itself"
            if detail.language or detail.valid_from or detail.valid_to:
                yield f"values of {values.component} are in a language, or hold for a time only"


def _values(regions: tuple[CubeRegion, ...]) -> Iterator[KeyValues]:
    for region in regions:
        yield from region.keys
        yield from region.attributes


def _regions_3x(regions: tuple[CubeRegion, ...]) -> Iterator[str]:
    inclusions = [region.include for region in regions]
    if len(inclusions) > _MOST_REGIONS or len(set(inclusions)) < len(inclusions):
        yield "it has more than one region of a kind; ask for SDMX-ML 2.1"


def _kinds_3x(constraint: Constraint) -> Iterator[str]:
    """In 3.x a constraint is of data or of metadata."""
    is_metadata = isinstance(constraint, MetadataConstraint)
    for target in constraint.targets:
        name = target.artefact_class.rest_name
        if name.startswith("metadata") is not is_metadata:
            yield f"it is attached to a {name}; ask for SDMX-ML 2.1"


def _availability_31(constraint: DataConstraint) -> Iterator[str]:
    if constraint.role != ACTUAL:
        return
    if len(constraint.targets) != 1:
        yield "in 3.1 what is available is told of one artefact; ask for SDMX-ML 3.0"
    if len(constraint.regions) != 1 or constraint.key_sets:
        yield "in 3.1 what is available is one region; ask for SDMX-ML 3.0"
