"""What both families need to know about data structures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hub.model import DataStructure, Measure

#: The id of the one measure SDMX 2.1 has.
PRIMARY_MEASURE = "OBS_VALUE"
#: How a message says whether a measure or attribute is mandatory: in 3.x, and in 2.1.
USAGE = {"mandatory": True, "optional": False}
ASSIGNMENT = {"Mandatory": True, "Conditional": False}


def time_last(structure: DataStructure) -> DataStructure:
    """Put the time dimension last; SDMX 2.1 allows it anywhere."""
    if all(not dim.is_time for dim in structure.dimensions[:-1]):
        return structure
    dimensions = tuple(sorted(structure.dimensions, key=lambda dim: dim.is_time))
    return replace(structure, dimensions=dimensions)


def primary_measure(**given: Any) -> Measure:
    """Make the primary measure of 2.1, which has no usage: an observation may lack its value."""
    return Measure(is_mandatory=False, **given)
