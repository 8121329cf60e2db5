"""One reported attribute as its representation has it, or what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hub.errors import BadRequest
from hub.formats.limits import Limits
from hub.formats.metadata.markup import parse_markup
from hub.model import (
    Codelist,
    Column,
    InternationalString,
    ReportedAttribute,
    Representation,
    Role,
    TextType,
    ValueList,
)
from hub.model.period import parse_period
from hub.publish.suggest import Suggestions
from hub.publish.values import value_of

#: Where a text came without a language (SDMX 3.0, common:TextType).
LANGUAGE = "en"
_NOTHING = InternationalString()
_PERIODS = frozenset(
    {
        TextType.OBSERVATIONAL_TIME_PERIOD,
        TextType.STANDARD_TIME_PERIOD,
        TextType.BASIC_TIME_PERIOD,
        TextType.GREGORIAN_TIME_PERIOD,
        TextType.REPORTING_TIME_PERIOD,
        TextType.TIME_RANGE,
    }
)
_LENGTHS = {
    TextType.GREGORIAN_YEAR: (4, "2026"),
    TextType.GREGORIAN_YEAR_MONTH: (7, "2026-01"),
}


def conformed(
    attribute: ReportedAttribute,
    representation: Representation,
    codes: Codelist | ValueList | None,
    limits: Limits,
) -> ReportedAttribute:
    """An attribute with its value in the form its representation has, whatever its format had.

    XHTML becomes `markup`; a text that may be in several languages `texts`; all else a `value`.
    Raises BadRequest, saying what would be right, for a value that does not fit.
    """
    for _, text in (*attribute.texts.texts, *attribute.markup.texts, ("", attribute.value or "")):
        if len(text) > limits.text_bytes:
            raise BadRequest(
                f"a text has {len(text):,} characters, {limits.text_bytes:,} are taken"
            )
    if codes is None and representation.text_type is TextType.XHTML:
        return _as_markup(attribute, limits)
    if attribute.markup:
        raise BadRequest("XHTML stands where a plain text belongs: give it without markup")
    if codes is None and representation.is_multilingual:
        return _as_texts(attribute, representation)
    return _as_value(attribute, representation, codes)


def _as_markup(attribute: ReportedAttribute, limits: Limits) -> ReportedAttribute:
    if attribute.markup:
        return attribute
    pairs = attribute.texts.texts or ((LANGUAGE, attribute.value or ""),)
    markup = tuple((language, parse_markup(text, limits)) for language, text in pairs)
    return replace(attribute, value=None, texts=_NOTHING, markup=InternationalString(markup))


def _as_texts(attribute: ReportedAttribute, representation: Representation) -> ReportedAttribute:
    texts = attribute.texts or InternationalString(((LANGUAGE, attribute.value or ""),))
    for _, text in texts.texts:
        _check(attribute.id, text, representation, None)
    return replace(attribute, value=None, texts=texts)


def _as_value(
    attribute: ReportedAttribute,
    representation: Representation,
    codes: Codelist | ValueList | None,
) -> ReportedAttribute:
    if len(attribute.texts.texts) > 1:
        told = ", ".join(language for language, _ in attribute.texts.texts)
        raise BadRequest(f"it is in several languages ({told}), where one value belongs")
    value = attribute.texts.texts[0][1] if attribute.texts else attribute.value or ""
    _check(attribute.id, value, representation, codes)
    return replace(attribute, value=value, texts=_NOTHING)


def _check(
    id_: str,
    text: str,
    representation: Representation,
    codes: Codelist | ValueList | None,
) -> None:
    column = Column(id=id_, role=Role.ATTRIBUTE, representation=representation, enumeration=codes)
    suggestions = Suggestions(codes) if codes is not None else None
    _, fault = value_of(text, column, suggestions)
    if fault:
        raise BadRequest(fault)
    if codes is None:
        _check_time(text, representation.text_type)


def _check_time(text: str, kind: TextType) -> None:
    """Dates and periods, which no other check looks at; raises BadRequest."""
    if kind is TextType.DATE_TIME:
        try:
            datetime.fromisoformat(text)
        except ValueError:
            raise BadRequest(
                f"'{text[:60]}' is not a date and time: write it like 2026-01-31T12:00:00Z"
            ) from None
    elif kind in _LENGTHS:
        length, example = _LENGTHS[kind]
        parse_period(text)
        if len(text.removesuffix("Z")) != length:
            raise BadRequest(f"'{text[:60]}' is not a {kind.value}: write it like {example}")
    elif kind in _PERIODS or kind.value.startswith("Reporting"):
        parse_period(text)
