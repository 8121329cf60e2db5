"""The data types of SDMX as XML Schema has them, and facets as restrictions of these.

The tables are those of the standard (SDMX-ML, "Representation with Simple Text Format"). What a
facet cannot say of a type is said by a pattern: lengths of numbers, decimals of floats.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache

from lxml import etree

from hub.formats.schema.facets import anchored, bound, lengths
from hub.formats.schema.xsd.markup import element
from hub.model import Representation, TextType

#: The XML Schema type of each text type; what is not here is a string.
BASES = {
    TextType.ALPHA: "common:AlphaType",
    TextType.ALPHA_NUMERIC: "common:AlphaNumericType",
    TextType.NUMERIC: "common:NumericType",
    TextType.BIG_INTEGER: "xs:integer",
    TextType.INTEGER: "xs:int",
    TextType.LONG: "xs:long",
    TextType.SHORT: "xs:short",
    TextType.DECIMAL: "xs:decimal",
    TextType.FLOAT: "xs:float",
    TextType.DOUBLE: "xs:double",
    TextType.BOOLEAN: "xs:boolean",
    TextType.URI: "xs:anyURI",
    TextType.COUNT: "xs:integer",
    TextType.INCLUSIVE_VALUE_RANGE: "xs:decimal",
    TextType.EXCLUSIVE_VALUE_RANGE: "xs:decimal",
    TextType.INCREMENTAL: "xs:decimal",
    TextType.OBSERVATIONAL_TIME_PERIOD: "common:ObservationalTimePeriodType",
    TextType.STANDARD_TIME_PERIOD: "common:StandardTimePeriodType",
    TextType.BASIC_TIME_PERIOD: "common:BasicTimePeriodType",
    TextType.GREGORIAN_TIME_PERIOD: "common:GregorianTimePeriodType",
    TextType.GREGORIAN_YEAR: "xs:gYear",
    TextType.GREGORIAN_YEAR_MONTH: "xs:gYearMonth",
    TextType.GREGORIAN_DAY: "xs:date",
    TextType.REPORTING_TIME_PERIOD: "common:ReportingTimePeriodType",
    TextType.REPORTING_YEAR: "common:ReportingYearType",
    TextType.REPORTING_SEMESTER: "common:ReportingSemesterType",
    TextType.REPORTING_TRIMESTER: "common:ReportingTrimesterType",
    TextType.REPORTING_QUARTER: "common:ReportingQuarterType",
    TextType.REPORTING_MONTH: "common:ReportingMonthType",
    TextType.REPORTING_WEEK: "common:ReportingWeekType",
    TextType.REPORTING_DAY: "common:ReportingDayType",
    TextType.DATE_TIME: "xs:dateTime",
    TextType.TIME_RANGE: "common:TimeRangeType",
    TextType.MONTH: "xs:gMonth",
    TextType.MONTH_DAY: "xs:gMonthDay",
    TextType.DAY: "xs:gDay",
    TextType.TIME: "xs:time",
    TextType.DURATION: "xs:duration",
    TextType.IDENTIFIABLE_REFERENCE: "xs:anyURI",
    TextType.ATTACHMENT_CONSTRAINT_REFERENCE: "xs:anyURI",
}
STRING = "xs:string"
#: Types that have a length in XML Schema.
_WITH_LENGTH = frozenset(
    {STRING, "xs:anyURI", "common:AlphaType", "common:AlphaNumericType", "common:NumericType"}
)
_WHOLE: dict[str, tuple[int, int] | None] = {
    "xs:short": (-(2**15), 2**15 - 1),
    "xs:int": (-(2**31), 2**31 - 1),
    "xs:long": (-(2**63), 2**63 - 1),
    "xs:integer": None,
}
_WITH_BOUNDS = frozenset({*_WHOLE, "xs:decimal", "xs:float", "xs:double"})
FLOAT_BASES = frozenset({"xs:float", "xs:double"})
#: Types that are unions of others, which no facets but patterns restrict.
UNIONS = frozenset(
    f"common:{kind}TimePeriodType"
    for kind in ("Observational", "Standard", "Basic", "Gregorian", "Reporting")
)
#: Characters with a meaning in a pattern.
_MARKED = re.compile(r"[\\|.?*+(){}\[\]^-]")


def base_of(kind: TextType) -> str:
    """The XML Schema type of a text type."""
    return BASES.get(kind, STRING)


def steps(base: str, facets: Representation) -> list[list[etree._Element]]:
    """The facets of a representation for a type, in the steps `derived` restricts it by.

    Facets that contradict each other, and patterns that are none in XML Schema, are left out: a
    schema with them would be invalid.
    """
    told = [*_lengths(base, facets), *_bounds(base, facets), *_decimals(base, facets)]
    pattern = anchored(facets.pattern) if facets.pattern else None
    if pattern is not None and is_pattern(pattern):
        told.append(facet("pattern", pattern))
    # patterns beside each other are alternatives, so each has a step of its own
    found = [[facet("pattern", pattern)] for pattern in _in_patterns(base, facets)]
    return [*found, told] if told else found


def one_of(values: Collection[str]) -> list[etree._Element]:
    """The facets of a step that allows these lexical values of a type without a list."""
    alternatives = "|".join(_MARKED.sub(r"\\\g<0>", value) for value in sorted(values))
    return [facet("pattern", alternatives)]


def or_one_of(step: list[etree._Element], word: str) -> list[etree._Element]:
    """A step of patterns that allows a word besides."""
    return [facet("pattern", f"({pattern.get('value')})|{word}") for pattern in step]


def derived(base: str, steps: list[list[etree._Element]]) -> etree._Element | None:
    """Restrict a type step by step, each step by some facets; None without any."""
    made: etree._Element | None = None
    for facets in steps:
        if made is None:
            made = element("restriction", *facets, base=base)
        else:
            made = element("restriction", element("simpleType", made), *facets)
    return made


@cache
def is_pattern(text: str) -> bool:
    """True for a regular expression of XML Schema."""
    try:
        made = element("restriction", facet("pattern", text), base=STRING)
        etree.XMLSchema(element("schema", element("simpleType", made, name="P")))
    except (etree.XMLSchemaParseError, ValueError):
        return False
    return True


def facet(name: str, value: object) -> etree._Element:
    """A facet of a restriction."""
    return element(name, value=str(value))


def _in_patterns(base: str, facets: Representation) -> list[str]:
    """What the type has no facet for."""
    patterns = []
    least, most = lengths(facets)
    if base not in _WITH_LENGTH and (least is not None or most is not None):
        patterns.append(f".{{{least or 0},{'' if most is None else most}}}")
    if base in FLOAT_BASES and facets.decimals is not None:
        fraction = rf"[^.eE]*(\.[0-9]{{0,{facets.decimals}}}0*)?"
        patterns.append(rf"{fraction}|.*[eE]\+?[0-9]+")
    return patterns


def _lengths(base: str, facets: Representation) -> list[etree._Element]:
    if base not in _WITH_LENGTH:
        return []
    least, most = lengths(facets)
    found = [] if least is None else [facet("minLength", least)]
    return found if most is None else [*found, facet("maxLength", most)]


def _bounds(base: str, facets: Representation) -> list[etree._Element]:
    if base not in _WITH_BOUNDS:
        return []
    least, most = bound(facets.min_value), bound(facets.max_value)
    if base in _WHOLE:
        least = None if least is None else least.to_integral_value(ROUND_CEILING)
        most = None if most is None else most.to_integral_value(ROUND_FLOOR)
        least, most = _inside(least, _WHOLE[base]), _inside(most, _WHOLE[base])
    if least is not None and most is not None and least > most:
        return []
    kind = "Exclusive" if facets.text_type is TextType.EXCLUSIVE_VALUE_RANGE else "Inclusive"
    found = [] if least is None else [facet(f"min{kind}", format(least, "f"))]
    return found if most is None else [*found, facet(f"max{kind}", format(most, "f"))]


def _inside(number: Decimal | None, values: tuple[int, int] | None) -> Decimal | None:
    """A bound that the type has a value for; what lies outside says nothing, or too much."""
    if number is None or values is None:
        return number
    return number if values[0] <= number <= values[1] else None


def _decimals(base: str, facets: Representation) -> list[etree._Element]:
    if base != "xs:decimal" or facets.decimals is None:
        return []
    return [facet("fractionDigits", facets.decimals)]
