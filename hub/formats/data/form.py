"""The forms in which data is written: message family, version, options, media type."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hub.formats.message import Action


class Family(StrEnum):
    """The families of data messages."""

    CSV = "csv"
    JSON = "json"
    STRUCTURE_SPECIFIC = "structurespecific"
    GENERIC = "generic"


#: The version of the information model behind each version of a message format.
_MODEL = {"1.0.0": "2.1", "2.0.0": "3.0", "2.1.0": "3.1", "3.0.0": "3.0", "3.1.0": "3.1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DataForm:
    """A form of data message.

    `media` is the media type without its version. `labels` (id, name, both), `keys` (none, obs,
    series, both) and `time_format` (original, normalized) are the options of SDMX-CSV; the node
    writes periods as they were recorded under either time format. `is_time_series` stands for the
    two messages of SDMX-ML 2.1 that hold nothing but time series.
    """

    family: Family
    version: str
    media: str
    labels: str = "id"
    keys: str = "none"
    time_format: str = "original"
    is_time_series: bool = False

    @property
    def media_type(self) -> str:
        """The media type, exactly as `Content-Type` states it."""
        return f"{self.media};version={self.version}"

    @property
    def model(self) -> str:
        """The version of the information model: 2.1, 3.0 or 3.1."""
        return _MODEL.get(self.version, self.version)

    @property
    def is_simple(self) -> bool:
        """True for forms of SDMX 2.1: one measure, no lists, no multilingual values."""
        return self.model == "2.1"

    def action_word(self, action: Action) -> str:
        """The word this form has for an action: Merge, new in SDMX 3.1, is Append before it."""
        if action is Action.MERGE and self.model != "3.1":
            return Action.APPEND.value
        return action.value


def _form(family: Family, version: str, name: str, *, is_time_series: bool = False) -> DataForm:
    suffix = family.value if family in (Family.CSV, Family.JSON) else "xml"
    media = f"application/vnd.sdmx.{name}+{suffix}"
    return DataForm(family=family, version=version, media=media, is_time_series=is_time_series)


#: Every form the node writes, in the order of preference within a family (SDMX REST 2.2, 7.1).
FORMS: tuple[DataForm, ...] = (
    _form(Family.JSON, "2.1.0", "data"),
    _form(Family.JSON, "2.0.0", "data"),
    _form(Family.JSON, "1.0.0", "data"),
    _form(Family.CSV, "2.1.0", "data"),
    _form(Family.CSV, "2.0.0", "data"),
    _form(Family.CSV, "1.0.0", "data"),
    _form(Family.STRUCTURE_SPECIFIC, "3.1.0", "data"),
    _form(Family.STRUCTURE_SPECIFIC, "3.0.0", "data"),
    _form(Family.STRUCTURE_SPECIFIC, "2.1", "structurespecificdata"),
    _form(Family.STRUCTURE_SPECIFIC, "2.1", "structurespecifictimeseriesdata", is_time_series=True),
    _form(Family.GENERIC, "2.1", "genericdata"),
    _form(Family.GENERIC, "2.1", "generictimeseriesdata", is_time_series=True),
)
