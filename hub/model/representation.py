"""How the values of a component look: enumerated by a list, or a text type with facets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from hub.model.text import InternationalString
from hub.model.urn import Reference

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,9})?|NaN", re.ASCII)


def is_number(text: str) -> bool:
    """Tell whether text is a number as XML Schema writes them, without infinities."""
    return _NUMBER.fullmatch(text) is not None


class TextType(StrEnum):
    """The data types of SDMX (information model, FacetValueType)."""

    STRING = "String"
    ALPHA = "Alpha"
    ALPHA_NUMERIC = "AlphaNumeric"
    NUMERIC = "Numeric"
    BIG_INTEGER = "BigInteger"
    INTEGER = "Integer"
    LONG = "Long"
    SHORT = "Short"
    DECIMAL = "Decimal"
    FLOAT = "Float"
    DOUBLE = "Double"
    BOOLEAN = "Boolean"
    URI = "URI"
    COUNT = "Count"
    INCLUSIVE_VALUE_RANGE = "InclusiveValueRange"
    EXCLUSIVE_VALUE_RANGE = "ExclusiveValueRange"
    INCREMENTAL = "Incremental"
    OBSERVATIONAL_TIME_PERIOD = "ObservationalTimePeriod"
    STANDARD_TIME_PERIOD = "StandardTimePeriod"
    BASIC_TIME_PERIOD = "BasicTimePeriod"
    GREGORIAN_TIME_PERIOD = "GregorianTimePeriod"
    GREGORIAN_YEAR = "GregorianYear"
    GREGORIAN_YEAR_MONTH = "GregorianYearMonth"
    GREGORIAN_DAY = "GregorianDay"
    REPORTING_TIME_PERIOD = "ReportingTimePeriod"
    REPORTING_YEAR = "ReportingYear"
    REPORTING_SEMESTER = "ReportingSemester"
    REPORTING_TRIMESTER = "ReportingTrimester"
    REPORTING_QUARTER = "ReportingQuarter"
    REPORTING_MONTH = "ReportingMonth"
    REPORTING_WEEK = "ReportingWeek"
    REPORTING_DAY = "ReportingDay"
    DATE_TIME = "DateTime"
    TIME_RANGE = "TimeRange"
    MONTH = "Month"
    MONTH_DAY = "MonthDay"
    DAY = "Day"
    TIME = "Time"
    DURATION = "Duration"
    GEOSPATIAL_INFORMATION = "GeospatialInformation"
    KEY_VALUES = "KeyValues"
    IDENTIFIABLE_REFERENCE = "IdentifiableReference"
    DATASET_REFERENCE = "DataSetReference"
    ATTACHMENT_CONSTRAINT_REFERENCE = "AttachmentConstraintReference"
    XHTML = "XHTML"


#: Types whose values are numbers, and so are written bare in SDMX-JSON.
INTEGERS = frozenset({TextType.INTEGER, TextType.LONG, TextType.SHORT, TextType.COUNT})
FLOATS = frozenset({TextType.FLOAT, TextType.DOUBLE})
#: Types kept in their lexical form, because no machine number holds all of their values exactly.
EXACT_TEXT = frozenset({TextType.DECIMAL, TextType.BIG_INTEGER, TextType.NUMERIC})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentinel:
    """A value that means something other than itself, such as "not available" (SDMX 3.0)."""

    value: str
    name: InternationalString = InternationalString()
    description: InternationalString = InternationalString()


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """The representation of a component or concept.

    Either `enumeration` names a code or value list, or values are of `text_type`.
    `max_occurs` None means unbounded; above 1, a value is a list (SDMX 3.0). A sequence runs from
    a start (to an end) in steps of an interval, of numbers or of time.
    """

    enumeration: Reference | None = None
    text_type: TextType = TextType.STRING
    is_multilingual: bool = False
    min_length: int | None = None
    max_length: int | None = None
    min_value: str | None = None
    max_value: str | None = None
    decimals: int | None = None
    pattern: str | None = None
    is_sequence: bool | None = None
    interval: str | None = None
    start_value: str | None = None
    end_value: str | None = None
    time_interval: str | None = None
    start_time: str | None = None
    end_time: str | None = None
    sentinels: tuple[Sentinel, ...] = ()
    min_occurs: int = 1
    max_occurs: int | None = 1

    @property
    def is_list(self) -> bool:
        """True where a value may hold several."""
        return self.max_occurs is None or self.max_occurs > 1
