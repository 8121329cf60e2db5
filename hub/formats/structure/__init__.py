"""Structure messages: SDMX artefacts written to and read from SDMX-ML and SDMX-JSON.

One table for each family says where every part of an artefact stands; it serves writing and
reading, and the versions of the family differ within it. All languages, parents, annotations,
facets and relationships are kept.
"""

from hub.formats.structure.expressible import obstacle, reduced
from hub.formats.structure.form import (
    FORMS,
    JSON_10,
    JSON_20,
    JSON_21,
    ML_21,
    ML_30,
    ML_31,
    Family,
    Model,
    StructureForm,
    form_of,
)
from hub.formats.structure.reading import STRUCTURE_LIMITS, read
from hub.formats.structure.stub import Stub
from hub.formats.structure.writing import write

__all__ = [
    "FORMS",
    "JSON_10",
    "JSON_20",
    "JSON_21",
    "ML_21",
    "ML_30",
    "ML_31",
    "STRUCTURE_LIMITS",
    "Family",
    "Model",
    "StructureForm",
    "Stub",
    "form_of",
    "obstacle",
    "read",
    "reduced",
    "write",
]
