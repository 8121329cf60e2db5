"""How code lists of all kinds, value lists and concept schemes look."""

from __future__ import annotations

from hub.formats.structure.cascade import CASCADES
from hub.formats.structure.form import JSON_10
from hub.formats.structure.json.selection import Selected
from hub.formats.structure.shape import (
    ALL,
    ID,
    IN_JSON,
    IN_ML,
    SINCE_3,
    ArtefactShape,
    Box,
    Chosen,
    Constant,
    Content,
    Format,
    Has,
    HasMany,
    Named,
    Own,
    Part,
    RefersTo,
    Shape,
    Special,
    Word,
)
from hub.model import (
    ArtefactClass,
    Cascade,
    Code,
    Codelist,
    CodelistExtension,
    CodeSelection,
    Concept,
    ConceptScheme,
    GeoType,
    IsoConcept,
    ValueList,
)

#: What enumerates the values of components.
LISTS = (ArtefactClass.CODELIST, ArtefactClass.VALUE_LIST)
_CODE = (ID, Named(), Own("parent", "Parent"))
_MEMBER = Shape(
    make=CodeSelection,
    parts=(
        Content("value", "value"),
        Chosen("cascade", "cascadeValues", texts=CASCADES, implied=Cascade.NO),
    ),
)


def _selection(name: str, tag: str) -> Box:
    members = HasMany(name, "MemberValue", forms=IN_ML, shape=_MEMBER)
    listed = Special(name, "", forms=IN_JSON, in_json=lambda _: Selected(name))
    return Box(name, tag, parts=(members, listed))


_EXTENSIONS = HasMany(
    "extensions",
    "CodelistExtension",
    key="codelistExtensions",
    forms=SINCE_3,
    shape=Shape(
        make=CodelistExtension,
        parts=(
            Word("prefix", "prefix"),
            RefersTo("codelist", "Codelist", classes=(ArtefactClass.CODELIST,), required=True),
            _selection("included", "InclusiveCodeSelection"),
            _selection("excluded", "ExclusiveCodeSelection"),
        ),
    ),
)
_ISO = Has(
    "iso",
    "ISOConceptReference",
    key="isoConceptReference",
    forms=ALL - {JSON_10},
    spare=True,
    shape=Shape(
        make=IsoConcept,
        parts=(
            Word("agency", "ConceptAgency", required=True),
            Word("scheme", "ConceptSchemeID", required=True),
            Word("concept", "ConceptID", required=True),
        ),
    ),
)
_CONCEPT = Shape(
    make=Concept,
    parts=(
        ID,
        Named(),
        Own("parent", "Parent", kind="Concept"),
        Format("representation", "CoreRepresentation", lists=LISTS, occurs=True, multilingual=ALL),
        _ISO,
    ),
    ignored=frozenset({"isoConceptReference"}),
)


def _geospatial(geo_type: GeoType, item: str, array: str, parts: tuple[Part, ...]) -> ArtefactShape:
    """A code list that says where each of its codes is."""
    codes = HasMany(
        "items",
        item,
        key=f"{item[0].lower()}{item[1:]}s",
        shape=Shape(make=Code, parts=(*_CODE, parts[0])),
    )
    return ArtefactShape(
        make=Codelist,
        tag=geo_type.value,
        array=array,
        forms=SINCE_3,
        has_partial=True,
        fits=lambda codelist: codelist.geo_type is geo_type,
        extra={"geo_type": geo_type},
        parts=(
            Constant("", "geoType", text=geo_type.value, in_stubs=ALL),
            codes,
            _EXTENSIONS,
            *parts[1:],
        ),
    )


SHAPES = (
    ArtefactShape(
        make=Codelist,
        tag="Codelist",
        array="codelists",
        has_partial=True,
        fits=lambda codelist: codelist.geo_type is None,
        parts=(
            HasMany("items", "Code", key="codes", shape=Shape(make=Code, parts=_CODE)),
            _EXTENSIONS,
        ),
    ),
    _geospatial(
        GeoType.FEATURES,
        "GeoFeatureSetCode",
        "geographicCodelists",
        (Word("geometry", "value", required=True),),
    ),
    _geospatial(
        GeoType.GRID,
        "GeoGridCode",
        "geoGridCodelists",
        (
            Word("geometry", "GeoCell", required=True),
            Word("grid", "GridDefinition", in_stubs=ALL),
        ),
    ),
    ArtefactShape(
        make=ValueList,
        tag="ValueList",
        array="valueLists",
        forms=SINCE_3,
        parts=(
            HasMany(
                "items",
                "ValueItem",
                key="valueItems",
                shape=Shape(make=Code, parts=(ID, Named(is_nameless=True))),
            ),
        ),
    ),
    ArtefactShape(
        make=ConceptScheme,
        tag="ConceptScheme",
        array="conceptSchemes",
        container_21="Concepts",
        has_partial=True,
        parts=(HasMany("items", "Concept", key="concepts", shape=_CONCEPT),),
    ),
)
