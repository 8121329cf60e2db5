"""The simple types of components: their codes, or their data type with its facets."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from hub.formats.schema.facets import NUMBERS, of_years
from hub.formats.schema.form import SchemaForm
from hub.formats.schema.xsd.datatypes import (
    FLOAT_BASES,
    STRING,
    UNIONS,
    base_of,
    derived,
    facet,
    one_of,
    or_one_of,
    steps,
)
from hub.formats.schema.xsd.markup import TypeNames, documentation, element
from hub.formats.structure.languages import Languages
from hub.model import (
    FLOATS,
    Column,
    Enumerated,
    Enumeration,
    Role,
    Schema,
    TextType,
    allowed_values,
    allowed_years,
)

#: What stands for a value that is missing on purpose (SDMX 3.1), other than a float's NaN.
MISSING, MISSING_WORD = "common:MissingType", "#N/A"
NOT_A_NUMBER = "NotANumber"
REPORTING_YEAR_START_DAY = "REPORTING_YEAR_START_DAY"

_ID = re.compile(r"[A-Za-z0-9_@$-]+")


class SimpleTypes:
    """The simple types of a schema, made as components ask for them.

    `made` holds their definitions, in the order they were asked for.
    """

    def __init__(
        self, schema: Schema, form: SchemaForm, names: TypeNames, languages: Languages
    ) -> None:
        self.made: list[etree._Element] = []
        self._schema, self._form = schema, form
        self._names, self._languages = names, languages
        self._values: dict[str, str] = {}
        self._attributes: dict[str, str] = {}
        self._lists: dict[tuple[str, frozenset[str] | None], str] = {}
        self._unions: dict[tuple[str, tuple[str, ...]], str] = {}
        self._defined_words: dict[str, str] = {}

    def of_attribute(self, column: Column) -> str:
        """The type of a component where it stands as an XML attribute.

        SDMX 2.1 knows neither several values nor languages: several codes are a list there, as
        the data messages of this node write them, all else of that kind is a string.
        """
        if column.id not in self._attributes:
            self._attributes[column.id] = self._of_attribute(column)
        return self._attributes[column.id]

    def _of_attribute(self, column: Column) -> str:
        if self._form.is_simple and column.id == REPORTING_YEAR_START_DAY:
            return base_of(TextType.MONTH_DAY)
        if not (self._form.is_simple and (column.is_list or column.is_multilingual)):
            return self.of_value(column)
        if not column.is_coded:
            return STRING
        return self._define(f"{column.id}.List", element("list", itemType=self.of_value(column)))

    def of_value(self, column: Column) -> str:
        """The type of one value of a component."""
        if column.id not in self._values:
            allowed = allowed_values(self._schema, column.id)
            kept = None if allowed is None else frozenset(allowed)
            if column.enumeration is None:
                self._values[column.id] = self._uncoded(column, kept)
            else:
                codes = self._enumerated(column.id, column.enumeration, kept)
                self._values[column.id] = self._or(codes, self._words(column))
        return self._values[column.id]

    def _uncoded(self, column: Column, allowed: frozenset[str] | None) -> str:
        base, words = base_of(column.text_type), self._words(column)
        restrictions = steps(base, column.representation)
        if allowed is not None:
            restrictions.append(one_of(allowed))
        years = of_years(*allowed_years(self._schema)) if column.role is Role.TIME else None
        if years is not None:
            restrictions.append([facet("pattern", years)])
        if not restrictions:
            return base if base == STRING or base in FLOAT_BASES else self._or(base, words)
        if words and base in UNIONS:
            # a union within a union loses its facets: so the words come first, then the facets
            base = self._or(base, words)
            restrictions = [or_one_of(step, MISSING_WORD) for step in restrictions]
            words = ()
        made = derived(base, restrictions)
        return base if made is None else self._or(self._define(column.id, made), words)

    def _words(self, column: Column) -> tuple[str, ...]:
        """The types of the words for what is missing on purpose, where a component may be so."""
        if column.role in (Role.DIMENSION, Role.TIME) or self._form.is_simple:
            return ()
        if column.text_type in FLOATS and not column.is_coded:
            return (NOT_A_NUMBER,)
        if not self._form.has_missing_values:
            return ()
        is_number = column.text_type in NUMBERS and not column.is_coded
        return (MISSING, NOT_A_NUMBER) if is_number else (MISSING,)

    def _or(self, plain: str, words: tuple[str, ...]) -> str:
        """The type that allows these words beside the values of another."""
        if not words:
            return plain
        if (plain, words) not in self._unions:
            members = " ".join((plain, *(self._word(word) for word in words)))
            name = f"{plain.rpartition(':')[2]}.OrMissing"
            self._unions[plain, words] = self._define(name, element("union", memberTypes=members))
        return self._unions[plain, words]

    def _word(self, word: str) -> str:
        if word == NOT_A_NUMBER and word not in self._defined_words:
            made = element("restriction", facet("enumeration", "NaN"), base=STRING)
            self._defined_words[word] = self._define(word, made)
        return self._defined_words.get(word, word)

    def _enumerated(
        self, component: str, list_: Enumeration, allowed: frozenset[str] | None
    ) -> str:
        """The codes of a list: all, under the name of the list, or those a component may have."""
        reference = list_.reference
        key = (reference.urn, allowed)
        if key not in self._lists:
            items = [i for i in list_.items if allowed is None or i.id in allowed]
            kind = reference.artefact_class.class_name
            whole = f"{kind}.{reference.agency}.{reference.id}.{reference.version}"
            made = element("restriction", *self._codes(items), base=_base_of_codes(items))
            if not items:
                made.append(facet("maxLength", 0))  # without an enumeration anything would do
            self._lists[key] = self._define(whole if allowed is None else component, made)
        return self._lists[key]

    def _codes(self, items: Iterable[Enumerated]) -> Iterable[etree._Element]:
        for item in items:
            code = facet("enumeration", item.id)
            code.extend(documentation(self._languages.choose(item.name)))
            yield code

    def _define(self, wanted: str, content: etree._Element) -> str:
        name = self._names.name(wanted)
        self.made.append(element("simpleType", content, name=name))
        return name


def _base_of_codes(items: Iterable[Enumerated]) -> str:
    """Codes are identifiers; the values of a value list may be anything."""
    return "common:IDType" if all(_ID.fullmatch(item.id) for item in items) else STRING
