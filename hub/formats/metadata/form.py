"""The forms in which reference metadata is written and read: a message family and its version."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hub.formats.structure.form import (
    JSON_20,
    JSON_21,
    ML_21,
    ML_30,
    ML_31,
    Model,
    StructureForm,
)


class MetadataFamily(StrEnum):
    """The message families of SDMX that carry reference metadata."""

    ML = "SDMX-ML"
    JSON = "SDMX-JSON"
    CSV = "SDMX-CSV"
    GENERIC = "SDMX-ML generic"
    SPECIFIC = "SDMX-ML structure-specific"


_TYPES = {
    MetadataFamily.ML: "metadata+xml",
    MetadataFamily.JSON: "metadata+json",
    MetadataFamily.CSV: "metadata+csv",
    MetadataFamily.GENERIC: "genericmetadata+xml",
    MetadataFamily.SPECIFIC: "structurespecificmetadata+xml",
}


@dataclass(frozen=True, slots=True)
class MetadataForm:
    """A form of metadata messages.

    `version` is spelt as media types spell it. `labels` (SDMX-CSV) is id, name or both.
    """

    family: MetadataFamily
    version: str
    model: Model
    labels: str = "id"

    def __str__(self) -> str:
        return f"{self.family} {self.version} metadata"

    @property
    def media_type(self) -> str:
        """The media type of the REST specification, without parameters beyond the version."""
        return f"application/vnd.sdmx.{_TYPES[self.family]};version={self.version}"

    @property
    def structure(self) -> StructureForm:
        """The form of structures that says the rest in the same words: names, notes, references."""
        is_json = self.family is MetadataFamily.JSON
        if self.model is Model.V21:
            return ML_21
        if self.model is Model.V30:
            return JSON_20 if is_json else ML_30
        return JSON_21 if is_json else ML_31


META_JSON_21 = MetadataForm(MetadataFamily.JSON, "2.1.0", Model.V31)
META_JSON_20 = MetadataForm(MetadataFamily.JSON, "2.0.0", Model.V30)
META_ML_31 = MetadataForm(MetadataFamily.ML, "3.1.0", Model.V31)
META_ML_30 = MetadataForm(MetadataFamily.ML, "3.0.0", Model.V30)
META_CSV_21 = MetadataForm(MetadataFamily.CSV, "2.1.0", Model.V31)
META_CSV_20 = MetadataForm(MetadataFamily.CSV, "2.0.0", Model.V30)
META_GENERIC_21 = MetadataForm(MetadataFamily.GENERIC, "2.1", Model.V21)
META_SPECIFIC_21 = MetadataForm(MetadataFamily.SPECIFIC, "2.1", Model.V21)

#: Every form that is written, newest first within its family.
FORMS: tuple[MetadataForm, ...] = (
    META_JSON_21,
    META_JSON_20,
    META_ML_31,
    META_ML_30,
    META_CSV_21,
    META_CSV_20,
    META_GENERIC_21,
    META_SPECIFIC_21,
)
