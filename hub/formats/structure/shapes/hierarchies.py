"""How hierarchies, their associations, and the hierarchical code lists of SDMX 2.1 look."""

from __future__ import annotations

from hub.formats.structure.aliases import without_aliases
from hub.formats.structure.facets import OF_LEVELS
from hub.formats.structure.json import hierarchical as in_json
from hub.formats.structure.ml import hierarchical as in_ml
from hub.formats.structure.shape import (
    ALL,
    ID,
    IN_21,
    IN_ML,
    SINCE_3,
    ArtefactShape,
    Format,
    Has,
    HasMany,
    Moment,
    Named,
    Notes,
    Own,
    RefersTo,
    RefersToObject,
    Shape,
    Special,
    Word,
)
from hub.model import (
    ArtefactClass,
    CodeHierarchy,
    HierarchicalCode,
    HierarchicalCodelist,
    Hierarchy,
    HierarchyAssociation,
    Level,
)

_LEVEL = Shape(
    make=Level,
    parts=(
        ID,
        Named(),
        Format("coding", "CodingFormat", facets=OF_LEVELS, is_bare=True),
        Has("below", "Level"),
    ),
)
_CODE = Shape(
    make=HierarchicalCode,
    parts=(
        ID,
        Word("version", "version", forms=IN_21, spare=True),
        Moment("valid_from", "validFrom"),
        Moment("valid_to", "validTo"),
        Notes(),
        Special(
            "code",
            "",
            forms=IN_21,
            in_ml=lambda _: in_ml.AliasedCode(),
            in_json=lambda _: in_json.AliasedCode(),
        ),
        RefersTo("code", "Code", classes=(ArtefactClass.CODELIST,), to_item=True, required=True),
        HasMany("codes", "HierarchicalCode", key="hierarchicalCodes"),
        Own("level", "Level", kind="Level", in_item=True),
    ),
)
# The schemas of SDMX-ML want codes, and both sides of an association, in stubs too.
_CODES = HasMany("codes", "HierarchicalCode", key="hierarchicalCodes", in_stubs=IN_ML, shape=_CODE)
_FORMAL = Word("has_formal_levels", "hasFormalLevels", kind=bool)
_HIERARCHY_21 = Shape(
    make=CodeHierarchy,
    parts=(
        ID,
        Word("has_formal_levels", "leveled", kind=bool, implied=False),
        Named(),
        _CODES,
        Has("level", "Level", shape=_LEVEL),
    ),
)

SHAPES = (
    ArtefactShape(
        make=Hierarchy,
        tag="Hierarchy",
        array="hierarchies",
        forms=SINCE_3,
        parts=(_FORMAL, Has("level", "Level", shape=_LEVEL), _CODES),
    ),
    ArtefactShape(
        make=HierarchyAssociation,
        tag="HierarchyAssociation",
        array="hierarchyAssociations",
        forms=SINCE_3,
        parts=(
            RefersTo(
                "hierarchy",
                "LinkedHierarchy",
                classes=(ArtefactClass.HIERARCHY,),
                required=True,
                in_stubs=ALL,
            ),
            RefersToObject("linked", "LinkedObject", required=True, in_stubs=ALL),
            RefersToObject("context", "ContextObject"),
        ),
    ),
    ArtefactShape(
        make=HierarchicalCodelist,
        tag="HierarchicalCodelist",
        array="hierarchicalCodelists",
        forms=IN_21,
        parts=(
            Special(
                "included",
                "",
                in_ml=lambda _: in_ml.IncludedCodelists(),
                in_json=lambda _: in_json.IncludedCodelists(),
            ),
            HasMany("items", "Hierarchy", key="hierarchies", shape=_HIERARCHY_21),
        ),
        from_wire=without_aliases,
    ),
)
