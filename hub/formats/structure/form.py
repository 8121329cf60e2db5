"""The forms in which structures are written: a message family and its version."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hub.errors import NotAcceptable


class Family(StrEnum):
    """The message families of SDMX that carry structures."""

    ML = "SDMX-ML"
    JSON = "SDMX-JSON"


class Model(StrEnum):
    """The version of the information model that a form expresses."""

    V21 = "2.1"
    V30 = "3.0"
    V31 = "3.1"


@dataclass(frozen=True, slots=True)
class StructureForm:
    """A form of structure messages.

    `version` is spelt as media types spell it: SDMX-ML 2.1 with two parts, all else with three.
    """

    family: Family
    version: str
    model: Model

    def __str__(self) -> str:
        return f"{self.family} {self.version}"

    @property
    def media_type(self) -> str:
        """The media type of the REST specification, without parameters beyond the version."""
        syntax = "xml" if self.family is Family.ML else "json"
        return f"application/vnd.sdmx.structure+{syntax};version={self.version}"


ML_21 = StructureForm(Family.ML, "2.1", Model.V21)
ML_30 = StructureForm(Family.ML, "3.0.0", Model.V30)
ML_31 = StructureForm(Family.ML, "3.1.0", Model.V31)
JSON_10 = StructureForm(Family.JSON, "1.0.0", Model.V21)
JSON_20 = StructureForm(Family.JSON, "2.0.0", Model.V30)
JSON_21 = StructureForm(Family.JSON, "2.1.0", Model.V31)

#: Every form that is written and read, newest first within its family.
FORMS: tuple[StructureForm, ...] = (JSON_21, JSON_20, JSON_10, ML_31, ML_30, ML_21)


def form_of(media_type: str) -> StructureForm:
    """Return the form of an exact media type; raises NotAcceptable, naming those there are."""
    for form in FORMS:
        if form.media_type == media_type.replace(" ", "").lower():
            return form
    known = ", ".join(form.media_type for form in FORMS)
    raise NotAcceptable(f"structures are not written as '{media_type}'; ask for one of {known}")
