"""The tables of item schemes in SDMX-ML."""

from __future__ import annotations

from hub.formats.structure.ml.dialect import Dialect
from hub.formats.structure.ml.fields import Attribute, Element
from hub.formats.structure.ml.parts import LINK, Represented, item_scheme, names
from hub.formats.structure.ml.references import Local
from hub.model import (
    AgencyScheme,
    ArtefactClass,
    Code,
    Codelist,
    Concept,
    ConceptScheme,
    DataProviderScheme,
    Item,
    ValueList,
)

LISTS = (ArtefactClass.CODELIST, ArtefactClass.VALUE_LIST)


def codelist(dialect: Dialect) -> Element:
    """A code list. Extensions of other lists are not known: they come resolved, or not at all."""
    code = Element(
        "str:Code",
        Code,
        [
            Attribute("id", "id", required=True),
            *names(dialect),
            Local(dialect, "parent", "str:Parent"),
        ],
        ignored={LINK},
    )
    return item_scheme(dialect, "str:Codelist", Codelist, code)


def value_list(dialect: Dialect) -> Element:
    """A value list (3.x); its items need no name."""
    fields = [Attribute("id", "id", required=True), *names(dialect, needs_name=False)]
    item = Element("str:ValueItem", Code, fields, ignored={LINK})
    return item_scheme(dialect, "str:ValueList", ValueList, item, has_partial=False)


def concept_scheme(dialect: Dialect) -> Element:
    """A concept scheme; references to ISO 11179 concepts are not kept."""
    concept = Element(
        "str:Concept",
        Concept,
        [
            Attribute("id", "id", required=True),
            *names(dialect),
            Local(dialect, "parent", "str:Parent"),
            Represented(dialect, "str:CoreRepresentation", *LISTS, occurs=True, multilingual=True),
        ],
        ignored={LINK, "str:ISOConceptReference"},
    )
    return item_scheme(dialect, "str:ConceptScheme", ConceptScheme, concept)


def agency_scheme(dialect: Dialect) -> Element:
    """A scheme of agencies; contacts are not kept."""
    return item_scheme(dialect, "str:AgencyScheme", AgencyScheme, _organisation(dialect, "Agency"))


def data_provider_scheme(dialect: Dialect) -> Element:
    """A scheme of data providers; contacts are not kept."""
    provider = _organisation(dialect, "DataProvider")
    return item_scheme(dialect, "str:DataProviderScheme", DataProviderScheme, provider)


def _organisation(dialect: Dialect, kind: str) -> Element:
    fields = [Attribute("id", "id", required=True), *names(dialect)]
    return Element(f"str:{kind}", Item, fields, ignored={LINK, "str:Contact"})
