"""How the structure sets of SDMX 2.1 look."""

from __future__ import annotations

from functools import partial

from hub.formats.structure.associations import (
    components_to_ids,
    components_to_urns,
    items_to_ids,
    items_to_urns,
)
from hub.formats.structure.facets import FACETS
from hub.formats.structure.form import JSON_10, ML_21
from hub.formats.structure.ml.associations import CodeSide, ComponentSide
from hub.formats.structure.shape import (
    ID,
    IN_21,
    ArtefactShape,
    Box,
    Format,
    HasMany,
    Named,
    Notes,
    Own,
    Part,
    RefersTo,
    Shape,
    Special,
    Word,
)
from hub.model import (
    ORGANISATION_SCHEMES,
    ArtefactClass,
    ComponentAssociation,
    ItemAssociation,
    SchemeMap,
    StructureAssociation,
    StructureSet,
    ValuePair,
)

_OLD_XML = frozenset({ML_21})
_OLD_JSON = frozenset({JSON_10})
_STRUCTURES = (
    ArtefactClass.DATA_STRUCTURE,
    ArtefactClass.DATAFLOW,
    ArtefactClass.METADATA_STRUCTURE,
    ArtefactClass.METADATAFLOW,
)


def _sides(*classes: ArtefactClass) -> tuple[Part, Part]:
    return (
        RefersTo("source", "Source", classes=classes, required=True),
        RefersTo("target", "Target", classes=classes, required=True),
    )


_ITEM = Shape(
    make=ItemAssociation,
    parts=(
        Notes(),
        Own("source", "Source", required=True),
        Own("target", "Target", required=True),
    ),
)
_HYBRID = Shape(
    make=ItemAssociation,
    parts=(
        Notes(),
        Special("source", "", forms=_OLD_XML, in_ml=lambda _: CodeSide("source")),
        Special("target", "", forms=_OLD_XML, in_ml=lambda _: CodeSide("target")),
        Own("source", "Source", forms=_OLD_JSON, required=True),
        Own("target", "Target", forms=_OLD_JSON, required=True),
    ),
)


def _scheme_map(tag: str, item: str, *classes: ArtefactClass, is_hybrid: bool = False) -> HasMany:
    """Maps between schemes of some classes."""
    array = f"{item[0].lower()}{item[1:]}s"

    def fits(mapping: SchemeMap) -> bool:
        return mapping.is_hybrid is is_hybrid and mapping.source.artefact_class in classes

    return HasMany(
        "schemes",
        tag,
        key=f"{tag[0].lower()}{tag[1:]}s",
        fits=fits,
        shape=Shape(
            make=partial(SchemeMap, is_hybrid=is_hybrid),
            parts=(
                ID,
                Named(),
                *_sides(*classes),
                HasMany("items", item, key=array, shape=_HYBRID if is_hybrid else _ITEM),
            ),
            to_wire=items_to_urns,
            from_wire=items_to_ids,
        ),
    )


_PAIR = Shape(
    make=ValuePair,
    parts=(Word("source", "source", required=True), Word("target", "target", required=True)),
)
_VALUES = Box(
    "values",
    "RepresentationMapping",
    parts=(
        Own("codelist_map", "CodelistMap", kind="CodelistMap"),
        Format(
            "text_format",
            "ToTextFormat",
            facets=frozenset(facet.name for facet in FACETS),
            is_bare=True,
        ),
        Word("value_type", "ToValueType"),
        Box(
            "values",
            "ValueMap",
            parts=(HasMany("values", "ValueMapping", key="valueMappings", shape=_PAIR),),
        ),
    ),
)
# in JSON the class and the list of a component are in its URN, which is taken apart later
_COMPONENT = Shape(
    make=partial(
        ComponentAssociation,
        source_container="",
        target_container="",
        source_class="",
        target_class="",
    ),
    parts=(
        Notes(),
        Special("source", "", forms=_OLD_XML, in_ml=lambda _: ComponentSide("source")),
        Special("target", "", forms=_OLD_XML, in_ml=lambda _: ComponentSide("target")),
        Own("source", "Source", forms=_OLD_JSON, required=True),
        Own("target", "Target", forms=_OLD_JSON, required=True),
        _VALUES,
    ),
)
_STRUCTURE = Shape(
    make=StructureAssociation,
    parts=(
        ID,
        Word("is_extension", "isExtension", kind=bool, implied=False),
        Named(),
        *_sides(*_STRUCTURES),
        HasMany("components", "ComponentMap", key="componentMaps", shape=_COMPONENT),
    ),
    to_wire=components_to_urns,
    from_wire=components_to_ids,
)
_A = ArtefactClass

SHAPES = (
    ArtefactShape(
        make=StructureSet,
        tag="StructureSet",
        array="structureSets",
        forms=IN_21,
        parts=(
            RefersTo(
                "related",
                "RelatedStructure",
                key="relatedStructures",
                classes=_STRUCTURES,
                many=True,
            ),
            _scheme_map("OrganisationSchemeMap", "OrganisationMap", *ORGANISATION_SCHEMES),
            _scheme_map("CategorySchemeMap", "CategoryMap", _A.CATEGORY_SCHEME),
            _scheme_map("CodelistMap", "CodeMap", _A.CODELIST),
            _scheme_map("ConceptSchemeMap", "ConceptMap", _A.CONCEPT_SCHEME),
            _scheme_map("ReportingTaxonomyMap", "ReportingCategoryMap", _A.REPORTING_TAXONOMY),
            _scheme_map(
                "HybridCodelistMap",
                "HybridCodeMap",
                _A.CODELIST,
                _A.HIERARCHICAL_CODELIST,
                is_hybrid=True,
            ),
            HasMany("structures", "StructureMap", key="structureMaps", shape=_STRUCTURE),
        ),
    ),
)
