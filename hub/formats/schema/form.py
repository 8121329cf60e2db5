"""The forms in which the validity of data is written as a schema, and how strict one is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """The schema languages: XML Schema for SDMX-ML, JSON Schema for SDMX-JSON."""

    XML = "xml"
    JSON = "json"


class Usage(StrEnum):
    """What a schema asks of data.

    DECLARED: what the structure says is mandatory is required (SDMX REST 2.2, schema queries).
    OPTIONAL: dimensions are required, measures and attributes are not, so that messages with a
    part of them are valid; so the rules of SDMX-ML 2.1 have it. DELETION: nothing is required, as
    a message that deletes may leave out whatever does not matter.
    """

    DECLARED = "declared"
    OPTIONAL = "optional"
    DELETION = "deletion"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaForm:
    """A form of schema: for the messages of one version of SDMX-ML or SDMX-JSON.

    `version` is that of the messages, spelt as in their media type; `model` is the version of the
    information model behind it.
    """

    family: Family
    version: str
    model: str

    @property
    def media_type(self) -> str:
        """The media type, exactly as `Content-Type` states it."""
        return f"application/vnd.sdmx.schema+{self.family};version={self.version}"

    @property
    def is_simple(self) -> bool:
        """True for SDMX 2.1: one measure, neither lists nor texts in several languages."""
        return self.model == "2.1"

    @property
    def has_missing_values(self) -> bool:
        """True since SDMX 3.1: a value may be told to be missing on purpose."""
        return self.model == "3.1"


#: Every form that is written, newest first within its family.
FORMS: tuple[SchemaForm, ...] = (
    SchemaForm(family=Family.JSON, version="2.1.0", model="3.1"),
    SchemaForm(family=Family.JSON, version="2.0.0", model="3.0"),
    SchemaForm(family=Family.XML, version="3.1.0", model="3.1"),
    SchemaForm(family=Family.XML, version="3.0.0", model="3.0"),
    SchemaForm(family=Family.XML, version="2.1", model="2.1"),
)
